/** What the battery will still give for the part of a plan that is not driven yet, and for an order that is not begun. */
import { grantedSteps } from "../planner/index.ts";
import { kwhPerKm, stopsKwh } from "./charging/index.ts";
import type { OrderRecord } from "./orders/index.ts";
import { todosOf } from "./tasks.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** kWh from now to the end of the jobs at visit `k` of the vehicle's plan. */
export function kwhToVisit(engine: Engine, vehicle: VehicleWorld, k: number): number {
  const { graph, type } = engine.options;
  const traffic = engine.book.vehicles[vehicle.index]!;
  const granted = grantedSteps(traffic);
  const first = vehicle.todo.find((todo) => todo.order !== "");
  const record = engine.orders.loadOf(vehicle.id) ?? engine.orders.get(first?.order ?? "");
  const perKm = [kwhPerKm(type, 0), kwhPerKm(type, record?.order.container.massKg ?? 0)] as const;
  const last = traffic.steps[granted - 1];
  let kwh = (Math.max(0, vehicle.grantedEndM - vehicle.positionM) / 1000) * perKm[last?.laden === true ? 1 : 0];
  let ladenStops = 0;
  let standMs = 0;
  for (let at = 0; at <= k; at++) {
    const step = traffic.steps[at - 1];
    if (step !== undefined && at > granted) kwh += (graph.legs[step.leg]!.lengthM / 1000) * perKm[step.laden ? 1 : 0];
    let jobs = 0;
    for (const service of traffic.visits[at]!.services) {
      if (service.done) continue;
      jobs++;
      standMs += service.durationMs;
    }
    if (jobs > 0 && step?.laden === true) ladenStops++;
  }
  return kwh + stopsKwh(type, ladenStops, standMs / 1000);
}

/** kWh of an order from a stand to its set-down, its usual time, and the stand where it ends; null without a way. */
export function taskOf(
  engine: Engine,
  record: OrderRecord,
  stand: number,
): { readonly kwh: number; readonly ms: number; readonly endStand: number } | null {
  const { type } = engine.options;
  const todos = todosOf(engine, record.order, record.to);
  let best: { kwh: number; ms: number; endStand: number } | null = null;
  let standMs = 0;
  for (const todo of todos) for (const job of todo.stop.jobs) standMs += job.durationMs;
  for (const from of todos[0]!.stop.stands) {
    for (const to of todos[todos.length - 1]!.stop.stands) {
      const km = { empty: engine.distances.km(stand, from), laden: engine.distances.km(from, to) };
      if (!Number.isFinite(km.empty + km.laden)) continue;
      const kwh =
        km.empty * kwhPerKm(type, 0) +
        km.laden * kwhPerKm(type, record.order.container.massKg) +
        stopsKwh(type, todos.length, standMs / 1000);
      if (best !== null && kwh >= best.kwh) continue;
      const emptyMs = stand === from ? 0 : engine.flow.toGoal(from, false)[stand]!;
      best = { kwh, ms: emptyMs + engine.flow.toGoal(to, true)[from]! + standMs, endStand: to };
    }
  }
  return best;
}
