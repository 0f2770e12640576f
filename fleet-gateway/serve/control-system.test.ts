/** The control system tick by tick: a link that only notes, states by hand, no clock, no broker. */
import { beforeEach, describe, expect, test } from "vitest";
import { loadSite, loadVehicleType, startBays } from "../../config/index.ts";
import type { Connection, OrderMessage, TransportOrder, VehicleState } from "../../engine/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { siteMessage } from "../recording/site-message.ts";
import { createControlPort } from "./control-port.ts";
import { type ControlLink, ControlSystem } from "./control-system.ts";
import type { TickLoop } from "./tick-loop.ts";

const site = loadSite("bac-luan-ii");
const type = loadVehicleType("igv");
const graph = compileLegs(site, type);
const bays = startBays(site, type).map(
  (id) => site.stations.flatMap((station) => station.bays).find((bay) => bay.id === id)!,
);
const cranes = (side: "vn" | "cn") =>
  site.stations.filter((station) => station.role === "crane" && station.side === side).map(({ id }) => id);

class NotingLink implements ControlLink {
  readonly orders: OrderMessage[] = [];
  state: (state: VehicleState, timestampMs: number) => void = () => {};
  connection: (vehicle: string, connection: Connection) => void = () => {};

  sendOrder(order: OrderMessage): void {
    this.orders.push(order);
  }
  sendInstantAction(): void {}
  onState(listener: (state: VehicleState, timestampMs: number) => void): void {
    this.state = listener;
  }
  onConnection(listener: (vehicle: string, connection: Connection) => void): void {
    this.connection = listener;
  }
}

let control: ControlSystem;
let link: NotingLink;
let nowMs: number;

beforeEach(() => {
  nowMs = 0;
  control = new ControlSystem({
    site,
    siteMessage: siteMessage(site, [type]),
    type,
    graph,
    fleet: ["V01", "V02"].map((id) => ({
      ...{ id, type: type.type, manufacturer: "kalong", serialNumber: id },
      ...{ version: "2.1.0", instantActionsKey: "actions" as const },
    })),
    recorder: null,
    facts: () => ({}),
    nowMs: () => nowMs,
  });
  link = new NotingLink();
  control.connect(link);
});

function ticks(count: number): void {
  for (let i = 0; i < count; i++) {
    nowMs += 100;
    control.tick();
  }
}

function stateOf(vehicle: string, at: { x: number; y: number }, changes: Partial<VehicleState> = {}): VehicleState {
  return {
    ...{ vehicle, orderId: "", orderUpdateId: 0, lastNodeId: "", lastNodeSequenceId: 0, nodeSequenceIds: [] },
    ...{ x: at.x, y: at.y, theta: 0, v: 0, lane: "", s: 0, uncertaintyM: 0.1, driving: false, paused: false },
    ...{ operatingMode: "AUTOMATIC", soc: 0.9, charging: false, loads: [], actionStates: [], errors: [] },
    ...{ eStop: "NONE", fieldViolation: false },
    ...changes,
  };
}

function events(code: string): { vehicle: string | null; text: string }[] {
  return control.feed
    .snapshot()
    .map((frame) => JSON.parse(frame))
    .filter(({ topic, message }) => topic === "/events" && message.code === code)
    .map(({ message }) => message);
}

function transportOrder(id: string, changes: Partial<TransportOrder> = {}): TransportOrder {
  const container = {
    id: `C-${id}`,
    lengthFt: 40,
    laden: true,
    reefer: false,
    commodity: "general",
    massKg: 20_000,
  } as const;
  return {
    id,
    container,
    from: cranes("vn")[0]!,
    to: cranes("cn")[0]!,
    via: [],
    releaseMs: 0,
    dueMs: 1e7,
    priority: 5,
    ...changes,
  };
}

describe("admission", () => {
  test("a listed vehicle that says ONLINE in a bay where it may rest joins the fleet; then its states reach the engine", () => {
    link.state(stateOf("V01", bays[0]!, { soc: 0.7 }), 0);
    ticks(1);
    expect(control.engine.vehicles).toEqual([]); // not ONLINE yet
    link.connection("V01", "ONLINE");
    ticks(2);
    expect(control.engine.vehicles.map(({ id, state }) => [id, state?.soc])).toEqual([["V01", 0.7]]);
    link.state(stateOf("V01", bays[0]!, { soc: 0.6 }), 100);
    ticks(1);
    expect(control.engine.vehicles[0]!.state?.soc).toBe(0.6);
    link.connection("V01", "CONNECTIONBROKEN");
    ticks(1);
    expect(control.engine.vehicles[0]!.connection).toBe("CONNECTIONBROKEN");
  });

  test.each([
    ["on the road", { x: bays[0]!.x + 4, y: bays[0]!.y }, {}, /in no bay where it may rest: drive it into one/],
    ["loaded", bays[0]!, { loads: ["TCLU1234567"] }, /carries TCLU1234567: unload it first/],
    ["driven by hand", bays[0]!, { operatingMode: "MANUAL" as const }, /is in mode MANUAL: switch it to AUTOMATIC/],
    ["driving", bays[0]!, { driving: true }, /is taken in when it stands/],
  ])("%s it is not taken in, and a person is told why, once", (_, at, changes, why) => {
    link.connection("V01", "ONLINE");
    link.state(stateOf("V01", at, changes), 0);
    ticks(120);
    expect(control.engine.vehicles).toEqual([]);
    expect(events("vehicle-not-admitted")).toMatchObject([{ vehicle: "V01", text: expect.stringMatching(why) }]);
    link.state(stateOf("V01", bays[0]!), nowMs);
    ticks(52);
    expect(control.engine.vehicles).toHaveLength(1);
  });

  test("two vehicles that say they stand in one bay: the second one waits", () => {
    for (const id of ["V01", "V02"]) {
      link.connection(id, "ONLINE");
      link.state(stateOf(id, bays[0]!), 0);
    }
    ticks(60);
    expect(control.engine.vehicles.map(({ id }) => id)).toEqual(["V01"]);
  });
});

describe("inputs of people", () => {
  test("each is answered with what the engine made of it, several in one tick", async () => {
    const first = transportOrder("A");
    const answers = [
      control.submit({ kind: "transport-order", order: first }),
      control.submit({ kind: "transport-order", order: transportOrder("B", { from: "nowhere" }) }),
      control.submit({ kind: "transport-order", order: transportOrder("C") }),
      control.submit({ kind: "transport-order", order: transportOrder("A") }),
      control.submit({ kind: "cancel-transport-order", order: "A", by: "test" }),
      control.submit({ kind: "cancel-transport-order", order: "X", by: "test" }),
    ];
    ticks(2);
    expect(await Promise.all(answers)).toEqual([
      null,
      { reason: "unknown-station", subject: "nowhere" },
      null,
      { reason: "duplicate-order", subject: "A" },
      null,
      { reason: "unknown-order", subject: "X" },
    ]);
    expect(control.engine.orders.get("A")?.phase).toBe("cancelled");
    expect(control.orderIds).toEqual(["A", "C"]);
  });

  test("a vehicle that rejected or lost its order counts as broken: nothing more is granted to it", () => {
    link.connection("V01", "ONLINE");
    link.state(stateOf("V01", bays[0]!), 0);
    ticks(5);
    control.report({ code: "base-requested", vehicle: "V01", topic: null, reason: "test" });
    ticks(1);
    expect(control.engine.vehicles[0]!.broken).toBe(false);
    expect(events("link-base-requested")).toEqual([]);
    control.report({ code: "order-rejected", vehicle: "V01", topic: null, reason: "test" });
    ticks(1);
    expect(control.engine.vehicles[0]!.broken).toBe(true);
    expect(events("link-order-rejected")).toHaveLength(1);
  });

  test("a transport order sends a vehicle on its way", () => {
    link.connection("V01", "ONLINE");
    link.state(stateOf("V01", bays[0]!), 0);
    ticks(5);
    void control.submit({ kind: "transport-order", order: transportOrder("A") });
    ticks(30);
    expect(link.orders[0]).toMatchObject({ vehicle: "V01", orderUpdateId: 0 });
    expect(link.orders[0]!.nodes.at(-1)!.released).toBe(false);
    const accepted = control.feed
      .snapshot()
      .map((frame) => JSON.parse(frame))
      .find(({ topic, message }) => topic === "/orders" && message.event === "accepted");
    expect(accepted.message.load).toEqual({ commodity: "general", lengthFt: 40, laden: true });
  });
});

describe("the port of the API", () => {
  const epochMs = Date.UTC(2026, 10, 22, 20);
  const timing = { p50: 0, p99: 0, max: 0 };
  const loop: TickLoop = { startMs: 0, ticksLate: 0, latenessMs: timing, stepMs: timing, stop() {} };
  const portOf = () =>
    createControlPort({
      control,
      link: { received: new Map(), sent: new Map(), counts: new Map() },
      loop: () => loop,
      epochMs: () => epochMs,
      startedMs: epochMs,
      brokerConnected: () => true,
    });
  const wanted = (id: string) => ({
    ...{ id, container: transportOrder(id).container, from: cranes("vn")[0]!, to: cranes("cn")[0]!, via: [] },
    priority: 5,
  });

  test("calendar time outside is run time inside", async () => {
    const port = portOf();
    const answer = port.submitOrder({
      ...wanted("A"),
      releaseAt: "2026-11-22T21:00:00+00:30",
      dueAt: "2026-11-22T22:00:00Z",
    });
    ticks(1);
    expect(await answer).toMatchObject({
      releaseAt: "2026-11-22T20:30:00.000Z",
      dueAt: "2026-11-22T22:00:00.000Z",
      phase: "accepted",
    });
    expect(control.engine.orders.get("A")?.order).toMatchObject({ releaseMs: 1_800_000, dueMs: 7_200_000 });
  });

  test("an order without id gets one, and pages follow one another", async () => {
    const port = portOf();
    const { id: _, ...nameless } = wanted("N");
    const answers = [port.submitOrder(nameless), port.submitOrder(wanted("B")), port.submitOrder(wanted("C"))];
    ticks(1);
    const ids = (await Promise.all(answers)).map((order) => ("id" in order ? order.id : order.reason));
    expect(ids[0]).toMatch(/^T\w+-1$/);
    const first = port.orders({ state: "all", limit: 2 });
    expect([first.orders.map(({ id }) => id), first.next]).toEqual([ids.slice(0, 2), ids[1]]);
    expect(port.orders({ state: "all", limit: 2, after: first.next! })).toMatchObject({
      orders: [{ id: "C" }],
      next: null,
    });
    const cancel = port.cancelOrder("B");
    ticks(1);
    expect(await cancel).toMatchObject({ id: "B", phase: "cancelled" });
    expect(port.orders({ state: "closed", limit: 9 }).orders.map(({ id }) => id)).toEqual(["B"]);
    expect(port.orders({ state: "open", limit: 9 }).orders.map(({ id }) => id)).toEqual([ids[0], "C"]);
  });

  test("health names what is wrong", () => {
    link.connection("V01", "CONNECTIONBROKEN");
    link.connection("V02", "ONLINE");
    link.state(stateOf("V02", { x: 0, y: 0 }), 0);
    ticks(1);
    const health = portOf().health();
    expect(health).toMatchObject({ status: "degraded", vehicles: { listed: 2, online: 1, inFleet: 0 } });
    expect(health.problems).toEqual([
      "V01 is out of reach.",
      expect.stringMatching(/^V02 stands at \(0\.0, 0\.0\), in no bay/),
    ]);
  });
});
