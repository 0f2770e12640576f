/** R1: footprints swept along the lanes between samples. */
import { type Pose, placeRectangle, type Rectangle, separation } from "./geometry.ts";
import { clock, type Findings, metresText } from "./rules.ts";
import { poseAt, type Track, topSpeedMps } from "./track.ts";

/** No vehicle moves further than this between two looks at a pair that is near. */
const stepM = 0.25;
/** Separations above this are not measured. */
const measuredMaxM = 10;

export class SeparationRule {
  minSeparationM: number | null = null;
  minAt: { readonly t: number; readonly vehicles: readonly [string, string] } | null = null;
  footprintChecks = 0;
  collisions = 0;
  readonly #findings: Findings;
  readonly #a: Rectangle = new Float64Array(8);
  readonly #b: Rectangle = new Float64Array(8);
  readonly #pose: Pose = { x: 0, y: 0, theta: 0 };
  readonly #seen = new Set<Track>();
  #order: Bounds[] = [];

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Judges all pairs from run time `from` to `to`, within which no vehicle begins another motion. */
  window(tracks: readonly Track[], from: number, to: number): void {
    const bounds = this.#bounds(tracks, from, to);
    // Along y, which is the corridor's long side: only neighbours in that order can touch.
    bounds.sort((p, q) => p.minY - q.minY || (p.track.id < q.track.id ? -1 : 1));
    const reach = this.#reachM();
    for (let i = 0; i < bounds.length; i++) {
      const p = bounds[i]!;
      for (let j = i + 1; j < bounds.length; j++) {
        const q = bounds[j]!;
        if (q.minY - p.maxY > reach) break;
        if (q.minX - p.maxX > reach || p.minX - q.maxX > reach) continue;
        if (p.still && q.still) continue;
        this.#sweep(p.track, q.track, from, to);
      }
    }
  }

  /** Nothing nearer than the least separation so far is of interest, besides contact. */
  #reachM(): number {
    return this.minSeparationM === null ? measuredMaxM : Math.min(this.minSeparationM, measuredMaxM);
  }

  /** Boxes around each vehicle's whole motion in the window. */
  #bounds(tracks: readonly Track[], from: number, to: number): Bounds[] {
    if (this.#order.length !== tracks.length) {
      this.#order = tracks.map((track) => ({ track, minX: 0, maxX: 0, minY: 0, maxY: 0, still: false }));
    }
    for (const bound of this.#order) {
      const { track } = bound;
      const radius = Math.hypot(track.type.length, track.type.width) / 2;
      const travelM = track.motion === null ? 0 : topSpeedMps(track.motion) * (to - from);
      this.#poseOf(track, from);
      const reach = radius + travelM;
      bound.minX = this.#pose.x - reach;
      bound.maxX = this.#pose.x + reach;
      bound.minY = this.#pose.y - reach;
      bound.maxY = this.#pose.y + reach;
      // The first time, also those that stand are looked at.
      bound.still = travelM === 0 && this.#seen.has(track);
      this.#seen.add(track);
    }
    return this.#order;
  }

  #sweep(p: Track, q: Track, from: number, to: number): void {
    const speed = Math.max(
      p.motion === null ? 0 : topSpeedMps(p.motion),
      q.motion === null ? 0 : topSpeedMps(q.motion),
    );
    const steps = Math.max(1, Math.ceil((speed * (to - from)) / stepM));
    for (let k = 0; k <= steps; k++) {
      const t = k === steps ? to : from + ((to - from) * k) / steps;
      this.#footprint(p, t, this.#a);
      this.#footprint(q, t, this.#b);
      this.footprintChecks++;
      const distance = separation(this.#a, this.#b);
      const pair = p.id < q.id ? ([p.id, q.id] as const) : ([q.id, p.id] as const);
      if (distance <= measuredMaxM && (this.minSeparationM === null || distance < this.minSeparationM)) {
        this.minSeparationM = distance;
        this.minAt = { t, vehicles: pair };
      }
      if (distance === 0) {
        const before = this.#findings.counts.get("R1")!;
        this.#findings.add("R1", t, pair, "overlap", `their footprints overlap (${where(p, t)}; ${where(q, t)})`);
        this.collisions += this.#findings.counts.get("R1")! - before;
        return;
      }
    }
  }

  #footprint(track: Track, t: number, out: Rectangle): void {
    this.#poseOf(track, t);
    placeRectangle(out, this.#pose, track.type.length, track.type.width);
  }

  #poseOf(track: Track, t: number): void {
    if (track.motion !== null) poseAt(track.motion, t, this.#pose);
    else
      Object.assign(this.#pose, {
        x: track.current.sample.x,
        y: track.current.sample.y,
        theta: track.current.sample.theta,
      });
  }
}

interface Bounds {
  readonly track: Track;
  minX: number;
  maxX: number;
  minY: number;
  maxY: number;
  still: boolean;
}

function where(track: Track, t: number): string {
  const { sample } = track.current;
  const place =
    sample.lane === ""
      ? `(${sample.x.toFixed(1)}, ${sample.y.toFixed(1)})`
      : `${sample.lane} from ${metresText(sample.s)}`;
  return `${track.id} on ${place}, ${sample.v.toFixed(2)} m/s since ${clock(Math.min(track.current.t, t))}`;
}
