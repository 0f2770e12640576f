/** Fleet control towards one vehicle: orders and their end, rule by rule. Section numbers are those of VDA 5050 2.1.0. */
import { describe, expect, test } from "vitest";
import type { OrderAction, OrderMessage } from "../../engine/index.ts";
import { order, progress, state } from "./fixtures.ts";
import type { Vda5050State } from "./messages.ts";
import { Dialog, first, orderError, second, third } from "./order-dialog.fixture.ts";
import { defaultOrderStateOptions } from "./order-state.ts";

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
