import type { VehiclePhysics } from "../../config/index.ts";
import type { Prng, VehicleType } from "../../planner/index.ts";
import {
  type Conditions,
  Delay,
  DriveTrain,
  excessM,
  extentOf,
  KWH_J,
  type LaneCurves,
  Localisation,
  MovingAverage,
  Steering,
} from "../physics/index.ts";
import type { LaneMap } from "./lane-map.ts";
import { Motion } from "./motion.ts";
import type { Path } from "./path.ts";
import { PathGround } from "./path-ground.ts";
import { canKeep, type DriveLimits } from "./speed-phase.ts";
import { SpeedPieces } from "./speed-pieces.ts";
import type { PhaseListener, VehicleMotion } from "./vehicle-motion.ts";

/** What makes a vehicle physical; conditions and curves are shared by all vehicles of a run. */
export interface PhysicsOptions {
  readonly parameters: VehiclePhysics;
  readonly conditions: Conditions;
  readonly curves: LaneCurves;
  /** Of this vehicle alone. */
  readonly random: Prng;
}

/** Length of a step, ms. */
export const PHYSICS_STEP_MS = 50;
const STEP_S = PHYSICS_STEP_MS / 1000;

/** The controller aims this far before the end of its authority, metres, and is there when it is as near as this. */
const AIM_SHORT_M = 0.01;
const SETTLED_M = 0.003;
/** It sets off again if, after a correction of its position, this much is missing. */
const RESUME_M = 0.02;
/** It waits for better fixes while the bound is wider than this, as a share of the fixes' own. */
const REST_BOUND = 1.15;
/** Feedback: speed for each metre behind the plan (within bounds), acceleration for each m/s. */
const POSITION_GAIN_PER_S = 1;
const CATCH_UP_MPS = 0.5;
/** It may be this much above a limit to catch up, m/s. */
const OVER_LIMIT_MPS = 0.03;
/** A plan that slows down more than this brakes, m/s². */
const BRAKES_MPS2 = -0.1;
const CREEP_MPS = 0.2;
const CREEP_LEAST_MPS = 0.015;
/** At this speed and where it wants to be the holding brake closes, m/s. */
const BRAKE_HOLDS_MPS = 0.02;
const SPEED_GAIN_PER_S = 2;
/** A vehicle that is farther behind its plan than this, by a correction of its position or weak traction, pulls it back. */
const LEFT_BEHIND_M = 0.3;
/** Range of the marker at a bay or station, metres. */
const MARKER_RANGE_M = 8;
/** Gradient under the vehicle follows that under its centre over this distance, metres. */
const GRADIENT_BLEND_M = 4;
/** A sample is told when speed or position would be this far from what the last one predicts. */
const SAMPLE_SPEED_MPS = 0.02;
const SAMPLE_POSITION_M = 0.02;
const SAMPLE_ACCELERATION_MPS2 = 0.15;
/** Share of the drive's limit that is planned with. */
const TRACTION_SHARE = 0.95;

/**
 * Motion of a vehicle with mass, actuators, steering and errors, in steps of 50 ms.
 *
 * On board, the closed form (`Motion`) plans speed over the path; a moving average makes the plan's jerk finite; force is
 * fed forward and corrected by feedback on position and speed. The controller knows an estimate of its position with
 * its bound, and drives the foremost place where it may be, so that the true position never passes the end of the
 * authority however large the error. The reaction time is what is left of the type's when smoothing and actuators are
 * taken off, so the whole takes as long as planning assumes.
 */
export class PhysicalMotion implements VehicleMotion {
  p = 0;
  v = 0;
  a = 0;
  stoodSinceMs: number;
  stops = 0;
  readonly steering: Steering;
  readonly localisation: Localisation;
  readonly drive: DriveTrain;
  /** Farthest from its line, and farthest reach beyond the planned footprint so far, metres. */
  offsetMaxM = 0;
  excessMaxM = 0;
  readonly #type: VehicleType;
  readonly #parameters: VehiclePhysics;
  readonly #conditions: Conditions;
  readonly #path: Path;
  #pathVersion = -1;
  readonly #ground: PathGround;
  readonly #pieces: SpeedPieces;
  readonly #plan: Motion;
  readonly #onPhase: PhaseListener;
  readonly #smooth: MovingAverage;
  readonly #delayP: Delay;
  readonly #delayV: Delay;
  /** From a command to its full effect: smoothing and actuators, ms. */
  readonly #leadMs: number;
  readonly #actuatorS: number;
  #limits: DriveLimits;
  #deceleration: number;
  #acceleration: number;
  #nowMs: number;
  /** The plan's own time: it does not pass while the vehicle is held. */
  #planMs: number;
  #authorityP = 0;
  /** Authorities that wait for their reaction time: [ms, p, ms, p, …] from #queueHead. */
  readonly #queue: number[] = [];
  #queueHead = 0;
  #haltAtMs = Number.POSITIVE_INFINITY;
  #resumeAtMs = Number.POSITIVE_INFINITY;
  #emergencyAtMs = Number.POSITIVE_INFINITY;
  #emergency = false;
  #held = true;
  #smoothP = 0;
  #smoothV = 0;
  #setP = 0;
  #setV = 0;
  #wanted = 0;
  #gradient = 0;
  /** The motion that was last told. */
  #toldMs = 0;
  #toldP = 0;
  #toldV = 0;
  #toldA = 0;
  readonly #extent;

  constructor(
    type: VehicleType,
    map: LaneMap,
    path: Path,
    limits: DriveLimits,
    startMs: number,
    options: PhysicsOptions,
    onPhase: PhaseListener,
  ) {
    const { parameters, conditions, random } = options;
    this.#type = type;
    this.#parameters = parameters;
    this.#conditions = conditions;
    this.#path = path;
    this.#limits = limits;
    this.#deceleration = limits.decelerationMps2;
    this.#acceleration = limits.accelerationMps2;
    this.#onPhase = onPhase;
    // The plan's deceleration is reached after as many steps as the jerk asks for.
    const windowS = limits.decelerationMps2 / parameters.jerkMps3;
    this.#smooth = new MovingAverage(Math.round(windowS / STEP_S));
    this.#actuatorS = parameters.actuatorDelayS + parameters.actuatorLagS;
    // One step more: a setpoint is of the end of the step before.
    const delaySteps = Math.round(this.#actuatorS / STEP_S) + 1;
    this.#delayP = new Delay(delaySteps);
    this.#delayV = new Delay(delaySteps);
    this.#leadMs = ((this.#smooth.count * STEP_S) / 2 + this.#actuatorS) * 1000;
    this.#pieces = new SpeedPieces((this.#smooth.count * STEP_S) / 2, 2 * parameters.laneNoiseM);
    this.#plan = new Motion(this.#pieces, limits, 0, () => {});
    this.#ground = new PathGround(path, map, options.curves);
    this.steering = new Steering(type, parameters, STEP_S);
    const massError = (2 * random.nextFloat() - 1) * parameters.massErrorShare;
    this.drive = new DriveTrain(type, parameters, conditions, STEP_S, massError);
    this.localisation = new Localisation(parameters, random, STEP_S);
    this.#extent = extentOf(type, 45);
    this.#nowMs = Math.floor(startMs / PHYSICS_STEP_MS) * PHYSICS_STEP_MS;
    this.#planMs = 0;
    this.stoodSinceMs = startMs;
    this.#placePlan();
  }

  get standing(): boolean {
    return this.#held;
  }

  /** Where it believes to be, and the foremost place where it may be, metres of the path. */
  get estimatedP(): number {
    return this.p + this.localisation.alongM;
  }

  get #foremostP(): number {
    return this.p + this.localisation.alongM + this.localisation.boundM;
  }

  begin(): void {
    this.p = 0;
    this.#authorityP = 0;
    this.#queue.length = 0;
    this.#queueHead = 0;
    this.#placePlan();
    this.#tell(0);
  }

  /** The plan begins anew where the vehicle stands. */
  #placePlan(): void {
    const at = this.#foremostP;
    this.#refreshPath();
    this.#plan.begin(at);
    this.#smooth.fill(at);
    this.#delayP.fill(at);
    this.#delayV.fill(0);
    this.#smoothP = at;
    this.#smoothV = 0;
    this.#setP = at;
    this.#setV = 0;
    this.#wanted = 0;
    this.#plan.extendAuthority(this.#planMs, this.#authorityP - AIM_SHORT_M);
  }

  extendAuthority(atMs: number, p: number): void {
    this.#queue.push(Math.max(this.#nowMs, atMs - this.#leadMs), p);
  }

  halt(atMs: number): void {
    this.#resumeAtMs = Number.POSITIVE_INFINITY;
    this.#haltAtMs = Math.min(this.#haltAtMs, Math.max(this.#nowMs, atMs - this.#leadMs));
  }

  stopAtOnce(atMs: number): void {
    const most = this.#type.emergencyDecelerationMps2 * this.#conditions.roadFactor;
    const rampS = most / this.#parameters.emergencyJerkMps3;
    const delayS = this.#parameters.emergencyReactionS - this.#actuatorS - rampS / 2 + STEP_S;
    this.#emergencyAtMs = atMs + Math.max(0, delayS) * 1000;
    this.#resumeAtMs = Number.POSITIVE_INFINITY;
    this.#haltAtMs = Math.min(this.#haltAtMs, this.#emergencyAtMs);
  }

  resume(atMs: number): void {
    this.#haltAtMs = Number.POSITIVE_INFINITY;
    this.#emergencyAtMs = Number.POSITIVE_INFINITY;
    this.#resumeAtMs = Math.max(this.#nowMs, atMs - this.#leadMs);
  }

  setLimits(limits: DriveLimits, grossKg: number): void {
    this.#limits = limits;
    this.#acceleration = limits.accelerationMps2;
    this.drive.setGross(grossKg);
    this.#plan.setLimits(this.#plannedLimits());
  }

  limitsChanged(): void {
    this.#refreshPath();
    this.#plan.limitsChanged();
  }

  standsAt(p: number): boolean {
    if (!this.#held) return false;
    const { alongM, boundM } = this.localisation;
    // After a leap of its position it waits for better fixes before it says that it is there.
    if (boundM > this.#restBoundM()) return false;
    return Math.abs(p - this.p - alongM) <= boundM + AIM_SHORT_M + RESUME_M;
  }

  hasReached(p: number): boolean {
    return this.estimatedP >= p || this.standsAt(p);
  }

  /** Energy taken from the battery since the last call, kWh. */
  takeEnergyKwh(durationS: number): number {
    return this.drive.takeEnergyJ(durationS) / KWH_J;
  }

  /** Heading of the line under the centre less that of the straight piece there. */
  headingOffset(lane: number, s: number): number {
    return this.#ground.headingOffset(lane, s);
  }

  advanceTo(tMs: number): void {
    if (this.#path.version !== this.#pathVersion) {
      this.#refreshPath();
      this.#plan.limitsChanged();
    }
    while (this.#nowMs + PHYSICS_STEP_MS <= tMs) {
      this.#takeCommands();
      if (this.#held && this.#mayStay()) {
        const restless = this.localisation.jumping || this.localisation.boundM > this.#restBoundM();
        if (restless) this.localisation.step(0, this.#ground.nearMarker(this.p, MARKER_RANGE_M));
        this.#nowMs += PHYSICS_STEP_MS;
        continue;
      }
      if (this.#held) this.#setOff();
      this.#step();
    }
  }

  #restBoundM(): number {
    return this.#parameters.laneNoiseM * REST_BOUND;
  }

  #refreshPath(): void {
    this.#pathVersion = this.#path.version;
    this.#pieces.rebuild(this.#path);
    this.#ground.rebuild();
  }

  #takeCommands(): void {
    const now = this.#nowMs;
    while (this.#queueHead < this.#queue.length && this.#queue[this.#queueHead]! <= now) {
      const p = this.#queue[this.#queueHead + 1]!;
      this.#queueHead += 2;
      if (p > this.#authorityP) {
        this.#authorityP = p;
        this.#plan.extendAuthority(this.#planMs, p - AIM_SHORT_M);
      }
    }
    if (this.#queueHead === this.#queue.length) {
      this.#queue.length = 0;
      this.#queueHead = 0;
    }
    if (this.#haltAtMs <= now) {
      this.#haltAtMs = Number.POSITIVE_INFINITY;
      this.#plan.halt(this.#planMs);
    }
    if (this.#emergencyAtMs <= now) {
      this.#emergencyAtMs = Number.POSITIVE_INFINITY;
      this.#emergency = !this.#held;
    }
    if (this.#resumeAtMs <= now) {
      this.#resumeAtMs = Number.POSITIVE_INFINITY;
      this.#plan.resume(this.#planMs);
    }
    this.#plan.advanceTo(this.#planMs);
  }

  /** Standing with its brake applied it stays while the plan stands and nothing is missing to it. */
  #mayStay(): boolean {
    return this.#plan.standing && this.#plan.p - this.#foremostP <= RESUME_M;
  }

  #setOff(): void {
    this.#held = false;
    this.drive.hold();
  }

  #step(): void {
    const plan = this.#plan;
    this.#refreshLimits();
    if (!this.#emergency) {
      const behindM = this.#setP - this.#foremostP;
      if (behindM > LEFT_BEHIND_M && !plan.standing) this.#pullBack(behindM);
      this.#planMs += PHYSICS_STEP_MS;
      plan.advanceTo(this.#planMs);
    }
    const smoothP = this.#smooth.push(plan.p);
    const smoothV = (smoothP - this.#smoothP) / STEP_S;
    const feedForward = (smoothV - this.#smoothV) / STEP_S;
    this.#smoothP = smoothP;
    this.#smoothV = smoothV;
    this.#setP = this.#delayP.push(smoothP);
    this.#setV = this.#delayV.push(smoothV);

    this.#wanted = this.#emergency ? this.#emergencyBrake() : this.#control(feedForward);
    this.#move(this.drive.step(this.#wanted, this.v, this.#gradient));
    this.#nowMs += PHYSICS_STEP_MS;
    if (this.v <= BRAKE_HOLDS_MPS && this.#shouldHold()) this.#hold();
  }

  /** Takes the plan back to where the vehicle is. From farther back every limit and stop ahead can still be kept. */
  #pullBack(distanceM: number): void {
    this.#pieces.edgeIndex = 0;
    this.#plan.moveBack(distanceM);
    this.#smooth.shift(-distanceM);
    this.#delayP.shift(-distanceM);
    this.#smoothP -= distanceM;
    this.#setP -= distanceM;
  }

  #emergencyBrake(): number {
    const most = this.#type.emergencyDecelerationMps2 * this.#conditions.roadFactor;
    return Math.max(-most, this.#wanted - this.#parameters.emergencyJerkMps3 * STEP_S);
  }

  /** The acceleration that it asks for now. */
  #control(feedForward: number): number {
    const measuredV = this.v * (1 + this.localisation.drift);
    const behindM = this.#setP - this.#foremostP;
    let wantedV: number;
    let fed = feedForward;
    if (this.#plan.standing && this.#plan.p - this.#setP < 1e-6) {
      wantedV = behindM > SETTLED_M ? Math.max(CREEP_LEAST_MPS, Math.min(CREEP_MPS, behindM * 0.8)) : 0;
    } else {
      const most = feedForward < BRAKES_MPS2 ? OVER_LIMIT_MPS : this.#roomToCatchUp();
      wantedV = this.#setV + Math.max(-CATCH_UP_MPS, Math.min(most, behindM * POSITION_GAIN_PER_S));
      // By the time that a command acts it will be this fast.
      const allowed = this.#limitBehind() + OVER_LIMIT_MPS;
      if (wantedV > allowed || measuredV + this.a * this.#actuatorS > allowed) {
        wantedV = Math.min(wantedV, allowed - this.a * this.#actuatorS);
        fed = Math.min(0, feedForward);
      }
    }
    const most = this.#limits.accelerationMps2;
    const wanted = Math.min(most, fed + SPEED_GAIN_PER_S * (wantedV - measuredV));
    // Where it will be when a command acts, by what is on its way to the actuators: if more than the planned brake is
    // needed from there to stop where it aims, it is pressed harder.
    const thenV = Math.max(0, this.v + ((this.a + this.#wanted) / 2) * this.#actuatorS);
    const aimP = this.#authorityP - AIM_SHORT_M;
    const roomM = aimP - this.#foremostP - ((this.v + thenV) / 2) * this.#actuatorS;
    const neededMps2 = thenV === 0 ? 0 : roomM > 0 ? (thenV * thenV) / (2 * roomM) : Number.POSITIVE_INFINITY;
    const strongest = this.#type.emergencyDecelerationMps2 * this.#conditions.roadFactor;
    const guarded = neededMps2 > this.#deceleration ? Math.min(wanted, -neededMps2) : wanted;
    const slew = this.#parameters.jerkMps3 * 2 * STEP_S;
    return Math.max(-strongest, Math.min(this.#wanted + slew, Math.max(this.#wanted - slew, guarded)));
  }

  #move(a: number): void {
    const v = this.v;
    let endV = v + a * STEP_S;
    let distanceM = (v + endV) * 0.5 * STEP_S;
    if (endV <= 0) {
      distanceM = a < 0 ? (v * v) / (-2 * a) : 0;
      endV = 0;
    }
    this.#tellIfChanged(a);
    this.a = endV === 0 && v === 0 ? 0 : a;
    this.v = endV;
    if (distanceM === 0) return;
    const { steering, localisation } = this;
    const ground = this.#ground;
    const here = ground.curvatureHere(this.p);
    const ahead = ground.curvatureAhead(this.p, v * steering.previewS);
    const along = steering.step(
      distanceM,
      here,
      ahead,
      steering.offsetM + localisation.acrossM,
      steering.headingError + localisation.heading,
    );
    this.p += along;
    this.#path.locate(this.p);
    localisation.step(distanceM, ground.nearMarker(this.p, MARKER_RANGE_M));
    const blend = Math.min(1, distanceM / GRADIENT_BLEND_M);
    this.#gradient += (ground.gradientHere() - this.#gradient) * blend;
    const offsetM = Math.abs(steering.offsetM);
    if (offsetM > this.offsetMaxM) this.offsetMaxM = offsetM;
    const reachM = excessM(this.#type, this.#extent, steering.offsetM, steering.headingError);
    if (reachM > this.excessMaxM) this.excessMaxM = reachM;
  }

  /** How much faster than planned it may be to catch up with its plan, by the limit where the plan is. */
  #roomToCatchUp(): number {
    const { edges, edgeIndex } = this.#pieces;
    const limit = Math.min(edges[edgeIndex]!.limitMps, this.#limits.topSpeedMps);
    return Math.max(OVER_LIMIT_MPS, Math.min(CATCH_UP_MPS, limit - this.#setV));
  }

  /** Speed limit at the rearmost place where its centre may be. */
  #limitBehind(): number {
    const { edges, edgeIndex } = this.#path;
    const { alongM, boundM } = this.localisation;
    const rearP = this.p + alongM - boundM;
    const i = edgeIndex > 0 && edges[edgeIndex]!.startP > rearP ? edgeIndex - 1 : edgeIndex;
    return Math.min(edges[i]!.limitMps, this.#limits.topSpeedMps);
  }

  #shouldHold(): boolean {
    if (this.#emergency) return true;
    return this.#plan.standing && this.#plan.p - this.#setP < 1e-6 && this.#plan.p - this.#foremostP <= SETTLED_M;
  }

  #hold(): void {
    this.#held = true;
    this.v = 0;
    this.a = 0;
    this.stops++;
    this.stoodSinceMs = this.#nowMs;
    this.drive.hold();
    if (this.#emergency) {
      this.#emergency = false;
      this.#placePlan();
    }
    this.#tell(0);
  }

  /** The plan's limits follow what drive and brakes can do here. */
  #refreshLimits(): void {
    const gives = TRACTION_SHARE * this.drive.tractionLimitMps2(this.v, this.#gradient);
    const acceleration = Math.max(0.02, Math.min(this.#limits.accelerationMps2, gives));
    const deceleration = this.#limits.decelerationMps2 * this.#conditions.roadFactor;
    const brakes = deceleration !== this.#deceleration && this.#mayBrakeWith(deceleration);
    if (!brakes && Math.abs(acceleration - this.#acceleration) < 0.01) return;
    this.#acceleration = acceleration;
    if (brakes) this.#deceleration = deceleration;
    this.#plan.setLimits(this.#plannedLimits());
  }

  #mayBrakeWith(deceleration: number): boolean {
    const { p, v } = this.#plan;
    return canKeep(p, v, this.#pieces, this.#authorityP - AIM_SHORT_M, this.#limits.topSpeedMps, deceleration);
  }

  #plannedLimits(): DriveLimits {
    return {
      topSpeedMps: this.#limits.topSpeedMps,
      accelerationMps2: this.#acceleration,
      decelerationMps2: this.#deceleration,
    };
  }

  /** Tells a sample where the one before no longer predicts the motion. */
  #tellIfChanged(a: number): void {
    const sinceS = (this.#nowMs - this.#toldMs) / 1000;
    const stopsS = this.#toldA < 0 ? Math.min(sinceS, -this.#toldV / this.#toldA) : sinceS;
    const v = this.#toldV + this.#toldA * stopsS;
    const p = this.#toldP + (this.#toldV + 0.5 * this.#toldA * stopsS) * stopsS;
    if (
      Math.abs(v - this.v) < SAMPLE_SPEED_MPS &&
      Math.abs(p - this.p) < SAMPLE_POSITION_M &&
      Math.abs(a - this.#toldA) < SAMPLE_ACCELERATION_MPS2
    )
      return;
    this.#tell(a);
  }

  #tell(a: number): void {
    this.#toldMs = this.#nowMs;
    this.#toldP = this.p;
    this.#toldV = this.v;
    this.#toldA = a;
    this.#onPhase(this.#nowMs, this.v, a);
  }
}
