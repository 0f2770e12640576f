/** The charging phase: the charging plan's answer to lists of things to do, and the end of sessions for work. */
import { grantedSteps, isAtRest, NONE, readyAtEnd } from "../planner/index.ts";
import {
  CHARGING_DEFAULTS,
  type Charger,
  type ChargingDecision,
  type ChargingVehicle,
  chargeS,
  kwhPerKm,
  planCharging,
  stopsKwh,
} from "./charging/index.ts";
import { isFetching } from "./dispatching.ts";
import { kwhToVisit, taskOf } from "./energy-left.ts";
import { emitEvent } from "./events.ts";
import { isBlocked } from "./grant-legs.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** Mass of a usual container, kg, and the time of a usual task's services, s: what an unknown next task is reckoned at. */
const USUAL_LOAD_KG = 25_000;
const USUAL_SERVICES_S = 400;

/** kWh and ms of a usual next task: the longest way between two cranes there and back, laden one way. */
export function usualTask(engine: Engine): { kwh: number; ms: number } {
  const { site, graph, type } = engine.options;
  let km = 0;
  let ms = 0;
  const cranes = site.stations.flatMap((station, index) =>
    station.role === "crane" ? [{ side: station.side, stand: graph.standOfBay[index]![0]! }] : [],
  );
  for (const from of cranes) {
    for (const to of cranes) {
      if (from.side === to.side || from.stand === NONE || to.stand === NONE) continue;
      const way = engine.distances.km(from.stand, to.stand);
      if (!Number.isFinite(way)) continue;
      km = Math.max(km, way);
      ms = Math.max(ms, engine.flow.toGoal(to.stand, true)[from.stand]!);
    }
  }
  const kwh = km * (kwhPerKm(type, USUAL_LOAD_KG) + kwhPerKm(type, 0)) + stopsKwh(type, 4, USUAL_SERVICES_S);
  return { kwh, ms: 2 * ms + USUAL_SERVICES_S * 1000 };
}

/** Asks the charging plan who is to charge, and brings the vehicles' lists in line with its answer. */
export function planChargingSessions(engine: Engine): void {
  const { graph } = engine.options;
  if (engine.chargers.length === 0) return;
  const chargers: Charger[] = engine.chargers.map((stand, index) => {
    const uses = engine.book.standUses[stand]!;
    const last = uses[uses.length - 1];
    return { index, stand, vehicle: last === undefined || last.depart !== null ? NONE : last.vehicle };
  });
  const inService = chargers.filter((charger) => engine.book.stationOut[graph.stands[charger.stand]!.station] === 0);
  const vehicles: ChargingVehicle[] = [];
  for (const vehicle of engine.vehicles) {
    if (vehicle.state === null || isBlocked(vehicle)) continue;
    const known = chargingVehicle(engine, vehicle);
    if (known === null) continue;
    if (restsUncharged(engine, vehicle, known, inService)) {
      send(engine, vehicle, known, { charger: known.charger, reason: "opportunity", releaseSoc: 0 });
    } else vehicles.push(known);
  }
  let ordersWaiting = 0;
  for (const { phase, order } of engine.orders.open) {
    if (phase === "accepted" && order.releaseMs <= engine.nowMs) ordersWaiting++;
  }
  const plan = planCharging({
    nowMs: engine.nowMs,
    vehicles,
    chargers: inService,
    ordersWaiting,
    travelMs: (from, to) => (from === to ? 0 : engine.flow.toGoal(to, false)[from]!),
  });
  for (const decision of plan.decisions) {
    if (engine.vehicles[decision.vehicle]!.todo.some((todo) => todo.action === "startCharging")) continue;
    const known = vehicles.find(({ index }) => index === decision.vehicle)!;
    send(engine, engine.vehicles[decision.vehicle]!, known, decision);
  }
  for (const index of plan.vacate) {
    const vehicle = engine.vehicles[index]!;
    if (vehicle.leaveCharger) continue;
    vehicle.leaveCharger = true;
    vehicle.wantsPlan ??= "relocated";
    stopCharging(engine, vehicle);
  }
}

/** The vehicle as the charging plan sees it: where, when and how full it will be once what is under way is done. */
function chargingVehicle(engine: Engine, vehicle: VehicleWorld): ChargingVehicle | null {
  const { type } = engine.options;
  const end = endOfWork(engine, vehicle);
  if (!Number.isFinite(end.atMs)) return null;
  const visits = engine.book.vehicles[vehicle.index]!.visits;
  const stand = visits[end.visit]!.stand;
  // Work that is only assigned is its next task, as dispatch reckoned with it; else a usual one.
  const assigned = engine.orders.open.find(
    ({ phase, vehicle: id, order }) =>
      phase === "assigned" && id === vehicle.id && !isUnderWay(engine, vehicle, order.id),
  );
  const next = assigned === undefined ? null : taskOf(engine, assigned, stand);
  const toChargerKm = nearestKm(engine, next?.endStand ?? stand);
  if (!Number.isFinite(toChargerKm)) return null;
  return {
    index: vehicle.index,
    type,
    availableAtMs: end.atMs,
    stand,
    soc: vehicle.state!.soc - kwhToVisit(engine, vehicle, end.visit) / type.battery.capacityKwh,
    idle: vehicle.todo.length === 0,
    charger: engine.chargers.indexOf(visits[visits.length - 1]!.stand),
    releaseSoc: vehicle.charging ? vehicle.releaseSoc : 0,
    nextTaskKwh: (next ?? engine.usualTask).kwh,
    nextTaskMs: (next ?? engine.usualTask).ms,
    reachChargerKwh: toChargerKm * kwhPerKm(type, 0),
  };
}

/** The visit of its plan after which nothing that is under way is left, and when that is expected. */
function endOfWork(engine: Engine, vehicle: VehicleWorld): { readonly visit: number; readonly atMs: number } {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const underWay = new Set<string>();
  for (const todo of vehicle.todo) if (isUnderWay(engine, vehicle, todo.order)) underWay.add(todo.job);
  for (let visit = traffic.visits.length - 1; visit >= 0; visit--) {
    const { services } = traffic.visits[visit]!;
    for (let i = services.length - 1; i >= 0; i--) {
      const service = services[i]!;
      if (!service.done && underWay.has(service.job)) return { visit, atMs: service.endMs };
    }
  }
  const visit = grantedSteps(traffic);
  return { visit, atMs: readyAtEnd(engine.book, vehicle.index, traffic.visits[visit]!.services.length) };
}

/** It rests in a charger that works, with nothing to do there or elsewhere and room in its battery. */
function restsUncharged(
  engine: Engine,
  vehicle: VehicleWorld,
  known: ChargingVehicle,
  inService: readonly Charger[],
): boolean {
  if (!known.idle || !isAtRest(engine.book.vehicles[vehicle.index]!)) return false;
  if (known.soc > engine.options.type.battery.fullSoc - CHARGING_DEFAULTS.opportunitySoc) return false;
  return inService.some((charger) => charger.index === known.charger && charger.vehicle === vehicle.index);
}

/** Puts a session at the end of a vehicle's list. */
function send(
  engine: Engine,
  vehicle: VehicleWorld,
  known: ChargingVehicle,
  decision: Pick<ChargingDecision, "charger" | "reason" | "releaseSoc">,
): void {
  const { graph, type } = engine.options;
  const stand = engine.chargers[decision.charger]!;
  freeUnpicked(engine, vehicle);
  const job = `startCharging:${vehicle.id}:${++engine.chargeCount}`;
  const durationMs = Math.max(1000, Math.round(chargeS(type, known.soc, type.battery.fullSoc) * 1000));
  const { station } = graph.stands[stand]!;
  vehicle.charging = true;
  vehicle.chargeReleased = decision.releaseSoc <= known.soc;
  vehicle.releaseSoc = decision.releaseSoc;
  vehicle.todo.push({
    job,
    action: "startCharging",
    order: "",
    stop: { stands: [stand], jobs: [{ station, job, durationMs, ladenAfter: false }] },
  });
  vehicle.wantsPlan = "charge";
  emitEvent(engine, "charge-planned", vehicle.id, {
    reason: decision.reason,
    charger: graph.stands[stand]!.id,
    soc: vehicle.state!.soc,
  });
}

/** Picked up, or being fetched from a stand that the granted part reaches. */
function isUnderWay(engine: Engine, vehicle: VehicleWorld, order: string): boolean {
  const record = order === "" ? undefined : engine.orders.get(order);
  return record !== undefined && (record.phase === "pickedUp" || isFetching(engine, vehicle, record));
}

/** Orders that it was to fetch go back; whoever is free takes them. */
function freeUnpicked(engine: Engine, vehicle: VehicleWorld): void {
  for (const record of [...engine.orders.open]) {
    if (record.phase !== "assigned" || record.vehicle !== vehicle.id || isFetching(engine, vehicle, record)) continue;
    vehicle.todo = vehicle.todo.filter((todo) => todo.order !== record.order.id);
    engine.orders.free(record.order.id, "no-charge");
  }
}

/** Kilometres to the nearest charger, Infinity where there is no way to any. */
function nearestKm(engine: Engine, stand: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const charger of engine.chargers) least = Math.min(least, engine.distances.km(stand, charger));
  return least;
}

/** Follows sessions: enough for work, done, or to be ended because work was given. */
export function followCharging(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (!vehicle.charging) continue;
    const soc = vehicle.state?.soc ?? 0;
    if (soc >= vehicle.releaseSoc) vehicle.chargeReleased = true;
    if (!vehicle.todo.some((todo) => todo.action === "startCharging")) {
      vehicle.charging = false;
      continue;
    }
    const session = vehicle.todo.findIndex((todo) => todo.action === "startCharging");
    // Work in front of the session is what it still does on the way there; work behind it was given since.
    if (vehicle.todo.slice(session).some((todo) => todo.order !== "")) stopCharging(engine, vehicle);
  }
}

/** Ends a session that runs, or drops one that has not begun. */
export function stopCharging(engine: Engine, vehicle: VehicleWorld): void {
  for (const [actionId, service] of vehicle.sent) {
    const todo = vehicle.todo.find((candidate) => candidate.job === service.job);
    if (todo?.action !== "startCharging" || engine.stopSent.has(actionId)) continue;
    engine.stopSent.add(actionId);
    engine.outputs.push({
      kind: "instant-action",
      message: { vehicle: vehicle.id, actionId: `stop-${actionId}`, actionType: "stopCharging", parameters: {} },
    });
    service.endMs = engine.nowMs + 1000;
    engine.labelsStale = true;
    return;
  }
  const begun = [...vehicle.sent.values()].some((service) => service.job.startsWith("startCharging:"));
  if (!begun) {
    vehicle.todo = vehicle.todo.filter((todo) => todo.action !== "startCharging");
    vehicle.charging = false;
    vehicle.wantsPlan ??= "task-extended";
  }
}
