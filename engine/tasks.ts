/** From what a vehicle is to do to a plan: the stops that are left after the granted part, then a haven. */
import {
  type Flight,
  grantedSteps,
  isFreeHaven,
  meanServiceS,
  NONE,
  planTask,
  type Service,
  type Stop,
  type TaskResult,
  type Visit,
} from "../planner/index.ts";
import { assert } from "./assert.ts";
import type { TransportOrder } from "./messages.ts";
import type { PlanReason } from "./reasons.ts";
import type { Engine, Todo, VehicleWorld } from "./world.ts";

/** Ending in a charger is as good as driving this much longer to a parking place, ms. */
const CHARGER_AS_HAVEN_MS = 120_000;

/** What a transport order asks of a vehicle, in order: fetch, pass the stations, set down. */
export function todosOf(engine: Engine, order: TransportOrder, to: string): Todo[] {
  const todos: Todo[] = [handover(engine, "pick", order, order.from)];
  order.via.forEach((pass, i) => {
    const stands: number[] = [];
    let station: number = NONE;
    let meanS = 0;
    engine.options.site.stations.forEach((candidate, s) => {
      if (candidate.role !== pass.role || candidate.side !== pass.side) return;
      for (const stand of engine.options.graph.standOfBay[s]!) if (stand !== NONE) stands.push(stand);
      station = s;
      meanS = meanServiceS(candidate.service);
    });
    todos.push({
      job: `service:${order.id}:${i}`,
      action: "service",
      order: order.id,
      stop: {
        stands,
        jobs: [
          {
            station: stands.length === 1 ? station : NONE,
            job: `service:${order.id}:${i}`,
            durationMs: Math.round(meanS * 1000),
            ladenAfter: true,
          },
        ],
      },
    });
  });
  todos.push(handover(engine, "drop", order, to));
  return todos;
}

function handover(engine: Engine, action: "pick" | "drop", order: TransportOrder, stationId: string): Todo {
  const index = engine.stationIndex.get(stationId)!;
  const station = engine.options.site.stations[index]!;
  const job = `${action}:${order.id}`;
  return {
    job,
    action,
    order: order.id,
    stop: {
      stands: engine.options.graph.standOfBay[index]!.filter((stand) => stand !== NONE),
      jobs: [
        {
          station: index,
          job,
          durationMs: engine.options.positioningMs + Math.round(meanServiceS(station.service) * 1000),
          ladenAfter: action === "pick",
        },
      ],
    },
  };
}

/** Jobs that the granted part of the plan already holds. */
function grantedJobs(engine: Engine, vehicle: VehicleWorld): { jobs: Set<string>; base: Visit } {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const granted = grantedSteps(traffic);
  const jobs = new Set<string>();
  for (let k = 0; k <= granted; k++) {
    for (const service of traffic.visits[k]!.services) if (!service.done) jobs.add(service.job);
  }
  return { jobs, base: traffic.visits[granted]! };
}

/** What is left to be planned: neither done nor at a stand that the granted part reaches. */
export function remainingTodos(engine: Engine, vehicle: VehicleWorld): Todo[] {
  const { jobs, base } = grantedJobs(engine, vehicle);
  const fixed = keptServices(base.services, wantedServices(vehicle, base));
  for (let i = fixed; i < base.services.length; i++) jobs.delete(base.services[i]!.job);
  return vehicle.todo.filter((todo) => !jobs.has(todo.job));
}

/** Jobs at the base that stay: done, begun, or still wanted as they are. */
function wantedServices(vehicle: VehicleWorld, base: Visit): Service[] {
  const wanted = new Set(vehicle.todo.map((todo) => todo.job));
  return base.services.filter(
    (service) => service.done || service.started || (wanted.has(service.job) && !vehicle.retargeted.has(service.job)),
  );
}

/** Length of the longest head of `services` that is all wanted. */
function keptServices(services: readonly Service[], wanted: readonly Service[]): number {
  let count = 0;
  while (count < services.length && wanted.includes(services[count]!)) count++;
  return count;
}

/** Load state once everything in the granted part is done. */
function ladenAtEnd(engine: Engine, vehicle: VehicleWorld, planned: readonly Todo[]): boolean {
  const record = engine.orders.loadOf(vehicle.id);
  let laden = record !== undefined;
  for (const todo of vehicle.todo) {
    if (planned.includes(todo)) break;
    if (todo.action === "pick") laden = true;
    if (todo.action === "drop") laden = false;
  }
  return laden;
}

/** Free havens; chargers are a last resort unless the task ends with charging there. */
function havensFor(engine: Engine, vehicle: VehicleWorld, stops: readonly Todo[]): { stand: number; costMs: number }[] {
  const last = stops[stops.length - 1];
  const charges = last !== undefined && last.action === "startCharging";
  const result: { stand: number; costMs: number }[] = [];
  for (const stand of engine.havens) {
    if (!isFreeHaven(engine.book, stand, vehicle.index)) continue;
    const charger = engine.chargers.includes(stand);
    if (charger && vehicle.leaveCharger) continue;
    if (charges && last.stop.stands.includes(stand)) result.push({ stand, costMs: 0 });
    else result.push({ stand, costMs: charger ? CHARGER_AS_HAVEN_MS : 0 });
  }
  return result;
}

/**
 * Plans what the vehicle has to do, from the end of its granted part.
 * @param endBeforeMs for a replan: taken only if the plan then ends earlier
 */
export function planVehicle(
  engine: Engine,
  vehicle: VehicleWorld,
  reason: PlanReason,
  endBeforeMs?: number,
): TaskResult {
  const fresh = !engine.labelsStale && engine.book.labelsMs === engine.nowMs;
  assert(fresh, `tick ${engine.tick}: ${vehicle.id} is planned for on labels as of now`);
  const { base } = grantedJobs(engine, vehicle);
  const todos = remainingTodos(engine, vehicle);
  const stops: Stop[] = todos.map((todo) => todo.stop);
  const result = planTask(
    engine.book,
    engine.runs,
    engine.flow,
    {
      vehicle: vehicle.index,
      laden: ladenAtEnd(engine, vehicle, todos),
      flight: flightOf(vehicle, base),
      stops,
      havens: havensFor(engine, vehicle, todos),
      keepServices: keptServices(base.services, wantedServices(vehicle, base)),
      ...(endBeforeMs === undefined ? {} : { endBeforeMs }),
    },
    engine.options.search,
  );
  if (result.kind === "planned") {
    vehicle.retargeted.clear();
    engine.labelsStale = true;
    emitPlan(engine, vehicle, result.by === "fallback" ? "fallback" : reason);
  }
  return result;
}

/** How it drives on if nothing is to be done where its granted part ends. */
function flightOf(vehicle: VehicleWorld, base: Visit): Flight | null {
  const first = vehicle.legs[0];
  if (first === undefined || vehicle.speedMps < 0.5 || base.services.some((service) => !service.done)) return null;
  if (base.arrive === null || vehicle.grantedEndM - vehicle.positionM < 1) return null;
  return {
    legs: vehicle.legs.map((leg) => leg.step.leg),
    offsetM: Math.max(0, vehicle.positionM - first.startM),
    speedMps: vehicle.speedMps,
  };
}

/** Tells what the vehicle's plan is now: stands with the times at which their stop lines are reached. */
export function emitPlan(engine: Engine, vehicle: VehicleWorld, reason: PlanReason): void {
  const { graph } = engine.options;
  const traffic = engine.book.vehicles[vehicle.index]!;
  const nodes = [graph.stands[traffic.visits[0]!.stand]!.id];
  const times = [engine.nowMs];
  for (const step of traffic.steps) {
    nodes.push(graph.stands[step.to.stand]!.id);
    times.push(step.grantMs + step.arriveAfterMs);
  }
  engine.outputs.push({
    kind: "plan",
    message: { vehicle: vehicle.id, planId: traffic.planId, nodes, times, restsAt: nodes[nodes.length - 1]!, reason },
  });
}

/** When the plan ends in its haven, ms; Infinity while something on it is blocked. */
export function planEndMs(engine: Engine, vehicle: VehicleWorld): number {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const last = traffic.steps[traffic.steps.length - 1];
  return last === undefined ? engine.nowMs : last.grantMs + last.arriveAfterMs;
}
