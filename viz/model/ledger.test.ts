import { expect, test } from "vitest";
import { HOUR_MS, Ledger } from "./ledger.ts";
import type { RecordedOrderEvent, TimedMessage } from "./messages.ts";

function order(tMs: number, id: string, event: RecordedOrderEvent["event"], place = "", reason = ""): TimedMessage {
  const message = {
    t: tMs / 1000,
    order: id,
    event,
    vehicle: event === "accepted" ? null : "V1",
    container: `C${id}`,
    place,
    reason,
  };
  return { topic: "/orders", tMs, message };
}

function kpi(tMs: number, delivered: number): TimedMessage {
  const message = {
    t: tMs / 1000,
    accepted: 0,
    delivered,
    cancelled: 0,
    waiting: 0,
    containersPerHour: 3,
    drivenKm: 0,
    emptyKm: 0,
    emptyKmRatio: 0,
    taskS: 0,
    waitingS: 0,
    waitingRatio: 0,
    energyKwh: 0,
    shieldStops: 0,
    deadlocks: 0,
  };
  return { topic: "/kpi", tMs, message };
}

function ledgerOf(...messages: readonly TimedMessage[]): Ledger {
  const ledger = new Ledger();
  for (const message of messages) ledger.apply(message);
  return ledger;
}

test("an order is what its last event before the playhead made it, forwards and backwards", () => {
  const ledger = ledgerOf(
    order(1000, "1", "accepted", "crane-a"),
    order(5000, "1", "assigned"),
    order(9000, "1", "pickedUp", "crane-a"),
    order(20_000, "1", "delivered", "crane-b"),
  );
  const statusAt = (tMs: number): string | undefined => ledger.orderAt("1", tMs)?.status;
  expect([500, 1000, 5000, 19_999, 20_000, 6000].map(statusAt)).toEqual([
    undefined,
    "waiting",
    "assigned",
    "inTransit",
    "delivered",
    "assigned",
  ]);
  expect(ledger.orderAt("1", 6000)?.place).toBe("crane-a");
  expect(ledger.openOrders(20_000)).toEqual([]);
});

test("the longest wait counts orders that no vehicle has picked up", () => {
  const ledger = ledgerOf(
    order(0, "1", "accepted"),
    order(1000, "1", "pickedUp"),
    order(2000, "2", "accepted"),
    order(3000, "3", "accepted"),
    order(4000, "3", "cancelled"),
  );
  const { waiting, inTransit, cancelled, oldestWaitMs } = ledger.figures(10_000);
  expect({ waiting, inTransit, cancelled, oldestWaitMs }).toEqual({
    waiting: 1,
    inTransit: 1,
    cancelled: 1,
    oldestWaitMs: 8000,
  });
  expect(ledger.figures(500).oldestWaitMs).toBe(500);
});

test("a reason holds until the order goes on", () => {
  const ledger = ledgerOf(
    order(0, "1", "accepted"),
    order(1000, "1", "waiting", "", "no-vehicle"),
    order(2000, "1", "assigned"),
  );
  expect(ledger.orderAt("1", 1500)).toMatchObject({ status: "waiting", reason: "no-vehicle" });
  expect(ledger.orderAt("1", 2500)).toMatchObject({ status: "assigned", reason: "" });
});

test("deliveries are counted by hour of the run's day", () => {
  const at = [0.1, 0.2, 1.5, 23.9, 24.1, 26].map((hours) => Math.round(hours * HOUR_MS));
  const ledger = ledgerOf(...at.map((tMs, i) => order(tMs, String(i), "delivered")));
  const firstDay = ledger.figures(24 * HOUR_MS - 1);
  expect(firstDay.deliveredToday).toBe(4);
  expect([0, 1, 2, 23].map((hour) => firstDay.deliveredByHour[hour])).toEqual([2, 1, 0, 1]);
  expect(ledger.figures(25 * HOUR_MS).deliveredToday).toBe(1);
  expect(ledger.deliveredByHour(26 * HOUR_MS)[26]).toBe(1);
});

test("who joins late counts from the last KPI message on", () => {
  const ledger = ledgerOf(
    kpi(60_000, 40),
    order(70_000, "1", "delivered"),
    kpi(120_000, 41),
    order(130_000, "2", "delivered"),
  );
  expect([65_000, 75_000, 125_000, 140_000].map((tMs) => ledger.figures(tMs).delivered)).toEqual([40, 41, 41, 42]);
});

test("events carry their severity and are found by time", () => {
  const event = (tMs: number, code: string): TimedMessage => ({
    topic: "/events",
    tMs,
    message: { t: tMs / 1000, code, vehicle: "V1", data: {}, text: "" },
  });
  const ledger = ledgerOf(event(1000, "vehicle-broken"), event(2000, "lane-closed"), event(3000, "order-accepted"));
  expect(ledger.events(1000, 2000).map(({ severity }) => severity)).toEqual(["alarm", "warning"]);
  expect(ledger.events(2001, 9000).map(({ severity }) => severity)).toEqual(["info"]);
});

test("what a container is, is told with the order that is about it; unknown ones are unknown", () => {
  const accepted = order(0, "1", "accepted", "crane");
  if (accepted.topic !== "/orders") throw new Error("an order event");
  const load = { commodity: "frozen-seafood", lengthFt: 40, laden: true } as const;
  const ledger = ledgerOf({ ...accepted, message: { ...accepted.message, load } }, order(1000, "1", "pickedUp"));
  expect(ledger.loadOf("C1")).toEqual(load);
  expect(ledger.loadOf("C2")).toBeNull();
});
