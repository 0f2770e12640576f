/** The absorb phase: every input in the order in which it came. What is refused changes nothing and says why. */
import { admitVehicle, NONE } from "../planner/index.ts";
import { setLaneClosed } from "./blocks.ts";
import { takeOff } from "./dispatching.ts";
import { emitEvent } from "./events.ts";
import { occupyStand } from "./ground.ts";
import type { EngineInput, VehicleState } from "./messages.ts";
import { absorbState } from "./progress.ts";
import type { RefusalReason } from "./reasons.ts";
import { sendPause } from "./shielding.ts";
import { emitPlan, todosOf } from "./tasks.ts";
import type { Engine, VehicleWorld } from "./world.ts";

export function absorb(engine: Engine, inputs: readonly EngineInput[]): void {
  for (const input of inputs) {
    const refused = take(engine, input);
    if (refused !== null) refuse(engine, input.kind, refused[0], refused[1]);
  }
}

function refuse(engine: Engine, input: string, reason: RefusalReason, subject: string): void {
  emitEvent(engine, "refused", null, { input, reason, subject });
}

type Refused = readonly [RefusalReason, string] | null;

function take(engine: Engine, input: EngineInput): Refused {
  switch (input.kind) {
    case "vehicle-state": {
      const vehicle = engine.vehicleById.get(input.state.vehicle);
      if (vehicle === undefined) return ["unknown-vehicle", input.state.vehicle];
      noteFaults(engine, vehicle, input.state);
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
      if (refusal !== null) return [refusal.kind, refusal.detail];
      emitEvent(engine, "prioritised", null, { order: input.order, priority: input.priority });
      return null;
    }
    case "retarget-transport-order":
      return retargetOrder(engine, input.order, input.to);
    case "admit-vehicle":
      return admit(engine, input.vehicle, input.type, input.bay);
    case "vehicle-broken":
      return withVehicle(engine, input.vehicle, (vehicle) => {
        vehicle.declaredBroken = true;
        noteBroken(engine, vehicle, "declared");
      });
    case "vehicle-repaired":
      return withVehicle(engine, input.vehicle, (vehicle) => {
        vehicle.declaredBroken = false;
        noteBroken(engine, vehicle, "declared");
      });
    case "pause":
    case "resume":
      return setPaused(engine, input.vehicle, input.kind === "pause");
    case "close-lane":
    case "open-lane":
      return setLane(engine, input.lane, input.kind === "close-lane");
    case "station-out":
    case "station-in":
      return setStationOut(engine, input.station, input.kind === "station-out");
  }
}

function withVehicle(engine: Engine, id: string, change: (vehicle: VehicleWorld) => void): Refused {
  const vehicle = engine.vehicleById.get(id);
  if (vehicle === undefined) return ["unknown-vehicle", id];
  change(vehicle);
  return null;
}

/** A vehicle is broken if a person says so, it reports a fatal error, or it stands in an emergency stop. */
function noteBroken(engine: Engine, vehicle: VehicleWorld, cause: string): void {
  const broken = vehicle.declaredBroken || vehicle.reportsFault;
  if (broken === vehicle.broken) return;
  vehicle.broken = broken;
  if (broken) emitEvent(engine, "vehicle-broken", vehicle.id, { cause });
  else emitEvent(engine, "vehicle-repaired", vehicle.id);
}

/** What a state says of the vehicle's ability to follow orders, against the state before it. */
function noteFaults(engine: Engine, vehicle: VehicleWorld, state: VehicleState): void {
  const stopped = state.eStop !== "NONE";
  vehicle.reportsFault = stopped || state.errors.some((error) => error.errorLevel === "FATAL");
  noteBroken(engine, vehicle, stopped ? "emergency-stop" : "fatal-error");
  const manual = state.operatingMode !== "AUTOMATIC";
  const wasManual = vehicle.state !== null && vehicle.state.operatingMode !== "AUTOMATIC";
  if (manual === wasManual) return;
  if (manual) emitEvent(engine, "vehicle-manual", vehicle.id, { mode: state.operatingMode });
  else emitEvent(engine, "vehicle-automatic", vehicle.id);
}

function setLane(engine: Engine, lane: string, closed: boolean): Refused {
  const was = isClosed(engine, lane);
  if (!setLaneClosed(engine, lane, closed)) return ["unknown-lane", lane];
  if (was !== closed) emitEvent(engine, closed ? "lane-closed" : "lane-opened", null, { lane });
  return null;
}

function isClosed(engine: Engine, lane: string): boolean {
  const forth = engine.laneIndex.get(lane);
  return forth !== undefined && engine.closedLanes.has(forth);
}

function setStationOut(engine: Engine, id: string, out: boolean): Refused {
  const station = engine.stationIndex.get(id);
  if (station === undefined) return ["unknown-station", id];
  if ((engine.book.stationOut[station] === 1) === out) return null;
  engine.book.stationOut[station] = out ? 1 : 0;
  engine.labelsStale = true;
  engine.blockRetryTick = 0;
  emitEvent(engine, out ? "station-out" : "station-in", null, { station: id });
  return null;
}

/** Pauses or resumes one vehicle, or all of them: each is told, and is granted nothing meanwhile. */
function setPaused(engine: Engine, id: string | null, paused: boolean): Refused {
  if (id !== null && !engine.vehicleById.has(id)) return ["unknown-vehicle", id];
  for (const vehicle of engine.vehicles) {
    if ((id !== null && vehicle.id !== id) || vehicle.paused === paused) continue;
    vehicle.paused = paused;
    emitEvent(engine, paused ? "vehicle-paused" : "vehicle-resumed", vehicle.id);
    // Whom the shield holds goes on by the shield's rule.
    if (!vehicle.shielded) sendPause(engine, vehicle, paused ? "startPause" : "stopPause");
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
    shieldedBy: NONE,
    shieldClearLooks: 0,
    declaredBroken: false,
    reportsFault: false,
    pieces: [],
    piece: 0,
    positionM: 0,
    speedMps: 0,
    grantedEndM: 0,
    baseEndM: 0,
    heldFromM: 0,
    followed: false,
    behind: NONE,
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
    wait: null,
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
  emitEvent(engine, "retargeted", vehicle?.id ?? null, { order: id, to });
  if (vehicle !== null && record !== undefined) {
    const todos = todosOf(engine, record.order, to);
    const drop = todos[todos.length - 1]!;
    vehicle.todo = vehicle.todo.map((todo) => (todo.job === drop.job ? drop : todo));
    vehicle.retargeted.add(drop.job);
    vehicle.wantsPlan = "retarget";
  }
  return null;
}
