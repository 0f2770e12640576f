/** A vehicle's motion between its samples: constant acceleration along connected lanes. */
import type { RecordedVehicleType, VehicleSample } from "../../fleet-gateway/index.ts";
import { type Pose, wrapAngle } from "./geometry.ts";
import { type DirectedLane, poseOnLane, type RecordedSite } from "./recorded-site.ts";

export interface TimedSample {
  readonly t: number;
  readonly sample: VehicleSample;
}

/** Motion from one sample to the next. */
export interface Motion {
  readonly from: TimedSample;
  readonly to: TimedSample;
  /** Directed lanes in travel order; empty where no connected way was found (or off the lanes). */
  readonly lanes: readonly DirectedLane[];
  /** Distance travelled at which each lane begins; the first is -s of the start. */
  readonly laneStartsM: readonly number[];
  /** Metres along the lanes; for a jump the straight distance. */
  readonly lengthM: number;
  /** What speed and acceleration of the first sample predict, less `lengthM`. */
  readonly errorM: number;
  /** Recorded pose less the lane's, at both ends. */
  readonly offsetFrom: Pose;
  readonly offsetTo: Pose;
}

/** Ways longer than this many lanes between two samples are not searched. */
const lanesMax = 24;
const searchMax = 2000;

/** Metres from the first sample after `seconds`, from its speed and acceleration; a vehicle that brakes to a stand stays. */
export function predictedM(sample: VehicleSample, seconds: number): number {
  const { v, a } = sample;
  const stopS = a < 0 && v > 0 ? -v / a : Number.POSITIVE_INFINITY;
  const moving = Math.min(seconds, stopS);
  return v * moving + (a * moving * moving) / 2;
}

export function motionBetween(site: RecordedSite, from: TimedSample, to: TimedSample): Motion {
  const predicted = predictedM(from.sample, to.t - from.t);
  const a = laneOf(site, from.sample);
  const b = laneOf(site, to.sample);
  const way = a === null || b === null ? null : findWay(site, a, from.sample.s, b, to.sample.s, predicted);
  if (way === null) {
    const lengthM = Math.hypot(to.sample.x - from.sample.x, to.sample.y - from.sample.y);
    const none = { x: 0, y: 0, theta: 0 };
    return {
      from,
      to,
      lanes: [],
      laneStartsM: [],
      lengthM,
      errorM: predicted - lengthM,
      offsetFrom: none,
      offsetTo: none,
    };
  }
  const laneStartsM: number[] = [-from.sample.s];
  for (const [i, lane] of way.lanes.entries()) laneStartsM.push(laneStartsM[i]! + lane.lengthM);
  return {
    from,
    to,
    lanes: way.lanes,
    laneStartsM,
    lengthM: way.lengthM,
    errorM: predicted - way.lengthM,
    offsetFrom: poseOffset(way.lanes[0]!, from.sample),
    offsetTo: poseOffset(way.lanes[way.lanes.length - 1]!, to.sample),
  };
}

function laneOf(site: RecordedSite, sample: VehicleSample): DirectedLane | null {
  const index = site.laneIndex.get(sample.lane);
  return index === undefined ? null : site.lanes[index]!;
}

/** Recorded pose less the pose on the lane. */
export function poseOffset(lane: DirectedLane, sample: VehicleSample): Pose {
  const pose = { x: 0, y: 0, theta: 0 };
  poseOnLane(lane, sample.s, pose);
  return { x: sample.x - pose.x, y: sample.y - pose.y, theta: wrapAngle(sample.theta - pose.theta) };
}

/** The way along connected lanes whose length is nearest to the predicted one; null when none is connected. */
function findWay(
  site: RecordedSite,
  from: DirectedLane,
  fromS: number,
  to: DirectedLane,
  toS: number,
  predicted: number,
): { lanes: DirectedLane[]; lengthM: number } | null {
  if (from === to && Math.abs(toS - fromS - predicted) <= 1) return { lanes: [from], lengthM: toS - fromS };
  let best: { lanes: DirectedLane[]; lengthM: number } | null =
    from === to ? { lanes: [from], lengthM: toS - fromS } : null;
  let visits = 0;
  const limitM = Math.max(predicted, 0) + 2;
  const path: DirectedLane[] = [from];
  const visit = (lane: DirectedLane, endM: number): void => {
    if (path.length >= lanesMax || ++visits > searchMax) return;
    for (const index of lane.next) {
      const next = site.lanes[index]!;
      path.push(next);
      if (next === to) {
        const lengthM = endM + toS;
        if (best === null || Math.abs(lengthM - predicted) < Math.abs(best.lengthM - predicted)) {
          best = { lanes: [...path], lengthM };
        }
      }
      if (endM + next.lengthM <= limitM) visit(next, endM + next.lengthM);
      path.pop();
    }
  };
  visit(from, from.lengthM - fromS);
  // A way much longer or shorter than the motion is no explanation of it.
  const found = best as { lanes: DirectedLane[]; lengthM: number } | null;
  return found !== null && Math.abs(found.lengthM - predicted) <= 2 ? found : null;
}

/** Metres travelled since the motion began, at run time t; exactly `lengthM` at its end. */
export function travelledM(motion: Motion, t: number): number {
  const span = motion.to.t - motion.from.t;
  if (span <= 0 || t >= motion.to.t) return motion.lengthM;
  const seconds = t - motion.from.t;
  return predictedM(motion.from.sample, seconds) - (motion.errorM * seconds) / span;
}

/** Index into `motion.lanes` of the lane on which the centre is after `distance` metres. */
export function laneAt(motion: Motion, distance: number): number {
  let i = 0;
  while (i + 1 < motion.lanes.length && motion.laneStartsM[i + 1]! <= distance) i++;
  return i;
}

const scratch: Pose = { x: 0, y: 0, theta: 0 };

/** Pose of the centre at run time t, into `out`. */
export function poseAt(motion: Motion, t: number, out: Pose): void {
  const span = motion.to.t - motion.from.t;
  const u = span > 0 ? Math.min(1, (t - motion.from.t) / span) : 1;
  if (motion.lanes.length === 0) {
    const a = motion.from.sample;
    const b = motion.to.sample;
    out.x = a.x + u * (b.x - a.x);
    out.y = a.y + u * (b.y - a.y);
    out.theta = a.theta + u * wrapAngle(b.theta - a.theta);
    return;
  }
  const distance = travelledM(motion, t);
  const i = laneAt(motion, distance);
  poseOnLane(motion.lanes[i]!, distance - motion.laneStartsM[i]!, scratch);
  const { offsetFrom, offsetTo } = motion;
  out.x = scratch.x + offsetFrom.x + u * (offsetTo.x - offsetFrom.x);
  out.y = scratch.y + offsetFrom.y + u * (offsetTo.y - offsetFrom.y);
  out.theta = scratch.theta + offsetFrom.theta + u * (offsetTo.theta - offsetFrom.theta);
}

/** Greatest speed within the motion, m/s. */
export function topSpeedMps(motion: Motion): number {
  const span = motion.to.t - motion.from.t;
  if (span <= 0) return 0;
  if (motion.lanes.length === 0) return motion.lengthM / span;
  const { v, a } = motion.from.sample;
  return Math.max(v, v + a * span, 0) + Math.abs(motion.errorM) / span;
}

/** One vehicle as it goes through the recording. */
export interface Track {
  readonly id: string;
  /** Run time of its first sample, seconds. */
  readonly since: number;
  readonly type: RecordedVehicleType;
  /** The sample that is now or last before now. */
  current: TimedSample;
  /** Samples still ahead, by time. */
  ahead: TimedSample[];
  /** From `current` to the first of `ahead`; null when there is none. */
  motion: Motion | null;
  /** Lanes that the centre was on, latest last: the last one is that of `current`. */
  readonly history: DirectedLane[];
}

/** A stretch of directed lane under a vehicle's body. */
export interface BodyPiece {
  readonly lane: DirectedLane;
  readonly fromM: number;
  readonly toM: number;
}

/**
 * The lanes under a body: [centre - length / 2, centre + length / 2] along the way it came, and ahead along the lane that
 * `ahead` chooses (null: none known, the rest of the body is beyond all lanes).
 */
export function bodyPieces(
  track: Track,
  t: number,
  ahead: (lane: DirectedLane, remainingM: number) => DirectedLane | null,
): BodyPiece[] {
  const half = track.type.length / 2;
  const { motion } = track;
  const before: DirectedLane[] = [...track.history];
  let lane: DirectedLane;
  let s: number;
  if (motion !== null && motion.lanes.length > 0) {
    const distance = travelledM(motion, t);
    const i = laneAt(motion, distance);
    before.pop();
    before.push(...motion.lanes.slice(0, i));
    lane = motion.lanes[i]!;
    s = distance - motion.laneStartsM[i]!;
  } else {
    const last = before.pop();
    if (last === undefined) return [];
    lane = last;
    s = track.current.sample.s;
  }
  const pieces: BodyPiece[] = [{ lane, fromM: Math.max(0, s - half), toM: Math.min(lane.lengthM, s + half) }];
  for (let rest = half - s; rest > 0; ) {
    const previous = before.pop();
    if (previous === undefined) break;
    pieces.push({ lane: previous, fromM: Math.max(0, previous.lengthM - rest), toM: previous.lengthM });
    rest -= previous.lengthM;
  }
  let onto: DirectedLane = lane;
  for (let rest = s + half - lane.lengthM; rest > 0; ) {
    const next = ahead(onto, rest);
    if (next === null) break;
    pieces.push({ lane: next, fromM: 0, toM: Math.min(next.lengthM, rest) });
    rest -= next.lengthM;
    onto = next;
  }
  return pieces;
}
