/**
 * Where a vehicle is between two samples of its recorded motion. Samples carry speed and acceleration, and one is taken
 * at each change of phase, so within an interval the motion is one of constant acceleration along the lane.
 */
import { type Pose, poseOnLane, type SiteView } from "./site-view.ts";

/** The moving part of a recorded sample; `tMs` in milliseconds of run time, else SI. */
export interface MotionSample {
  readonly tMs: number;
  readonly lane: string;
  /** Metres from the start of the lane. */
  readonly s: number;
  readonly x: number;
  readonly y: number;
  readonly theta: number;
  readonly v: number;
  readonly a: number;
}

/** Metres travelled `seconds` after a sample at constant acceleration; a braking vehicle stops, it does not reverse. */
export function travelledM(v: number, a: number, seconds: number): number {
  const untilStop = a < 0 ? Math.min(seconds, Math.max(0, v) / -a) : seconds;
  return v * untilStop + (a * untilStop * untilStop) / 2;
}

const HOLD_AFTER_S = 1;

/** Position after the last sample: driven on along its lane for at most a second, then held. */
export function extrapolate(site: SiteView, sample: MotionSample, tMs: number, out: Pose): void {
  const seconds = Math.min(HOLD_AFTER_S, Math.max(0, (tMs - sample.tMs) / 1000));
  const lane = site.lanes.get(sample.lane);
  const distance = travelledM(sample.v, sample.a, seconds);
  out.x = sample.x;
  out.y = sample.y;
  out.theta = sample.theta;
  if (lane !== undefined && distance > 0 && sample.s + distance <= lane.lengthM) {
    poseOnLane(lane, sample.s + distance, out);
  }
}

/**
 * Position at `tMs` between two samples. On one lane, or from a lane to the one that follows it, the vehicle keeps to the
 * lane's line; otherwise (a longer gap, a jump) it goes straight.
 */
export function interpolate(site: SiteView, from: MotionSample, to: MotionSample, tMs: number, out: Pose): void {
  const spanS = (to.tMs - from.tMs) / 1000;
  const f = spanS > 0 ? progress(from, spanS, (tMs - from.tMs) / 1000) : 1;
  if (!alongLanes(site, from, to, f, out)) {
    out.x = from.x + f * (to.x - from.x);
    out.y = from.y + f * (to.y - from.y);
  }
  out.theta = from.theta + f * angleBetween(from.theta, to.theta);
}

/** Share of the way between two samples that is done after `seconds`. */
function progress(from: MotionSample, spanS: number, seconds: number): number {
  const whole = travelledM(from.v, from.a, spanS);
  return whole > 0.01 ? Math.min(1, travelledM(from.v, from.a, seconds) / whole) : Math.min(1, seconds / spanS);
}

const JOINED_M = 0.5;

function alongLanes(site: SiteView, from: MotionSample, to: MotionSample, f: number, out: Pose): boolean {
  const first = site.lanes.get(from.lane);
  if (first === undefined) return false;
  if (from.lane === to.lane) {
    if (to.s < from.s) return false;
    poseOnLane(first, from.s + f * (to.s - from.s), out);
    return true;
  }
  const second = site.lanes.get(to.lane);
  if (second === undefined) return false;
  const gapX = second.xy[0]! - first.xy[first.xy.length - 2]!;
  const gapY = second.xy[1]! - first.xy[first.xy.length - 1]!;
  if (Math.hypot(gapX, gapY) > JOINED_M) return false;
  const onFirst = first.lengthM - from.s;
  const distance = f * (onFirst + to.s);
  if (distance <= onFirst) poseOnLane(first, from.s + distance, out);
  else poseOnLane(second, distance - onFirst, out);
  return true;
}

/** Signed smallest turn from one heading to another, radians in (-π, π]. */
export function angleBetween(from: number, to: number): number {
  const turn = (to - from) % (2 * Math.PI);
  return turn > Math.PI ? turn - 2 * Math.PI : turn <= -Math.PI ? turn + 2 * Math.PI : turn;
}
