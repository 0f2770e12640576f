/**
 * Temperature of one body that takes up losses and gives heat to the air, and the share of its power that it may still
 * use: 1 up to the derating temperature, falling linearly to 0.3 at the greatest one.
 */
export interface HeatParameters {
  readonly heatCapacityKjpK: number;
  readonly coolingWpK: number;
  readonly deratingC: number;
  readonly maxC: number;
}

/** Share of the power that is left at the greatest temperature and above: enough to leave the way. */
export const HOT_SHARE = 0.3;

export class HeatBody {
  temperatureC: number;
  readonly #parameters: HeatParameters;

  constructor(parameters: HeatParameters, temperatureC: number) {
    this.#parameters = parameters;
    this.temperatureC = temperatureC;
  }

  /** Takes up `lossJ` over `durationS` in air of `ambientC`; exact for constant loss, whatever the step. */
  advance(lossJ: number, durationS: number, ambientC: number): void {
    if (durationS <= 0) return;
    const { heatCapacityKjpK, coolingWpK } = this.#parameters;
    const restC = ambientC + lossJ / durationS / coolingWpK;
    const kept = Math.exp((-durationS * coolingWpK) / (heatCapacityKjpK * 1000));
    this.temperatureC = restC + (this.temperatureC - restC) * kept;
  }

  /** Share of its power that may be used, HOT_SHARE..1. */
  get share(): number {
    const { deratingC, maxC } = this.#parameters;
    if (this.temperatureC <= deratingC) return 1;
    const left = 1 - ((1 - HOT_SHARE) * (this.temperatureC - deratingC)) / (maxC - deratingC);
    return Math.max(HOT_SHARE, left);
  }
}
