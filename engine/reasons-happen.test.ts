/**
 * Every code of the catalogues of reasons and events is made to happen here: by an engine with a fleet where the engine
 * decides, by the part that decides where only it knows. The last tests fail for a code that nothing produced.
 */
import { expect, test } from "vitest";
import { SEARCH_DEFAULTS, smallSiteVehicle } from "../planner/index.ts";
import { chargingVehicle } from "./charging/fixtures.ts";
import { planCharging } from "./charging/index.ts";
import { DeadlockDetector, type WaitFact } from "./deadlock/index.ts";
import { line, order as lineOrder, vehicle as lineVehicle } from "./dispatch/fixtures.ts";
import { assignOrders } from "./dispatch/index.ts";
import { EVENTS } from "./events.ts";
import { Bench, loopSite } from "./fixtures.ts";
import type { TransportOrder } from "./messages.ts";
import { transportOrder } from "./orders/fixtures.ts";
import { isReasonCode, REASON_CATALOGUE, REFUSALS } from "./reasons.ts";
import { shieldVehicle } from "./shield/fixtures.ts";
import { Shield } from "./shield/index.ts";

const seen = new Set<string>();
const seenEvents = new Set<string>();

function note(bench: Bench): void {
  for (const code of bench.waits) seen.add(code);
  for (const code of bench.reasons) if (code !== "") seen.add(code);
  for (const event of bench.events) seenEvents.add(event.split(" ")[0]!);
}

/** Runs a bench and expects codes of it. */
function happens(codes: readonly string[], run: () => Bench): void {
  const bench = run();
  note(bench);
  const found = new Set([...bench.waits, ...bench.reasons, ...bench.events.map((event) => event.split(" ")[0]!)]);
  expect([...codes].filter((code) => !found.has(code))).toEqual([]);
}

test("an order from release to delivery", () => {
  happens(["admitted", "new-task", "first-assignment", "service", "no-vehicle-free"], () => {
    const bench = new Bench(["parking-1"]);
    bench.order("o1");
    bench.until(() => bench.phase("o1") === "pickedUp");
    bench.order("o2");
    expect(bench.until(() => bench.phase("o2") === "delivered")).toBe(true);
    return bench;
  });
});

test("orders that wait: no charge, a station out, closed ground, not released", () => {
  happens(["no-charge"], () => {
    const bench = new Bench(["charger-1"]);
    bench.vehicles.get("V0")!.soc = 0.201;
    bench.order("o1");
    bench.run(2);
    return bench;
  });
  happens(["station-out", "station-in"], () => {
    const bench = new Bench();
    bench.tick({ kind: "station-out", station: "parking-4" });
    bench.order("o1");
    bench.run(2);
    bench.tick({ kind: "station-in", station: "parking-4" });
    return bench;
  });
  happens(["lane-closed", "lane-opened"], () => {
    const bench = new Bench();
    const lane = laneInto(bench, "gate-1");
    bench.tick({ kind: "close-lane", lane });
    bench.order("o1", { from: "parking-4", to: "parking-2" });
    bench.run(2);
    expect(bench.reasons).toContain("lane-closed");
    bench.tick({ kind: "open-lane", lane });
    return bench;
  });
  happens(["not-released-yet"], () => {
    const bench = new Bench();
    bench.order("o1", { releaseMs: 7_200_000, dueMs: 9_000_000 });
    bench.run(2);
    return bench;
  });
});

function laneInto(bench: Bench, bay: string): string {
  const { graph } = bench.engine.options;
  return graph.lanes.laneId[graph.stands[bench.engine.standByBay.get(bay)!]!.stopLane]!;
}

test("what only dispatch knows: no way at all, and everybody bound to nearer work", () => {
  const waits = (orders: readonly ReturnType<typeof lineOrder>[]): string[] =>
    assignOrders({ nowMs: 0, vehicles: [lineVehicle(0, 10)], orders, travel: line }).waiting.map(
      ({ reason }) => reason,
    );
  for (const reason of [
    ...waits([lineOrder(0, 1, 99)]),
    ...waits([lineOrder(0, 10, 30), lineOrder(1, 60, 30, { urgencyMs: 1e9 })]),
  ]) {
    seen.add(reason);
  }
  expect([...seen]).toEqual(expect.arrayContaining(["no-route", "assigned-elsewhere"]));
});

test("a person changes orders: cancelled, retargeted, prioritised", () => {
  happens(["cancelled", "cancelled-by-person", "retarget", "retargeted", "prioritised"], () => {
    const bench = new Bench();
    bench.order("o1");
    bench.run(3);
    bench.tick({ kind: "cancel-transport-order", order: "o1", by: "p" });
    bench.run(3);
    bench.order("o2");
    bench.tick({ kind: "prioritise-transport-order", order: "o2", priority: 1 });
    bench.until(() => bench.phase("o2") === "pickedUp");
    bench.tick({ kind: "retarget-transport-order", order: "o2", to: "parking-2" });
    expect(bench.until(() => bench.phase("o2") === "delivered")).toBe(true);
    return bench;
  });
});

test("vehicles that cannot be moved: broken, silent, manual, paused; orders of the lost go to others", () => {
  happens(
    ["broken", "vehicle-broken", "vehicle-repaired", "vehicle-lost", "silent", "vehicle-silent", "vehicle-heard"],
    () => {
      const bench = new Bench();
      bench.order("o1");
      bench.run(3);
      bench.tick({ kind: "vehicle-broken", vehicle: "V0" });
      bench.run(2);
      bench.tick({ kind: "vehicle-repaired", vehicle: "V0" });
      bench.mute.add("V0");
      bench.run(40);
      bench.mute.clear();
      bench.run(2);
      return bench;
    },
  );
  happens(["manual", "vehicle-manual", "vehicle-automatic", "paused", "vehicle-paused", "vehicle-resumed"], () => {
    const bench = new Bench();
    const vehicle = bench.vehicles.get("V0")!;
    vehicle.operatingMode = "MANUAL";
    bench.run(1);
    vehicle.operatingMode = "AUTOMATIC";
    bench.run(1);
    bench.tick({ kind: "pause", vehicle: null });
    bench.run(1);
    bench.tick({ kind: "resume", vehicle: null });
    return bench;
  });
});

test("a station's action fails and is ordered again; a station goes out in front of a vehicle", () => {
  happens(["action-failed", "action-retry"], () => {
    const bench = new Bench();
    const vehicle = bench.vehicles.get("V0")!;
    vehicle.fails = true;
    bench.order("o1");
    bench.until(() => bench.events.includes("action-failed V0"));
    bench.run(1);
    vehicle.fails = false;
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
    return bench;
  });
  happens(["station-out"], () => {
    const bench = new Bench();
    bench.order("o1");
    bench.until(() => bench.phase("o1") === "pickedUp");
    bench.tick({ kind: "station-out", station: "gate-1" });
    bench.waits.clear();
    expect(bench.until(() => bench.waits.has("station-out"))).toBe(true);
    return bench;
  });
});

test("ground that others use or that is closed: precedence, room, the vehicle ahead, a queue, a block", () => {
  happens(["closed"], () => {
    const bench = new Bench();
    bench.order("o1");
    bench.until(() => bench.phase("o1") === "pickedUp");
    const lane = laneInto(bench, "gate-1");
    bench.tick({ kind: "close-lane", lane });
    expect(bench.until(() => bench.waits.has("closed"), 300)).toBe(true);
    bench.tick({ kind: "open-lane", lane });
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
    return bench;
  });
  happens(["replanned-blocked"], () => {
    const bench = new Bench();
    bench.order("o1");
    bench.until(() => bench.phase("o1") === "pickedUp");
    const visits = (): number[] => bench.engine.book.vehicles[0]!.visits.map(({ stand }) => stand);
    const haven = bench.engine.options.graph.stands[visits().at(-1)!]!;
    bench.tick({ kind: "close-lane", lane: laneInto(bench, haven.id) });
    bench.run(10);
    expect(visits().at(-1)).not.toBe(haven.index);
    return bench;
  });
  happens(["queue-at-station"], () => {
    const bench = new Bench(["parking-1", "charger-1"], { site: loopSite(true), vehiclesMax: 2 });
    for (const vehicle of bench.vehicles.values()) vehicle.actionMs = 120_000;
    // The first is sent to the farther bay, so that the second can come into the nearer one meanwhile.
    const lane = laneInto(bench, "parking-2");
    bench.tick({ kind: "close-lane", lane });
    bench.order("o1");
    bench.run(20);
    bench.tick({ kind: "open-lane", lane });
    bench.order("o2");
    expect(bench.until(() => bench.vehicle("V1").wait?.code === "queue-at-station", 300)).toBe(true);
    expect(bench.vehicle("V1").wait).toEqual({ code: "queue-at-station", resource: "parking-2", vehicle: "V0" });
    return bench;
  });
  happens(["blocked"], () => {
    const bench = brokenAhead(5);
    expect(bench.vehicle("V1").wait).toEqual({ code: "blocked", resource: "", vehicle: "V0" });
    return bench;
  });
  happens(["vehicle-ahead"], () => brokenAhead(10));
  happens(["room"], () => {
    const bench = new Bench(["parking-1", "charger-1"], { vehiclesMax: 2 });
    bench.order("o1");
    bench.order("o2");
    bench.run(100);
    bench.tick({ kind: "vehicle-broken", vehicle: "V0" });
    expect(bench.until(() => bench.vehicle("V1").wait?.code === "room", 300)).toBe(true);
    expect(bench.vehicle("V1").wait?.vehicle).toBe("V0");
    return bench;
  });
});

/** V0 breaks down so many seconds after it entered the long lane before the crane; V1 comes up behind it. */
function brokenAhead(seconds: number): Bench {
  const bench = new Bench(["parking-1", "charger-1"], { vehiclesMax: 2 });
  const { graph } = bench.engine.options;
  bench.order("o1");
  bench.order("o2");
  bench.run(20);
  bench.vehicles.get("V1")!.stuck = true;
  const crane = bench.engine.standByBay.get("parking-2")!;
  const long = graph.legs[graph.legsIn[crane]![0]!]!.from;
  expect(bench.until(() => bench.engine.book.vehicles[0]!.visits[0]!.stand === long, 60)).toBe(true);
  bench.run(seconds);
  bench.vehicles.get("V0")!.stuck = true;
  bench.tick({ kind: "vehicle-broken", vehicle: "V0" });
  bench.vehicles.get("V1")!.stuck = false;
  bench.run(90);
  return bench;
}

test("no plan: the search has no budget; with a little the fallback stands", () => {
  happens(["no-plan"], () => {
    const bench = new Bench(["parking-1"], { expansionsPerTick: 0 });
    bench.order("o1");
    bench.run(3);
    return bench;
  });
  happens(["fallback", "replanned-late", "precedence"], () => {
    const search = { ...SEARCH_DEFAULTS, expansionsMax: 1 };
    const bench = new Bench(["parking-1", "parking-3"], { search });
    bench.order("o1");
    bench.order("o2");
    bench.run(60);
    search.expansionsMax = SEARCH_DEFAULTS.expansionsMax;
    expect(bench.until(() => bench.phase("o1") === "delivered" && bench.phase("o2") === "delivered")).toBe(true);
    return bench;
  });
});

test("each input that is refused says why, and changes nothing", () => {
  happens([...Object.keys(REFUSALS), "refused"], () => {
    const bench = new Bench(["parking-1"], { vehiclesMax: 2, openOrdersMax: 2 });
    const order = (id: string, over: Partial<TransportOrder> = {}): void =>
      bench.order(id, { container: { ...transportOrder(id).container, id: over.container?.id ?? `C-${id}` }, ...over });
    order("o1");
    order("o1");
    order("o2", { from: "nowhere" });
    order("o2", { to: "parking-2" });
    order("o2", { container: transportOrder("o1").container });
    order("o2", { dueMs: -1 });
    order("o2", { priority: 10 });
    order("o2");
    order("o3");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.tick({ kind: "cancel-transport-order", order: "o1", by: "p" });
    bench.tick({ kind: "cancel-transport-order", order: "o9", by: "p" });
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
    bench.tick({ kind: "prioritise-transport-order", order: "o1", priority: 3 });
    order("o4", { container: transportOrder("o1").container });
    bench.tick({ kind: "pause", vehicle: "V9" });
    bench.tick({ kind: "close-lane", lane: "nowhere" });
    const admit = (vehicle: string, bay: string, type = smallSiteVehicle.type) =>
      bench.tick({ kind: "admit-vehicle", vehicle, type, bay });
    admit("V0", "parking-3");
    admit("V1", "parking-3", "cart");
    admit("V1", "nowhere");
    admit("V1", "parking-2");
    admit("V1", bench.engine.options.graph.stands[bench.engine.book.vehicles[0]!.visits.at(-1)!.stand]!.id);
    expect(bench.engine.vehicles).toHaveLength(1);
    const free = ["charger-1", "parking-1", "parking-3"].filter(
      (bay) => bench.engine.book.standUses[bench.engine.standByBay.get(bay)!]!.length === 0,
    );
    admit("V1", free[0]!);
    admit("V2", free[1] ?? free[0]!);
    return bench;
  });
});

test("the shield holds who runs on past its base, and lets it go when the way is clear", () => {
  happens(["shield-stop", "shield-release", "vehicle-ahead"], () => {
    const bench = runsOn();
    expect(bench.events.filter((event) => event.startsWith("shield"))).toEqual(["shield-stop V1"]);
    bench.vehicles.get("V0")!.stuck = false;
    expect(bench.until(() => bench.events.includes("shield-release V1"))).toBe(true);
    expect(bench.until(() => bench.phase("o2") === "delivered")).toBe(true);
    return bench;
  });
  happens(["deadlock", "unexplained-wait"], () => {
    const bench = runsOn();
    bench.run(16 * 60);
    return bench;
  });
});

/** V1 comes up behind V0, which stands on the lane, and does not stop at the end of its base. */
function runsOn(): Bench {
  const bench = new Bench(["parking-1", "parking-3"]);
  bench.order("o1");
  bench.order("o2");
  expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
  bench.run(12);
  bench.vehicles.get("V0")!.stuck = true;
  expect(bench.until(() => bench.vehicle("V1").wait?.code === "vehicle-ahead")).toBe(true);
  bench.vehicles.get("V1")!.runsOn = true;
  bench.until(() => bench.vehicle("V1").shielded, 30);
  bench.vehicles.get("V1")!.runsOn = false;
  return bench;
}

test("charging: at need, by opportunity, out of the way for one in need; work behind other work", () => {
  happens(["opportunity", "charge", "charge-planned", "task-extended"], () => {
    const bench = new Bench();
    bench.vehicles.get("V0")!.soc = 0.5;
    bench.run(5);
    bench.order("o1");
    bench.until(() => bench.phase("o1") === "delivered");
    return bench;
  });
  happens(["below-reserve-next", "relocated"], () => {
    const bench = new Bench(["charger-1", "parking-3"]);
    bench.vehicles.get("V0")!.soc = 0.9;
    bench.vehicles.get("V1")!.soc = 0.205;
    bench.until(() => bench.vehicles.get("V1")!.soc > 0.8, 900);
    return bench;
  });
  const vehicles = [0, 1, 2].map((index) => chargingVehicle(index, 0.35, { idle: false }));
  const plan = planCharging({
    nowMs: 0,
    vehicles,
    chargers: [{ index: 0, stand: 0, vehicle: -1 }],
    ordersWaiting: 9,
    travelMs: () => 0,
  });
  for (const { reason } of plan.decisions) seen.add(reason);
  expect(plan.decisions.map(({ reason }) => reason)).toEqual(["staggered"]);
});

test("what a shield stops for, and that a wait counts as a deadlock", () => {
  const shield = new Shield({ vehiclesMax: 2 });
  const east = shieldVehicle(0, 0, 0, 0, 6, [0, 0, 100, 0]);
  for (const other of [
    shieldVehicle(1, 25, 0, 0, 0),
    shieldVehicle(1, 33, 0, 180, 6, [33, 0, -70, 0]),
    shieldVehicle(1, 15, 0, 0, 0),
  ]) {
    for (const { reason } of shield.check([east, other])) seen.add(reason);
  }
  const fact = (index: number, waitsFor: number): WaitFact => ({
    index,
    moved: false,
    hasTask: true,
    fault: false,
    waitsFor,
    explained: false,
  });
  for (const facts of [
    [fact(0, 1), fact(1, 0)],
    [fact(0, -1), fact(1, -1)],
  ]) {
    const detector = new DeadlockDetector({ vehiclesMax: 2 });
    for (const nowMs of [0, 1_000_000]) for (const { reason } of detector.update(nowMs, facts)) seen.add(reason);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(["sweep-hits-vehicle", "sweeps-meet", "too-close", "cycle", "unexplained-wait"]),
  );
});

test("every reason was made to happen, and nothing beside the catalogue", () => {
  const all = Object.values(REASON_CATALOGUE).flatMap((group) => Object.keys(group));
  expect(all.filter((code) => !seen.has(code))).toEqual([]);
  expect([...seen].filter((code) => !isReasonCode(code))).toEqual([]);
});

test("every event was made to happen", () => {
  expect(Object.keys(EVENTS).filter((code) => !seenEvents.has(code))).toEqual([]);
});
