import type { VehicleType } from "../../planner/index.ts";

const KG_PER_TONNE = 1000;
const SECONDS_PER_HOUR = 3600;

/** Usual mean speed of a drive in m/s, by which auxiliary power becomes energy per km (assumption: corridor and yard mixed). */
export const USUAL_SPEED_MPS = 4.5;

/**
 * kWh drawn for a drive of `km` in `driveS` seconds with `loadKg` on board. Rolling and air in proportion to the gross
 * mass, auxiliaries in proportion to time (model and values: corridor study, reference IGV).
 */
export function driveKwh(type: VehicleType, km: number, loadKg: number, driveS: number): number {
  const { kwhPerTonneKm, auxiliaryKw } = type.consumption;
  return (kwhPerTonneKm * (type.massEmptyKg + loadKg) * km) / KG_PER_TONNE + (auxiliaryKw * driveS) / SECONDS_PER_HOUR;
}

/** kWh per km with `loadKg` on board at the usual speed: what dispatch reckons with. */
export function kwhPerKm(type: VehicleType, loadKg: number): number {
  return driveKwh(type, 1, loadKg, 1000 / USUAL_SPEED_MPS);
}

/** kWh per km that a load of `loadKg` adds. */
export function loadKwhPerKm(type: VehicleType, loadKg: number): number {
  return (type.consumption.kwhPerTonneKm * loadKg) / KG_PER_TONNE;
}

/** kWh of `ladenStops` stops with a load and of standing `standS` seconds with the auxiliaries on. */
export function stopsKwh(type: VehicleType, ladenStops: number, standS: number): number {
  return ladenStops * type.consumption.kwhPerLadenStop + (type.consumption.auxiliaryKw * standS) / SECONDS_PER_HOUR;
}

/** kWh above the reserve at a state of charge; negative below it. */
export function marginKwh(type: VehicleType, soc: number): number {
  return (soc - type.battery.reserveSoc) * type.battery.capacityKwh;
}

/** Seconds to charge from one state of charge to another at the type's constant power; 0 if it is there already. */
export function chargeS(type: VehicleType, fromSoc: number, toSoc: number): number {
  const kwh = Math.max(0, toSoc - fromSoc) * type.battery.capacityKwh;
  return (kwh / type.battery.chargePowerKw) * SECONDS_PER_HOUR;
}
