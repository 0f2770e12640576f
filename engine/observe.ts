/**
 * The last phase: what the tick looks like from outside. The shield looks every tick; figures and the watch for deadlocks
 * take a sample a second, which their definitions (seconds and more) allow.
 */
import { NONE } from "./deadlock/detect-deadlock.ts";
import type { WaitFact } from "./deadlock/index.ts";
import { emitEvent } from "./events.ts";
import type { Activity, Kpi, Task } from "./kpi/index.ts";
import type { OrderEventMessage } from "./messages.ts";
import { wordOf } from "./snapshot.ts";
import { noteWaits } from "./waits.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** Between two samples of figures and waits, ms. */
const SAMPLE_EVERY_MS = 1000;
/** A vehicle that has come this far since it last moved has moved, metres. */
const MOVED_M = 0.1;
/** A station works while it has served somebody within this time, ms. */
const WORKING_MS = 900_000;

export function observe(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (vehicle.state?.driving === true) vehicle.waitingSinceMs = engine.nowMs;
  }
  const { observer } = engine;
  const stopped = observer.shielding.look(engine);
  for (let i = 0; i < stopped; i++) observer.kpi.shieldStopped();
  observer.kpi.separation(observer.shielding.minSeparationM);
  noteWaits(engine);
  if (engine.nowMs - observer.sampledMs >= SAMPLE_EVERY_MS) {
    sampleFigures(engine);
    watchForDeadlocks(engine);
  }
  for (const output of engine.outputs) if (output.kind === "order-event") countOrder(engine, output.message);
}

/** The figures as of now, by the definitions of `Kpi`. */
export function kpis(engine: Engine): Kpi {
  return engine.observer.kpi.snapshot(engine.orders.counts);
}

function sampleFigures(engine: Engine): void {
  const { observer } = engine;
  const { kpi, sampledM } = observer;
  const dtMs = engine.nowMs - observer.sampledMs;
  observer.sampledMs = engine.nowMs;
  kpi.advance(engine.nowMs, engine.vehicles.length);
  const { capacityKwh } = engine.options.type.battery;
  for (const vehicle of engine.vehicles) {
    const { state, index, positionM } = vehicle;
    if (state === null) continue;
    const droveM = positionM - sampledM[index]!;
    sampledM[index] = positionM;
    const laden = state.loads.length > 0;
    kpi.vehicle(index, dtMs, activityOf(engine, vehicle), taskOf(vehicle), droveM, laden, state.soc, capacityKwh);
  }
}

function activityOf(engine: Engine, vehicle: VehicleWorld): Activity {
  switch (wordOf(engine, vehicle)) {
    case "driving":
      return "moving";
    case "serving":
      return "serving";
    case "charging":
      return "charging";
    case "blocked":
      return vehicle.broken || vehicle.silent || !vehicle.paused ? "down" : standing(vehicle);
    case "waiting":
    case "resting":
      return standing(vehicle);
  }
}

/** A start or a stop of its own drive is no wait: that has a reason. */
function standing(vehicle: VehicleWorld): Activity {
  if (!hasOrder(vehicle)) return "resting";
  return vehicle.wait === null || vehicle.wait.code === "service" ? "serving" : "waiting";
}

function taskOf(vehicle: VehicleWorld): Task {
  if (!hasOrder(vehicle)) return "none";
  return vehicle.wait === null || vehicle.wait.code === "service" ? "worked" : "held";
}

function hasOrder(vehicle: VehicleWorld): boolean {
  return vehicle.todo.some((todo) => todo.order !== "");
}

function countOrder(engine: Engine, message: OrderEventMessage): void {
  if (message.event !== "pickedUp" && message.event !== "delivered") return;
  const record = engine.orders.get(message.order);
  if (record === undefined) return;
  const since = Math.max(record.order.releaseMs, record.acceptedMs);
  const { kpi } = engine.observer;
  kpi.advance(engine.nowMs, engine.vehicles.length);
  if (message.event === "delivered") kpi.delivered(since);
  else {
    const { site } = engine.options;
    const side = site.stations[engine.stationIndex.get(record.order.from)!]!.side;
    kpi.pickedUp(engine.vehicleById.get(message.vehicle!)!.index, side, since);
  }
}

function watchForDeadlocks(engine: Engine): void {
  const { observer } = engine;
  for (const vehicle of engine.vehicles) {
    if (vehicle.wait?.code === "service") observer.servedMs.set(vehicle.wait.resource, engine.nowMs);
  }
  const facts = engine.vehicles.map((vehicle) => waitFact(engine, vehicle));
  const episodes = observer.deadlocks.update(engine.nowMs, facts);
  observer.kpi.deadlocked(episodes.length);
  for (const { reason, vehicles } of episodes) {
    const names = vehicles.map((index) => engine.vehicles[index]!.id);
    emitEvent(engine, "deadlock", names[0] ?? null, { reason, vehicles: names.join(" ") });
  }
}

function waitFact(engine: Engine, vehicle: VehicleWorld): WaitFact {
  const { stoodM } = engine.observer;
  const moved = vehicle.positionM - stoodM[vehicle.index]! > MOVED_M;
  if (moved) stoodM[vehicle.index] = vehicle.positionM;
  return {
    index: vehicle.index,
    moved,
    hasTask: hasOrder(vehicle),
    fault: isOut(vehicle),
    waitsFor: waitsFor(engine, vehicle),
    explained: isExplained(engine, vehicle),
  };
}

/** It cannot move whatever the traffic does: a fault, or a person's pause. */
function isOut(vehicle: VehicleWorld): boolean {
  return vehicle.broken || vehicle.silent || vehicle.paused || vehicle.state?.operatingMode !== "AUTOMATIC";
}

/** The vehicle that it waits for with an order in hand, or NONE. */
function waitsFor(engine: Engine, vehicle: VehicleWorld): number {
  if (vehicle.wait === null || isOut(vehicle) || !hasOrder(vehicle)) return NONE;
  return engine.vehicleById.get(vehicle.wait.vehicle)?.index ?? NONE;
}

/** Its chain of waits ends at a fault, a pause, a closure, somebody who is being served, or a station that works. */
function isExplained(engine: Engine, vehicle: VehicleWorld): boolean {
  let at: VehicleWorld | undefined = vehicle;
  for (let links = 0; at !== undefined && links <= engine.vehicles.length; links++) {
    if (isOut(at)) return true;
    switch (at.wait?.code) {
      case "service":
      case "closed":
      case "station-out":
      case "blocked":
      case "paused":
        return true;
      case "queue-at-station":
      case "action-retry": {
        const servedMs = engine.observer.servedMs.get(at.wait.resource) ?? Number.NEGATIVE_INFINITY;
        if (engine.nowMs - servedMs <= WORKING_MS) return true;
      }
    }
    at = at.wait === null ? undefined : engine.vehicleById.get(at.wait.vehicle);
  }
  return false;
}
