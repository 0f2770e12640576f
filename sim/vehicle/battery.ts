import type { VehicleType } from "../../planner/index.ts";

/**
 * State of charge: driving costs energy by gross mass and distance, the auxiliaries by time, each stop of a laden
 * vehicle a fixed amount; a charger adds constant power and feeds the auxiliaries meanwhile.
 */
export class Battery {
  /** kWh drawn for driving, stops and auxiliaries since the start. */
  usedKwh = 0;
  /** kWh charged since the start. */
  chargedKwh = 0;
  readonly #type: VehicleType;
  #energyKwh: number;

  constructor(type: VehicleType, soc: number) {
    this.#type = type;
    this.#energyKwh = soc * type.battery.capacityKwh;
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
    const added = Math.max(0, Math.min(missing, (battery.chargePowerKw * durationMs) / 3_600_000));
    this.#energyKwh += added;
    this.chargedKwh += added;
    return added >= missing;
  }

  #draw(kwh: number): void {
    const drawn = Math.min(kwh, this.#energyKwh);
    this.#energyKwh -= drawn;
    this.usedKwh += drawn;
  }
}
