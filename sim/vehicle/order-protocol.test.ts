import { describe, expect, test } from "vitest";
import type { ActionStatus, InstantActionMessage } from "../../engine/index.ts";
import { action, Bench, constantServices } from "./fixtures.ts";

const instant = (actionType: InstantActionMessage["actionType"], actionId: string = actionType) =>
  ({ vehicle: "V1", actionId, actionType, parameters: {} }) satisfies InstantActionMessage;

const statusOf = (bench: Bench, actionId: string): ActionStatus | undefined =>
  bench.state.actionStates.find((state) => state.actionId === actionId)?.actionStatus;

const errorTypes = (bench: Bench): string[] => bench.state.errors.map((error) => error.errorType);

const lane = [{ lengthM: 400, limitMps: 5 }];

describe("new orders", () => {
  test("an idle vehicle takes one and says which nodes are ahead", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ orderId: "A", fromM: 0, atM: [50, 100, 200], releasedTo: 100 }));
    expect(bench.state).toMatchObject({ orderId: "A", lastNodeId: "N0", nodeSequenceIds: [2, 4, 6] });
    bench.run(60);
    expect(bench.x).toBe(100);
    expect(bench.state).toMatchObject({ lastNodeId: "N100", lastNodeSequenceId: 4, nodeSequenceIds: [6] });
  });

  test("a vehicle with a horizon left is not idle: orderError, and the order goes on", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ orderId: "A", fromM: 0, atM: [100, 200], releasedTo: 100 }));
    bench.run(60);
    bench.vehicle.receiveOrder(bench.order({ orderId: "B", fromM: 100, atM: [200] }));
    expect(errorTypes(bench)).toEqual(["orderError"]);
    expect(bench.vehicle.state().errors[0]).toMatchObject({
      errorReferences: [
        { referenceKey: "orderId", referenceValue: "B" },
        { referenceKey: "orderUpdateId", referenceValue: "0" },
      ],
    });
    bench.vehicle.receiveOrder(bench.order({ orderId: "A", updateId: 1, fromM: 100, atM: [200], firstSequenceId: 2 }));
    bench.run(60);
    expect(bench.x).toBe(200);
  });

  test("a vehicle with a running action is not idle", () => {
    const bench = new Bench(lane);
    const gate = action("g", "service", { station: "G" });
    bench.vehicle.receiveOrder(bench.order({ orderId: "A", fromM: 0, atM: [], actions: { 0: [gate] } }));
    bench.run(5);
    bench.vehicle.receiveOrder(bench.order({ orderId: "B", fromM: 0, atM: [100] }));
    expect(errorTypes(bench)).toEqual(["orderError"]);
    bench.run(6);
    bench.vehicle.receiveOrder(bench.order({ orderId: "B", fromM: 0, atM: [100] }));
    expect(bench.state).toMatchObject({ orderId: "B", errors: [] });
  });

  test("the first node must be where the vehicle is: noRouteError", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 20, atM: [100] }));
    expect(errorTypes(bench)).toEqual(["noRouteError"]);
    expect(bench.state.errors[0]!.errorDescription).toContain("N20 is 20.00 m away");
    bench.run(10);
    expect(bench.x).toBe(0);
  });

  test.each([
    ["it has no nodes", { nodes: [], edges: [] }],
    ["2 nodes need 1 edges, not 0", { edges: [] }],
  ])("a malformed order is a validationError: %s", (text, flaw) => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder({ ...bench.order({ fromM: 0, atM: [100] }), ...flaw });
    expect(errorTypes(bench)).toEqual(["validationError"]);
    expect(bench.state.errors[0]!.errorDescription).toContain(text);
    expect(bench.state.orderId).toBe("");
  });

  test("sequence ids, released runs, lanes and joints are checked", () => {
    const bench = new Bench(lane);
    const good = bench.order({ fromM: 0, atM: [50, 100, 150], releasedTo: 50 });
    const [n0, n1, n2, n3] = good.nodes;
    const [e0, e1, e2] = good.edges;
    const flaws: [string, Partial<typeof good>][] = [
      ["has sequence id 8, not 4", { nodes: [n0!, n1!, { ...n2!, sequenceId: 8 }, n3!] }],
      ["has sequence id 7, not 3", { edges: [e0!, { ...e1!, sequenceId: 7 }, e2!] }],
      ["must be released exactly if both its nodes are", { edges: [{ ...e0!, released: false }, e1!, e2!] }],
      ["is released behind the horizon", { nodes: [n0!, n1!, n2!, { ...n3!, released: true }] }],
      ["is on lane X, which the map does not have", { edges: [{ ...e0!, lane: "X" }, e1!, e2!] }],
      ["does not end at node N50", { edges: [{ ...e0!, toM: 40 }, e1!, e2!] }],
      ["does not begin at node N50", { edges: [e0!, { ...e1!, fromM: 60 }, e2!] }],
      ["which is 400 m long", { edges: [e0!, e1!, { ...e2!, toM: 900 }] }],
      ["first node N0 is not released", { nodes: [{ ...n0!, released: false }, n1!, n2!, n3!] }],
    ];
    for (const [text, flaw] of flaws) {
      const fresh = new Bench(lane);
      fresh.vehicle.receiveOrder({ ...good, ...flaw });
      expect(errorTypes(fresh), text).toEqual(["validationError"]);
      expect(fresh.state.errors[0]!.errorDescription).toContain(text);
    }
    bench.vehicle.receiveOrder(good);
    expect(errorTypes(bench)).toEqual([]);
  });
});

describe("updates", () => {
  const started = (): Bench => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [50, 100, 150], releasedTo: 100 }));
    bench.run(5);
    return bench;
  };

  test("one that continues at the last released node extends the base and replaces the horizon", () => {
    const bench = started();
    bench.vehicle.receiveOrder(
      bench.order({ updateId: 1, fromM: 100, atM: [180, 250], releasedTo: 180, firstSequenceId: 4 }),
    );
    expect(bench.state).toMatchObject({ orderUpdateId: 1, nodeSequenceIds: [2, 4, 6, 8], errors: [] });
    bench.run(80);
    expect(bench.x).toBe(180);
    expect(bench.state).toMatchObject({ lastNodeId: "N180", nodeSequenceIds: [8] });
  });

  test("one that only drops the horizon is taken; the base does not shrink", () => {
    const bench = started();
    bench.vehicle.receiveOrder(bench.order({ updateId: 1, fromM: 100, atM: [], firstSequenceId: 4 }));
    expect(bench.state).toMatchObject({ orderUpdateId: 1, nodeSequenceIds: [2, 4], errors: [] });
    bench.run(60);
    expect(bench.x).toBe(100);
    expect(bench.vehicle.idle).toBe(true);
  });

  test("one that begins before the end of the base would shrink it: orderUpdateError, the old order goes on", () => {
    const bench = started();
    bench.vehicle.receiveOrder(bench.order({ updateId: 1, fromM: 50, atM: [60], firstSequenceId: 2 }));
    expect(errorTypes(bench)).toEqual(["orderUpdateError"]);
    expect(bench.state.orderUpdateId).toBe(0);
    bench.run(60);
    expect(bench.x).toBe(100);
    expect(errorTypes(bench)).toEqual(["orderUpdateError"]);
  });

  test("one that changes the content of the last released node is refused", () => {
    const bench = started();
    const update = bench.order({ updateId: 1, fromM: 100, atM: [200], firstSequenceId: 4 });
    const changed = { ...update.nodes[0]!, actions: [action("x", "service", { station: "G" })] };
    bench.vehicle.receiveOrder({ ...update, nodes: [changed, ...update.nodes.slice(1)] });
    expect(errorTypes(bench)).toEqual(["orderUpdateError"]);
    bench.vehicle.receiveOrder(update);
    expect(bench.state).toMatchObject({ orderUpdateId: 1, errors: [] });
  });

  test("an older update id is refused, the same message again is not an error, the same id with other content is", () => {
    const bench = started();
    const update = bench.order({ updateId: 2, fromM: 100, atM: [200], firstSequenceId: 4 });
    bench.vehicle.receiveOrder(update);
    bench.vehicle.receiveOrder(structuredClone(update));
    expect(errorTypes(bench)).toEqual([]);
    bench.vehicle.receiveOrder(bench.order({ updateId: 1, fromM: 200, atM: [250], firstSequenceId: 6 }));
    expect(errorTypes(bench)).toEqual(["orderUpdateError"]);
    bench.vehicle.receiveOrder(bench.order({ updateId: 2, fromM: 200, atM: [300], firstSequenceId: 6 }));
    expect(errorTypes(bench)).toEqual(["orderUpdateError", "orderUpdateError"]);
    bench.run(80);
    expect(bench.x).toBe(200);
  });

  test("a completed order is continued by an update", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [100] }));
    bench.run(60);
    expect(bench.vehicle.idle).toBe(true);
    bench.vehicle.receiveOrder(bench.order({ updateId: 1, fromM: 100, atM: [200], firstSequenceId: 2 }));
    bench.run(60);
    expect(bench.x).toBe(200);
  });

  test("an order continued for long keeps position, nodes and actions", () => {
    const bench = new Bench([{ lengthM: 4000, limitMps: 8 }], { services: constantServices(500) });
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [20] }));
    for (let i = 1; i < 150; i++) {
      const x = 20 * i;
      const gate = action(`g${i}`, "service", { station: "G" });
      bench.vehicle.receiveOrder(
        bench.order({ updateId: i, fromM: x, atM: [x + 20], firstSequenceId: 2 * i, actions: { [x + 20]: [gate] } }),
      );
      // The first nodes carry the action that they had when they were new.
      if (i > 1) expect(errorTypes(bench)).toEqual(["orderUpdateError"]);
      const seam = bench.order({
        updateId: i,
        fromM: x,
        atM: [x + 20],
        firstSequenceId: 2 * i,
        actions: { [x]: i > 1 ? [action(`g${i - 1}`, "service", { station: "G" })] : [], [x + 20]: [gate] },
      });
      bench.vehicle.receiveOrder(seam);
      expect(errorTypes(bench)).toEqual([]);
      bench.run(i % 3 === 0 ? 40 : 0.5);
    }
    bench.until(() => bench.vehicle.idle);
    expect(bench.x).toBe(3000);
    expect(bench.state.actionStates.length).toBeLessThan(60);
    expect(bench.state.actionStates.at(-1)).toEqual({ actionId: "g149", actionStatus: "FINISHED" });
  });
});

describe("node actions", () => {
  test("a pick stops the vehicle at its node, runs, and loads the container", () => {
    const bench = new Bench(lane);
    const pick = action("p", "pick", { container: "C7", massKg: 20_000 });
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [100, 200], actions: { 100: [pick] } }));
    expect(statusOf(bench, "p")).toBe("WAITING");
    bench.until(() => bench.x === 100 && bench.vehicle.v === 0);
    bench.run(1);
    expect(statusOf(bench, "p")).toBe("RUNNING");
    expect(bench.state.loads).toEqual([]);
    bench.run(10);
    expect(statusOf(bench, "p")).toBe("FINISHED");
    expect(bench.state.loads).toEqual(["C7"]);
    expect(bench.vehicle.load.grossKg).toBe(46_500);
    bench.until(() => bench.vehicle.idle);
    expect(bench.x).toBe(200);
  });

  test("an action that comes after the vehicle has stood for long begins when it comes", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [100] }));
    bench.run(100);
    const pick = action("p", "pick", { container: "C7", massKg: 20_000 });
    const seam = bench.order({ updateId: 1, fromM: 100, atM: [], firstSequenceId: 2 });
    const node = { ...seam.nodes[0]!, nodeId: "again", sequenceId: 4, actions: [pick] };
    const edge = { edgeId: "none", sequenceId: 3, released: true, lane: "L0", fromM: 100, toM: 100, maxSpeedMps: 5 };
    bench.vehicle.receiveOrder({ ...seam, nodes: [seam.nodes[0]!, node], edges: [edge] });
    bench.run(9.9);
    expect(statusOf(bench, "p")).toBe("RUNNING");
    bench.run(0.1);
    expect(statusOf(bench, "p")).toBe("FINISHED");
    expect(bench.state).toMatchObject({ lastNodeId: "again", loads: ["C7"], errors: [] });
  });

  test("HARD actions of a node run one after the other; drop and pick at one stand", () => {
    const bench = new Bench(lane);
    const actions = [
      action("p1", "pick", { container: "A", massKg: 20_000 }),
      action("d1", "drop", { container: "A" }),
      action("p2", "pick", { container: "B", massKg: 5000 }),
    ];
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [], actions: { 0: actions } }));
    bench.run(9);
    expect(actions.map((a) => statusOf(bench, a.actionId))).toEqual(["RUNNING", "WAITING", "WAITING"]);
    bench.run(10);
    expect(actions.map((a) => statusOf(bench, a.actionId))).toEqual(["FINISHED", "RUNNING", "WAITING"]);
    bench.until(() => bench.vehicle.idle);
    expect(bench.state.loads).toEqual(["B"]);
  });

  test("NONE lets the vehicle drive on; SOFT actions run together; HARD waits for all before it and runs alone", () => {
    const bench = new Bench(lane);
    const gate = (actionId: string, blockingType: "NONE" | "SOFT" | "HARD") =>
      ({ ...action(actionId, "service", { station: "G" }), blockingType }) as const;
    const ids = ["s1", "s2", "h", "n2"];
    bench.vehicle.receiveOrder(
      bench.order({
        fromM: 0,
        atM: [50, 100, 300],
        actions: {
          50: [gate("n1", "NONE")],
          100: [gate("s1", "SOFT"), gate("s2", "SOFT"), gate("h", "HARD"), gate("n2", "NONE")],
        },
      }),
    );
    bench.until(() => statusOf(bench, "n1") === "RUNNING");
    expect(bench.vehicle.v).toBeGreaterThan(4);
    bench.until(() => statusOf(bench, "s1") === "RUNNING");
    expect(bench.x).toBe(100);
    expect(ids.map((id) => statusOf(bench, id))).toEqual(["RUNNING", "RUNNING", "WAITING", "WAITING"]);
    bench.until(() => statusOf(bench, "h") === "RUNNING");
    expect(ids.map((id) => statusOf(bench, id))).toEqual(["FINISHED", "FINISHED", "RUNNING", "WAITING"]);
    bench.until(() => statusOf(bench, "n2") === "RUNNING");
    expect(statusOf(bench, "h")).toBe("FINISHED");
    bench.run(2);
    expect(bench.x).toBeGreaterThan(100);
  });

  test.each([
    ["drop of a container that is not on board", action("a", "drop", { container: "C" }), "C is not on board"],
    ["pick without a mass", action("a", "pick", { container: "C" }), "does not say its massKg"],
    ["pick above the payload", action("a", "pick", { container: "C", massKg: 70_000 }), "the vehicle carries 61000 kg"],
    ["charging to nothing", action("a", "startCharging", {}), "startCharging needs untilSoc"],
  ])("%s fails with the reason", (_name, bad, text) => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [50], actions: { 0: [bad] } }));
    bench.tick();
    expect(statusOf(bench, "a")).toBe("FAILED");
    expect(bench.state.errors).toMatchObject([
      { errorType: "orderActionError", errorReferences: [{}, { referenceKey: "actionId", referenceValue: "a" }] },
    ]);
    expect(bench.state.errors[0]!.errorDescription).toContain(text);
  });

  test("charging adds constant power up to untilSoc; stopCharging ends it before", () => {
    const bench = new Bench(lane, { soc: 0.5 });
    bench.vehicle.receiveOrder(
      bench.order({ fromM: 0, atM: [], actions: { 0: [action("c", "startCharging", { untilSoc: 0.52 })] } }),
    );
    bench.run(10);
    expect(bench.state).toMatchObject({ charging: true, soc: 0.5 + Math.round((240 / 350 / 360) * 1e4) / 1e4 });
    bench.until(() => bench.vehicle.idle);
    expect(bench.tMs / 1000).toBeCloseTo((0.02 * 350 * 3600) / 240, 0);
    expect(bench.state).toMatchObject({ charging: false, soc: 0.52 });
    bench.vehicle.receiveOrder(
      bench.order({
        orderId: "B",
        fromM: 0,
        atM: [],
        actions: { 0: [action("d", "startCharging", { untilSoc: 0.9 })] },
      }),
    );
    bench.run(10);
    bench.vehicle.receiveInstantAction(instant("stopCharging"));
    expect(bench.state.charging).toBe(false);
    expect(statusOf(bench, "d")).toBe("FINISHED");
    expect(bench.vehicle.idle).toBe(true);
  });
});

describe("instant actions", () => {
  test("cancelOrder stops the vehicle, drops nodes and waiting actions, and lets a new order begin there", () => {
    const bench = new Bench(lane);
    const pick = action("p", "pick", { container: "C", massKg: 9000 });
    bench.vehicle.receiveOrder(bench.order({ orderId: "A", fromM: 0, atM: [200, 300], actions: { 200: [pick] } }));
    bench.run(20);
    bench.vehicle.receiveInstantAction(instant("cancelOrder"));
    expect(statusOf(bench, "cancelOrder")).toBe("RUNNING");
    expect(statusOf(bench, "p")).toBe("FAILED");
    bench.until(() => statusOf(bench, "cancelOrder") === "FINISHED");
    expect(bench.state).toMatchObject({ orderId: "A", nodeSequenceIds: [], v: 0 });
    const x = bench.x;
    expect(x).toBeLessThan(100);
    bench.vehicle.receiveOrder(bench.order({ orderId: "A", updateId: 1, fromM: 300, atM: [350], firstSequenceId: 4 }));
    expect(errorTypes(bench)).toEqual(["orderUpdateError"]);
    bench.vehicle.receiveOrder(bench.order({ orderId: "B", fromM: x, atM: [150] }));
    expect(bench.state).toMatchObject({ orderId: "B", errors: [] });
    bench.until(() => bench.vehicle.idle);
    expect(bench.x).toBe(150);
  });

  test("cancelOrder waits for an action that cannot be broken off", () => {
    const bench = new Bench(lane);
    const pick = action("p", "pick", { container: "C", massKg: 9000 });
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [100], actions: { 0: [pick] } }));
    bench.run(3);
    bench.vehicle.receiveInstantAction(instant("cancelOrder"));
    bench.run(3);
    expect([statusOf(bench, "cancelOrder"), statusOf(bench, "p")]).toEqual(["RUNNING", "RUNNING"]);
    bench.run(6);
    expect([statusOf(bench, "cancelOrder"), statusOf(bench, "p")]).toEqual(["FINISHED", "FINISHED"]);
    expect(bench.state.loads).toEqual(["C"]);
    expect(bench.x).toBe(0);
  });

  test("cancelOrder without an order fails with noOrderToCancel", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveInstantAction(instant("cancelOrder", "c1"));
    expect(statusOf(bench, "c1")).toBe("FAILED");
    expect(bench.state.errors).toMatchObject([
      { errorType: "noOrderToCancel", errorReferences: [{ referenceKey: "actionId", referenceValue: "c1" }] },
    ]);
  });

  test("startPause stands and finishes there, stopPause goes on with the order", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [200] }));
    bench.run(20);
    bench.vehicle.receiveInstantAction(instant("startPause"));
    expect(bench.state.paused).toBe(true);
    expect(statusOf(bench, "startPause")).toBe("RUNNING");
    bench.run(6);
    expect(statusOf(bench, "startPause")).toBe("FINISHED");
    expect(bench.state).toMatchObject({ v: 0, driving: false, nodeSequenceIds: [2] });
    bench.vehicle.receiveInstantAction(instant("stopPause"));
    expect(bench.state.paused).toBe(false);
    bench.until(() => bench.vehicle.idle);
    expect(bench.x).toBe(200);
  });

  test("an instant action that comes twice counts once", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [200] }));
    bench.vehicle.receiveInstantAction(instant("startPause", "x"));
    bench.vehicle.receiveInstantAction(instant("stopPause", "y"));
    bench.vehicle.receiveInstantAction(instant("startPause", "x"));
    expect(bench.state.paused).toBe(false);
    expect(bench.state.actionStates).toHaveLength(2);
  });

  test("stateRequest makes a new state though nothing has changed", () => {
    const bench = new Bench(lane);
    const before = bench.state;
    expect(bench.state).toBe(before);
    bench.vehicle.receiveInstantAction(instant("stateRequest"));
    expect(bench.state).not.toBe(before);
    expect(statusOf(bench, "stateRequest")).toBe("FINISHED");
  });
});

describe("faults and energy", () => {
  test("a broken vehicle brakes at once, says so, and goes on after repair", () => {
    const bench = new Bench(lane);
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [300] }));
    bench.run(20);
    const x = bench.x;
    bench.vehicle.breakDown("driveFault", "the drive does not answer");
    bench.run(5);
    expect(bench.x - x).toBeCloseTo(25 / 3, 6);
    expect(bench.state.errors).toMatchObject([{ errorType: "driveFault", errorLevel: "FATAL" }]);
    bench.vehicle.receiveInstantAction(instant("startPause"));
    bench.vehicle.repair();
    bench.run(5);
    expect(bench.vehicle.v).toBe(0);
    bench.vehicle.receiveInstantAction(instant("stopPause"));
    bench.until(() => bench.vehicle.idle);
    expect(bench.state.errors).toEqual([]);
  });

  test("energy is mass times distance, auxiliaries by time, and a fixed amount a laden stop", () => {
    const bench = new Bench([{ lengthM: 1000, limitMps: 5 }], { services: constantServices(0) });
    const pick = action("p", "pick", { container: "C", massKg: 30_000 });
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [1000], actions: { 0: [pick] } }));
    bench.until(() => bench.vehicle.idle);
    const hours = bench.tMs / 3_600_000;
    expect(bench.vehicle.battery.usedKwh).toBeCloseTo(0.045 * 56.5 * 1 + 5 * hours + 0.25, 9);
    expect(bench.vehicle.battery.soc).toBeCloseTo(0.8 - bench.vehicle.battery.usedKwh / 350, 12);
  });

  test("an empty battery is a breakdown", () => {
    const bench = new Bench([{ lengthM: 4000, limitMps: 5 }], { soc: 0.001 });
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [4000] }));
    bench.until(() => errorTypes(bench).length > 0);
    expect(errorTypes(bench)).toEqual(["batteryEmpty"]);
    bench.run(10);
    expect(bench.vehicle.v).toBe(0);
    expect(bench.x).toBeLessThan(400);
  });
});
