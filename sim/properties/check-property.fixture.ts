import { expect } from "vitest";
import { MEETING_KINDS } from "../fuzz/site-case.ts";
import type { Property } from "./properties.fixture.ts";

/** Cases of a test, scaled by KALONG_CASES (1 unless set); one seed alone with KALONG_SEED. */
function seedsOf(cases: number): number[] {
  const { KALONG_CASES: scale, KALONG_SEED: seed } = process.env;
  if (seed !== undefined) return [Number(seed)];
  return Array.from({ length: Math.ceil(cases * Number(scale ?? 1)) }, (_, i) => i);
}

/** A property of a hundred runs may take minutes on a machine that does something else besides, ms. */
export const PROPERTY_TIMEOUT_MS = 600_000;

/** Rules whose breach shows that the ground was not shared out. */
const CONFLICTS: ReadonlySet<string> = new Set(["overlap", "standstill"]);

export interface CheckCounts {
  readonly cases: number;
  /** Cases in which traffic met head on, crossed, or merged from several arms. */
  readonly meeting: number;
  /** Cases that ended in a conflict. */
  readonly conflicts: number;
}

/** Runs a property on `cases` seeds and prints the counts. */
function count(
  name: string,
  property: Property,
  cases: number,
  onFault: (seed: number, text: string) => void,
): CheckCounts {
  const rules = new Map<string, number>();
  let meeting = 0;
  let conflicts = 0;
  let hours = 0;
  const seeds = seedsOf(cases);
  for (const seed of seeds) {
    const { fault, site, nowMs, ticks } = property(seed);
    hours += nowMs / 3_600_000;
    if (MEETING_KINDS.includes(site.kind)) meeting++;
    if (fault === null) continue;
    rules.set(fault.rule, (rules.get(fault.rule) ?? 0) + 1);
    if (CONFLICTS.has(fault.rule)) conflicts++;
    const where = `seed ${seed}, tick ${ticks}, ${site.kind} ${site.siteSeed} with ${site.starts.length} vehicles`;
    onFault(seed, `${where}: ${fault.rule}: ${fault.text}`);
  }
  const found = rules.size === 0 ? "no fault" : [...rules].map(([rule, times]) => `${rule} ${times}`).join(", ");
  console.log(
    `${name}: ${seeds.length} cases, ${meeting} with opposing or crossing traffic, ${hours.toFixed(0)} h: ${found}`,
  );
  return { cases: seeds.length, meeting, conflicts };
}

/** Every case must end without a fault; half of them have traffic that meets. */
export function checkProperty(name: string, property: Property, cases: number, file: string): void {
  const { cases: run, meeting } = count(name, property, cases, (seed, text) => {
    const rerun = `KALONG_SEED=${seed} npx vitest run ${file} -t "${name.split(":")[0]}"`;
    expect.fail(`${text}\n  again: ${rerun}`);
  });
  if (run >= 20) expect(meeting / run).toBeGreaterThanOrEqual(0.5);
}

/** Counts conflicts of runs that nothing controls. */
export function countConflicts(name: string, property: Property, cases: number): CheckCounts {
  return count(name, property, cases, () => {});
}
