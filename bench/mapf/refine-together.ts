/**
 * Refinement on several threads that stay in step: each refines the same state for a round and writes its changes to its
 * log in shared memory; then all merge all logs in the same order, and are in the same state again. Rounds are counted
 * in nodes, so the answer depends on the number of threads and the seed, but not on who is faster.
 */
import type { Refinement } from "../../planner/index.ts";

/** Numbers of the control block: the barrier's two, the two signals, then each log's length. */
const ARRIVED = 0;
const GENERATION = 1;
const STOP = 2;
const FAILED = 3;
const LENGTHS = 4;

const LOG_NUMBERS = 1 << 21;
const ROUND_NODES = 60_000;
/** A thread that is silent for so long has died. */
const SILENCE_MAX_MS = 120_000;

export interface SharedRounds {
  readonly threads: number;
  readonly control: Int32Array;
  /** [thread] log. */
  readonly logs: readonly Int32Array[];
}

/** Shared memory for `threads` threads. */
export function sharedRounds(threads: number): SharedRounds {
  const shared = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
  return {
    threads,
    control: shared(LENGTHS + threads),
    logs: Array.from({ length: threads }, () => shared(LOG_NUMBERS)),
  };
}

/** Tells every thread to end its round now, and to make no other. */
export function stopRounds({ control }: SharedRounds): void {
  Atomics.store(control, STOP, 1);
}

/** Tells the others that this thread cannot go on. */
export function failRounds({ control }: SharedRounds): void {
  Atomics.store(control, FAILED, 1);
  Atomics.add(control, GENERATION, 1);
  Atomics.notify(control, GENERATION);
}

export function haveFailed({ control }: SharedRounds): boolean {
  return Atomics.load(control, FAILED) === 1;
}

/** Waits until every thread is here. @throws Error where another failed */
function meet({ control, threads }: SharedRounds): void {
  const generation = Atomics.load(control, GENERATION);
  if (Atomics.add(control, ARRIVED, 1) + 1 === threads) {
    Atomics.store(control, ARRIVED, 0);
    Atomics.add(control, GENERATION, 1);
    Atomics.notify(control, GENERATION);
  } else {
    while (Atomics.load(control, GENERATION) === generation) {
      const end = Atomics.wait(control, GENERATION, generation, SILENCE_MAX_MS);
      if (end === "timed-out") throw new Error("a refining thread does not answer");
    }
  }
  if (Atomics.load(control, FAILED) === 1) throw new Error("a refining thread failed");
}

/**
 * Refines until somebody calls `stopRounds`; every thread calls this, each with a refinement in the same state.
 * @param betweenRounds called by this thread after each round, while nobody else refines
 */
export function refineTogether(
  refinement: Refinement,
  rounds: SharedRounds,
  thread: number,
  isOver: () => boolean,
  betweenRounds: () => void,
): void {
  const { control, logs } = rounds;
  const isStopped = (): boolean => Atomics.load(control, STOP) === 1;
  for (;;) {
    refinement.beginShared(logs[thread]!);
    refinement.run({ expansionsMax: ROUND_NODES, isOver: () => isOver() || isStopped() });
    control[LENGTHS + thread] = refinement.endShared();
    meet(rounds);
    for (const [other, log] of logs.entries()) refinement.merge(log, control[LENGTHS + other]!);
    betweenRounds();
    meet(rounds);
    if (isStopped()) return;
  }
}
