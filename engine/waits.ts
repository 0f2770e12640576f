/** Why each vehicle with something to do stands: one code of the catalogue, with the resource and the vehicle behind it. */
import { grantedSteps, NONE, type Service, type Step, serviceWait, type Visit } from "../planner/index.ts";
import { isBlocked } from "./grant-legs.ts";
import type { VehicleWait } from "./reasons.ts";
import type { Engine, VehicleWorld } from "./world.ts";

export interface VehicleWaitFact {
  readonly code: VehicleWait;
  /** Area, bay, stand, station or lane, or "". */
  readonly resource: string;
  /** The other vehicle, or "". */
  readonly vehicle: string;
}

/** A vehicle that is told to go this much further and stands is about to start, metres. */
const TOLD_TO_GO_M = 0.3;

/** Renews why each vehicle stands; null for who drives, is about to, or has nothing to do. */
export function noteWaits(engine: Engine): void {
  for (const vehicle of engine.vehicles) vehicle.wait = waitOf(engine, vehicle);
}

function waitOf(engine: Engine, vehicle: VehicleWorld): VehicleWaitFact | null {
  const { state } = vehicle;
  if (state === null) return null;
  if (vehicle.broken) return fact("broken");
  if (vehicle.silent) return fact("silent");
  if (state.operatingMode !== "AUTOMATIC") return fact("manual");
  if (vehicle.paused) return fact("paused");
  if (vehicle.shielded) return fact("shield-stop", "", nameOf(engine, vehicle.shieldedBy));
  if (state.driving) return null;
  const traffic = engine.book.vehicles[vehicle.index]!;
  const granted = grantedSteps(traffic);
  const base = traffic.visits[granted]!;
  const there = vehicle.grantedEndM - vehicle.positionM < TOLD_TO_GO_M;
  const service = there ? base.services.find((candidate) => !candidate.done) : undefined;
  if (service !== undefined) return serviceFact(engine, vehicle, base, service);
  if (vehicle.baseEndM - vehicle.positionM >= TOLD_TO_GO_M) return state.paused ? fact("paused") : null;
  if (!there) return fact("vehicle-ahead", "", nameOf(engine, vehicle.behind));
  const next = traffic.steps[granted];
  if (next !== undefined) return grantFact(engine, vehicle, next);
  return vehicle.todo.length > 0 || vehicle.wantsPlan !== null ? planFact(engine, vehicle) : null;
}

/** It stands where its next job is to be done. */
function serviceFact(engine: Engine, vehicle: VehicleWorld, visit: Visit, service: Service): VehicleWaitFact {
  const { graph, site } = engine.options;
  const index = service.station === NONE ? graph.stands[visit.stand]!.station : service.station;
  const station = index === NONE ? graph.stands[visit.stand]!.id : site.stations[index]!.id;
  if (service.started) return fact("service", station);
  if (index !== NONE && engine.book.stationOut[index] === 1) return fact("station-out", station);
  if (engine.nowMs < vehicle.retryActionMs) return fact("action-retry", station);
  const ahead = servedThere(engine, vehicle, index);
  if (ahead !== null) return fact("queue-at-station", station, ahead.id);
  const wait = serviceWait(engine.book, service);
  if (wait?.kind === "server" && wait.vehicle !== vehicle.index) {
    return fact("queue-at-station", station, nameOf(engine, wait.vehicle));
  }
  for (const sent of vehicle.sent.values()) if (sent === service) return fact("service", station);
  // Its list no longer holds the job, and the plan without it has not been accepted yet.
  return vehicle.todo.some((todo) => todo.job === service.job) ? fact("service", station) : fact("no-plan");
}

/** The other vehicle that a station serves now, or null. */
function servedThere(engine: Engine, vehicle: VehicleWorld, station: number): VehicleWorld | null {
  if (station === NONE) return null;
  for (const other of engine.vehicles) {
    if (other === vehicle) continue;
    for (const service of other.sent.values()) if (service.started && service.station === station) return other;
  }
  return null;
}

/** Its next leg is not granted. */
function grantFact(engine: Engine, vehicle: VehicleWorld, next: Step): VehicleWaitFact | null {
  const { graph } = engine.options;
  if (engine.book.closedLeg[next.leg] === 1) {
    const lane = graph.legs[next.leg]!.lanes.find((each) => engine.closedLanes.has(each));
    return fact("closed", lane === undefined ? "" : graph.lanes.laneId[lane]!);
  }
  const wait = vehicle.waitingFor;
  if (wait === null) return null;
  if (wait.code !== "blocked") return { code: wait.code, resource: wait.resource, vehicle: wait.vehicle };
  return blockedFact(engine, vehicle);
}

/** No plan has been accepted; while somebody is blocked, or ground or a station closed, that is taken for the cause. */
function planFact(engine: Engine, vehicle: VehicleWorld): VehicleWaitFact {
  if (!vehicle.planFailed) return fact("no-plan");
  const out = stationOut(engine, vehicle);
  if (out !== null) return fact("station-out", out);
  const source = engine.closedLanes.size > 0 || engine.vehicles.some((other) => other !== vehicle && isBlocked(other));
  return source ? blockedFact(engine, vehicle) : fact("no-plan");
}

/** A station out of service that something on its list is to be done at, or null. */
function stationOut(engine: Engine, vehicle: VehicleWorld): string | null {
  for (const { stop } of vehicle.todo) {
    for (const { station } of stop.jobs) {
      if (station !== NONE && engine.book.stationOut[station] === 1) return engine.options.site.stations[station]!.id;
    }
  }
  return null;
}

/** Somebody's block, or closed ground, reaches it through the orders: the first source is named. */
function blockedFact(engine: Engine, vehicle: VehicleWorld): VehicleWaitFact {
  const { graph } = engine.options;
  const source = engine.vehicles.find((other) => other !== vehicle && isBlocked(other));
  if (source !== undefined) return fact("blocked", "", source.id);
  const [lane] = engine.closedLanes;
  return fact("blocked", lane === undefined ? "" : graph.lanes.laneId[lane]!);
}

function nameOf(engine: Engine, index: number): string {
  return engine.vehicles[index]?.id ?? "";
}

function fact(code: VehicleWait, resource = "", vehicle = ""): VehicleWaitFact {
  return { code, resource, vehicle };
}

/** A wait as the recording's list of "<kind>:<id>"; nothing for who is being served. @param self the vehicle that waits */
export function waitWords(wait: VehicleWaitFact | null, self: string): readonly string[] {
  switch (wait?.code) {
    case undefined:
    case "service":
      return [];
    case "queue-at-station":
    case "station-out":
    case "action-retry":
      return [`station:${wait.resource}`];
    case "closed":
      return [`lane:${wait.resource}`];
    case "paused":
      return [`pause:${self}`];
    case "broken":
    case "silent":
    case "manual":
      return [`fault:${self}`];
    case "blocked":
      return [wait.vehicle === "" ? `lane:${wait.resource}` : `fault:${wait.vehicle}`];
    case "no-plan":
      return ["plan:no-plan"];
    case "precedence":
    case "room":
    case "vehicle-ahead":
    case "shield-stop":
      return [wait.vehicle === "" ? `plan:${wait.code}` : `vehicle:${wait.vehicle}`];
  }
}
