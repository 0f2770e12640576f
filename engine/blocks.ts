/** Block sources: who cannot be moved any more. Their undone events are never, and so are all that depend on them. */
import { NONE, retime } from "../planner/index.ts";
import { assert } from "./assert.ts";
import { isBlocked } from "./grant-legs.ts";
import { planVehicle } from "./tasks.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** A round of replanning around a block is tried again after so many ticks while somebody is still held up. */
const RETRY_TICKS = 50;

/** Finds silent vehicles, tells the book who is blocked. @returns something changed */
export function detectFaults(engine: Engine): boolean {
  let changed = false;
  for (const vehicle of engine.vehicles) {
    const state = vehicle.state;
    const limitMs = state?.driving === true ? engine.options.silentDrivingMs : engine.options.silentStandingMs;
    const silent = engine.nowMs - vehicle.stateMs > limitMs || vehicle.connection !== "ONLINE";
    if (silent !== vehicle.silent) {
      vehicle.silent = silent;
      engine.outputs.push({
        kind: "event",
        message: { code: silent ? "vehicle-silent" : "vehicle-heard", vehicle: vehicle.id, data: {} },
      });
    }
    const traffic = engine.book.vehicles[vehicle.index]!;
    const blocked = state !== null && isBlocked(vehicle);
    // It may still be braking, so where it stands is looked at again until it does.
    const atM = blocked ? metresInPocket(engine, vehicle) : Number.NaN;
    if (blocked === traffic.blocked && (!blocked || atM === traffic.blockedAtM)) continue;
    traffic.blocked = blocked;
    traffic.blockedAtM = atM;
    changed = true;
  }
  if (changed) engine.labelsStale = true;
  return changed;
}

/** Metres of the centre past the first clear position of the pocket that it stands in or is leaving. */
function metresInPocket(engine: Engine, vehicle: VehicleWorld): number {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const stand = engine.options.graph.stands[traffic.visits[0]!.stand]!;
  const stopM = vehicle.legs.length > 0 ? vehicle.legs[0]!.startM : vehicle.grantedEndM;
  return vehicle.positionM - (stopM - stand.rangeM);
}

/** New labels for all; a cycle would be a broken promise of the book. */
export function retimeAll(engine: Engine): void {
  assert(retime(engine.book), `tick ${engine.tick}: labels settle, so the precedence graph has no cycle`);
  engine.labelsStale = false;
}

/** Plans are made on labels as of now. */
export function renewLabels(engine: Engine): void {
  if (engine.labelsStale || engine.book.labelsMs < engine.nowMs) retimeAll(engine);
}

/** An ungranted leg of its plan is never granted as things are. */
export function isHeldUp(engine: Engine, vehicle: VehicleWorld): boolean {
  const traffic = engine.book.vehicles[vehicle.index]!;
  if (traffic.blocked) return false;
  return traffic.steps.some((step) => !step.granted && step.grantMs === Number.POSITIVE_INFINITY);
}

/** Replans those whose plan depends on a block: first those with nobody behind them, until a round changes nothing. */
export function replanHeldUp(engine: Engine): void {
  const held = engine.vehicles.filter((vehicle) => isHeldUp(engine, vehicle));
  if (held.length === 0 || engine.tick < engine.blockRetryTick) return;
  engine.blockRetryTick = engine.tick + RETRY_TICKS;
  renewLabels(engine);
  let progress = true;
  while (progress) {
    progress = false;
    const rows = engine.vehicles.filter((vehicle) => isHeldUp(engine, vehicle));
    rows.sort((a, b) => behindIt(engine, a) - behindIt(engine, b) || a.index - b.index);
    for (const vehicle of rows) {
      const result = planVehicle(engine, vehicle, "replanned-blocked");
      if (result.kind !== "planned") continue;
      progress = true;
      retimeAll(engine);
    }
  }
}

/** How many uses are ordered behind a vehicle's on the stands of its ungranted part. */
function behindIt(engine: Engine, vehicle: VehicleWorld): number {
  let count = 0;
  for (const visit of engine.book.vehicles[vehicle.index]!.visits) {
    if (visit.arrive?.granted === false) count += engine.book.standUses[visit.stand]!.length - visit.order - 1;
  }
  return count;
}

/** Closes or opens a site lane (both directions) for everything that is not granted. */
export function setLaneClosed(engine: Engine, laneId: string, closed: boolean): boolean {
  const { graph } = engine.options;
  const lanes = [laneId, `${laneId}~`].map((id) => engine.laneIndex.get(id) ?? NONE).filter((lane) => lane !== NONE);
  if (lanes.length === 0) return false;
  for (const lane of lanes) {
    if (closed) engine.closedLanes.add(lane);
    else engine.closedLanes.delete(lane);
  }
  for (const leg of graph.legs) {
    const shut = leg.lanes.some((lane) => engine.closedLanes.has(lane));
    engine.book.closedLeg[leg.index] = shut ? 1 : 0;
    engine.flow.setClosed([leg.index], shut);
  }
  engine.distances.forget();
  engine.labelsStale = true;
  engine.blockRetryTick = 0;
  return true;
}
