import type { VehiclePhysics } from "../../config/index.ts";
import type { Prng } from "../../planner/index.ts";

/** Fixes in a second. */
const FIXES_PER_S = 10;
/** Share of a fix's innovation that the estimate takes over. */
const GAIN = 0.25;
/** Correlation time of a fix's error, seconds. */
const CORRELATION_S = 2;
/** Lateral offsets are known better than those along the way: the bound of the one is this share of the other's. */
const LATERAL_SHARE = 0.5;
/** Sum of 4 uniforms over (-1, 1) has variance 4/3. */
const FOUR_UNIFORMS_SD = Math.sqrt(4 / 3);

/**
 * Where the vehicle believes to be: odometry corrected by position fixes. Fixes have correlated noise within a bound,
 * and in episodes (a reflection, a wrong landmark) an offset; then they come with a wider bound, as a receiver's
 * protection level says. The bound of the estimate's error is propagated like the error itself, so the reported
 * uncertainty holds the true position always. While fixes are missing the odometry's drift adds up.
 */
export class Localisation {
  /** Estimate less truth along the way, metres; across, positive to the left; of the heading, radians. */
  alongM = 0;
  acrossM = 0;
  heading = 0;
  /** Bound of |alongM|, metres. */
  boundM: number;
  /** The odometry's relative error. */
  readonly drift: number;
  readonly #physics: VehiclePhysics;
  readonly #random: Prng;
  readonly #stepS: number;
  readonly #stepsPerFix: number;
  readonly #kept: number;
  readonly #noiseShare: number;
  #steps = 0;
  /** Noise of the fixes as a share of their bound: along, across, heading. */
  #noiseAlong = 0;
  #noiseAcross = 0;
  #noiseHeading = 0;
  #jumpAlongM = 0;
  #jumpAcrossM = 0;
  #jumpLeftS = 0;
  #lostS = 0;

  constructor(physics: VehiclePhysics, random: Prng, stepS: number) {
    this.#physics = physics;
    this.#random = random;
    this.#stepS = stepS;
    this.#stepsPerFix = Math.max(1, Math.round(1 / FIXES_PER_S / stepS));
    const fixS = this.#stepsPerFix * stepS;
    this.#kept = Math.exp(-fixS / CORRELATION_S);
    this.#noiseShare = Math.sqrt(1 - this.#kept * this.#kept) / 3;
    this.boundM = physics.markerNoiseM;
    this.drift = (2 * random.nextFloat() - 1) * physics.odometryDriftShare;
  }

  /** Fixes are off by an offset now. */
  get jumping(): boolean {
    return this.#jumpLeftS > 0;
  }

  /** No fixes for a time: the vehicle goes by its odometry alone. */
  lose(durationS: number): void {
    this.#lostS = Math.max(this.#lostS, durationS);
  }

  /** A step in which the vehicle drove `distanceM`; `atMarker`: near the marker of a bay or station. */
  step(distanceM: number, atMarker: boolean): void {
    this.alongM += distanceM * this.drift;
    this.boundM += distanceM * this.#physics.odometryDriftShare;
    if (this.#lostS > 0) {
      this.#lostS -= this.#stepS;
      return;
    }
    if (++this.#steps < this.#stepsPerFix) return;
    this.#steps = 0;
    this.#fix(atMarker);
  }

  #fix(atMarker: boolean): void {
    const { laneNoiseM, markerNoiseM, headingNoiseRad, jumpMaxM } = this.#physics;
    this.#noiseAlong = this.#next(this.#noiseAlong);
    this.#noiseAcross = this.#next(this.#noiseAcross);
    this.#noiseHeading = this.#next(this.#noiseHeading);
    this.#drawJump(atMarker);
    const noiseM = atMarker ? markerNoiseM : laneNoiseM;
    const jumps = this.#jumpLeftS > 0;
    const fixM = this.#noiseAlong * noiseM + (jumps ? this.#jumpAlongM : 0);
    const boundM = noiseM + (jumps ? jumpMaxM : 0);
    const acrossM = this.#noiseAcross * noiseM * LATERAL_SHARE + (jumps ? this.#jumpAcrossM : 0);
    this.alongM += GAIN * (fixM - this.alongM);
    this.boundM += GAIN * (boundM - this.boundM);
    this.acrossM += GAIN * (acrossM - this.acrossM);
    this.heading += GAIN * (this.#noiseHeading * headingNoiseRad - this.heading);
  }

  /** Jumps come by the time driven, and not at markers, which are unmistakable. */
  #drawJump(atMarker: boolean): void {
    const fixS = this.#stepsPerFix * this.#stepS;
    if (this.#jumpLeftS > 0) {
      this.#jumpLeftS = atMarker ? 0 : this.#jumpLeftS - fixS;
      return;
    }
    const { jumpsPerHour, jumpMaxM, jumpS } = this.#physics;
    if (atMarker || this.#random.nextFloat() >= (jumpsPerHour * fixS) / 3600) return;
    this.#jumpAlongM = (2 * this.#random.nextFloat() - 1) * jumpMaxM;
    this.#jumpAcrossM = (2 * this.#random.nextFloat() - 1) * jumpMaxM * LATERAL_SHARE * 0.5;
    this.#jumpLeftS = jumpS * (0.5 + this.#random.nextFloat());
  }

  /** First-order Gauss-Markov noise with standard deviation 1/3 and bound 1. */
  #next(noise: number): number {
    const random = this.#random;
    const sum = random.nextFloat() + random.nextFloat() + random.nextFloat() + random.nextFloat();
    const next = noise * this.#kept + ((2 * sum - 4) / FOUR_UNIFORMS_SD) * this.#noiseShare;
    return next > 1 ? 1 : next < -1 ? -1 : next;
  }
}
