/** What vehicles report, turned into events of the plan: tails clear of areas and stands, services begun and ended. */
import { NONE, type Service, setCleared, setServiceEnded, setServiceStarted } from "../planner/index.ts";
import { emitGround, releaseTail } from "./ground.ts";
import type { VehicleState } from "./messages.ts";
import { locate, pieceAt } from "./path.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** A service that takes longer than planned is expected to take at least this much more, ms. */
const OVERRUN_MS = 30_000;
/** A vehicle that stands within this of a bay's point stands in the bay, metres. */
const IN_BAY_M = 0.3;
/** A failed action is ordered again, under a new id, after this long, ms. */
const RETRY_ACTION_MS = 10_000;

/** Takes in a state; positions that are not on the vehicle's path clear nothing. */
export function absorbState(engine: Engine, vehicle: VehicleWorld, state: VehicleState): void {
  vehicle.state = state;
  vehicle.stateMs = engine.nowMs;
  vehicle.speedMps = state.v;
  const lane = engine.laneIndex.get(state.lane);
  if (lane !== undefined) {
    const positionM = locate(vehicle.pieces, lane, state.s, vehicle.piece);
    if (Number.isFinite(positionM) && positionM > vehicle.positionM) {
      vehicle.positionM = positionM;
      vehicle.piece = pieceAt(vehicle.pieces, positionM, vehicle.piece);
      clearBehind(engine, vehicle, state.uncertaintyM);
      releaseTail(engine, vehicle);
    }
  }
  if (vehicle.sent.size > 0) absorbActions(engine, vehicle, state);
}

/** C events: each in travel order, as soon as the tail with its uncertainty is past. */
function clearBehind(engine: Engine, vehicle: VehicleWorld, uncertaintyM: number): void {
  const { graph } = engine.options;
  for (;;) {
    const leg = vehicle.legs[0];
    if (leg === undefined) return;
    const { step, startM } = leg;
    // In a bay the tail may be just at the edge of what it has left; standing there is proof enough (W1).
    const lengthM = graph.legs[step.leg]!.lengthM;
    const inBay =
      graph.stands[graph.legs[step.leg]!.to]!.kind === "place" &&
      vehicle.speedMps === 0 &&
      vehicle.positionM >= startM + lengthM - IN_BAY_M;
    while (step.cleared < step.clears.length) {
      const clear = step.clears[step.cleared]!;
      if (!inBay && vehicle.positionM - uncertaintyM - startM < clear.positionM) return;
      setCleared(engine.book, clear);
      engine.labelsStale = true;
      if (clear.area !== NONE) {
        const area = graph.areas[clear.area]!;
        const side = graph.lanes.laneId[area.lanes[clear.side]]!;
        emitGround(engine, vehicle, area.name, "area", side, 0, 0, "cleared", 0);
      } else if (graph.stands[step.from.stand]!.kind === "place") {
        emitGround(engine, vehicle, graph.stands[step.from.stand]!.id, "place", "", 0, 0, "cleared", 0);
      }
    }
    vehicle.legs.shift();
  }
}

function absorbActions(engine: Engine, vehicle: VehicleWorld, state: VehicleState): void {
  for (const { actionId, actionStatus } of state.actionStates) {
    const service = vehicle.sent.get(actionId);
    if (service === undefined) continue;
    if ((actionStatus === "RUNNING" || actionStatus === "FINISHED") && !service.started) {
      setServiceStarted(engine.book, service);
      engine.labelsStale = true;
    }
    if (actionStatus === "FINISHED") {
      vehicle.sent.delete(actionId);
      endService(engine, vehicle, service);
    } else if (actionStatus === "FAILED") {
      vehicle.sent.delete(actionId);
      service.started = false;
      vehicle.retryActionMs = engine.nowMs + RETRY_ACTION_MS;
      engine.outputs.push({
        kind: "event",
        message: { code: "action-failed", vehicle: vehicle.id, data: { actionId } },
      });
    } else if (service.started && engine.nowMs >= service.endMs) {
      service.durationMs += Math.max(OVERRUN_MS, service.durationMs / 2);
      service.endMs = Math.max(service.endMs, engine.nowMs) + OVERRUN_MS;
      engine.labelsStale = true;
    }
  }
}

function endService(engine: Engine, vehicle: VehicleWorld, service: Service): void {
  setServiceEnded(engine.book, service);
  engine.labelsStale = true;
  const at = vehicle.todo.findIndex((todo) => todo.job === service.job);
  const todo = vehicle.todo[at];
  if (todo === undefined) return;
  vehicle.todo.splice(at, 1);
  const bay = engine.options.graph.stands[service.visit.stand]!;
  const place = bay.station === NONE ? bay.id : engine.options.site.stations[bay.station]!.bays[bay.bay]!.id;
  if (todo.action === "pick") engine.orders.pickedUp(todo.order, place, engine.nowMs);
  else if (todo.action === "drop") engine.orders.delivered(todo.order, place, engine.nowMs);
  else if (todo.action === "service") engine.orders.atStation(todo.order, place);
}
