import { describe, expect, test } from "vitest";
import { assignOrders } from "./assign-orders.ts";
import { line, order, vehicle } from "./fixtures.ts";
import type { DispatchOptions, DispatchOrder, DispatchVehicle } from "./input.ts";

/** Checks who gets what ("vehicle:order") and why the rest waits ("order:reason"). */
function check(
  vehicles: readonly DispatchVehicle[],
  orders: readonly DispatchOrder[],
  expected: { assigned?: readonly string[]; waiting?: readonly string[] },
  nowMs = 0,
  options: Partial<DispatchOptions> = {},
) {
  const result = assignOrders({ nowMs, vehicles, orders, travel: line, options });
  const assigned = result.assignments.map((a) => `${a.vehicle}:${a.order}`);
  const waiting = result.waiting.map((w) => `${w.order}:${w.reason}`);
  expect({ assigned, waiting }).toEqual({ assigned: expected.assigned ?? [], waiting: expected.waiting ?? [] });
  return result;
}

const HOUR = 3_600_000;

describe("who gets what", () => {
  test("the nearer vehicle, and together the least empty way rather than each the nearest", () => {
    check([vehicle(0, 0), vehicle(1, 9)], [order(0, 8, 20)], { assigned: ["1:0"] });
    // Vehicle 0 is nearest to both; first come, first served would drive 2 + 14, the assignment drives 4 + 4.
    check([vehicle(0, 4), vehicle(1, 14)], [order(0, 6, 20), order(1, 0, 20)], { assigned: ["0:1", "1:0"] });
  });

  test("a vehicle that will be free beside the order soon comes before one far off that is free now", () => {
    const orders = [order(0, 50, 0)];
    check([vehicle(0, 0), vehicle(1, 50, { availableAtMs: 120_000 })], orders, { assigned: ["1:0"] });
    check([vehicle(0, 0), vehicle(1, 50, { availableAtMs: 2 * HOUR })], orders, { assigned: ["0:0"] });
  });

  test("a vehicle takes work that starts on its side though an older order waits on the other", () => {
    check([vehicle(0, 60)], [order(0, 0, 60, { urgencyMs: 0 }), order(1, 60, 0, { urgencyMs: HOUR })], {
      assigned: ["0:1"],
      waiting: ["0:assigned-elsewhere"],
    });
  });

  test("of two orders at hand the one that ends where more work waits", () => {
    const orders = [order(0, 10, 30), order(1, 10, 50), order(2, 50, 10, { releaseMs: HOUR })];
    check([vehicle(0, 10)], orders, { assigned: ["0:1"], waiting: ["0:assigned-elsewhere", "2:not-released-yet"] });
  });

  test("of two orders of one place the more urgent one", () => {
    const orders = [order(0, 10, 30, { urgencyMs: HOUR }), order(1, 10, 30, { urgencyMs: HOUR / 2 })];
    check([vehicle(0, 10)], orders, { assigned: ["0:1"], waiting: ["0:assigned-elsewhere"] });
  });

  test("an order at risk of being late comes before a nearer one that is not; one that is late is not avoided", () => {
    const near = order(0, 12, 30);
    check([vehicle(0, 10)], [near, order(1, 16, 30, { dueMs: 900_000 })], {
      assigned: ["0:1"],
      waiting: ["0:assigned-elsewhere"],
    });
    check([vehicle(0, 10)], [near, order(1, 16, 30, { dueMs: 1 })], {
      assigned: ["0:1"],
      waiting: ["0:assigned-elsewhere"],
    });
  });

  test("the most urgent order, once it is starving, is served though it lies far off", () => {
    const orders = [order(0, 100, 60), order(1, 10, 30, { urgencyMs: HOUR })];
    check([vehicle(0, 10)], orders, { assigned: ["0:1"], waiting: ["0:assigned-elsewhere"] }, 2 * HOUR);
    check([vehicle(0, 10)], orders, { assigned: ["0:0"], waiting: ["1:assigned-elsewhere"] }, 2 * HOUR + 1);
  });

  test("a queue at the pick-up sends the vehicle to another order", () => {
    // Break-even at a queue of 60 s: the near one costs 1.5 x its queue + 85 s, the far one 80 + 95 s.
    const orders = (queueMs: number) => [order(0, 11, 30, { pickupFreeAtMs: queueMs }), order(1, 14, 30)];
    check([vehicle(0, 10)], orders(65_000), { assigned: ["0:1"], waiting: ["0:assigned-elsewhere"] });
    check([vehicle(0, 10)], orders(55_000), { assigned: ["0:0"], waiting: ["1:assigned-elsewhere"] });
  });

  test("the bay by which the container arrives first is used, and the estimate adds up", () => {
    const wide = { ...order(0, 0, 0), fromStands: [10, 12, 16], toStands: [40, 30] };
    const { assignments } = check([vehicle(0, 12)], [wide], { assigned: ["0:0"] }, 5000);
    expect(assignments[0]).toMatchObject({
      pickupStand: 12,
      dropStand: 30,
      emptyMs: 0,
      emptyKm: 0,
      pickupMs: 5000,
      deliverMs: 5000 + 180_000 + 180_000,
      energyKwh: 1.8 * (2 + 1) + 0.5,
      kept: false,
    });
  });
});

describe("what changes hands", () => {
  const vehicles = [vehicle(0, 10), vehicle(1, 14)];

  test("an assigned order stays where the gain is below the threshold and moves where it is above", () => {
    const assigned = [order(0, 15, 30, { assignedTo: 0 })];
    // 4 stands nearer: 40 s of empty way, weighted 1.5, and 20 s of response.
    check(vehicles, assigned, { assigned: ["0:0"] }, 0, { switchThresholdMs: 80_001 });
    check(vehicles, assigned, { assigned: ["1:0"] }, 0, { switchThresholdMs: 79_999 });
  });

  test("a swap must gain twice the threshold, as two orders change hands", () => {
    const orders = [order(0, 14, 30, { assignedTo: 0 }), order(1, 10, 30, { assignedTo: 1 })];
    check(vehicles, orders, { assigned: ["0:0", "1:1"] }, 0, { switchThresholdMs: 80_001 });
    check(vehicles, orders, { assigned: ["0:1", "1:0"] }, 0, { switchThresholdMs: 79_999 });
  });

  test("who was sent early and would have to wait for the release keeps its order", () => {
    const early = (assignedTo: number) => [order(0, 10, 30, { releaseMs: 300_000, assignedTo })];
    check([vehicles[0]!], early(0), { assigned: ["0:0"] });
    check([vehicles[0]!], early(-1), { waiting: ["0:not-released-yet"] });
  });

  test("an order whose vehicle is gone from the input goes to another or waits", () => {
    check([vehicles[1]!], [order(0, 15, 30, { assignedTo: 0 })], { assigned: ["1:0"] });
    check([], [order(0, 15, 30, { assignedTo: 0 })], { waiting: ["0:no-vehicle-free"] });
  });
});

describe("why an order waits", () => {
  test.each<[string, readonly DispatchVehicle[], readonly DispatchOrder[], { assigned: string[]; waiting: string[] }]>([
    [
      "no vehicle is free",
      [vehicle(0, 10, { availableAtMs: 60_000 })],
      [order(0, 10, 20), order(1, 10, 20)],
      { assigned: ["0:0"], waiting: ["1:no-vehicle-free"] },
    ],
    [
      "no charge: 2 km empty and 1 km laden cost 7.5 kWh, and the way from 30 to the charger 6 more",
      [vehicle(0, 0, { energyMarginKwh: 13.4 })],
      [order(0, 20, 30)],
      { assigned: [], waiting: ["0:no-charge"] },
    ],
    [
      "enough charge by a hair",
      [vehicle(0, 0, { energyMarginKwh: 13.6 })],
      [order(0, 20, 30)],
      { assigned: ["0:0"], waiting: [] },
    ],
    ["no route to the pick-up", [vehicle(0, 0)], [order(0, 99, 3)], { assigned: [], waiting: ["0:no-route"] }],
    ["no route to the destination", [vehicle(0, 0)], [order(0, 3, 99)], { assigned: [], waiting: ["0:no-route"] }],
    [
      "not released yet: nobody stands at the pick-up for more than two minutes",
      [vehicle(0, 10)],
      [order(0, 10, 20, { releaseMs: 120_001 })],
      { assigned: [], waiting: ["0:not-released-yet"] },
    ],
    [
      "released by the time the vehicle is there",
      [vehicle(0, 10)],
      [order(0, 10, 20, { releaseMs: 120_000 })],
      { assigned: ["0:0"], waiting: [] },
    ],
    [
      "blocked for the reason that the engine gives",
      [vehicle(0, 0)],
      [order(0, 3, 5, { blocked: "station-out" })],
      { assigned: [], waiting: ["0:station-out"] },
    ],
  ])("%s", (_, vehicles, orders, expected) => {
    check(vehicles, orders, expected);
  });

  test("only the named number of orders is looked at, the most urgent; an assigned one always", () => {
    const orders = [2, 1, 0].map((urgencyMs, i) => order(i, 10, 20, { urgencyMs, assignedTo: i === 0 ? 7 : -1 }));
    check(
      [vehicle(7, 10), vehicle(8, 10), vehicle(9, 10)],
      orders,
      { assigned: ["7:0", "8:2"], waiting: ["1:no-vehicle-free"] },
      0,
      {
        ordersMax: 1,
      },
    );
  });
});
