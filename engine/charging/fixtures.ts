import type { VehicleType } from "../../planner/index.ts";
import type { ChargingVehicle } from "./plan-charging.ts";

/** The reference IGV of the corridor study, for tests. */
export const igv: VehicleType = {
  type: "igv-61t",
  lengthM: 15,
  widthM: 3,
  frontOverhangM: 3.5,
  rearOverhangM: 3.5,
  wheelbaseM: 8,
  minTurningRadiusM: 8.5,
  marginM: 0.25,
  standstillGapM: 3,
  maxSpeedEmptyMps: 8.33,
  maxSpeedLadenMps: 6.94,
  accelerationEmptyMps2: 0.5,
  accelerationLadenMps2: 0.35,
  serviceDecelerationMps2: 1.5,
  emergencyDecelerationMps2: 2.5,
  reactionS: 1,
  massEmptyKg: 26_500,
  payloadMaxKg: 61_000,
  modes: ["igv"],
  battery: { capacityKwh: 350, reserveSoc: 0.2, fullSoc: 0.9, chargePowerKw: 240 },
  consumption: { kwhPerTonneKm: 0.045, auxiliaryKw: 5, kwhPerLadenStop: 0.25 },
};

/** A free vehicle with nothing to do; its next task takes 8 kWh and 14 min, a charger is 2 kWh away. */
export function chargingVehicle(index: number, soc: number, over: Partial<ChargingVehicle> = {}): ChargingVehicle {
  return {
    index,
    type: igv,
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
