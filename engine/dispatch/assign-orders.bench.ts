import Benchmark from "benchmark";
import { assignOrders } from "./assign-orders.ts";
import { line } from "./fixtures.ts";
import type { DispatchInput } from "./input.ts";

/** A reproducible input on the line of the tests: two sides 25 stands apart, work mostly from the left. */
export function dispatchInput(vehicleCount: number, orderCount: number, seed: number): DispatchInput {
  let state = seed >>> 0;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  return {
    nowMs: 3_600_000,
    vehicles: Array.from({ length: vehicleCount }, (_, index) => ({
      index,
      availableAtMs: 3_600_000 + below(900_000),
      stand: below(38),
      energyMarginKwh: 20 + below(220),
      emptyKwhPerKm: 1.5,
    })),
    orders: Array.from({ length: orderCount }, (_, index) => {
      const northbound = below(100) < 55;
      const [left, right] = [below(12), 26 + below(12)];
      return {
        index,
        fromStands: [northbound ? left : right],
        toStands: [northbound ? right : left],
        serviceMs: 300_000,
        releaseMs: below(3_600_000),
        dueMs: 3_600_000 * (1 + below(5)),
        urgencyMs: below(3 * 3_600_000),
        pickupFreeAtMs: 3_600_000 + below(120_000),
        loadKwhPerKm: 0.5 + below(10) / 10,
        stopsKwh: 0.5,
        assignedTo: index < vehicleCount / 2 ? index : -1,
        blocked: null,
      };
    }),
    travel: line,
  };
}

/** Whole dispatch calls: 5, 12 and 120 vehicles. */
export function bench(): Benchmark.Suite {
  const suite = new Benchmark.Suite("dispatch");
  for (const [vehicles, orders] of [
    [5, 20],
    [12, 50],
    [120, 400],
  ] as const) {
    const input = dispatchInput(vehicles, orders, 1);
    suite.add(`assignOrders ${vehicles} x ${orders}`, () => assignOrders(input));
  }
  return suite;
}
