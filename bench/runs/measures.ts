/** What a suite of runs tells of each run, and what it holds against it. */
import type { Row } from "../suite.ts";
import type { MeasuredRun } from "./measure-run.ts";

/** A figure of a run. With a limit it is a target, which a run can miss. */
export interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly value: (run: MeasuredRun) => number;
  /** Which run's figure is told for several: the least or the most. */
  readonly tell: "least" | "most";
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The limit holds for runs of any length; else for whole days only, as a short run has neither queue nor rhythm. */
  readonly always?: boolean;
}

const DAY_S = 86_400;

const rounded = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toFixed(1));

const withUnit = (value: number, unit: string): string => `${rounded(value)}${unit === "" ? "" : ` ${unit}`}`;

/** Nothing may collide, lock or be stopped by the shield, and the verifier agrees; in any run, however short. */
export const SAFETY: readonly Measure[] = [
  { name: "collisions", unit: "", value: (run) => run.collisions, tell: "most", atMost: 0, always: true },
  { name: "deadlocks", unit: "", value: (run) => run.deadlocks, tell: "most", atMost: 0, always: true },
  { name: "shield stops", unit: "", value: (run) => run.summary.shieldStops, tell: "most", atMost: 0, always: true },
  {
    name: "rules that verify finds broken",
    unit: "",
    value: (run) => run.broken.length,
    tell: "most",
    atMost: 0,
    always: true,
  },
];

export const WAITS = {
  p95: { name: "wait for pick-up p95", unit: "min", value: (run: MeasuredRun) => run.waitP95S / 60, tell: "most" },
  longest: {
    name: "wait for pick-up, longest",
    unit: "min",
    value: (run: MeasuredRun) => run.waitMaxS / 60,
    tell: "most",
  },
} as const;

export const DELIVERED = {
  name: "containers delivered",
  unit: "",
  value: (run: MeasuredRun) => run.summary.orders.delivered,
  tell: "least",
} as const;

export const SPEED = {
  name: "speed with recording",
  unit: "simulated s a CPU s",
  value: (run: MeasuredRun) => run.speed,
  tell: "least",
} as const;

/** Targets that a run missed, in words, each with the run's seed. */
export function missedTargets(measures: readonly Measure[], run: MeasuredRun): readonly string[] {
  const wholeDay = run.summary.simulatedS >= DAY_S;
  return measures.flatMap((measure) => {
    if (!wholeDay && measure.always !== true) return [];
    const { name, unit, atLeast, atMost } = measure;
    const value = measure.value(run);
    const found = `seed ${run.seed}: ${name} ${withUnit(value, unit)}`;
    // Written so that a figure that is no number misses its target.
    const low = atLeast !== undefined && !(value >= atLeast);
    const high = atMost !== undefined && !(value <= atMost);
    const rules = name === SAFETY[3]!.name && high ? `: ${run.broken.join(", ")}` : "";
    if (low) return [`${found}, at least ${withUnit(atLeast, unit)}`];
    return high ? [`${found}, at most ${withUnit(atMost, unit)}${rules}`] : [];
  });
}

function limitText({ atLeast, atMost, unit }: Measure): string {
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${withUnit(atLeast, unit)}`]),
    ...(atMost === undefined ? [] : [`at most ${withUnit(atMost, unit)}`]),
  ];
  return limits.join(", ");
}

/** A row a measure: the worst run's figure, its target, and each seed's figure. */
export function rowsOf(measures: readonly Measure[], runs: readonly MeasuredRun[]): readonly Row[] {
  return measures.map((measure) => {
    const values = runs.map(measure.value);
    const each = runs.length > 1 ? `by seed: ${values.map(rounded).join(" ")}` : `seed ${runs[0]!.seed}`;
    const target = limitText(measure);
    return {
      name: runs.length > 1 ? `${measure.name}, ${measure.tell}` : measure.name,
      value: measure.tell === "least" ? Math.min(...values) : Math.max(...values),
      unit: measure.unit,
      ...(target === "" ? {} : { target }),
      note: each,
    };
  });
}
