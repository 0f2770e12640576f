/** The horizon: what the plan has behind the base, told and taken back with the updates of the base. */
import { describe, expect, test } from "vitest";
import { Bench } from "./fixtures.ts";
import type { OrderEdge, OrderMessage } from "./messages.ts";

function split(order: OrderMessage): { base: readonly OrderEdge[]; horizon: readonly OrderEdge[] } {
  return { base: order.edges.filter((edge) => edge.released), horizon: order.edges.filter((edge) => !edge.released) };
}

const metres = (edges: readonly OrderEdge[]): number => edges.reduce((sum, { fromM, toM }) => sum + toM - fromM, 0);

function delivered(bays: readonly string[], orders: readonly string[]): Bench {
  const bench = new Bench(bays);
  for (const order of orders) bench.order(order);
  expect(bench.until(() => orders.every((order) => bench.phase(order) === "delivered"))).toBe(true);
  return bench;
}

describe("horizon", () => {
  test("is behind the base, without actions, joined on lane by lane, and some 300 m long at most but for its last leg", () => {
    const bench = delivered(["parking-1", "parking-3"], ["o1", "o2"]);
    const { lanes, legs } = bench.engine.options.graph;
    const legMostM = Math.max(...legs.map((leg) => leg.lengthM));
    let longest = 0;
    for (const order of [...bench.vehicles.values()].flatMap(({ orders }) => orders)) {
      const firstAhead = order.nodes.findIndex((node) => !node.released);
      if (firstAhead < 0) continue;
      expect(order.nodes.slice(firstAhead).every((node) => !node.released && node.actions.length === 0)).toBe(true);
      order.edges.forEach((edge, i) => {
        expect(edge.released).toBe(order.nodes[i + 1]!.released);
        const before = order.edges[i - 1];
        if (before === undefined || before.lane === edge.lane) return;
        const [from, to] = [before, edge].map(({ lane }) => bench.engine.laneIndex.get(lane)!);
        expect(lanes.toNode[from!]).toBe(lanes.fromNode[to!]);
        expect(edge.fromM).toBeCloseTo(0, 6);
      });
      longest = Math.max(longest, metres(split(order).horizon));
    }
    expect(longest).toBeGreaterThan(100);
    expect(longest).toBeLessThan(300 + legMostM);
  });

  test("of a vehicle alone, whose plan nothing changes, is the way that it is given afterwards", () => {
    const { orders } = delivered(["parking-1"], ["o1"]).vehicles.get("V0")!;
    const driven = orders.flatMap((order) => split(order).base.filter(({ fromM, toM }) => toM > fromM));
    let compared = 0;
    orders.forEach((order, i) => {
      if (order.orderId !== orders[i + 1]?.orderId) return;
      const behind = orders.slice(0, i + 1).flatMap((each) => split(each).base.filter(({ fromM, toM }) => toM > fromM));
      const laterLanes = driven.slice(behind.length).map(({ lane }) => lane);
      const toldLanes = split(order).horizon.map(({ lane }) => lane);
      const distinct = (lanes: readonly string[]): string[] => lanes.filter((lane, k) => lane !== lanes[k - 1]);
      // The test ends before the last order does: what was told beyond that is not driven.
      const later = distinct(laterLanes);
      const told = distinct(toldLanes).slice(0, later.length);
      expect(later.slice(0, told.length)).toEqual(told);
      compared += told.length;
    });
    expect(compared).toBeGreaterThan(20);
  });

  test("that no plan knows any more is taken away where the vehicle rests, by one update, and then its order ends", () => {
    const bench = delivered(["parking-1"], ["o1"]);
    const { engine } = bench;
    const vehicle = bench.vehicles.get("V0")!;
    // The vehicle's last base is behind it; it is mute, and another one that shows a way on speaks for it.
    expect(bench.until(() => bench.vehicle("V0").orderEnded)).toBe(true);
    bench.vehicle("V0").orderEnded = false;
    bench.mute.add("V0");
    const { lastNode, orderUpdateId } = bench.vehicle("V0");
    const stale = { ...vehicle.state(), nodeSequenceIds: [lastNode!.sequenceId + 2] };
    const told = (state: typeof stale): OrderMessage[] =>
      bench
        .tick({ kind: "vehicle-state", state })
        .flatMap((output) => (output.kind === "order" ? [output.message] : []));
    expect(told({ ...stale, driving: true })).toEqual([]);
    const [update, ...more] = told(stale);
    expect(update).toMatchObject({ orderUpdateId: orderUpdateId + 1, nodes: [lastNode], edges: [] });
    expect([...more, ...told(stale), ...told(stale)]).toEqual([]);
    expect(bench.vehicle("V0").orderEnded).toBe(false);
    told({ ...stale, orderUpdateId: orderUpdateId + 1, nodeSequenceIds: [] });
    expect(engine.vehicleById.get("V0")!.orderEnded).toBe(true);
  });
});
