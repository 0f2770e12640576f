/** Calls a tick at fixed distances of real time, without drift, and measures how late each began. */

export interface Timing {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A clock that does not go back, ms, and its alarm. */
export interface LoopClock {
  now(): number;
  /** @returns call it to take the alarm back */
  alarm(ms: number, ring: () => void): () => void;
}

const realClock: LoopClock = {
  now: () => performance.now(),
  alarm(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

export interface TickLoopOptions {
  readonly tickMs: number;
  readonly tick: () => void;
  /** Told when the clock went on by more than the loop can catch up with, as after a machine was asleep. */
  readonly onSkip: (skippedMs: number) => void;
  /** Told what a tick threw; the loop stops. */
  readonly onError: (error: unknown) => void;
  /** Default: the machine's. */
  readonly clock?: LoopClock;
}

export interface TickLoop {
  /** Real time of tick 0 on the clock of `performance.now()`, ms. Run time is real time less this. */
  readonly startMs: number;
  readonly ticksLate: number;
  /** Of the last minute, ms. */
  readonly latenessMs: Timing;
  readonly stepMs: Timing;
  stop(): void;
}

/** Ticks that are behind are made up for one after another, up to this many; behind that the rest is skipped. */
const CATCH_UP_MS = 5_000;
const KEPT_MS = 60_000;

/** Starts at once; the first tick is one distance from now. */
export function startTickLoop({ tickMs, tick, onSkip, onError, clock = realClock }: TickLoopOptions): TickLoop {
  let startMs = clock.now();
  let ticks = 0;
  let ticksLate = 0;
  let cancelAlarm = (): void => {};
  let stopped = false;
  const lateness = new Ring(Math.ceil(KEPT_MS / tickMs));
  const durations = new Ring(Math.ceil(KEPT_MS / tickMs));

  function schedule(): void {
    const dueMs = startMs + (ticks + 1) * tickMs;
    // A timer of 0 lets messages in between two ticks that are both behind.
    cancelAlarm = clock.alarm(Math.max(0, dueMs - clock.now()), run);
  }

  function run(): void {
    const dueMs = startMs + (ticks + 1) * tickMs;
    const nowMs = clock.now();
    // Timers may fire up to a millisecond early.
    if (nowMs < dueMs - 1) {
      schedule();
      return;
    }
    let lateMs = nowMs - dueMs;
    if (lateMs > CATCH_UP_MS) {
      const skippedMs = Math.floor(lateMs / tickMs) * tickMs;
      startMs += skippedMs;
      lateMs -= skippedMs;
      onSkip(skippedMs);
    }
    ticks++;
    if (lateMs > tickMs / 2) ticksLate++;
    lateness.add(Math.max(0, lateMs));
    try {
      tick();
    } catch (error) {
      stopped = true;
      onError(error);
      return;
    }
    durations.add(clock.now() - nowMs);
    if (!stopped) schedule();
  }

  schedule();
  return {
    get startMs() {
      return startMs;
    },
    get ticksLate() {
      return ticksLate;
    },
    get latenessMs() {
      return lateness.timing();
    },
    get stepMs() {
      return durations.timing();
    },
    stop() {
      stopped = true;
      cancelAlarm();
    },
  };
}

/** The last so many values. */
class Ring {
  readonly #values: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  add(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
  }

  timing(): Timing {
    const sorted = this.#values.slice(0, Math.min(this.#count, this.#values.length)).sort();
    const at = (share: number): number =>
      round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
    return { p50: at(0.5), p99: at(0.99), max: round(sorted.at(-1) ?? 0) };
  }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
