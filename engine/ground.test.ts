import { expect, test } from "vitest";
import { smallSiteVehicle } from "../planner/index.ts";
import { Bench } from "./fixtures.ts";

test("who follows is told to drive to the gap behind the tail that was seen, and metres of a lane are one vehicle's", () => {
  const bench = new Bench(["parking-1", "charger-1"], { vehiclesMax: 2 });
  const { lengthM, standstillGapM } = smallSiteVehicle;
  const held = new Map<string, Map<string, readonly [number, number]>>();
  let followed = 0;
  bench.check = (outputs) => {
    for (const { kind, message } of outputs) {
      if (kind !== "reservation" || message.kind !== "lane") continue;
      const users = held.get(message.resource) ?? new Map<string, readonly [number, number]>();
      held.set(message.resource, users);
      if (message.event === "cleared") users.delete(message.vehicle);
      else users.set(message.vehicle, [message.fromM, message.toM]);
    }
    for (const [lane, users] of held) {
      const [first, second] = [...users.values()].sort((a, b) => a[0] - b[0]);
      if (second !== undefined) expect(second[0], lane).toBeGreaterThanOrEqual(first![1] - 1e-6);
    }
    // The end of its base, on the lane on which the other one is.
    const { laneIndex, vehicles } = bench.engine;
    for (const vehicle of vehicles) {
      const ahead = vehicles[vehicle.behind];
      const lane = laneIndex.get(ahead?.state?.lane ?? "");
      const piece = vehicle.pieces.find((each) => each.lane === lane);
      if (ahead === undefined || piece === undefined) continue;
      const endM = piece.fromM + (vehicle.baseEndM - piece.startM) + lengthM / 2;
      followed++;
      expect(endM).toBeLessThanOrEqual(ahead.state!.s - lengthM / 2 - standstillGapM + 1e-6);
    }
  };
  bench.order("o1");
  bench.order("o2");
  const slow = bench.vehicles.get("V0")!;
  expect(
    bench.until(() => {
      slow.stuck = bench.engine.tick % 60 < 40;
      return bench.phase("o1") === "delivered" && bench.phase("o2") === "delivered";
    }, 3000),
  ).toBe(true);
  expect(followed).toBeGreaterThan(50);
});
