import type { DeadlockReason } from "../reasons.ts";

/** "Nobody" in `WaitFact.waitsFor`. */
export const NONE = -1;

/** What is known of one vehicle at the time of an update. */
export interface WaitFact {
  /** Index in the fleet, below `vehiclesMax`. */
  readonly index: number;
  /** It has moved since the update before. */
  readonly moved: boolean;
  readonly hasTask: boolean;
  /** Broken, silent, in manual mode: it cannot move whatever the traffic does. */
  readonly fault: boolean;
  /** The vehicle for which it waits, directly or as the holder of the resource that it needs; or NONE. */
  readonly waitsFor: number;
  /** Its wait is explained by a closure, a fault (its own or up its chain), its service or a working station's queue. */
  readonly explained: boolean;
}

export interface DeadlockOptions {
  readonly vehiclesMax: number;
  /** A vehicle in a cycle counts when it has not moved for this long, ms. */
  readonly unmovedMs: number;
  /** A wait that nothing explains counts when it is longer than this, ms. */
  readonly waitMs: number;
}

export const DEADLOCK_DEFAULTS = { unmovedMs: 60_000, waitMs: 15 * 60_000 } as const;

export interface DeadlockEpisode {
  readonly reason: DeadlockReason;
  /** Run time at which it was recognised, ms. */
  readonly atMs: number;
  /** Cycle: its members from the lowest index on, each waiting for the next. Else the one vehicle. */
  readonly vehicles: readonly number[];
}

/**
 * Counts deadlocks as the summary defines them: an episode in which a vehicle with a task and no fault has not moved for
 * 60 s and its chain of waits runs into a cycle; or a wait of more than 15 min that nothing explains. A cycle is one
 * episode from its recognition until no vehicle of it is in a cycle any more, however the members change meanwhile; an
 * unexplained wait is one episode until the vehicle moves or its wait is explained.
 */
export class DeadlockDetector {
  readonly #options: DeadlockOptions;
  /** [vehicle] run time at which it last moved or had no task; of the last time that it moved, had no task, or its wait was explained. */
  readonly #movedMs: Float64Array;
  readonly #excusedMs: Float64Array;
  /** [vehicle] 1 while its unexplained wait has been counted; number of its open cycle episode, or 0. */
  readonly #waitCounted: Uint8Array;
  readonly #episodeOf: Int32Array;
  readonly #waitsFor: Int32Array;
  /** [vehicle] walk in which it was met, and number of the cycle it was found in (from 1), or 0. */
  readonly #walk: Int32Array;
  readonly #cycleOf: Int32Array;
  readonly #known: Uint8Array;
  #episodes = 0;

  constructor(options: Pick<DeadlockOptions, "vehiclesMax"> & Partial<DeadlockOptions>) {
    this.#options = { ...DEADLOCK_DEFAULTS, ...options };
    const n = this.#options.vehiclesMax;
    this.#movedMs = new Float64Array(n);
    this.#excusedMs = new Float64Array(n);
    this.#waitCounted = new Uint8Array(n);
    this.#episodeOf = new Int32Array(n);
    this.#waitsFor = new Int32Array(n);
    this.#walk = new Int32Array(n);
    this.#cycleOf = new Int32Array(n);
    this.#known = new Uint8Array(n);
  }

  /**
   * Takes the facts of all vehicles at `nowMs` (rising). Once a second is often enough.
   * @returns the episodes that begin now, cycles before waits, by rising vehicle
   */
  update(nowMs: number, facts: readonly WaitFact[]): readonly DeadlockEpisode[] {
    this.#waitsFor.fill(NONE);
    for (const fact of facts) this.#take(nowMs, fact);
    const cycles = this.#findCycles();
    const began: DeadlockEpisode[] = [];
    this.#openCycles(nowMs, facts, cycles, began);
    for (const fact of facts) {
      const waits = nowMs - this.#excusedMs[fact.index]! > this.#options.waitMs;
      if (waits && this.#waitCounted[fact.index] === 0) {
        this.#waitCounted[fact.index] = 1;
        began.push({ reason: "unexplained-wait", atMs: nowMs, vehicles: [fact.index] });
      }
    }
    return began;
  }

  #take(nowMs: number, fact: WaitFact): void {
    const i = fact.index;
    this.#waitsFor[i] = fact.waitsFor;
    if (fact.moved || !fact.hasTask || this.#known[i] === 0) this.#movedMs[i] = nowMs;
    if (fact.moved || !fact.hasTask || fact.fault || fact.explained || this.#known[i] === 0) {
      this.#excusedMs[i] = nowMs;
      this.#waitCounted[i] = 0;
    }
    this.#known[i] = 1;
  }

  /** Each vehicle waits for at most one: walk on from each until a met one. @returns the cycles, from their lowest index */
  #findCycles(): readonly (readonly number[])[] {
    const waitsFor = this.#waitsFor;
    const cycles: number[][] = [];
    this.#walk.fill(NONE);
    this.#cycleOf.fill(0);
    for (let start = 0; start < waitsFor.length; start++) {
      let at = start;
      while (at !== NONE && this.#walk[at] === NONE) {
        this.#walk[at] = start;
        at = waitsFor[at]!;
      }
      if (at === NONE || this.#walk[at] !== start || waitsFor[start] === NONE) continue;
      const cycle = [at];
      for (let next = waitsFor[at]!; next !== at; next = waitsFor[next]!) cycle.push(next);
      const lowest = cycle.indexOf(Math.min(...cycle));
      cycles.push([...cycle.slice(lowest), ...cycle.slice(0, lowest)]);
      for (const member of cycle) this.#cycleOf[member] = cycles.length;
    }
    return cycles;
  }

  #openCycles(
    nowMs: number,
    facts: readonly WaitFact[],
    cycles: readonly (readonly number[])[],
    began: DeadlockEpisode[],
  ): void {
    // Open episodes live on in the cycles that hold one of their vehicles, and end elsewhere.
    const episodeOfCycle = cycles.map((cycle) => cycle.map((v) => this.#episodeOf[v]!).find((e) => e !== 0) ?? 0);
    this.#episodeOf.fill(0);
    if (cycles.length === 0) return;
    for (const fact of facts) {
      const stuck = fact.hasTask && !fact.fault && nowMs - this.#movedMs[fact.index]! >= this.#options.unmovedMs;
      if (!stuck) continue;
      const cycle = this.#cycleAhead(fact.index);
      if (cycle === 0 || episodeOfCycle[cycle - 1] !== 0) continue;
      episodeOfCycle[cycle - 1] = ++this.#episodes;
      began.push({ reason: "cycle", atMs: nowMs, vehicles: cycles[cycle - 1]! });
    }
    cycles.forEach((cycle, c) => {
      for (const member of cycle) this.#episodeOf[member] = episodeOfCycle[c]!;
    });
  }

  /** Number of the cycle into which the waits of a vehicle run, or 0. */
  #cycleAhead(vehicle: number): number {
    let at = vehicle;
    for (let steps = 0; at !== NONE && steps < this.#waitsFor.length; steps++) {
      if (this.#cycleOf[at] !== 0) return this.#cycleOf[at]!;
      at = this.#waitsFor[at]!;
    }
    return 0;
  }
}
