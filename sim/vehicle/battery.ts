import type { VehiclePhysics } from "../../config/index.ts";
import type { VehicleType } from "../../planner/index.ts";
import { type Conditions, HeatBody, KWH_J, socAfter } from "../physics/index.ts";

/**
 * State of charge. Ideal: driving costs energy by gross mass and distance, the auxiliaries by time, each stop of a laden
 * vehicle a fixed amount; a charger adds constant power and feeds the auxiliaries meanwhile. With physics the drive says
 * what it takes, charging power falls as the battery fills (`socAfter`) and while it is hot.
 */
export class Battery {
  /** kWh drawn for driving, stops and auxiliaries since the start. */
  usedKwh = 0;
  /** kWh charged since the start. */
  chargedKwh = 0;
  readonly #type: VehicleType;
  #energyKwh: number;
  readonly #taperSoc: number;
  readonly #physical: { readonly heat: HeatBody; readonly conditions: Conditions; readonly lossShare: number } | null;
  /** Energy that went in or out since the battery's temperature was last renewed, and the time, J and s. */
  #movedJ = 0;
  #movedS = 0;

  constructor(
    type: VehicleType,
    soc: number,
    physics: { readonly parameters: VehiclePhysics; readonly conditions: Conditions } | null = null,
  ) {
    this.#type = type;
    this.#energyKwh = soc * type.battery.capacityKwh;
    this.#taperSoc = physics === null ? 1 : physics.parameters.taperSoc;
    this.#physical = physics === null ? null : heated(physics.parameters, physics.conditions);
  }

  /** Temperature, °C; of the air where heat is not modelled. */
  get temperatureC(): number {
    return this.#physical?.heat.temperatureC ?? 0;
  }

  /** 0..1. */
  get soc(): number {
    return this.#energyKwh / this.#type.battery.capacityKwh;
  }

  get empty(): boolean {
    return this.#energyKwh <= 0;
  }

  drive(distanceM: number, grossKg: number): void {
    this.#draw(((this.#type.consumption.kwhPerTonneKm * grossKg) / 1000) * (distanceM / 1000));
  }

  stopLaden(count: number): void {
    this.#draw(this.#type.consumption.kwhPerLadenStop * count);
  }

  idle(durationMs: number): void {
    this.#draw((this.#type.consumption.auxiliaryKw * durationMs) / 3_600_000);
  }

  /** Charges for at most `durationMs` up to `untilSoc`; true when that is reached. */
  charge(durationMs: number, untilSoc: number): boolean {
    const battery = this.#type.battery;
    const missing = Math.min(untilSoc, 1) * battery.capacityKwh - this.#energyKwh;
    const added = Math.max(0, Math.min(missing, this.#offeredKwh(durationMs)));
    this.#energyKwh += added;
    this.chargedKwh += added;
    this.#warm(added, durationMs);
    return added >= missing;
  }

  #offeredKwh(durationMs: number): number {
    const { capacityKwh, chargePowerKw } = this.#type.battery;
    if (this.#physical === null) return (chargePowerKw * durationMs) / 3_600_000;
    const rate = (chargePowerKw * this.#physical.heat.share) / capacityKwh / 3600;
    return (socAfter(this.soc, durationMs / 1000, rate, this.#taperSoc) - this.soc) * capacityKwh;
  }

  /** Draws what drive and auxiliaries took; negative where braking gave more back. */
  use(driveKwh: number, durationMs: number): void {
    this.#draw(driveKwh);
    this.#warm(Math.abs(driveKwh), durationMs);
  }

  #warm(kwh: number, durationMs: number): void {
    if (this.#physical === null) return;
    const { heat, conditions, lossShare } = this.#physical;
    this.#movedJ += kwh * KWH_J;
    this.#movedS += durationMs / 1000;
    // Once a second is often enough for a body of hours.
    if (this.#movedS < 1) return;
    heat.advance(this.#movedJ * lossShare, this.#movedS, conditions.ambientC);
    this.#movedJ = 0;
    this.#movedS = 0;
  }

  #draw(kwh: number): void {
    const drawn = Math.max(this.#energyKwh - this.#type.battery.capacityKwh, Math.min(kwh, this.#energyKwh));
    this.#energyKwh -= drawn;
    this.usedKwh += drawn;
  }
}

function heated(parameters: VehiclePhysics, conditions: Conditions) {
  const heat = new HeatBody(
    {
      heatCapacityKjpK: parameters.batteryHeatCapacityKjpK,
      coolingWpK: parameters.batteryCoolingWpK,
      deratingC: parameters.batteryDeratingC,
      maxC: parameters.batteryMaxC,
    },
    conditions.ambientC,
  );
  return { heat, conditions, lossShare: parameters.batteryLossShare };
}
