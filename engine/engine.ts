import { grantedSteps, isAtRest } from "../planner/index.ts";
import { assert } from "./assert.ts";
import { detectFaults, isHeldUp, renewLabels, replanHeldUp, retimeAll } from "./blocks.ts";
import { followCharging, planChargingSessions, usualTask } from "./charging-phase.ts";
import { dispatchOrders } from "./dispatching.ts";
import { estimate } from "./estimate.ts";
import { endOrders, extendOrders } from "./extend-orders.ts";
import { grantLegs, isBlocked } from "./grant-legs.ts";
import { absorb } from "./inputs.ts";
import { freeOrdersOfLost } from "./lost-vehicles.ts";
import type { EngineInput, EngineOutput, Tick } from "./messages.ts";
import { observe } from "./observe.ts";
import { planEndMs, planVehicle } from "./tasks.ts";
import { createWorld, type Engine, type EngineOptions } from "./world.ts";

/** A plan that does not come about is tried again after so many ticks. */
const RETRY_TICKS = 100;
/** A waiting vehicle's plan is replaced only by one that ends earlier by at least this, ms. */
const BETTER_MS = 5_000;
/** It waits this long before another plan is looked for, ms. */
const PATIENCE_MS = 10_000;

/** An engine at tick 0 with an empty fleet; everything else comes as inputs. */
export function createEngine(options: Pick<EngineOptions, "site" | "type" | "graph"> & Partial<EngineOptions>): Engine {
  const engine = createWorld(options);
  engine.usualTask = usualTask(engine);
  return engine;
}

/** Advances the fleet by one tick. Runs to completion: it never waits, reads no clock and touches no I/O. */
export function step(engine: Engine, tick: Tick, inputs: readonly EngineInput[]): readonly EngineOutput[] {
  assert(tick === engine.tick + 1, `tick ${tick} follows ${engine.tick}`);
  engine.tick = tick;
  engine.nowMs = tick * engine.options.tickMs;
  engine.book.nowMs = engine.nowMs;
  engine.outputs = [];
  absorb(engine, inputs); // vehicle states, orders, commands
  const blocks = detectFaults(engine); // silent, broken, paused
  refreshLabels(engine, blocks); // estimates and labels
  if (engine.options.reservations || engine.tick % 10 === 0) plan(engine); // dispatch, charging, plans
  grantLegs(engine); // plans -> grants
  extendOrders(engine); // grants -> longer base
  endOrders(engine);
  for (const message of engine.orders.drainEvents()) engine.outputs.push({ kind: "order-event", message });
  observe(engine); // shield, KPIs, deadlocks
  engine.digest.addTick(tick, engine.outputs);
  return engine.outputs;
}

function refreshLabels(engine: Engine, blocks: boolean): void {
  const every = engine.options.estimateEveryTicks;
  for (const vehicle of engine.vehicles) {
    if ((engine.tick + vehicle.index) % every === 0 && vehicle.legs.length > 0 && !isBlocked(vehicle)) {
      estimate(engine, vehicle);
    }
  }
  const wanted = engine.vehicles.some((vehicle) => vehicle.wantsPlan !== null);
  const due = engine.tick % engine.options.dispatchEveryTicks === 0;
  if (blocks || (engine.labelsStale && (wanted || due))) retimeAll(engine);
}

function plan(engine: Engine): void {
  const due = engine.tick % engine.options.dispatchEveryTicks === 0;
  if (due) {
    freeOrdersOfLost(engine);
    followCharging(engine);
    planChargingSessions(engine);
    dispatchOrders(engine);
    followCharging(engine);
  }
  let budget = engine.options.expansionsPerTick;
  for (const vehicle of engine.vehicles) {
    if (budget <= 0) break;
    if (vehicle.wantsPlan === null || vehicle.state === null || isBlocked(vehicle)) continue;
    if (engine.tick < vehicle.plannedTick + RETRY_TICKS && vehicle.planFailed) continue;
    renewLabels(engine);
    vehicle.plannedTick = engine.tick;
    const reason = vehicle.wantsPlan;
    const result = planVehicle(engine, vehicle, reason);
    budget -= result.expansions;
    vehicle.planFailed = result.kind !== "planned";
    if (result.kind === "planned") {
      vehicle.wantsPlan = null;
      vehicle.leaveCharger = false;
    }
  }
  if (!due) return;
  if (engine.labelsStale) retimeAll(engine);
  replanHeldUp(engine);
  for (const vehicle of engine.vehicles) if (budget > 0) budget -= lookForBetter(engine, vehicle);
}

/** A vehicle that waits for others looks for a plan that ends earlier; the old one stands if there is none. */
function lookForBetter(engine: Engine, vehicle: Engine["vehicles"][number]): number {
  if (vehicle.waitingFor === null || vehicle.wantsPlan !== null || isBlocked(vehicle)) return 0;
  if (engine.nowMs - vehicle.waitingSinceMs < PATIENCE_MS) return 0;
  if (engine.tick < vehicle.plannedTick + engine.options.replanEveryTicks) return 0;
  const traffic = engine.book.vehicles[vehicle.index]!;
  if (isAtRest(traffic) || grantedSteps(traffic) === traffic.steps.length || isHeldUp(engine, vehicle)) return 0;
  vehicle.plannedTick = engine.tick;
  renewLabels(engine);
  const result = planVehicle(engine, vehicle, "replanned-late", planEndMs(engine, vehicle) - BETTER_MS);
  if (result.kind === "planned") retimeAll(engine);
  return result.expansions;
}
