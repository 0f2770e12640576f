/** What the engine knows of the fleet now, for recorders, viewers and the API. */
import { isAtRest } from "../planner/index.ts";
import type { VehicleWaitFact } from "./waits.ts";
import type { Engine, VehicleWorld } from "./world.ts";

export type VehicleWord = "resting" | "driving" | "waiting" | "serving" | "charging" | "blocked";

export interface VehicleSnapshot {
  readonly id: string;
  readonly state: VehicleWord;
  /** Stand that it is at or was last at. */
  readonly node: string;
  /** Transport order that it carries or fetches, or "". */
  readonly order: string;
  /** Code, and vehicle and resource if there are some; "" when it waits for nothing. */
  readonly waitingFor: string;
  /** The same with its parts; null when it waits for nothing. */
  readonly wait: VehicleWaitFact | null;
  readonly soc: number;
}

export interface EngineSnapshot {
  readonly tick: number;
  readonly nowMs: number;
  readonly vehicles: readonly VehicleSnapshot[];
  readonly digest: string;
}

export function snapshot(engine: Engine): EngineSnapshot {
  return {
    tick: engine.tick,
    nowMs: engine.nowMs,
    vehicles: engine.vehicles.map((vehicle) => vehicleSnapshot(engine, vehicle)),
    digest: engine.digest.hex,
  };
}

export function vehicleSnapshot(engine: Engine, vehicle: VehicleWorld): VehicleSnapshot {
  const traffic = engine.book.vehicles[vehicle.index]!;
  return {
    id: vehicle.id,
    state: wordOf(engine, vehicle),
    node: engine.options.graph.stands[traffic.visits[0]!.stand]!.id,
    order: vehicle.todo.find((todo) => todo.order !== "")?.order ?? "",
    waitingFor: waitText(vehicle.wait),
    wait: vehicle.wait,
    soc: vehicle.state?.soc ?? 0,
  };
}

export function wordOf(engine: Engine, vehicle: VehicleWorld): VehicleWord {
  const { broken, silent, paused, state } = vehicle;
  if (broken || silent || paused || state?.operatingMode !== "AUTOMATIC") return "blocked";
  for (const service of vehicle.sent.values()) {
    if (!service.started) continue;
    return service.job.startsWith("startCharging:") ? "charging" : "serving";
  }
  if (state.driving) return "driving";
  if (isAtRest(engine.book.vehicles[vehicle.index]!) && vehicle.todo.length === 0) return "resting";
  return "waiting";
}

function waitText(wait: VehicleWaitFact | null): string {
  if (wait === null) return "";
  return [wait.code, wait.resource, wait.vehicle].filter((part) => part !== "").join(" ");
}
