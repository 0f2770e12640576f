/** R8: vehicles go along connected lanes as their speed and acceleration say, keep limits, and do not stand on a bridge. */
import type { Exceptions } from "./exceptions.ts";
import type { Pose } from "./geometry.ts";
import { clock, type Findings, metresText } from "./rules.ts";
import { laneAt, type Motion, type Track, travelledM } from "./track.ts";

/** Metres between the position reached and the one that speed and acceleration predict. */
const positionToleranceM = 0.1;
const speedToleranceMps = 0.1;
const accelerationToleranceMps2 = 0.05;
/** The centre's distance from the lane's line, and heading from the lane's. */
const lateralToleranceM = 0.35;
const headingTolerance = 0.12;
/** Standing where none is planned is told after this time. */
const standingS = 1;
/** A fault that makes a vehicle stand is in the recording by then. */
const faultNoticedS = 60;

export class MotionRule {
  readonly #findings: Findings;
  readonly #exceptions: Exceptions;
  /** [vehicle] its stand on ground without planned standing. */
  readonly #stands = new Map<string, Stand>();

  constructor(findings: Findings, exceptions: Exceptions) {
    this.#findings = findings;
    this.#exceptions = exceptions;
  }

  /** Judges one motion, when its vehicle begins it. */
  judge(track: Track, motion: Motion): void {
    const { from, to } = motion;
    const span = to.t - from.t;
    const say = (key: string, what: string): void => this.#findings.add("R8", to.t, [track.id], key, what);
    if (motion.lanes.length === 0) {
      this.#judgeJump(track, motion, say);
      return;
    }
    if (Math.abs(motion.errorM) > positionToleranceM) {
      const predicted = metresText(motion.lengthM + motion.errorM);
      say(
        "position",
        `went ${metresText(motion.lengthM)} in ${span.toFixed(3)} s, where ${from.sample.v.toFixed(2)} m/s and ${from.sample.a.toFixed(2)} m/s² give ${predicted}`,
      );
    }
    const predictedMps = Math.max(0, from.sample.v + from.sample.a * span);
    if (Math.abs(to.sample.v - predictedMps) > speedToleranceMps) {
      say(
        "speed",
        `is at ${to.sample.v.toFixed(2)} m/s, where ${from.sample.v.toFixed(2)} m/s and ${from.sample.a.toFixed(2)} m/s² after ${span.toFixed(3)} s give ${predictedMps.toFixed(2)} m/s`,
      );
    }
    if (
      from.sample.a > track.type.maxAcceleration + accelerationToleranceMps2 ||
      from.sample.a < -track.type.maxDeceleration - accelerationToleranceMps2
    ) {
      say("acceleration", `has an acceleration of ${from.sample.a.toFixed(2)} m/s², beyond its type's limits`);
    }
    this.#judgePose(track, motion.offsetTo, say);
    this.#judgeSpeeds(track, motion, say);
    this.#judgeStanding(track, motion);
  }

  #judgeJump(track: Track, motion: Motion, say: (key: string, what: string) => void): void {
    const { from, to } = motion;
    const span = to.t - from.t;
    const offLanes = from.sample.lane === "" || to.sample.lane === "";
    if (!offLanes || !this.#exceptions.any) {
      const how = offLanes
        ? "is off the lanes without a fault"
        : `has no connected way from lane ${from.sample.lane} at ${metresText(from.sample.s)} to lane ${to.sample.lane} at ${metresText(to.sample.s)}`;
      say("teleport", `${how}, ${span.toFixed(3)} s after ${clock(from.t)}`);
    } else if (motion.lengthM > track.type.maxSpeed * span + 0.5) {
      say("teleport", `moved ${metresText(motion.lengthM)} in ${span.toFixed(3)} s`);
    }
  }

  #judgePose(track: Track, offset: Pose, say: (key: string, what: string) => void): void {
    const lateralM = Math.hypot(offset.x, offset.y);
    if (lateralM > lateralToleranceM) say("pose", `is ${metresText(lateralM)} from where its lane and metres are`);
    if (Math.abs(offset.theta) > headingTolerance && track.type.length > 0) {
      say("heading", `heads ${Math.abs(offset.theta).toFixed(2)} rad off its lane`);
    }
  }

  #judgeSpeeds(track: Track, motion: Motion, say: (key: string, what: string) => void): void {
    const { v, a } = motion.from.sample;
    for (const [i, lane] of motion.lanes.entries()) {
      const limit = Math.min(lane.speedLimitMps, track.type.maxSpeed);
      // Within a lane speed changes one way, so its greatest value is at an end.
      const enterM = Math.max(0, motion.laneStartsM[i]!);
      const leaveM = Math.min(motion.lengthM, motion.laneStartsM[i + 1]!);
      const squared = Math.max(v * v + 2 * a * enterM, v * v + 2 * a * leaveM);
      // At a point where the limit changes rounding decides on which side the vehicle is.
      if (leaveM - enterM < 0.1) continue;
      const top = Math.sqrt(Math.max(0, squared));
      if (top > limit + speedToleranceMps) {
        say(
          `limit ${lane.id}`,
          `drives ${top.toFixed(2)} m/s on lane ${lane.id}, where ${limit.toFixed(2)} m/s are allowed`,
        );
      }
    }
  }

  /** A fault may be noticed only after the vehicle stands: the stand is judged when it ends, or after a minute. */
  #judgeStanding(track: Track, motion: Motion): void {
    const standing = motion.lengthM < 0.01 && motion.from.sample.v < 0.01;
    const lane = motion.lanes[laneAt(motion, travelledM(motion, motion.from.t))]!;
    if (!standing || lane.holding) {
      this.#endStand(track.id, motion.from.t);
      return;
    }
    const stand = this.#stands.get(track.id) ?? { since: motion.from.t, lane: lane.id, told: this.#exceptions.any };
    this.#stands.set(track.id, stand);
    if (!stand.told && motion.to.t - stand.since >= faultNoticedS) this.#tell(track.id, stand, motion.to.t);
  }

  #endStand(vehicle: string, t: number): void {
    const stand = this.#stands.get(vehicle);
    if (stand === undefined) return;
    this.#stands.delete(vehicle);
    if (!stand.told && t - stand.since > standingS) this.#tell(vehicle, stand, t);
  }

  #tell(vehicle: string, stand: Stand, t: number): void {
    stand.told = true;
    if (this.#exceptions.any || this.#exceptions.lastOpenedAt >= stand.since) return;
    const what = `stands on lane ${stand.lane} since ${clock(stand.since)}, where no standing is planned, and no fault explains it`;
    this.#findings.add("R8", t, [vehicle], `stands ${stand.lane}`, what);
  }

  /** The recording has ended at run time t. */
  finish(t: number): void {
    for (const vehicle of [...this.#stands.keys()]) this.#endStand(vehicle, t);
  }
}

interface Stand {
  readonly since: number;
  readonly lane: string;
  /** Judged, or explained from its beginning. */
  told: boolean;
}
