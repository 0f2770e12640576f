/** The way that the page draws for a plan is the horizon that the vehicle was told. */
import { expect, test } from "vitest";
import { loadSite, loadVehicleType, startBays } from "../../config/index.ts";
import { createEngine, type OrderMessage, type PlanMessage, step, type VehicleState } from "../../engine/index.ts";
import { siteMessage } from "../../fleet-gateway/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { makeLaneRoutes } from "./lane-route.ts";
import { makeSiteView } from "./site-view.ts";

const site = loadSite("bac-luan-ii");
const type = loadVehicleType("igv");
const graph = compileLegs(site, type);
const routes = makeLaneRoutes(makeSiteView(siteMessage(site, [type])));
const cranes = (side: string): string[] =>
  site.stations.filter((station) => station.role === "crane" && station.side === side).map(({ id }) => id);

function standing(vehicle: string, bayId: string): VehicleState {
  const bay = site.stations.flatMap(({ bays }) => bays).find(({ id }) => id === bayId)!;
  const stand = graph.stands.find(({ id }) => id === bayId)!;
  return {
    ...{ vehicle, orderId: "", orderUpdateId: 0, lastNodeId: "", lastNodeSequenceId: 0, nodeSequenceIds: [] },
    ...{ x: bay.x, y: bay.y, theta: 0, v: 0, lane: graph.lanes.laneId[stand.stopLane]!, s: stand.stopM },
    ...{ uncertaintyM: 0.1, driving: false, paused: false, operatingMode: "AUTOMATIC", soc: 0.9, charging: false },
    ...{ loads: [], actionStates: [], errors: [], eStop: "NONE", fieldViolation: false },
  };
}

/** The last plan and order of two vehicles that are sent for a container of each side, and stand still. */
function sent(nth: number): { plan: PlanMessage; order: OrderMessage }[] {
  const engine = createEngine({ site, type, graph });
  const vehicles = startBays(site, type)
    .slice(0, 2)
    .map((bay, i) => ({ id: `V${i}`, bay }));
  const plans = new Map<string, PlanMessage>();
  const orders = new Map<string, OrderMessage>();
  const start = [
    ...vehicles.map(({ id, bay }) => ({ kind: "admit-vehicle", vehicle: id, type: type.type, bay }) as const),
    ...[cranes("vn")[nth]!, cranes("cn")[nth]!].map((from, i, ends) => {
      const goods = { laden: true, reefer: false, commodity: "general", massKg: 2e4 } as const;
      const container = { id: `C${i}`, lengthFt: 40, ...goods } as const;
      const order = { id: `T${i}`, container, from, to: ends[1 - i]!, via: [], releaseMs: 0, dueMs: 1e7, priority: 5 };
      return { kind: "transport-order", order } as const;
    }),
  ];
  const states = vehicles.map(({ id, bay }) => ({ kind: "vehicle-state", state: standing(id, bay) }) as const);
  for (let tick = 1; tick <= 50; tick++) {
    for (const output of step(engine, tick, tick === 1 ? [...start, ...states] : states)) {
      if (output.kind === "plan") plans.set(output.message.vehicle, output.message);
      if (output.kind === "order") orders.set(output.message.vehicle, output.message);
    }
  }
  return [...orders].map(([vehicle, order]) => ({ plan: plans.get(vehicle)!, order }));
}

test("lane by lane, on the way to each crane", () => {
  const distinct = (lanes: readonly string[]): string[] => lanes.filter((lane, i) => lane !== lanes[i - 1]);
  let compared = 0;
  for (let nth = 0; nth < 12; nth++) {
    for (const { plan, order } of sent(nth)) {
      const drawn = distinct(
        plan.nodes.slice(1).flatMap((node, i) => routes.between(plan.nodes[i]!, node).map(({ lane }) => lane)),
      );
      const told = distinct(order.edges.filter(({ released }) => !released).map(({ lane }) => lane));
      expect(drawn.slice(drawn.indexOf(told[0]!)).slice(0, told.length)).toEqual(told);
      compared += told.length;
    }
  }
  expect(compared).toBeGreaterThan(100);
});
