import { expect, test } from "vitest";
import type { Clear } from "../planner/index.ts";
import { Bench } from "./fixtures.ts";
import type { VehicleState } from "./messages.ts";

/** V0's states arrive changed. */
function disturb(bench: Bench, change: (state: VehicleState) => Partial<VehicleState>): void {
  const vehicle = bench.vehicles.get("V0")!;
  const state = vehicle.state.bind(vehicle);
  vehicle.state = () => {
    const truly = state();
    return { ...truly, ...change(truly) };
  };
}

test("ground is clear when the tail has left it however wrong the position may be, except on standing in a bay", () => {
  const uncertaintyM = 4;
  const bench = new Bench();
  disturb(bench, () => ({ uncertaintyM }));
  const vehicle = bench.vehicle("V0");
  const startOf = new Map<Clear, number>();
  const open = new Set<Clear>();
  let judged = 0;
  bench.check = () => {
    for (const clear of [...open]) {
      if (!clear.done) continue;
      open.delete(clear);
      const to = bench.engine.options.graph.stands[clear.step.to.stand]!;
      if (to.kind === "place" && vehicle.speedMps === 0) continue;
      judged++;
      expect(vehicle.positionM - startOf.get(clear)!).toBeGreaterThanOrEqual(clear.positionM + uncertaintyM);
    }
    for (const { step, startM } of vehicle.legs) {
      for (const clear of step.clears) {
        if (clear.done) continue;
        startOf.set(clear, startM);
        open.add(clear);
      }
    }
  };
  bench.order("o1");
  expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
  expect(judged).toBeGreaterThan(10);
});

test("a position that is not on the vehicle's way clears nothing, and moves it nowhere", () => {
  const bench = new Bench();
  bench.order("o1");
  expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
  bench.run(3);
  const vehicle = bench.vehicle("V0");
  const elsewhere = bench.engine.options.graph.lanes.laneId.find(
    (id) => !vehicle.held.has(bench.engine.laneIndex.get(id)!),
  )!;
  disturb(bench, () => ({ lane: elsewhere, s: 1 }));
  const known = (): unknown => [vehicle.positionM, vehicle.legs.map(({ step }) => step.cleared)];
  const before = JSON.stringify(known());
  bench.run(20);
  expect(JSON.stringify(known())).toBe(before);
});
