import type { VehicleType } from "./vehicle-type.ts";

/**
 * The reference IGV of the corridor study (15.0 x 3.0 m, gap 3 m, acceleration 0.5 empty and 0.35 laden, guaranteed
 * braking 1.5 m/s²), for small sites and tests. Runs take theirs from `config/vehicles`.
 */
export const referenceVehicle: VehicleType = {
  type: "igv",
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
