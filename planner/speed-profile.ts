/**
 * The fastest longitudinal motion of one vehicle along a path with piecewise constant speed limits: accelerate with a
 * constant, keep the limit, brake with a constant. Closed form per phase; no integration step.
 */

/** One phase of constant acceleration. */
export interface Phase {
  /** Seconds from the start of the profile. */
  readonly t: number;
  /** Metres from the start of the path. */
  readonly s: number;
  /** m/s at the start of the phase. */
  readonly v: number;
  /** m/s². */
  readonly a: number;
}

export interface SpeedProfile {
  /** In order of time; the last one has v = a = 0 and stands at the end of the path. */
  readonly phases: readonly Phase[];
  /** Seconds to the stand at the end of the path. */
  readonly durationS: number;
  readonly lengthM: number;
}

/** Piecewise constant speed limits along a path: part i holds from fromM[i] up to fromM[i + 1] (or the path's end). */
export interface SpeedLimits {
  readonly fromM: readonly number[];
  readonly limitMps: readonly number[];
}

export interface Motion {
  readonly accelerationMps2: number;
  readonly decelerationMps2: number;
  readonly topSpeedMps: number;
}

/** Shorter distances than this, in metres, are none. */
const EPSILON_M = 1e-9;

/**
 * The fastest profile over `lengthM` metres that starts with `startSpeedMps` and ends standing.
 * Where the start speed is too high for what lies ahead, the vehicle brakes with the constant deceleration from the
 * start on and the limit there is exceeded: the profile never brakes harder than it may.
 * @param limits sorted by fromM, fromM[0] <= 0
 */
export function fastestProfile(
  lengthM: number,
  limits: SpeedLimits,
  motion: Motion,
  startSpeedMps: number,
): SpeedProfile {
  const a = motion.accelerationMps2;
  const b = motion.decelerationMps2;
  const cuts: number[] = [0];
  const tops: number[] = [];
  for (let i = 0; i < limits.fromM.length; i++) {
    const from = Math.max(0, limits.fromM[i]!);
    const to = Math.min(lengthM, i + 1 < limits.fromM.length ? limits.fromM[i + 1]! : lengthM);
    if (to - from <= EPSILON_M) continue;
    tops.push(Math.min(limits.limitMps[i]!, motion.topSpeedMps));
    cuts.push(to);
  }
  const parts = tops.length;
  // Highest squared speed at each cut that still allows every lower limit and the stop ahead.
  const most = new Float64Array(parts + 1);
  most[parts] = 0;
  for (let i = parts - 1; i >= 0; i--) {
    const top = tops[i]! * tops[i]!;
    const before = i === 0 ? Number.POSITIVE_INFINITY : tops[i - 1]! * tops[i - 1]!;
    const length = cuts[i + 1]! - cuts[i]!;
    most[i] = Math.min(top, before, most[i + 1]! + 2 * b * length);
  }
  const phases: Phase[] = [];
  let t = 0;
  let v = startSpeedMps;
  const push = (s: number, phaseV: number, phaseA: number, duration: number): void => {
    if (duration <= 1e-12) return;
    phases.push({ t, s, v: phaseV, a: phaseA });
    t += duration;
  };
  for (let i = 0; i < parts; i++) {
    const start = cuts[i]!;
    const length = cuts[i + 1]! - start;
    const top = tops[i]!;
    const endSquared = most[i + 1]!;
    let s = start;
    let left = length;
    const squared = v * v;
    if (squared - 2 * b * left >= endSquared - 1e-9) {
      // Braking all the way through this part.
      const out = Math.sqrt(Math.max(0, squared - 2 * b * left));
      push(s, v, -b, (v - out) / b);
      v = i === parts - 1 ? 0 : out;
      continue;
    }
    // Accelerate to the peak, keep it, brake to the end speed. A start above the limit brakes to it first.
    if (v > top + 1e-9) {
      const brake = (squared - top * top) / (2 * b);
      const distance = Math.min(brake, left);
      const out = Math.sqrt(Math.max(0, squared - 2 * b * distance));
      push(s, v, -b, (v - out) / b);
      s += distance;
      left -= distance;
      v = out;
    }
    const squaredNow = v * v;
    // A part may be too short to reach the speed with which the next one could be entered.
    const reachable = Math.min(endSquared, squaredNow + 2 * a * left);
    const peakSquared = Math.min(top * top, (2 * a * b * left + b * squaredNow + a * reachable) / (a + b));
    const peak = Math.max(v, Math.sqrt(Math.max(0, peakSquared)));
    const gain = Math.max(0, (peak * peak - squaredNow) / (2 * a));
    const end = Math.min(peak, Math.sqrt(reachable));
    const lose = Math.max(0, (peak * peak - end * end) / (2 * b));
    push(s, v, a, (peak - v) / a);
    const keep = left - gain - lose;
    if (keep > EPSILON_M && peak > 0) push(s + gain, peak, 0, keep / peak);
    push(s + left - lose, peak, -b, (peak - end) / b);
    v = end;
  }
  phases.push({ t, s: lengthM, v: 0, a: 0 });
  return { phases, durationS: t, lengthM };
}

/** Seconds from the start at which `positionM` is reached; 0 before the start, the duration at or past the end. */
export function timeAt(profile: SpeedProfile, positionM: number): number {
  const phases = profile.phases;
  if (positionM <= 0) return 0;
  if (positionM >= profile.lengthM - EPSILON_M) return profile.durationS;
  let i = 0;
  while (i + 1 < phases.length && phases[i + 1]!.s <= positionM) i++;
  const phase = phases[i]!;
  const distance = positionM - phase.s;
  return phase.t + timeOver(distance, phase.v, phase.a);
}

/** Seconds for `distance` metres from speed `v` with acceleration `a`; Infinity where it stands before. */
function timeOver(distance: number, v: number, a: number): number {
  if (distance <= 0) return 0;
  if (a === 0) return v > 0 ? distance / v : Number.POSITIVE_INFINITY;
  const end = v * v + 2 * a * distance;
  if (end < 0) return a < 0 ? -v / a : Number.POSITIVE_INFINITY;
  // Stable for both signs of a.
  return (2 * distance) / (v + Math.sqrt(end));
}

/**
 * Seconds from the start at which a vehicle's look-ahead (position + v·reaction + v²/2b + margin) first reaches
 * `positionM`: the start of the blocking time of what begins there. The duration where it never does.
 */
export function lookaheadTime(
  profile: SpeedProfile,
  positionM: number,
  decelerationMps2: number,
  reactionS: number,
  marginM: number,
): number {
  const target = positionM - marginM;
  const phases = profile.phases;
  for (let i = 0; i < phases.length; i++) {
    const phase = phases[i]!;
    const end = i + 1 < phases.length ? phases[i + 1]!.t - phase.t : 0;
    const reach = phase.s + phase.v * reactionS + (phase.v * phase.v) / (2 * decelerationMps2);
    if (reach >= target - EPSILON_M) return phase.t;
    const quadratic = phase.a / 2 + (phase.a * phase.a) / (2 * decelerationMps2);
    const linear = phase.v + phase.a * reactionS + (phase.v * phase.a) / decelerationMps2;
    const missing = target - reach;
    const discriminant = linear * linear + 4 * quadratic * missing;
    if (discriminant < 0) continue;
    const denominator = linear + Math.sqrt(discriminant);
    if (denominator <= 0) continue;
    const time = (2 * missing) / denominator;
    if (time <= end + 1e-12) return phase.t + time;
  }
  return profile.durationS;
}
