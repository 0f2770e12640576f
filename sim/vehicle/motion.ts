import {
  AT_NODE_M,
  type DriveLimits,
  haltPhase,
  nextSpeedPhase,
  POSITION_EPSILON_M,
  type SpeedMap,
  type SpeedPhase,
} from "./speed-phase.ts";
import type { PhaseListener, VehicleMotion } from "./vehicle-motion.ts";

/**
 * Longitudinal motion along a path in closed form: the fastest one that keeps all limits and stops at the authority.
 *
 * The authority is where the vehicle must be able to stand: the end of the base, or a node before it whose actions are
 * not done. It only ever grows; a new one acts when the reaction time is over. Time is in milliseconds of run time and may be
 * advanced by any step: the result does not depend on the steps, because phases begin and end at their own times.
 */
export class Motion implements VehicleMotion {
  /** Metres of the path, m/s and m/s² at the time advanced to. */
  p = 0;
  v = 0;
  a = 0;
  /** When it last came to a stand. */
  stoodSinceMs: number;
  /** How often it has come to a stand. */
  stops = 0;
  readonly #path: SpeedMap;
  readonly #onPhase: PhaseListener;
  #limits: DriveLimits;
  #nowMs: number;
  readonly #phase: SpeedPhase = { a: 0, durationS: Number.POSITIVE_INFINITY, endP: 0, endV: 0 };
  #startMs = 0;
  #startP = 0;
  #startV = 0;
  #authorityP = 0;
  /** Authorities that wait for their reaction time, by time: [ms, p, ms, p, …] from #queueHead. */
  readonly #queue: number[] = [];
  #queueHead = 0;
  #halting = false;
  #haltAtMs = Number.POSITIVE_INFINITY;
  #resumeAtMs = Number.POSITIVE_INFINITY;

  constructor(path: SpeedMap, limits: DriveLimits, startMs: number, onPhase: PhaseListener) {
    this.#path = path;
    this.#limits = limits;
    this.#nowMs = startMs;
    this.#startMs = startMs;
    this.stoodSinceMs = startMs;
    this.#onPhase = onPhase;
  }

  get standing(): boolean {
    return this.v === 0 && this.a === 0;
  }

  /** Begins a path of its own: the vehicle stands at its 0, or at `p`. */
  begin(p = 0): void {
    this.p = p;
    this.v = 0;
    this.#authorityP = p;
    this.#queue.length = 0;
    this.#queueHead = 0;
    this.#replan();
  }

  /** From `atMs` on it may drive up to `p`. Calls come in order of time; a lower `p` than the latest is no change. */
  extendAuthority(atMs: number, p: number): void {
    this.#queue.push(atMs, p);
  }

  /** From `atMs` on it brakes to a stand and stays there until `resume`. */
  halt(atMs: number): void {
    this.#resumeAtMs = Number.POSITIVE_INFINITY;
    this.#haltAtMs = Math.min(this.#haltAtMs, atMs);
  }

  /** Goes on from so many metres before where it is, at the same speed. */
  moveBack(distanceM: number): void {
    this.p -= distanceM;
    this.#replan();
  }

  stopAtOnce(atMs: number): void {
    this.halt(atMs);
  }

  /** Ends a halt at `atMs`. */
  resume(atMs: number): void {
    this.#haltAtMs = Number.POSITIVE_INFINITY;
    this.#resumeAtMs = atMs;
  }

  /** New limits of speed and acceleration; they change with the load, so at a stand. */
  setLimits(limits: DriveLimits): void {
    this.#limits = limits;
    this.#replan();
  }

  /** The path's speed limits are others than before. */
  limitsChanged(): void {
    this.#replan();
  }

  /** Moves on to `tMs`, through as many phases as end before it. */
  advanceTo(tMs: number): void {
    for (;;) {
      const endMs = this.#startMs + this.#phase.durationS * 1000;
      const queuedMs = this.#queueHead < this.#queue.length ? this.#queue[this.#queueHead]! : Number.POSITIVE_INFINITY;
      const nextMs = Math.min(endMs, queuedMs, this.#haltAtMs, this.#resumeAtMs);
      if (nextMs > tMs) break;
      if (nextMs === endMs) this.#finishPhase(endMs);
      else this.#evaluate(nextMs);
      if (nextMs === queuedMs) this.#takeAuthority();
      if (nextMs === this.#haltAtMs) {
        this.#haltAtMs = Number.POSITIVE_INFINITY;
        this.#halting = true;
      }
      if (nextMs === this.#resumeAtMs) {
        this.#resumeAtMs = Number.POSITIVE_INFINITY;
        this.#halting = false;
      }
      this.#replan();
    }
    this.#evaluate(tMs);
    this.#path.locate(this.p);
  }

  #takeAuthority(): void {
    this.#authorityP = Math.max(this.#authorityP, this.#queue[this.#queueHead + 1]!);
    this.#queueHead += 2;
    if (this.#queueHead === this.#queue.length) {
      this.#queue.length = 0;
      this.#queueHead = 0;
    }
  }

  /** Position and speed at `tMs` within the phase; its end values bound them, so that rounding never passes them. */
  #evaluate(tMs: number): void {
    this.#nowMs = tMs;
    const phase = this.#phase;
    if (phase.durationS === Number.POSITIVE_INFINITY) return;
    const t = (tMs - this.#startMs) / 1000;
    const v = this.#startV + phase.a * t;
    this.v = phase.a < 0 ? Math.max(v, phase.endV) : Math.min(v, phase.endV);
    this.p = Math.min(this.#startP + (this.#startV + 0.5 * phase.a * t) * t, phase.endP);
  }

  #finishPhase(endMs: number): void {
    this.#nowMs = endMs;
    this.p = this.#phase.endP;
    this.v = this.#phase.endV;
    if (this.#startV > 0 && this.v === 0) {
      this.stops++;
      this.stoodSinceMs = endMs;
    }
  }

  #replan(): void {
    const path = this.#path;
    path.locate(this.p);
    const before = this.a;
    if (this.#halting || path.edges.length === 0) {
      haltPhase(this.p, this.v, this.#limits.decelerationMps2, this.#phase);
      this.#phase.endP = Math.max(this.p, Math.min(this.#phase.endP, this.#authorityP));
    } else {
      nextSpeedPhase(this.p, this.v, path.edges, path.edgeIndex, this.#authorityP, this.#limits, this.#phase);
    }
    this.#startMs = this.#nowMs;
    this.#startP = this.p;
    this.#startV = this.v;
    this.a = this.#phase.a;
    if (this.a !== before) this.#onPhase(this.#nowMs, this.v, this.a);
  }

  /** True when it stands at `p` metres of the path. */
  standsAt(p: number): boolean {
    return this.standing && Math.abs(this.p - p) <= AT_NODE_M;
  }

  hasReached(p: number): boolean {
    return this.p >= p - POSITION_EPSILON_M;
  }
}
