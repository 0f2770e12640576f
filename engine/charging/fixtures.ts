import { referenceVehicle } from "../../planner/index.ts";
import type { ChargingVehicle } from "./plan-charging.ts";

/** A free vehicle with nothing to do; its next task takes 8 kWh and 14 min, a charger is 2 kWh away. */
export function chargingVehicle(index: number, soc: number, over: Partial<ChargingVehicle> = {}): ChargingVehicle {
  return {
    index,
    type: referenceVehicle,
    availableAtMs: 0,
    stand: 0,
    soc,
    idle: true,
    charger: -1,
    releaseSoc: 0,
    nextTaskKwh: 8,
    nextTaskMs: 840_000,
    reachChargerKwh: 2,
    ...over,
  };
}
