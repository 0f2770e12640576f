/** The charging phase: the charging plan's answer to lists of things to do, and the end of sessions for work. */
import { grantedSteps, NONE, readyAtEnd } from "../planner/index.ts";
import { type Charger, type ChargingVehicle, chargeS, kwhPerKm, planCharging, stopsKwh } from "./charging/index.ts";
import { isFetching } from "./dispatching.ts";
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
  const kwh =
    km * (kwhPerKm(type, USUAL_LOAD_KG) + kwhPerKm(type, 0)) + stopsKwh(type, 4, USUAL_SERVICES_S);
  return { kwh, ms: 2 * ms + USUAL_SERVICES_S * 1000 };
}

export function planChargingSessions(engine: Engine): void {
  const { graph, type } = engine.options;
  if (engine.chargers.length === 0) return;
  const usual = engine.usualTask;
  const vehicles: ChargingVehicle[] = [];
  for (const vehicle of engine.vehicles) {
    const state = vehicle.state;
    if (state === null || isBlocked(vehicle)) continue;
    const traffic = engine.book.vehicles[vehicle.index]!;
    const charger = chargerOf(engine, vehicle);
    // Work that is under way is finished first; what is only assigned is not picked up by an empty vehicle.
    const busy = vehicle.todo.some((todo) => isUnderWay(engine, vehicle, todo.order));
    const base = traffic.visits[grantedSteps(traffic)]!;
    const atMs = busy ? endOfTodo(engine, vehicle) : readyAtEnd(engine.book, vehicle.index, base.services.length);
    if (busy && !isLastLegGranted(engine, vehicle)) continue;
    const stand = base.stand;
    const toCharger = nearestKm(engine, stand);
    vehicles.push({
      index: vehicle.index,
      type,
      availableAtMs: atMs,
      stand,
      soc: state.soc,
      idle: vehicle.todo.length === 0,
      charger,
      releaseSoc: vehicle.releaseSoc,
      nextTaskKwh: usual.kwh,
      nextTaskMs: usual.ms,
      reachChargerKwh: toCharger * kwhPerKm(type, 0),
    });
  }
  const chargers: Charger[] = engine.chargers.map((stand, index) => {
    const uses = engine.book.standUses[stand]!;
    const last = uses[uses.length - 1];
    return { index, stand, vehicle: last === undefined || last.depart !== null ? NONE : last.vehicle };
  });
  const waiting = engine.orders.open.reduce(
    (count, record) => count + (record.phase === "accepted" && record.order.releaseMs <= engine.nowMs ? 1 : 0),
    0,
  );
  const plan = planCharging({
    nowMs: engine.nowMs,
    vehicles,
    chargers: chargers.filter((charger) => engine.book.stationOut[graph.stands[charger.stand]!.station] === 0),
    ordersWaiting: waiting,
    travelMs: (from, to) => (from === to ? 0 : engine.flow.toGoal(to, false)[from]!),
  });
  for (const decision of plan.decisions) {
    const vehicle = engine.vehicles[decision.vehicle]!;
    const stand = chargers[decision.charger]!.stand;
    freeUnpicked(engine, vehicle);
    const job = `startCharging:${vehicle.id}:${++engine.chargeCount}`;
    const soc = vehicle.state!.soc;
    vehicle.charging = true;
    vehicle.chargeReleased = decision.releaseSoc <= soc;
    vehicle.releaseSoc = decision.releaseSoc;
    vehicle.todo.push({
      job,
      action: "startCharging",
      order: "",
      stop: {
        stands: [stand],
        jobs: [
          {
            station: graph.stands[stand]!.station,
            job,
            durationMs: Math.max(1000, Math.round(chargeS(type, soc, decision.untilSoc) * 1000)),
            ladenAfter: false,
          },
        ],
      },
    });
    vehicle.wantsPlan = "charge";
    engine.outputs.push({
      kind: "event",
      message: { code: "charge-planned", vehicle: vehicle.id, data: { reason: decision.reason, soc } },
    });
  }
  for (const index of plan.vacate) {
    const vehicle = engine.vehicles[index]!;
    if (vehicle.leaveCharger) continue;
    vehicle.leaveCharger = true;
    stopCharging(engine, vehicle);
    vehicle.wantsPlan ??= "relocated";
  }
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

function isLastLegGranted(engine: Engine, vehicle: VehicleWorld): boolean {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const base = traffic.visits[grantedSteps(traffic)]!;
  return vehicle.todo.every((todo) => base.services.some((service) => service.job === todo.job));
}

function endOfTodo(engine: Engine, vehicle: VehicleWorld): number {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const base = traffic.visits[grantedSteps(traffic)]!;
  return readyAtEnd(engine.book, vehicle.index, base.services.length);
}

function nearestKm(engine: Engine, stand: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const charger of engine.chargers) least = Math.min(least, engine.distances.km(stand, charger));
  return Number.isFinite(least) ? least : 0;
}

/** Index of the charger in which its plan ends, or NONE. */
function chargerOf(engine: Engine, vehicle: VehicleWorld): number {
  if (!vehicle.charging) return NONE;
  const visits = engine.book.vehicles[vehicle.index]!.visits;
  return engine.chargers.indexOf(visits[visits.length - 1]!.stand);
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
    if (vehicle.todo.some((todo) => todo.order !== "")) stopCharging(engine, vehicle);
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
