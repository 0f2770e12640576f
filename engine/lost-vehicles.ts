/** Orders of vehicles that will not fetch them: they go back before pick-up, so that whoever is free takes them. */
import { takeOff } from "./dispatching.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** A silent vehicle keeps its orders this long: most are heard again soon, ms. */
const SILENT_MS = 60_000;

export function freeOrdersOfLost(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (!isLost(engine, vehicle)) continue;
    for (const { phase, vehicle: id, order } of [...engine.orders.open]) {
      if (phase !== "assigned" || id !== vehicle.id || isPicking(vehicle, order.id)) continue;
      takeOff(vehicle, order.id);
      engine.orders.free(order.id, "vehicle-lost");
    }
  }
}

function isLost(engine: Engine, vehicle: VehicleWorld): boolean {
  if (vehicle.state === null) return false;
  if (vehicle.broken || vehicle.state.operatingMode !== "AUTOMATIC") return true;
  return vehicle.silent && engine.nowMs - vehicle.stateMs > SILENT_MS;
}

/** The pick-up was ordered: the container may be on its way onto the vehicle. */
function isPicking(vehicle: VehicleWorld, order: string): boolean {
  for (const service of vehicle.sent.values()) if (service.job === `pick:${order}`) return true;
  return false;
}
