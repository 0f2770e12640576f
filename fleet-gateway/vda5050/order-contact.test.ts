/** Fleet control towards one vehicle: actions, contact, modes, factsheet. Section numbers are those of VDA 5050 2.1.0. */
import { describe, expect, test } from "vitest";
import type { OrderAction } from "../../engine/index.ts";
import { factsheet, order, progress } from "./fixtures.ts";
import { Dialog, first, orderError, second, third } from "./order-dialog.fixture.ts";
import { defaultOrderStateOptions } from "./order-state.ts";

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

  test("time in which fleet control itself stood still is no silence of the vehicle", () => {
    const dialog = Dialog.ready();
    dialog.wait(1000);
    dialog.nowMs += 2 * defaultOrderStateOptions.staleAfterMs;
    dialog.wait(defaultOrderStateOptions.staleAfterMs - 2000);
    expect(dialog.codes).toEqual([]);
    dialog.wait(2000);
    expect(dialog.codes).toEqual(["state-stale"]);
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

  test("a horizon is cut to the bytes that the vehicle takes, and where an id is too long for it", () => {
    const bytesOf = (dialog: Dialog): number => Buffer.byteLength(JSON.stringify(dialog.orders[0]!.body)) + 300;
    const whole = limited({});
    whole.order(first);
    const msgLen = bytesOf(whole) - 1;
    const cut = limited({ strings: { msgLen } });
    cut.order(first);
    expect(cut.orders[0]!.body.nodes.map(({ nodeId }) => nodeId)).toEqual(["n0", "n1", "n2", "n3", "n4"]);
    expect(bytesOf(cut)).toBeLessThanOrEqual(msgLen);
    const narrow = limited({ strings: { idLen: 11 } });
    const { nodes } = first;
    narrow.order({
      ...first,
      nodes: [...nodes.slice(0, 3), { ...nodes[3]!, nodeId: "a-long-name-" }, ...nodes.slice(4)],
    });
    expect(narrow.orders[0]!.body.nodes.map(({ nodeId }) => nodeId)).toEqual(["n0", "n1", "n2"]);
    expect([...cut.codes, ...narrow.codes]).toEqual([]);
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
  // The seam of an update repeats the action exactly as it was sent.
  dialog.order({
    ...order("o1", 1, [1, 2, 2]),
    nodes: [message.nodes[1]!, ...order("o1", 1, [1, 2, 2]).nodes.slice(1)],
  });
  expect(dialog.orders.at(-1)!.body).toMatchObject({ orderUpdateId: 1 });
  expect(dialog.orders.at(-1)!.body.nodes[0]).toEqual(body.nodes[1]);
  // The same order of a session before is not this one.
  const restarted = new Dialog("s2");
  restarted.connection("ONLINE");
  restarted.order(message);
  restarted.state({ ...progress(message, 1), orderId: "s1.o1", nodeStates: [], edgeStates: [] });
  expect(restarted.orders.map((sent) => sent.body.orderId)).toEqual(["s2.o1"]);
});
