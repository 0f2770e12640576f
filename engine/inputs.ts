/** The absorb phase: every input in the order in which it came. What is refused changes nothing and says why. */
import { admitVehicle } from "../planner/index.ts";
import { setLaneClosed } from "./blocks.ts";
import { takeOff } from "./dispatching.ts";
import { occupyStand } from "./ground.ts";
import type { EngineInput } from "./messages.ts";
import { absorbState } from "./progress.ts";
import type { RefusalReason } from "./reasons.ts";
import { emitPlan, todosOf } from "./tasks.ts";
import type { Engine, VehicleWorld } from "./world.ts";

export function absorb(engine: Engine, inputs: readonly EngineInput[]): void {
  for (const input of inputs) {
    const refused = take(engine, input);
    if (refused !== null) refuse(engine, input.kind, refused[0], refused[1]);
  }
}

function refuse(engine: Engine, input: string, reason: RefusalReason, subject: string): void {
  engine.outputs.push({ kind: "event", message: { code: "refused", vehicle: null, data: { input, reason, subject } } });
}

type Refused = readonly [RefusalReason, string] | null;

function take(engine: Engine, input: EngineInput): Refused {
  switch (input.kind) {
    case "vehicle-state": {
      const vehicle = engine.vehicleById.get(input.state.vehicle);
      if (vehicle === undefined) return ["unknown-vehicle", input.state.vehicle];
      absorbState(engine, vehicle, input.state);
      return null;
    }
    case "connection":
      return withVehicle(engine, input.vehicle, (vehicle) => {
        vehicle.connection = input.connection;
      });
    case "transport-order": {
      const refusal = engine.orders.accept(input.order, engine.nowMs);
      return refusal === null ? null : [refusal.kind, refusal.detail];
    }
    case "cancel-transport-order":
      return cancelOrder(engine, input.order);
    case "prioritise-transport-order": {
      const refusal = engine.orders.prioritise(input.order, input.priority);
      return refusal === null ? null : [refusal.kind, refusal.detail];
    }
    case "retarget-transport-order":
      return retargetOrder(engine, input.order, input.to);
    case "admit-vehicle":
      return admit(engine, input.vehicle, input.type, input.bay);
    case "vehicle-broken":
      return withVehicle(engine, input.vehicle, (vehicle) => {
        vehicle.broken = true;
      });
    case "vehicle-repaired":
      return withVehicle(engine, input.vehicle, (vehicle) => {
        vehicle.broken = false;
      });
    case "pause":
    case "resume":
      return setPaused(engine, input.vehicle, input.kind === "pause");
    case "close-lane":
    case "open-lane": {
      const known = setLaneClosed(engine, input.lane, input.kind === "close-lane");
      return known ? null : ["unknown-lane", input.lane];
    }
    case "station-out":
    case "station-in": {
      const station = engine.stationIndex.get(input.station);
      if (station === undefined) return ["unknown-station", input.station];
      engine.book.stationOut[station] = input.kind === "station-out" ? 1 : 0;
      engine.labelsStale = true;
      engine.blockRetryTick = 0;
      return null;
    }
  }
}

function withVehicle(engine: Engine, id: string, change: (vehicle: VehicleWorld) => void): Refused {
  const vehicle = engine.vehicleById.get(id);
  if (vehicle === undefined) return ["unknown-vehicle", id];
  change(vehicle);
  return null;
}

/** Pauses or resumes one vehicle, or all of them: each is told, and is granted nothing meanwhile. */
function setPaused(engine: Engine, id: string | null, paused: boolean): Refused {
  if (id !== null && !engine.vehicleById.has(id)) return ["unknown-vehicle", id];
  for (const vehicle of engine.vehicles) {
    if ((id !== null && vehicle.id !== id) || vehicle.paused === paused) continue;
    vehicle.paused = paused;
    const actionType = paused ? "startPause" : "stopPause";
    engine.outputs.push({
      kind: "instant-action",
      message: { vehicle: vehicle.id, actionId: `${actionType}#${++engine.actionCount}`, actionType, parameters: {} },
    });
  }
  return null;
}

function admit(engine: Engine, id: string, type: string, bay: string): Refused {
  const { options } = engine;
  if (engine.vehicleById.has(id)) return ["duplicate-vehicle", id];
  if (type !== options.type.type) return ["unknown-type", type];
  const stand = engine.standByBay.get(bay);
  if (stand === undefined) return ["unknown-bay", bay];
  if (!options.graph.stands[stand]!.haven) return ["not-a-haven", bay];
  if (engine.vehicles.length >= options.vehiclesMax) return ["fleet-full", String(options.vehiclesMax)];
  const index = engine.vehicles.length;
  if (!admitVehicle(engine.book, index, stand)) return ["bay-occupied", bay];
  const vehicle: VehicleWorld = {
    index,
    id,
    connection: "ONLINE",
    state: null,
    stateMs: engine.nowMs,
    broken: false,
    paused: false,
    silent: false,
    shielded: false,
    pieces: [],
    piece: 0,
    positionM: 0,
    speedMps: 0,
    grantedEndM: 0,
    baseEndM: 0,
    heldFromM: 0,
    followed: false,
    legs: [],
    held: new Map(),
    orderId: "",
    orderSequence: 0,
    orderEnded: false,
    orderUpdateId: 0,
    lastNode: null,
    sent: new Map(),
    retryActionMs: 0,
    todo: [],
    wantsPlan: null,
    planFailed: false,
    plannedTick: 0,
    waitingSinceMs: engine.nowMs,
    charging: false,
    chargeReleased: false,
    leaveCharger: false,
    releaseSoc: 0,
    retargeted: new Set(),
    waitingFor: null,
  };
  engine.vehicles.push(vehicle);
  engine.vehicleById.set(id, vehicle);
  occupyStand(engine, vehicle, stand);
  engine.outputs.push({
    kind: "reservation",
    message: {
      vehicle: id,
      resource: options.graph.stands[stand]!.id,
      kind: "place",
      side: "",
      fromM: 0,
      toM: 0,
      event: "granted",
      seq: engine.placeGrants[stand]!++,
    },
  });
  emitPlan(engine, vehicle, "admitted");
  return null;
}

/** The job is with the vehicle, or done: what it stands for can no longer be taken back. */
function isSent(vehicle: VehicleWorld, job: string): boolean {
  for (const service of vehicle.sent.values()) if (service.job === job) return true;
  return false;
}

function cancelOrder(engine: Engine, id: string): Refused {
  const record = engine.orders.get(id);
  const vehicle = record?.vehicle == null ? null : engine.vehicleById.get(record.vehicle)!;
  if (vehicle !== null && isSent(vehicle, `pick:${id}`)) return ["already-picked-up", id];
  const assigned = record?.phase === "assigned";
  const refusal = engine.orders.cancel(id, engine.nowMs);
  if (refusal !== null) return [refusal.kind, refusal.detail];
  if (assigned && vehicle !== null) {
    takeOff(vehicle, id);
    vehicle.wantsPlan = "cancelled";
  }
  return null;
}

function retargetOrder(engine: Engine, id: string, to: string): Refused {
  const record = engine.orders.get(id);
  const vehicle = record?.vehicle == null ? null : engine.vehicleById.get(record.vehicle)!;
  if (vehicle !== null && isSent(vehicle, `drop:${id}`)) return ["order-closed", id];
  const refusal = engine.orders.retarget(id, to);
  if (refusal !== null) return [refusal.kind, refusal.detail];
  if (vehicle !== null && record !== undefined) {
    const todos = todosOf(engine, record.order, to);
    const drop = todos[todos.length - 1]!;
    vehicle.todo = vehicle.todo.map((todo) => (todo.job === drop.job ? drop : todo));
    vehicle.retargeted.add(drop.job);
    vehicle.wantsPlan = "retarget";
  }
  return null;
}
