import { expect, test } from "vitest";
import type { Suite } from "../suite.ts";
import { BorderCrossings } from "./border-crossings.ts";
import type { MeasuredRun } from "./measure-run.ts";
import { DELIVERED, type Measure, missedTargets, rowsOf, SAFETY, SPEED, WAITS } from "./measures.ts";
import { type OrderEvent, pickUpWaits, quantile } from "./pick-up-waits.ts";
import { contraflowSuite, pilotSuite, saturatedSuite } from "./suites.ts";

test("waits for pick-up: those that ended, those that have not, none of the cancelled", () => {
  const event = (t: number, order: string, what: string): OrderEvent => ({ t, order, event: what });
  const events = [
    event(0, "a", "accepted"),
    event(10, "b", "accepted"),
    event(20, "c", "accepted"),
    event(30, "a", "assigned"),
    event(40, "a", "pickedUp"),
    event(50, "c", "cancelled"),
    event(60, "a", "delivered"),
  ];
  expect(pickUpWaits(events, 100)).toEqual([40, 90]);
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.95), quantile([], 0.5)]).toEqual([2, 4, 0]);
});

test("crossings of a bent border: there and back, over its bend, along it, onto it and on; not beside it", () => {
  const counted = (...way: readonly (readonly [number, number])[]): number => {
    const border = new BorderCrossings([
      [-10, 0],
      [0, 0],
      [10, 5],
    ]);
    for (const [x, y] of way) border.take([{ id: "V1", x, y }]);
    return border.count;
  };
  expect(counted([-5, -1], [-5, 1], [-5, -1])).toBe(2);
  expect(counted([0, -1], [0, 1])).toBe(1);
  expect(counted([-5, -1], [-5, 0], [-5, 1])).toBe(1);
  expect(counted([-5, 1], [-5, 0], [-5, -1])).toBe(1);
  expect(counted([-5, -1], [-5, 0], [-5, -1])).toBe(0);
  expect(counted([-20, -1], [-20, 1])).toBe(0);
  expect(counted([5, 1], [5, 4])).toBe(1);
  const two = new BorderCrossings([
    [-10, 0],
    [10, 0],
  ]);
  for (const y of [-1, 1]) two.take(["V1", "V2"].map((id, x) => ({ id, x, y })));
  expect(two.count).toBe(2);
});

const good: MeasuredRun = {
  seed: 3,
  summary: {
    simulatedS: 86_400,
    orders: { accepted: 300, delivered: 290, waiting: 10, cancelled: 0 },
    containersPerDay: 290,
    shieldStops: 0,
    digest: "d",
  },
  collisions: 0,
  deadlocks: 0,
  broken: [],
  waitP95S: 7200,
  waitMaxS: 14_400,
  crossingsPerHour: 13,
  bound: { perDay: 407, crossingsPerHour: 18 },
  speed: 500,
};

const pilotMeasures: readonly Measure[] = [
  { ...DELIVERED, atLeast: 285 },
  { ...WAITS.p95, atMost: 120 },
  { ...WAITS.longest, atMost: 240 },
  ...SAFETY,
  { ...SPEED, atLeast: 500 },
];

test("each target can be missed, and is then named with its seed; those of a whole day not in a shorter run", () => {
  expect(missedTargets(pilotMeasures, good)).toEqual([]);
  const withSummary = (change: Partial<MeasuredRun["summary"]>): MeasuredRun => ({
    ...good,
    summary: { ...good.summary, ...change },
  });
  const few = { accepted: 300, delivered: 284, waiting: 16, cancelled: 0 };
  const bad: readonly (readonly [MeasuredRun, string, "day" | "always"])[] = [
    [withSummary({ orders: few }), "seed 3: containers delivered 284, at least 285", "day"],
    [{ ...good, waitP95S: 7260 }, "seed 3: wait for pick-up p95 121 min, at most 120 min", "day"],
    [{ ...good, waitMaxS: 15_000 }, "seed 3: wait for pick-up, longest 250 min, at most 240 min", "day"],
    [{ ...good, waitMaxS: Number.NaN }, "seed 3: wait for pick-up, longest NaN min, at most 240 min", "day"],
    [{ ...good, collisions: 1 }, "seed 3: collisions 1, at most 0", "always"],
    [{ ...good, deadlocks: 2 }, "seed 3: deadlocks 2, at most 0", "always"],
    [withSummary({ shieldStops: 3 }), "seed 3: shield stops 3, at most 0", "always"],
    [{ ...good, broken: ["R3 (2)"] }, "seed 3: rules that verify finds broken 1, at most 0: R3 (2)", "always"],
    [
      { ...good, speed: 499 },
      "seed 3: speed with recording 499 simulated s a CPU s, at least 500 simulated s a CPU s",
      "day",
    ],
  ];
  for (const [run, words, when] of bad) {
    expect(missedTargets(pilotMeasures, run)).toEqual([words]);
    const short = { ...run, summary: { ...run.summary, simulatedS: 1800 } };
    expect(missedTargets(pilotMeasures, short)).toEqual(when === "always" ? [words] : []);
  }
});

test("rows tell the worst seed, the target and each seed's figure", () => {
  const worse = { ...good, seed: 4, summary: { ...good.summary, orders: { ...good.summary.orders, delivered: 286 } } };
  expect(rowsOf(pilotMeasures, [good, worse])[0]).toEqual({
    name: "containers delivered, least",
    value: 286,
    unit: "",
    target: "at least 285",
    note: "by seed: 290 286",
  });
  expect(rowsOf(pilotMeasures, [worse])[0]).toMatchObject({ name: "containers delivered", note: "seed 4" });
});

const context = { say: () => {} };

test.each<readonly [Suite, number]>([
  [pilotSuite, 30],
  [saturatedSuite, 3],
  [contraflowSuite, 3],
])(
  "$0.name, quick: no safety target is missed, the verifier agrees, containers arrive",
  async (suite, deliveredMin) => {
    const said: string[] = [];
    const { failures, rows } = await suite.run("quick", { say: (line) => said.push(line) });
    expect(failures).toEqual([]);
    expect(rows.map((row) => row.value).every(Number.isFinite)).toBe(true);
    expect(Number(/: (\d+) of \d+ delivered/.exec(said.join())?.[1])).toBeGreaterThanOrEqual(deliveredMin);
  },
);

test("two runs of a seed have the same checksum and digests", async () => {
  const [first, second] = [await saturatedSuite.run("quick", context), await saturatedSuite.run("quick", context)];
  expect(Object.keys(first.digests ?? {})).toEqual(["seed 1"]);
  expect([second.checksum, second.digests]).toEqual([first.checksum, first.digests]);
});
