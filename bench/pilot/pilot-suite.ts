/** The pilot's day: five vehicles and exactly 300 containers, seed by seed, held against the pilot's targets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadScenario } from "../../config/index.ts";
import { type RunSummary, readRecording } from "../../fleet-gateway/index.ts";
import { runScenario } from "../../sim/index.ts";
import { checksum } from "../checksum.ts";
import { threadCpuMs } from "../kernel.ts";
import type { Row, Size, Suite, SuiteContext, SuiteResult } from "../suite.ts";
import { type OrderEvent, pickUpWaits, quantile } from "./pick-up-waits.ts";

const SCENARIO = "pilot-2026";
const PLAN: Readonly<Record<Size, { readonly seeds: readonly number[]; readonly hours: number }>> = {
  quick: { seeds: [1], hours: 0.5 },
  standard: { seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], hours: 24 },
  full: { seeds: Array.from({ length: 30 }, (_, i) => i + 1), hours: 24 },
};

const DELIVERED_MIN = 285;
const WAIT_P95_MAX_S = 2 * 3600;
const WAIT_MAX_S = 4 * 3600;
const SPEED_MIN = 500;

/** One run and what was measured of it. */
export interface PilotRun {
  readonly seed: number;
  readonly summary: Pick<RunSummary, "orders" | "collisions" | "deadlocks" | "shieldStops" | "digest">;
  readonly waitP95S: number;
  readonly waitMaxS: number;
  /** Simulated seconds a CPU second of the main thread, recording included. */
  readonly speed: number;
}

/** Runs one seed, recording included, and reads the waits for pick-up from the recording. The files are removed. */
async function runSeed(seed: number, hours: number): Promise<PilotRun> {
  const outDir = mkdtempSync(join(tmpdir(), "kalong-pilot-"));
  try {
    const startMs = threadCpuMs();
    const summary = await runScenario(loadScenario(SCENARIO), { seed, hours, outDir });
    const speed = summary.simulatedS / ((threadCpuMs() - startMs) / 1000);
    const events: OrderEvent[] = [];
    for await (const read of readRecording(join(outDir, "run.mcap"), { topics: ["/orders"] })) {
      if (read.topic === "/orders") events.push(read.message);
    }
    const waits = pickUpWaits(events, summary.simulatedS);
    return { seed, summary, waitP95S: quantile(waits, 0.95), waitMaxS: waits.at(-1) ?? 0, speed };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** Targets that a run over a whole day missed, in words. */
export function missedTargets(run: PilotRun): readonly string[] {
  const { summary } = run;
  const missed: string[] = [];
  const hold = (ok: boolean, what: string): void => {
    if (!ok) missed.push(`seed ${run.seed}: ${what}`);
  };
  const { delivered, accepted } = summary.orders;
  hold(delivered >= DELIVERED_MIN, `${delivered} of ${accepted} delivered, at least ${DELIVERED_MIN}`);
  hold(run.waitP95S <= WAIT_P95_MAX_S, `p95 of waiting for pick-up ${minutes(run.waitP95S)}, at most 120 min`);
  hold(run.waitMaxS <= WAIT_MAX_S, `longest wait for pick-up ${minutes(run.waitMaxS)}, at most 240 min`);
  for (const what of ["collisions", "deadlocks", "shieldStops"] as const) {
    hold(summary[what] === 0, `${summary[what]} ${what}, none`);
  }
  hold(run.speed >= SPEED_MIN, `${run.speed.toFixed(0)} simulated s a CPU s, at least ${SPEED_MIN}`);
  return missed;
}

const minutes = (seconds: number): string => `${(seconds / 60).toFixed(1)} min`;

function rowsOf(runs: readonly PilotRun[]): readonly Row[] {
  const row = (
    name: string,
    unit: string,
    value: (run: PilotRun) => number,
    pick: (...values: number[]) => number,
  ): Row => {
    const values = runs.map(value);
    const each = values.map((v) => (Number.isInteger(v) ? `${v}` : v.toFixed(1))).join(" ");
    return { name, unit, value: pick(...values), note: runs.length > 1 ? `by seed: ${each}` : `seed ${runs[0]!.seed}` };
  };
  return [
    row("containers delivered, least", "containers", (run) => run.summary.orders.delivered, Math.min),
    row("wait for pick-up p95, most", "min", (run) => run.waitP95S / 60, Math.max),
    row("wait for pick-up, longest", "min", (run) => run.waitMaxS / 60, Math.max),
    row("collisions, most", "", (run) => run.summary.collisions, Math.max),
    row("deadlocks, most", "", (run) => run.summary.deadlocks, Math.max),
    row("shield stops, most", "", (run) => run.summary.shieldStops, Math.max),
    row("speed with recording, least", "simulated s/CPU s", (run) => run.speed, Math.min),
  ];
}

async function run(size: Size, context: SuiteContext): Promise<SuiteResult> {
  const { seeds, hours } = PLAN[size];
  const runs: PilotRun[] = [];
  for (const seed of seeds) {
    const done = await runSeed(seed, hours);
    const { delivered, accepted } = done.summary.orders;
    context.say(`seed ${seed}: ${delivered} of ${accepted} delivered, ${done.speed.toFixed(0)} simulated s a CPU s`);
    runs.push(done);
  }
  return {
    rows: rowsOf(runs),
    checksum: checksum(runs.map((each) => [each.seed, each.summary.digest])),
    failures: hours >= 24 ? runs.flatMap(missedTargets) : [],
  };
}

export const pilotSuite: Suite = {
  name: "pilot",
  what: "scenario pilot-2026, seeds 1 to 10 over 24 h (quick: seed 1, half an hour), against the pilot's targets",
  run,
};
