import { describe, expect, test } from "vitest";
import { referenceVehicle } from "../../planner/index.ts";
import { onTrack, trackLanes } from "./curve-track.fixture.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** Drives a track to its end; the greatest of each over the run. */
function drive(parts: readonly (readonly [number, number])[], limitMps: number, seed: number) {
  const { vehicle } = onTrack(trackLanes(parts, limitMps), { seed });
  const physical = vehicle.physical!;
  const worst = { headingError: 0, rate: 0, angle: 0 };
  let [front, rear] = [0, 0];
  let tMs = 0;
  for (; !vehicle.idle && tMs < 3_600_000; tMs += 50) {
    vehicle.advance(tMs);
    const { steering } = physical;
    worst.headingError = Math.max(worst.headingError, Math.abs(steering.headingError));
    for (const [now, before] of [
      [Math.atan(steering.front), front],
      [Math.atan(steering.rear), rear],
    ] as const) {
      worst.rate = Math.max(worst.rate, Math.abs(now - before) / 0.05);
      worst.angle = Math.max(worst.angle, Math.abs(now));
    }
    [front, rear] = [Math.atan(steering.front), Math.atan(steering.rear)];
  }
  expect(vehicle.idle, `seed ${seed}`).toBe(true);
  return { ...worst, offsetM: physical.offsetMaxM, excessM: physical.excessMaxM, vehicle };
}

const U_TURN = [
  [40, 0],
  [12 * Math.PI, 12],
  [40, 0],
] as const;
/** Left onto right without a straight between: the hardest ground that the sites have. */
const REVERSAL = [
  [40, 0],
  [12, -12],
  [30, 12],
  [12, -12],
  [40, 0],
] as const;

describe("lateral error on the tightest curves of the sites, 12 m at 3 m/s", () => {
  test.each(SEEDS)(
    "a U-turn keeps within 0.06 m, and the footprint in the margin that is planned (seed %i)",
    (seed) => {
      const { offsetM, excessM, headingError } = drive(U_TURN, 3, seed);
      expect(offsetM).toBeGreaterThan(0.005);
      expect(offsetM).toBeLessThan(0.06);
      expect(headingError).toBeLessThan(0.04);
      expect(excessM).toBeLessThan(referenceVehicle.marginM);
    },
  );

  test.each(SEEDS)("a reversal of curvature keeps within 0.1 m (seed %i)", (seed) => {
    const { offsetM, headingError } = drive(REVERSAL, 3, seed);
    expect(offsetM).toBeLessThan(0.1);
    expect(headingError).toBeLessThan(0.08);
  });

  test.each(SEEDS)("on a straight at full speed it keeps within the fixes' noise (seed %i)", (seed) => {
    const { offsetM, headingError } = drive([[600, 0]], 8.33, seed);
    expect(offsetM).toBeLessThan(0.1);
    expect(headingError).toBeLessThan(0.02);
  });
});

test("in a steady curve both axles are steered as the bicycle model says, no faster than they can", () => {
  const { vehicle, rate, angle } = drive(
    [
      [20, 0],
      [60, 12],
    ],
    2,
    7,
  );
  const { steering } = vehicle.physical!;
  // Wheelbase 8 m, both axles: tan(angle) = 4 m / 12 m.
  expect((steering.front - steering.rear) / 2).toBeCloseTo(4 / 12, 1);
  expect(rate).toBeLessThan(0.61);
  expect(angle).toBeLessThanOrEqual(0.5 + 1e-9);
});

test("too slow a steering leaves the line: the error is the model's, not assumed", () => {
  const lanes = trackLanes(U_TURN, 3);
  const { vehicle } = onTrack(lanes, { physics: { steeringRateRadps: 0.1 } });
  for (let tMs = 0; tMs < 200_000; tMs += 100) vehicle.advance(tMs);
  expect(vehicle.physical!.offsetMaxM).toBeGreaterThan(0.3);
});

test("the pose is on the line where the lateral error is zero, and continuous in heading over the whole way", () => {
  const { vehicle } = onTrack(trackLanes(REVERSAL, 3), { seed: 3 });
  let last = { ...vehicle.pose() };
  let turn = 0;
  let leap = 0;
  for (let tMs = 0; !vehicle.idle && tMs < 200_000; tMs += 50) {
    vehicle.advance(tMs);
    const pose = vehicle.pose();
    const turned = Math.abs(pose.theta - last.theta);
    turn = Math.max(turn, Math.min(turned, 2 * Math.PI - turned));
    leap = Math.max(leap, Math.hypot(pose.x - last.x, pose.y - last.y));
    last = { ...pose };
  }
  // 3.1 m/s for 50 ms, and that on a 12 m arc with heading errors.
  expect(leap).toBeLessThan(0.17);
  expect(turn).toBeLessThan(0.03);
});
