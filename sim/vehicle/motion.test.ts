import { describe, expect, test } from "vitest";
import { brakingDistanceM, referenceVehicle } from "../../planner/index.ts";
import { Bench } from "./fixtures.ts";

/** Seconds to accelerate to v, keep it and stop, over a distance, without other limits. */
function trapezoidS(distanceM: number, v: number, a: number, b: number): number {
  const ramps = (v * v) / (2 * a) + (v * v) / (2 * b);
  expect(distanceM).toBeGreaterThan(ramps);
  return v / a + v / b + (distanceM - ramps) / v;
}

describe("stopping distance with the guaranteed deceleration, 1 s reaction included", () => {
  test.each([
    [5.56, 15.9],
    [6.94, 23.0],
    [8.33, 31.5],
  ])("from %f m/s: %f m", (speed, expected) => {
    const bench = new Bench([{ lengthM: 1000, limitMps: speed }]);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [1000] }));
    bench.until(() => bench.vehicle.v === speed);
    const from = bench.x;
    bench.vehicle.receiveInstantAction({ vehicle: "V1", actionId: "p", actionType: "startPause", parameters: {} });
    bench.until(() => bench.vehicle.v === 0);
    expect(bench.x - from).toBeCloseTo(speed * 1 + brakingDistanceM(referenceVehicle, speed), 6);
    expect(Math.round((bench.x - from) * 10) / 10).toBe(expected);
  });
});

test("one lane: the travel time is reaction, ramp, cruise and ramp in closed form", () => {
  const bench = new Bench([{ lengthM: 500, limitMps: 5.56 }]);
  bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [500] }));
  bench.until(() => bench.state.nodeSequenceIds.length === 0);
  const arrivedMs = bench.samples.at(-1)!.tMs;
  expect(arrivedMs / 1000).toBeCloseTo(1 + trapezoidS(500, 5.56, 0.5, 1.5), 6);
  expect(bench.x).toBe(500);
  expect(bench.samples.map((sample) => sample.a)).toEqual([0.5, 0, -1.5, 0]);
});

test("a lower limit ahead is met exactly where it begins, and left where it ends", () => {
  const bench = new Bench([
    { lengthM: 300, limitMps: 5.56 },
    { lengthM: 60, limitMps: 2 },
    { lengthM: 300, limitMps: 4 },
  ]);
  bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [660] }));
  bench.until(() => bench.state.nodeSequenceIds.length === 0);
  const slow = bench.samples.filter((sample) => sample.lane === "L1" && sample.s < 1e-6);
  expect(slow).toHaveLength(1);
  expect(slow[0]!.v).toBe(2);
  const up = 5.56 / 0.5 + (5.56 - 2) / 1.5;
  const first = up + (300 - 5.56 ** 2 / 1 - (5.56 ** 2 - 4) / 3) / 5.56;
  const third = (4 - 2) / 0.5 + 4 / 1.5 + (300 - (16 - 4) / 1 - 16 / 3) / 4;
  expect(bench.samples.at(-1)!.tMs / 1000).toBeCloseTo(1 + first + 60 / 2 + third, 6);
});

test("laden it accelerates with its laden acceleration up to its laden speed", () => {
  const bench = new Bench([{ lengthM: 1000, limitMps: 20 }]);
  const pick = {
    actionId: "pick",
    actionType: "pick" as const,
    blockingType: "HARD" as const,
    parameters: { container: "C1", massKg: 30_000 },
  };
  bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [1000], actions: { 0: [pick] } }));
  bench.until(() => bench.state.nodeSequenceIds.length === 0);
  expect(bench.samples.map(({ a }) => a)).toEqual([0.35, 0, -1.5, 0]);
  expect(bench.samples[1]!.v).toBe(6.94);
  expect(bench.samples[0]!.tMs).toBe(10_000 + 1000);
});

test("an edge's own limit holds beside the lane's", () => {
  const bench = new Bench([{ lengthM: 200, limitMps: 5 }]);
  bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [200], maxSpeedMps: 3 }));
  bench.until(() => bench.state.nodeSequenceIds.length === 0);
  expect(bench.samples.at(-1)!.tMs / 1000).toBeCloseTo(1 + trapezoidS(200, 3, 0.5, 1.5), 6);
});

test("a longer base acts after the reaction time, moving and standing", () => {
  const bench = new Bench([{ lengthM: 1000, limitMps: 5 }]);
  const first = bench.order({ fromM: 0, atM: [100] });
  bench.vehicle.receiveOrder(first);
  bench.until(() => bench.vehicle.a < 0);
  bench.run(0.2);
  const before = bench.vehicle.v;
  bench.vehicle.receiveOrder(bench.order({ updateId: 1, fromM: 100, firstSequenceId: 2, atM: [300] }));
  bench.run(1);
  expect(bench.vehicle.v).toBeCloseTo(before - 1.5, 9);
  expect(bench.vehicle.a).toBe(0.5);
  bench.until(() => bench.state.nodeSequenceIds.length === 0 && bench.vehicle.v === 0);
  const sentMs = bench.tMs;
  bench.vehicle.receiveOrder(bench.order({ updateId: 2, fromM: 300, firstSequenceId: 4, atM: [400] }));
  bench.run(2);
  expect(bench.samples.at(-1)).toMatchObject({ tMs: sentMs + 1000, v: 0, a: 0.5 });
});

test("the motion does not depend on the step of the caller", () => {
  const drive = (stepMs: number): readonly (readonly [number, number])[] => {
    const bench = new Bench([
      { lengthM: 83, limitMps: 4.17 },
      { lengthM: 20, limitMps: 1 },
      { lengthM: 120, limitMps: 5.56 },
    ]);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [223] }));
    for (let t = stepMs; t <= 120_000; t += stepMs) bench.vehicle.advance(t);
    return bench.samples.map(({ tMs, s }) => [tMs, s] as const);
  };
  const fine = drive(100);
  expect(fine.length).toBeGreaterThan(6);
  for (const step of [30, 1000, 40_000]) {
    const coarse = drive(step);
    expect(coarse).toHaveLength(fine.length);
    coarse.forEach(([tMs, s], i) => {
      expect(tMs).toBeCloseTo(fine[i]![0], 5);
      expect(s).toBeCloseTo(fine[i]![1], 6);
    });
  }
});

test("a speed limit that is lowered under way is braked to, also where it was too late for its beginning", () => {
  const bench = new Bench([
    { lengthM: 200, limitMps: 6 },
    { lengthM: 200, limitMps: 6 },
  ]);
  bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [400] }));
  bench.until(() => bench.x > 195);
  const [x, v] = [bench.x, bench.vehicle.v];
  expect(v).toBe(6);
  bench.map.setCap(1, 2);
  bench.vehicle.limitsChanged();
  bench.until(() => bench.vehicle.v === 2);
  const expected = x + (36 - 4) / 3;
  expect(bench.samples.find((sample) => sample.lane === "L1" && sample.v === 2)!.s + 200).toBeCloseTo(expected, 6);
  bench.map.setCap(1, Number.POSITIVE_INFINITY);
  bench.vehicle.limitsChanged();
  bench.until(() => bench.vehicle.v === 6);
  bench.until(() => bench.vehicle.idle);
  expect(bench.x).toBe(400);
});
