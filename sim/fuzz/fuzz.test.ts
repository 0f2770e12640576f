import { describe, expect, test } from "vitest";
import { drawCase, NOTHING_CUT } from "./draw-case.ts";
import { rerunLine, runCase, shrink } from "./run-fuzz.ts";

const HOUR_MS = 3_600_000;
/** Hours simulated by the test; KALONG_CASES scales it. */
const HOURS = 20 * Number(process.env.KALONG_CASES ?? 1);

test("random worlds with faults and a bad network: nobody touches, nothing is lost, every order ends", () => {
  let simulatedMs = 0;
  let seed = 1;
  let faults = 0;
  for (; simulatedMs < HOURS * HOUR_MS; seed++) {
    const fuzz = drawCase(seed);
    const { fault, tick, simulatedMs: ms } = runCase(fuzz);
    simulatedMs += ms;
    faults += fuzz.faults.length;
    if (fault !== null)
      expect.fail(`seed ${seed}, tick ${tick}: ${fault.rule}: ${fault.text}\n  again: ${rerunLine(seed)}`);
  }
  console.log(`fuzz: ${seed - 1} cases, ${(simulatedMs / HOUR_MS).toFixed(1)} h, ${faults} faults, none failed`);
  expect(faults).toBeGreaterThan(seed);
}, 900_000);

test("two runs of a seed are the same, message for message", () => {
  for (let seed = 101; seed < 106; seed++) expect(runCase(drawCase(seed))).toEqual(runCase(drawCase(seed)));
}, 120_000);

describe("without reservations", () => {
  const free = { reservations: false };
  const outcomes = Array.from({ length: 12 }, (_, i) => runCase(drawCase(201 + i), NOTHING_CUT, free));
  const failed = outcomes.filter(({ fault }) => fault !== null);

  test("most cases fail: the checkers can see", () => {
    console.log(`fuzz without reservations: ${failed.length} of ${outcomes.length} cases fail`);
    expect(failed.length).toBeGreaterThanOrEqual(outcomes.length / 2);
  });

  test("a failing case becomes small, and still breaks the same rule", () => {
    const whole = drawCase(failed[0]!.seed);
    const small = shrink(whole, failed[0]!, free);
    expect(small.outcome.fault?.rule).toBe(failed[0]!.fault!.rule);
    const left = whole.orders.length + whole.faults.length - small.cut.orders.size - small.cut.faults.size;
    expect(left).toBeLessThan(whole.orders.length + whole.faults.length);
    expect(runCase(whole, small.cut, free)).toEqual(small.outcome);
    expect(rerunLine(whole.seed, small.cut)).toMatch(/^npx kalong fuzz --seed \d+ --count 1 --without-/);
  });
}, 300_000);
