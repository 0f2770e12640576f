import fc from "fast-check";
import { expect, test } from "vitest";
import type { ShieldVehicle } from "./braking-sweep.ts";
import { shieldVehicle } from "./fixtures.ts";
import { Shield, type StopDecision } from "./shield.ts";

const SEED = 20_261_122;

const fleet = fc
  .array(
    fc.record({
      x: fc.integer({ min: -20, max: 20 }),
      y: fc.integer({ min: -100, max: 100 }),
      deg: fc.integer({ min: -180, max: 180 }),
      v: fc.integer({ min: -1, max: 8 }),
    }),
    { maxLength: 30 },
  )
  .map((list) => list.map(({ x, y, deg, v }, index) => shieldVehicle(index, x, y, deg, v)));

/** Each pair by itself: no sorting, no reach. */
function byPairs(vehicles: readonly ShieldVehicle[]): readonly StopDecision[] {
  const shield = new Shield({ vehiclesMax: 2 });
  const all: StopDecision[] = [];
  for (let i = 0; i < vehicles.length; i++)
    for (let j = i + 1; j < vehicles.length; j++) all.push(...shield.check([vehicles[i]!, vehicles[j]!]));
  return all.sort((a, b) => a.vehicle - b.vehicle || a.other - b.other);
}

test("the fleet at once gives what all pairs one by one give, tick after tick with one shield", () => {
  let decided = 0;
  const shield = new Shield({ vehiclesMax: 30 });
  fc.assert(
    fc.property(fleet, (vehicles) => {
      const decisions = shield.check(vehicles);
      expect(decisions).toEqual(byPairs(vehicles));
      decided += decisions.length;
      for (const { vehicle } of decisions) expect(vehicles[vehicle]!.v).not.toBe(0);
    }),
    { seed: SEED, numRuns: 300, endOnFailure: true },
  );
  expect(decided).toBeGreaterThan(300);
});
