import type { DriveLimits } from "./speed-phase.ts";

/** Told at each change of acceleration, while `p` is where it happens: from `tMs` on it moves with `v` and `a`. */
export type PhaseListener = (tMs: number, v: number, a: number) => void;

/**
 * How a vehicle moves along its path: in closed form (`Motion`), or by forces, actuators and errors (`PhysicalMotion`).
 * `p` is the true position of the centre, metres of the path; time is in milliseconds of run time.
 */
export interface VehicleMotion {
  readonly p: number;
  readonly v: number;
  readonly a: number;
  readonly standing: boolean;
  /** When it last came to a stand, and how often it has. */
  readonly stoodSinceMs: number;
  readonly stops: number;
  /** Begins a path of its own: the vehicle stands at its 0. */
  begin(): void;
  /** From `atMs` on it may drive up to `p`. Calls come in order of time; a lower `p` than the latest is no change. */
  extendAuthority(atMs: number, p: number): void;
  /** From `atMs` on it brakes to a stand and stays there until `resume`. */
  halt(atMs: number): void;
  /** A fault at `atMs`: it brakes as hard as it can and stays there until `resume`. */
  stopAtOnce(atMs: number): void;
  resume(atMs: number): void;
  /** New limits; they change with the load, so at a stand. */
  setLimits(limits: DriveLimits, grossKg: number): void;
  /** The path's speed limits are others than before. */
  limitsChanged(): void;
  advanceTo(tMs: number): void;
  /** It stands, as far as it knows, at `p` metres of the path. */
  standsAt(p: number): boolean;
  /** It has come, as far as it knows, to `p` metres of the path. */
  hasReached(p: number): boolean;
}
