import type { VehiclePhysics } from "../../config/index.ts";
import type { VehicleType } from "../../planner/index.ts";
import { MovingAverage } from "./moving-average.ts";

/** Feedback on the lateral and on the heading error, per metre driven. */
const LATERAL_GAIN_PER_M = 0.2;
const HEADING_GAIN_PER_M = 0.4;
/** Crab angle used to come back to the line, tangent. */
const CRAB_MAX = 0.06;
/** The wanted steering is averaged over the time that it takes to steer from this curvature to its opposite, 1/m. */
const RAMP_CURVATURE_PER_M = 1 / 12;

/**
 * All-wheel-steered vehicle that follows a line, in the line's own coordinates: lateral offset and heading error of the
 * centre. Kinematic bicycle model with both axles steered (Wong, Theory of Ground Vehicles, ch. 5), axles at half the wheelbase
 * from the centre; each axle with lag, greatest rate and greatest angle. The controller knows the line's curvature
 * ahead and measured errors; it turns by steering the axles against each other and comes back to the line by steering
 * them alike, so heading and offset do not disturb each other.
 */
export class Steering {
  /** Centre's offset from the line, metres, positive to the left; heading less the line's, radians. */
  offsetM = 0;
  headingError = 0;
  /** Tangents of the steering angles. */
  front = 0;
  rear = 0;
  readonly #halfWheelbaseM: number;
  readonly #lagShare: number;
  readonly #ratePerStep: number;
  readonly #tangentMax: number;
  readonly #ahead: MovingAverage;
  /** The curvature that the controller is told lies this far ahead in time, seconds. */
  readonly previewS: number;

  constructor(type: VehicleType, physics: VehiclePhysics, stepS: number) {
    this.#halfWheelbaseM = type.wheelbaseM / 2;
    this.#lagShare = stepS / (physics.steeringLagS + stepS);
    this.#ratePerStep = physics.steeringRateRadps * stepS;
    this.#tangentMax = Math.tan(physics.steeringAngleMaxRad);
    // Steering that ramps as fast as it can stays near the line if the ramp is centred on the change of curvature.
    const rampS = (2 * Math.atan(RAMP_CURVATURE_PER_M * this.#halfWheelbaseM)) / physics.steeringRateRadps;
    this.#ahead = new MovingAverage(Math.ceil(rampS / stepS));
    this.previewS = (this.#ahead.count * stepS) / 2 + physics.steeringLagS;
  }

  /**
   * Drives a step.
   * @param distanceM        driven by the centre
   * @param curvature        of the line here, 1/m
   * @param curvatureAhead   of the line `previewS` ahead
   * @param measuredOffsetM  what localisation says of `offsetM`
   * @param measuredHeading  and of `headingError`
   * @returns metres of progress along the line
   */
  step(
    distanceM: number,
    curvature: number,
    curvatureAhead: number,
    measuredOffsetM: number,
    measuredHeading: number,
  ): number {
    const half = this.#halfWheelbaseM;
    const turn = this.#ahead.push(curvatureAhead) - HEADING_GAIN_PER_M * measuredHeading;
    const crab = clamp(-LATERAL_GAIN_PER_M * measuredOffsetM - measuredHeading * 0.5, CRAB_MAX);
    this.front = this.#steer(this.front, clamp(crab + turn * half, this.#tangentMax));
    this.rear = this.#steer(this.rear, clamp(crab - turn * half, this.#tangentMax));
    const slip = (this.front + this.rear) / 2;
    const course = this.headingError + slip;
    const cosine = 1 - (course * course) / 2;
    const along = (distanceM * cosine) / (1 - curvature * this.offsetM);
    this.offsetM += distanceM * course * (1 - (course * course) / 6);
    const yaw = ((this.front - this.rear) / (2 * half)) * (1 - (slip * slip) / 2);
    this.headingError += yaw * distanceM - curvature * along;
    return along;
  }

  /** An axle's tangent after this step. */
  #steer(tangent: number, wanted: number): number {
    // d tan(angle) = (1 + tan²) d angle
    return tangent + clamp((wanted - tangent) * this.#lagShare, this.#ratePerStep * (1 + tangent * tangent));
  }
}

function clamp(value: number, most: number): number {
  return value > most ? most : value < -most ? -most : value;
}
