/** The recorded samples of one vehicle around the playhead, and its pose at any time between them. */
import type { VehicleSample } from "./messages.ts";
import { extrapolate, interpolate } from "./motion.ts";
import type { Pose, SiteView } from "./site-view.ts";

export type TimedSample = VehicleSample & { readonly tMs: number };

/** A vehicle at one instant: the sample that is in force and the pose between it and the next. */
export interface VehicleNow extends Pose {
  sample: TimedSample;
  /** m/s. */
  v: number;
}

export class PoseTrack {
  #samples: TimedSample[] = [];

  /** Adds a sample; one at the same time replaces what was there. */
  add(sample: TimedSample): void {
    const samples = this.#samples;
    let at = samples.length;
    while (at > 0 && samples[at - 1]!.tMs > sample.tMs) at--;
    if (at > 0 && samples[at - 1]!.tMs === sample.tMs) samples[at - 1] = sample;
    else if (at === samples.length) samples.push(sample);
    else samples.splice(at, 0, sample);
  }

  /** Forgets what is not needed for times from `fromMs` on. */
  prune(fromMs: number): void {
    let keep = 0;
    while (keep + 1 < this.#samples.length && this.#samples[keep + 1]!.tMs <= fromMs) keep++;
    if (keep > 64) this.#samples.splice(0, keep);
  }

  /** Pose at `tMs`; before the first sample that one's, after the last carried on for a second. Null without samples. */
  at(site: SiteView, tMs: number): VehicleNow | null {
    const samples = this.#samples;
    let low = 0;
    let high = samples.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (samples[middle]!.tMs <= tMs) low = middle + 1;
      else high = middle;
    }
    const sample = samples[low - 1] ?? samples[0];
    if (sample === undefined) return null;
    const now: VehicleNow = { x: sample.x, y: sample.y, theta: sample.theta, v: sample.v, sample };
    const next = samples[low];
    if (low > 0 && next !== undefined) interpolate(site, sample, next, tMs, now);
    else if (low > 0) extrapolate(site, sample, tMs, now);
    if (low > 0) {
      const sinceMs = next === undefined ? Math.min(tMs - sample.tMs, 1000) : tMs - sample.tMs;
      now.v = Math.max(0, sample.v + (sample.a * sinceMs) / 1000);
    }
    return now;
  }
}
