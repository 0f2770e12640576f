/** Fleet control towards one vehicle, rule by rule. Section numbers are those of VDA 5050 2.1.0. */
import { describe, expect, test } from "vitest";
import type { Connection, InstantActionMessage, OrderAction, OrderMessage } from "../../engine/index.ts";
import { factsheet, geometry, order, progress, state } from "./fixtures.ts";
import type { Vda5050Error, Vda5050State } from "./messages.ts";
import { defaultOrderStateOptions, type OrderStateEffect, VehicleOrderState } from "./order-state.ts";

/** Talks to one vehicle and keeps what came out. */
class Dialog {
  nowMs = 0;
  effects: OrderStateEffect[] = [];
  readonly vehicle: VehicleOrderState;

  constructor(session = "") {
    this.vehicle = new VehicleOrderState({
      ...defaultOrderStateOptions,
      vehicle: "V01",
      session,
      mapId: "site",
      geometry,
      decelerationMps2: 1,
    });
  }

  /** A vehicle that is online, idle at n0, and has answered what it was asked. */
  static ready(): Dialog {
    const dialog = new Dialog();
    dialog.connection("ONLINE");
    dialog.take(dialog.vehicle.receiveFactsheet(factsheet({}), dialog.nowMs));
    dialog.state();
    dialog.effects = [];
    return dialog;
  }

  take(effects: readonly OrderStateEffect[]): readonly OrderStateEffect[] {
    this.effects.push(...effects);
    return effects;
  }
  connection(connection: Connection) {
    return this.take(this.vehicle.connection(connection, this.nowMs));
  }
  order(message: OrderMessage) {
    return this.take(this.vehicle.order(message, this.nowMs));
  }
  instant(actionType: InstantActionMessage["actionType"], actionId: string) {
    return this.take(this.vehicle.instantAction({ vehicle: "V01", actionId, actionType, parameters: {} }, this.nowMs));
  }
  state(changes: Partial<Vda5050State> = {}) {
    return this.take(this.vehicle.state(state(changes), this.nowMs));
  }
  /** Lets time pass in ticks of 100 ms. */
  wait(ms: number) {
    const end = this.nowMs + ms;
    while (this.nowMs < end) {
      this.nowMs += 100;
      this.take(this.vehicle.tick(this.nowMs));
    }
  }
  get orders() {
    return this.effects.flatMap((effect) => (effect.kind === "publish" && effect.topic === "order" ? [effect] : []));
  }
  get actions() {
    return this.effects.flatMap((effect) =>
      effect.kind === "publish" && effect.topic === "instantActions" ? [effect] : [],
    );
  }
  get codes() {
    return this.effects.flatMap((effect) => (effect.kind === "report" ? [effect.code] : []));
  }
  get connections() {
    return this.effects.flatMap((effect) => (effect.kind === "connection" ? [effect.connection] : []));
  }
  get states() {
    return this.effects.flatMap((effect) => (effect.kind === "state" ? [effect.state] : []));
  }
  get sentUpdates() {
    return this.orders.map(({ body }) => `${body.orderId}/${body.orderUpdateId}`);
  }
}

const first = order("o1", 0, [0, 1, 5]);
const second = order("o1", 1, [1, 2, 5]);
const third = order("o1", 2, [2, 4, 5]);

/** An error about an order message, as a vehicle refers to it. */
function orderError(errorType: string, references: Record<string, string>): Vda5050Error {
  const errorReferences = Object.entries(references).map(([referenceKey, referenceValue]) => ({
    referenceKey,
    referenceValue,
  }));
  return { errorType, errorLevel: "WARNING", errorDescription: "no way", errorReferences };
}

describe("header ids (6.4)", () => {
  test("count by one a topic and sent message, repetitions included", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.wait(2500);
    dialog.instant("startPause", "p1");
    dialog.instant("stopPause", "p2");
    expect(dialog.orders.map(({ headerId }) => headerId)).toEqual([0, 1, 2]);
    const ids = dialog.actions.map(({ headerId }) => headerId);
    expect(ids).toEqual(ids.map((_, i) => ids[0]! + i));
  });

  test("a gap in the vehicle's count is loss and no error", () => {
    const dialog = Dialog.ready();
    const next = state();
    state();
    state();
    dialog.take(dialog.vehicle.state(next, 0));
    dialog.state();
    expect(dialog.vehicle.messagesLost).toBe(2);
    expect(dialog.codes).toEqual([]);
    expect(dialog.states).toHaveLength(2);
  });

  test("the count goes on from 0 behind 2^32 - 1", () => {
    const dialog = new Dialog();
    const at = (headerId: number, second_: number) =>
      dialog.take(dialog.vehicle.state({ ...state(), headerId, timestamp: `2027-01-01T00:00:0${second_}.000Z` }, 0));
    at(2 ** 32 - 1, 1);
    at(0, 2);
    at(1, 3);
    expect(dialog.vehicle.messagesLost).toBe(0);
    expect(dialog.codes.filter((code) => code === "vehicle-restarted" || code === "stale-message")).toEqual([]);
  });

  test("a vehicle that was restarted counts from 0 with a later timestamp, and is heard", () => {
    const dialog = Dialog.ready();
    dialog.take(dialog.vehicle.state({ ...state(), headerId: 0, timestamp: "2027-06-01T00:00:00.000Z" }, 0));
    expect(dialog.codes).toEqual(["vehicle-restarted"]);
    expect(dialog.states).toHaveLength(1);
    // Its later states follow the new count: back to the clock of the other tests would be stale.
    dialog.take(dialog.vehicle.state({ ...state(), headerId: 1, timestamp: "2027-06-01T00:00:01.000Z" }, 0));
    expect(dialog.states).toHaveLength(2);
  });

  test("a state from before changes nothing", () => {
    const dialog = Dialog.ready();
    const old = state(progress(first, 0));
    dialog.state();
    dialog.order(first);
    dialog.effects = [];
    dialog.take(dialog.vehicle.state(old, 0));
    expect(dialog.codes).toEqual(["stale-message"]);
    expect(dialog.states).toEqual([]);
    expect(dialog.vehicle.busy).toBe(true);
  });
});

describe("sending (6.6)", () => {
  test("the same message is repeated until a state shows its ids, and no longer", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.wait(3000);
    expect(dialog.sentUpdates).toEqual(["o1/0", "o1/0", "o1/0", "o1/0"]);
    expect(new Set(dialog.orders.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    dialog.state(progress(first, 0));
    dialog.wait(5000);
    expect(dialog.orders).toHaveLength(4);
    expect(dialog.vehicle.busy).toBe(false);
  });

  test("updates wait for the one before them and go out in their order", () => {
    const dialog = Dialog.ready();
    for (const message of [first, second, third]) dialog.order(message);
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
    dialog.state(progress(first, 0));
    expect(dialog.sentUpdates).toEqual(["o1/0", "o1/1"]);
    dialog.state(progress(second, 1));
    expect(dialog.sentUpdates).toEqual(["o1/0", "o1/1", "o1/2"]);
  });

  test("an update begins with the base's last node exactly as it was sent", () => {
    const dialog = Dialog.ready();
    dialog.state({ agvPosition: { x: 0, y: -2, theta: 0, mapId: "site", positionInitialized: true } });
    dialog.order(order("o1", 0, [0, 0, 1]));
    dialog.state(progress(order("o1", 0, [0, 0, 1]), 0));
    dialog.order(order("o1", 1, [0, 1, 1]));
    const [begin, update] = dialog.orders.map(({ body }) => body.nodes[0]);
    expect(begin!.nodePosition!.allowedDeviationXY).toBe(3);
    expect(update).toEqual(begin);
  });

  test("only extends: what shrinks, jumps or changes the base is refused and never sent", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.state(progress(first, 0));
    dialog.effects = [];
    const wait: OrderAction = {
      actionId: "w",
      actionType: "service",
      blockingType: "HARD",
      parameters: { station: "gate" },
    };
    dialog.order(order("o1", 1, [0, 2, 5])); // from the middle of the base
    dialog.order(order("o1", 1, [2, 4, 5])); // behind it
    dialog.order(order("o1", 1, [1, 2, 5], { 1: [wait] })); // another content of the seam
    dialog.order(order("o1", 2, [1, 2, 5])); // an id too far
    dialog.order({ ...second, edges: second.edges.slice(1) });
    dialog.order({ ...second, nodes: second.nodes.map((each) => ({ ...each, released: each.sequenceId !== 4 })) });
    dialog.wait(3000);
    expect(dialog.codes).toEqual(Array(6).fill("order-invalid"));
    expect(dialog.orders).toEqual([]);
  });

  test("an id that was used is never sent with other content; the same message again is no error", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.order(first);
    expect(dialog.codes).toEqual([]);
    dialog.order(order("o1", 0, [0, 2, 5]));
    expect(dialog.codes).toEqual(["order-id-reused"]);
    dialog.state(progress(first, 5));
    dialog.order(order("o2", 0, [5, 5, 5]));
    dialog.order(order("o1", 0, [0, 1, 5]));
    expect(dialog.codes).toEqual(["order-id-reused", "order-id-reused"]);
    expect(dialog.sentUpdates).toEqual(["o1/0", "o2/0"]);
  });

  test("a new order begins with update 0 and waits until the vehicle is idle: no node, no horizon, no action", () => {
    const dialog = Dialog.ready();
    dialog.order(order("o9", 1, [0, 1, 1]));
    expect(dialog.codes).toEqual(["order-invalid"]);
    dialog.order(first);
    dialog.state(progress(first, 1)); // at the end of the base, the horizon left
    dialog.order(order("o2", 0, [1, 2, 2]));
    dialog.state({
      ...progress(first, 1),
      nodeStates: [],
      edgeStates: [],
      actionStates: [{ actionId: "a", actionStatus: "RUNNING" }],
    });
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
    dialog.state({
      ...progress(first, 1),
      nodeStates: [],
      edgeStates: [],
      actionStates: [{ actionId: "a", actionStatus: "FINISHED" }],
    });
    expect(dialog.sentUpdates).toEqual(["o1/0", "o2/0"]);
  });

  test("a finished order may be continued by an update", () => {
    const dialog = Dialog.ready();
    const short = order("o1", 0, [0, 1, 1]);
    dialog.order(short);
    dialog.state(progress(short, 1));
    dialog.order(order("o1", 1, [1, 2, 2]));
    expect(dialog.sentUpdates).toEqual(["o1/0", "o1/1"]);
  });

  test("a new action where the vehicle stands comes as a node behind the same one", () => {
    const dialog = Dialog.ready();
    const short = order("o1", 0, [0, 1, 1]);
    dialog.order(short);
    dialog.state(progress(short, 1));
    const seam = short.nodes[1]!;
    const charge: OrderAction = {
      actionId: "c",
      actionType: "startCharging",
      blockingType: "HARD",
      parameters: { untilSoc: 0.9 },
    };
    const edge = { ...short.edges[0]!, sequenceId: 3, fromM: 50, toM: 50, edgeId: "west:50-50" };
    dialog.order({
      ...short,
      orderUpdateId: 1,
      nodes: [seam, { ...seam, sequenceId: 4, actions: [charge] }],
      edges: [edge],
    });
    expect(dialog.codes).toEqual([]);
    expect(dialog.orders.at(-1)!.body.nodes.map(({ nodeId, sequenceId }) => [nodeId, sequenceId])).toEqual([
      ["n1", 2],
      ["n1", 4],
    ]);
  });

  test("more waiting updates than the named maximum are refused", () => {
    const dialog = Dialog.ready();
    const short = order("o1", 0, [0, 0, 0]);
    for (let i = 0; i <= defaultOrderStateOptions.queueMax + 1; i++) dialog.order({ ...short, orderUpdateId: i });
    expect(dialog.codes).toEqual(["order-queue-full"]);
  });

  test("an update that was sent in time and makes the vehicle brake all the same is reported; one behind a stop is not", () => {
    const at = (message: OrderMessage, x: number, vx: number): Partial<Vda5050State> => ({
      ...progress(message, 0),
      driving: true,
      velocity: { vx },
      agvPosition: { x, y: 0, theta: 0, mapId: "site", positionInitialized: true },
    });
    const drive = (positions: readonly (readonly [x: number, vx: number])[]): string[] => {
      const dialog = Dialog.ready();
      dialog.order(first); // its base ends at 50 m
      dialog.state(at(first, positions[0]![0], positions[0]![1]));
      dialog.order(second);
      for (const [x, vx] of positions.slice(1)) dialog.state(at(first, x, vx));
      return dialog.codes;
    };
    // 6 m/s with 1 m/s²: braking begins 18 m before the end, at 32 m.
    expect(
      drive([
        [20, 6],
        [30, 6],
        [33, 6],
        [34, 5.8],
      ]),
    ).toEqual(["base-late"]);
    expect(
      drive([
        [20, 6],
        [30, 6],
      ]),
    ).toEqual([]);
    // It was braking for the end of the base already when it was extended: the plan wanted that.
    expect(
      drive([
        [33, 6],
        [40, 4.2],
        [45, 3],
      ]),
    ).toEqual([]);
  });

  test("newBaseRequest is a hint, reported once each time it rises", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    for (const newBaseRequest of [false, true, true, false, true])
      dialog.state({ ...progress(first, 0), newBaseRequest });
    expect(dialog.codes).toEqual(["base-requested", "base-requested"]);
    expect(dialog.orders).toHaveLength(1);
  });
});

describe("rejection (6.6.4)", () => {
  const references = [{ orderId: "o1", orderUpdateId: "1" }, { headerId: "1", topic: "order" }, { headerId: "1" }];

  test.each(references)(
    "an update that an error refers to by %o is not repeated, the old order runs on",
    (reference) => {
      const dialog = Dialog.ready();
      dialog.order(first);
      dialog.state(progress(first, 0));
      dialog.order(second);
      dialog.state({ ...progress(first, 0), errors: [orderError("orderUpdateError", reference)] });
      dialog.wait(5000);
      expect(dialog.sentUpdates).toEqual(["o1/0", "o1/1"]);
      expect(dialog.codes).toEqual(["order-rejected"]);
      expect(dialog.states.at(-1)).toMatchObject({ orderId: "o1", orderUpdateId: 0 });
      dialog.order(third);
      expect(dialog.codes).toEqual(["order-rejected", "order-ended"]);
    },
  );

  test("an error that stayed from an order before does not kill a new one", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    const stays = [
      orderError("orderError", { orderId: "o1", orderUpdateId: "0" }),
      orderError("validationError", { headerId: "1", topic: "instantActions" }),
      orderError("obstacle", {}),
    ];
    dialog.state({ errors: stays });
    expect(dialog.codes).toEqual(["order-rejected"]);
    dialog.order(order("o2", 0, [0, 1, 1]));
    dialog.state({ errors: stays });
    dialog.wait(1000);
    expect(dialog.sentUpdates).toEqual(["o1/0", "o2/0", "o2/0"]);
    dialog.state({ ...progress(order("o2", 0, [0, 1, 1]), 0), errors: stays });
    expect(dialog.codes).toEqual(["order-rejected"]);
  });

  test("a state that shows the order has accepted it, whatever errors it carries", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.state({ ...progress(first, 0), errors: [orderError("orderError", { orderId: "o1", orderUpdateId: "0" })] });
    expect(dialog.codes).toEqual([]);
  });
});

describe("cancel (6.6.3)", () => {
  function running(): Dialog {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.state(progress(first, 0));
    dialog.effects = [];
    return dialog;
  }
  const cancelState = (status: Vda5050State["actionStates"][number]["actionStatus"]) => [
    { actionId: "c1", actionStatus: status },
  ];

  test("is sent again with the same id until a state shows it", () => {
    const dialog = running();
    dialog.instant("cancelOrder", "c1");
    dialog.wait(2000);
    dialog.state({ ...progress(first, 0), actionStates: cancelState("RUNNING") });
    dialog.wait(5000);
    expect(dialog.actions.map(({ body }) => body.actions[0]!.actionId)).toEqual(["c1", "c1", "c1"]);
  });

  test("nothing is sent meanwhile, no update of the order after it, a new order once it has ended", () => {
    const dialog = running();
    dialog.instant("cancelOrder", "c1");
    dialog.order(second);
    dialog.order(order("o2", 0, [1, 2, 2]));
    dialog.state({ ...progress(first, 0), actionStates: cancelState("RUNNING") });
    dialog.wait(3000);
    expect(dialog.codes).toEqual(["order-ended"]);
    expect(dialog.orders).toEqual([]);
    dialog.state({ ...progress(first, 0), nodeStates: [], edgeStates: [], actionStates: cancelState("FINISHED") });
    expect(dialog.codes).toEqual(["order-ended", "order-cancelled"]);
    expect(dialog.sentUpdates).toEqual(["o2/0"]);
  });

  test("drops what was not confirmed, and says so", () => {
    const dialog = running();
    dialog.order(second);
    dialog.order(third);
    dialog.instant("cancelOrder", "c1");
    expect(dialog.codes).toEqual(["order-cancelled"]);
    dialog.state({ ...progress(first, 0), nodeStates: [], edgeStates: [], actionStates: cancelState("FINISHED") });
    dialog.wait(5000);
    expect(dialog.sentUpdates).toEqual(["o1/1"]);
  });

  test("the kept order ids of a cancelled order are not a lost order", () => {
    const dialog = running();
    dialog.instant("cancelOrder", "c1");
    dialog.state({ ...progress(first, 0), nodeStates: [], edgeStates: [], actionStates: cancelState("FINISHED") });
    dialog.state({ ...progress(first, 0), nodeStates: [], edgeStates: [] });
    expect(dialog.codes).toEqual(["order-cancelled"]);
  });

  test.each([
    [
      "FAILED with an error",
      { actionStates: cancelState("FAILED"), errors: [orderError("noOrderToCancel", { actionId: "c1" })] },
    ],
    ["only an error", { errors: [orderError("noOrderToCancel", { actionId: "c1" })] }],
  ])("nothing to cancel is what was wanted: %s", (_, changes) => {
    const dialog = Dialog.ready();
    dialog.instant("cancelOrder", "c1");
    dialog.state(changes);
    expect(dialog.codes).toEqual(["order-cancelled"]);
    dialog.order(order("o2", 0, [0, 1, 1]));
    expect(dialog.sentUpdates).toEqual(["o2/0"]);
  });

  test("one that failed while the order runs on is reported", () => {
    const dialog = running();
    dialog.instant("cancelOrder", "c1");
    dialog.state({ ...progress(first, 0), actionStates: cancelState("FAILED") });
    expect(dialog.codes).toEqual(["cancel-failed"]);
  });

  test("the vehicle's ground stays known: its state still comes with lane and metres of the cancelled order", () => {
    const dialog = running();
    dialog.instant("cancelOrder", "c1");
    dialog.state({ ...progress(first, 1), nodeStates: [], edgeStates: [], actionStates: cancelState("FINISHED") });
    expect(dialog.states.at(-1)).toMatchObject({ lane: "west", s: 50 });
  });
});

describe("instant actions (6.9)", () => {
  test("are given up after the named number of attempts, with a report", () => {
    const dialog = Dialog.ready();
    dialog.instant("startPause", "p1");
    dialog.wait(20_000);
    expect(dialog.actions).toHaveLength(defaultOrderStateOptions.instantActionAttemptsMax);
    expect(dialog.codes).toEqual(["instant-action-unconfirmed"]);
  });

  test("an error that refers to the action is an answer", () => {
    const dialog = Dialog.ready();
    dialog.instant("startPause", "p1");
    dialog.state({ errors: [orderError("instantActionError", { actionId: "p1" })] });
    dialog.wait(5000);
    expect(dialog.actions).toHaveLength(1);
  });

  test("a pause of the vehicle's own is mirrored", () => {
    const dialog = Dialog.ready();
    dialog.state({ paused: true });
    expect(dialog.states.at(-1)!.paused).toBe(true);
    expect(dialog.actions).toEqual([]);
  });

  test("no id of an own action comes twice, over restarts of fleet control neither", () => {
    const dialog = new Dialog("s1");
    for (let i = 0; i < 3; i++) {
      dialog.connection("CONNECTIONBROKEN");
      dialog.connection("ONLINE");
      dialog.state();
    }
    const ids = dialog.actions.map(({ body }) => body.actions[0]!.actionId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id.startsWith("s1.V01-"))).toBe(true);
  });
});

describe("contact (6.5, 6.14)", () => {
  test("on first contact a factsheet and a state are asked for; nothing is sent before a state is known", () => {
    const dialog = new Dialog();
    dialog.connection("ONLINE");
    dialog.order(first);
    dialog.wait(500);
    expect(dialog.actions.map(({ body }) => body.actions[0]!.actionType)).toEqual(["factsheetRequest", "stateRequest"]);
    expect(dialog.orders).toEqual([]);
    dialog.state();
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
  });

  test("nothing is sent to a vehicle that is offline; the message goes out when it is back", () => {
    const dialog = Dialog.ready();
    dialog.connection("OFFLINE");
    dialog.order(first);
    dialog.wait(5000);
    expect(dialog.orders).toEqual([]);
    dialog.connection("ONLINE");
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
    expect(dialog.connections).toEqual(["OFFLINE", "ONLINE"]);
  });

  test("silence is a broken connection though the topic says ONLINE; the first state ends it", () => {
    const dialog = Dialog.ready();
    dialog.wait(defaultOrderStateOptions.staleAfterMs);
    expect(dialog.connections).toEqual([]);
    dialog.wait(100);
    expect(dialog.connections).toEqual(["CONNECTIONBROKEN"]);
    expect(dialog.codes).toEqual(["state-stale"]);
    dialog.state();
    expect(dialog.connections).toEqual(["CONNECTIONBROKEN", "ONLINE"]);
    expect(dialog.codes).toEqual(["state-stale", "state-resumed"]);
  });

  test("the factsheet's state interval sets how long silence may last", () => {
    const dialog = Dialog.ready();
    dialog.take(dialog.vehicle.receiveFactsheet(factsheet({ timing: { defaultStateInterval: 1 } }), 0));
    dialog.wait(3100);
    expect(dialog.connections).toEqual(["CONNECTIONBROKEN"]);
  });

  test("states after CONNECTIONBROKEN without ONLINE: asked, and believed after its answer", () => {
    const dialog = Dialog.ready();
    dialog.connection("CONNECTIONBROKEN");
    dialog.order(first);
    dialog.effects = [];
    dialog.state();
    expect(dialog.codes).toEqual(["reachable-unconfirmed"]);
    const request = dialog.actions.at(-1)!.body.actions[0]!;
    expect(request.actionType).toBe("stateRequest");
    expect(dialog.orders).toEqual([]);
    dialog.state({ actionStates: [{ actionId: request.actionId, actionStatus: "FINISHED" }] });
    expect(dialog.connections).toEqual(["ONLINE"]);
    expect(dialog.codes).toEqual(["reachable-unconfirmed", "online-assumed"]);
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
  });

  test("a vehicle that answers no stateRequest does not lock up: its third state is enough", () => {
    const dialog = Dialog.ready();
    dialog.connection("CONNECTIONBROKEN");
    for (let i = 0; i < 3; i++) dialog.state();
    expect(dialog.connections).toEqual(["CONNECTIONBROKEN", "ONLINE"]);
  });

  test("reconnected: the same message goes on being repeated, and a base that was reached meanwhile is known", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.connection("CONNECTIONBROKEN");
    dialog.wait(3000);
    dialog.connection("ONLINE");
    dialog.state(progress(first, 1));
    dialog.wait(3000);
    expect(new Set(dialog.sentUpdates)).toEqual(new Set(["o1/0"]));
    expect(dialog.vehicle.busy).toBe(false);
    expect(dialog.states.at(-1)).toMatchObject({ lastNodeId: "n1", lane: "west", s: 50 });
  });
});

describe("modes and safety (6.10)", () => {
  test.each(["MANUAL", "SERVICE", "TEACHIN"] as const)("%s: the order is gone and nothing is sent", (operatingMode) => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.state(progress(first, 0));
    dialog.order(second);
    dialog.effects = [];
    dialog.state({ ...progress(first, 0), operatingMode, lastNodeId: "" });
    dialog.state({ operatingMode });
    dialog.instant("startPause", "p1");
    dialog.wait(5000);
    expect(dialog.codes).toEqual(["order-ended", "vehicle-manual"]);
    expect([...dialog.orders, ...dialog.actions]).toEqual([]);
    // Its ground stays known: states go on to the engine.
    expect(dialog.states.at(-1)!.operatingMode).toBe(operatingMode);

    dialog.state();
    dialog.order(third);
    expect(dialog.codes.slice(2)).toEqual(["vehicle-automatic", "order-ended"]);
    dialog.order(order("o2", 0, [0, 1, 1]));
    expect(dialog.sentUpdates).toEqual(["o2/0"]);
  });

  test("SEMIAUTOMATIC drives", () => {
    const dialog = Dialog.ready();
    dialog.state({ operatingMode: "SEMIAUTOMATIC" });
    dialog.order(first);
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
  });

  test.each([
    ["its nodes are gone", { ...progress(first, 0), nodeStates: [], edgeStates: [] }],
    ["it shows another order", { orderId: "by-hand" }],
    ["it shows none", { orderId: "" }],
  ])("an order that the vehicle lost between two states is noticed: %s", (_, changes) => {
    const dialog = Dialog.ready();
    dialog.order(first);
    dialog.state(progress(first, 0));
    dialog.order(second);
    dialog.state(changes);
    dialog.wait(5000);
    expect(dialog.codes).toEqual(["order-lost"]);
    expect(dialog.sentUpdates).toEqual(["o1/0", "o1/1"]);
  });

  test("an order that fleet control did not send is reported, and a new one waits for its end", () => {
    const dialog = Dialog.ready();
    dialog.state(progress(order("foreign", 0, [0, 2, 5]), 1));
    dialog.order(first);
    expect(dialog.codes).toEqual(["order-unknown"]);
    expect(dialog.orders).toEqual([]);
    expect(dialog.states.at(-1)).toMatchObject({ orderId: "foreign", lane: "west", s: 50 });
  });

  test.each([{ eStop: "MANUAL", fieldViolation: false } as const, { eStop: "NONE", fieldViolation: true } as const])(
    "nothing is released while %o; fleet control never clears it",
    (safetyState) => {
      const dialog = Dialog.ready();
      dialog.state({ safetyState });
      dialog.order(first);
      dialog.wait(5000);
      expect(dialog.codes).toEqual(["safety-stop"]);
      expect([...dialog.orders, ...dialog.actions]).toEqual([]);
      dialog.state();
      expect(dialog.codes).toEqual(["safety-stop", "safety-stop-over"]);
      expect(dialog.sentUpdates).toEqual(["o1/0"]);
    },
  );

  test("a vehicle off its path, and one that does not say where it is, are reported once", () => {
    const dialog = Dialog.ready();
    dialog.order(first);
    const beside = {
      ...progress(first, 0),
      agvPosition: { x: 10, y: -3, theta: 0, mapId: "site", positionInitialized: true },
    };
    dialog.state(beside);
    dialog.state(beside);
    const elsewhere = { agvPosition: { ...beside.agvPosition, mapId: "hall" }, orderId: "o0" };
    dialog.state({ ...elsewhere, orderId: "" });
    expect(dialog.codes).toEqual(["off-path", "order-lost", "unlocated"]);
    expect(dialog.states).toHaveLength(2);
  });

  test("information never drives logic", () => {
    const dialog = Dialog.ready();
    dialog.state({
      information: [
        {
          infoType: "orderError",
          infoLevel: "INFO",
          infoReferences: [{ referenceKey: "orderId", referenceValue: "o1" }],
        },
      ],
    });
    expect(dialog.codes).toEqual([]);
  });
});

describe("factsheet (7)", () => {
  function limited(changes: Parameters<typeof factsheet>[0]): Dialog {
    const dialog = Dialog.ready();
    dialog.take(dialog.vehicle.receiveFactsheet(factsheet(changes), 0));
    dialog.effects = [];
    return dialog;
  }

  test("a changed factsheet is reported with what changed, the same one is not", () => {
    const dialog = Dialog.ready();
    dialog.take(dialog.vehicle.receiveFactsheet(factsheet({}), 0));
    expect(dialog.codes).toEqual([]);
    const reports = dialog.take(dialog.vehicle.receiveFactsheet(factsheet({ strings: { idLen: 3 } }), 0));
    expect(reports).toEqual([{ kind: "report", code: "factsheet-changed", reason: "changed: protocolLimits" }]);
  });

  test("minOrderInterval is kept between any two order messages", () => {
    const dialog = limited({ timing: { minOrderInterval: 1.5 } });
    dialog.order(first);
    dialog.state(progress(first, 0));
    dialog.order(second);
    dialog.wait(1400);
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
    dialog.wait(100);
    expect(dialog.sentUpdates).toEqual(["o1/0", "o1/1"]);
  });

  test("a horizon that is too long for the vehicle is cut, a base is refused", () => {
    const dialog = limited({ arrays: { "order.nodes": 3 } });
    dialog.order(first);
    expect(dialog.orders[0]!.body.nodes.map(({ nodeId }) => nodeId)).toEqual(["n0", "n1", "n2"]);
    expect(dialog.orders[0]!.body.edges).toHaveLength(2);
    dialog.state(progress(first, 0));
    dialog.order(order("o1", 1, [1, 4, 5]));
    expect(dialog.codes).toEqual(["order-too-large"]);
    expect(dialog.sentUpdates).toEqual(["o1/0"]);
  });

  test.each([
    ["ids that are too long", { strings: { idLen: 5 } }],
    ["ids that are no numbers", { strings: { idNumericalOnly: true } }],
    ["too many bytes", { strings: { msgLen: 500 } }],
  ])("%s are refused with a reason", (_, limits) => {
    const dialog = limited(limits);
    dialog.order(first);
    expect(dialog.codes).toEqual(["order-too-large"]);
    expect(dialog.orders).toEqual([]);
  });

  test("a limit of 0 is none", () => {
    const dialog = limited({ arrays: { "order.nodes": 0 }, strings: { idLen: 0 } });
    dialog.order(first);
    expect(dialog.orders).toHaveLength(1);
  });
});

test("ids bear the session's name on the wire and not towards the engine", () => {
  const dialog = new Dialog("s1");
  dialog.connection("ONLINE");
  dialog.state();
  const pick: OrderAction = {
    actionId: "a1",
    actionType: "pick",
    blockingType: "HARD",
    parameters: { container: "C" },
  };
  const message = order("o1", 0, [0, 1, 1], { 1: [pick] });
  dialog.order(message);
  const { body } = dialog.orders[0]!;
  expect([body.orderId, body.nodes[1]!.actions[0]!.actionId]).toEqual(["s1.o1", "s1.a1"]);
  dialog.state({
    ...progress(message, 0),
    orderId: "s1.o1",
    actionStates: [
      { actionId: "s1.a1", actionStatus: "WAITING" },
      { actionId: "s0.a1", actionStatus: "FINISHED" },
    ],
  });
  expect(dialog.vehicle.busy).toBe(false);
  expect(dialog.states.at(-1)).toMatchObject({
    orderId: "o1",
    actionStates: [{ actionId: "a1" }, { actionId: "s0.a1" }],
  });
  // The same order of a session before is not this one.
  const restarted = new Dialog("s2");
  restarted.connection("ONLINE");
  restarted.order(message);
  restarted.state({ ...progress(message, 1), orderId: "s1.o1", nodeStates: [], edgeStates: [] });
  expect(restarted.orders.map((sent) => sent.body.orderId)).toEqual(["s2.o1"]);
});
