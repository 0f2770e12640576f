import { describe, expect, test } from "vitest";
import { Bench } from "./fixtures.ts";
import type { EngineOutput, OrderMessage } from "./messages.ts";

/** Metres and nodes of everything that was ever released to a vehicle, by sequence id. */
function released(orders: readonly OrderMessage[]): Map<string, string> {
  const nodes = new Map<string, string>();
  for (const { orderId, nodes: sent } of orders) {
    for (const node of sent) if (node.released) nodes.set(`${orderId} ${node.sequenceId}`, JSON.stringify(node));
  }
  return nodes;
}

describe("orders to vehicles", () => {
  test("a base only grows, and an update begins with the last node of the base before it, unchanged", () => {
    const bench = new Bench(["parking-1", "parking-3"]);
    bench.order("o1");
    bench.order("o2");
    expect(bench.until(() => bench.phase("o1") === "delivered" && bench.phase("o2") === "delivered")).toBe(true);
    for (const { orders } of bench.vehicles.values()) {
      expect(orders.length).toBeGreaterThan(10);
      orders.forEach((order, i) => {
        const before = orders[i - 1];
        if (before === undefined || before.orderId !== order.orderId) expect(order.orderUpdateId).toBe(0);
        else {
          expect(order.orderUpdateId).toBe(before.orderUpdateId + 1);
          expect(order.nodes[0]).toEqual(before.nodes.findLast((node) => node.released));
        }
        // Each edge goes on where the one before it ended.
        order.edges.forEach((edge, k) => {
          const last = order.edges[k - 1];
          if (last?.lane === edge.lane) expect(edge.fromM).toBe(last.toM);
          expect(edge.toM).toBeGreaterThanOrEqual(edge.fromM);
          expect(edge.sequenceId).toBe(order.nodes[k]!.sequenceId + 1);
        });
      });
      // No node that was released is ever told otherwise.
      const count = orders.reduce(
        (sum, { nodes, orderUpdateId }) =>
          sum + nodes.filter((node) => node.released).length - (orderUpdateId > 0 ? 1 : 0),
        0,
      );
      expect(released(orders).size).toBe(count);
    }
  });

  test("each container is picked, passes its station and is dropped once, in this order", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
    const actions = bench.vehicles
      .get("V0")!
      .orders.flatMap(({ nodes }) => nodes.slice(1).flatMap((node) => node.actions));
    expect(actions.map(({ actionType }) => actionType)).toEqual(["pick", "service", "drop"]);
    expect(new Set(actions.map(({ actionId }) => actionId)).size).toBe(3);
  });
});

describe("ground", () => {
  /** Vehicles by the place that they hold, from the reservations that were told. */
  function placesHeld(outputs: readonly EngineOutput[]): Map<string, string> {
    const held = new Map<string, string>();
    for (const { kind, message } of outputs) {
      if (kind !== "reservation" || message.kind !== "place") continue;
      if (message.event === "granted") {
        expect(held.get(message.resource) ?? message.vehicle).toBe(message.vehicle);
        held.set(message.resource, message.vehicle);
      } else held.delete(message.resource);
    }
    return held;
  }

  test("a place is one vehicle's at a time, and nobody follows nearer than the gap", () => {
    const bench = new Bench(["parking-1", "parking-3"]);
    let least = Number.POSITIVE_INFINITY;
    bench.check = () => {
      least = Math.min(least, bench.engine.observer.shielding.minSeparationM);
    };
    bench.order("o1");
    bench.order("o2");
    expect(bench.until(() => bench.phase("o1") === "delivered" && bench.phase("o2") === "delivered")).toBe(true);
    placesHeld(bench.outputs);
    expect(least).toBeGreaterThan(0.4);
    expect(bench.events.filter((event) => event.startsWith("shield"))).toEqual([]);
  });

  test("a vehicle that breaks down keeps its ground, is granted nothing, and goes on after repair", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.run(10);
    const vehicle = bench.vehicle("V0");
    bench.vehicles.get("V0")!.errors = [{ errorType: "drive", errorLevel: "FATAL", errorDescription: "drive" }];
    bench.run(1);
    expect(bench.events.at(-1)).toBe("vehicle-broken V0");
    const held = JSON.stringify([...vehicle.held]);
    const grantedEndM = vehicle.grantedEndM;
    bench.run(120);
    expect(JSON.stringify([...vehicle.held])).toBe(held);
    expect(vehicle.grantedEndM).toBe(grantedEndM);
    expect(bench.engine.orders.get("o1")!.vehicle).toBe("V0");
    bench.vehicles.get("V0")!.errors = [];
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
  });

  test("a closed lane is not entered while it is closed", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    const { graph } = bench.engine.options;
    const lane = graph.lanes.laneId[graph.stands[bench.engine.standByBay.get("gate-1")!]!.stopLane]!;
    bench.tick({ kind: "close-lane", lane });
    let entered = false;
    bench.check = () => {
      entered ||= bench.vehicles.get("V0")!.state().lane === lane;
    };
    bench.run(300);
    expect(entered).toBe(false);
    expect(bench.vehicle("V0").wait).toEqual({ code: "closed", resource: lane, vehicle: "" });
    bench.tick({ kind: "open-lane", lane });
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
    expect(entered).toBe(true);
  });
});

describe("what people ask for", () => {
  test("cancelled before pick-up: nobody fetches it, and the vehicle comes to rest empty", () => {
    const bench = new Bench();
    bench.order("o1");
    bench.run(15);
    bench.tick({ kind: "cancel-transport-order", order: "o1", by: "p" });
    bench.run(300);
    expect(bench.phase("o1")).toBe("cancelled");
    expect(bench.vehicles.get("V0")!.state().loads).toEqual([]);
    expect(bench.vehicle("V0").todo.filter(({ order }) => order !== "")).toEqual([]);
    const picks = bench.vehicles.get("V0")!.orders.flatMap(({ nodes }) => nodes.flatMap(({ actions }) => actions));
    expect(picks.filter(({ actionType }) => actionType === "pick")).toEqual([]);
  });

  test("retargeted after pick-up: the container is set down at the new place", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.tick({ kind: "retarget-transport-order", order: "o1", to: "parking-2" });
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
    const delivered = bench.outputs.find(
      ({ kind, message }) => kind === "order-event" && message.event === "delivered",
    );
    expect(delivered?.message).toMatchObject({ place: "parking-2" });
  });

  test("pause all: everybody stands and nothing is granted; resume: everything ends well", () => {
    const bench = new Bench(["parking-1", "parking-3"]);
    bench.order("o1");
    bench.order("o2");
    bench.run(25);
    bench.tick({ kind: "pause", vehicle: null });
    bench.run(2);
    const before = bench.engine.vehicles.map(({ grantedEndM, positionM }) => [grantedEndM, positionM]);
    bench.run(60);
    expect(bench.engine.vehicles.map(({ grantedEndM, positionM }) => [grantedEndM, positionM])).toEqual(before);
    expect(bench.engine.vehicles.map(({ wait }) => wait?.code)).toEqual(["paused", "paused"]);
    bench.tick({ kind: "resume", vehicle: null });
    expect(bench.until(() => bench.phase("o1") === "delivered" && bench.phase("o2") === "delivered")).toBe(true);
  });

  test("a vehicle lost before pick-up loses its order to another one", () => {
    const bench = new Bench(["parking-1", "parking-3"]);
    bench.order("o1");
    bench.run(2);
    const first = bench.engine.orders.get("o1")!.vehicle!;
    bench.tick({ kind: "vehicle-broken", vehicle: first });
    bench.run(3);
    const second = bench.engine.orders.get("o1")!.vehicle;
    expect(second).not.toBe(first);
    expect(bench.reasons).toContain("vehicle-lost");
  });
});

test("the same inputs give the same digest; one input more gives another", () => {
  const run = (more: boolean): string => {
    const bench = new Bench(["parking-1", "parking-3"]);
    bench.order("o1");
    if (more) bench.order("o2");
    else bench.tick();
    bench.run(60);
    return bench.engine.digest.hex;
  };
  expect(run(false)).toBe(run(false));
  expect(run(true)).not.toBe(run(false));
});

test("an idle vehicle goes to charge once, and work given meanwhile comes after what it still does", () => {
  const bench = new Bench();
  bench.vehicles.get("V0")!.soc = 0.5;
  bench.run(400);
  expect(bench.events.filter((event) => event === "charge-planned V0")).toHaveLength(1);
  expect(bench.vehicles.get("V0")!.soc).toBe(0.9);
});
