import { rosTime, rosTimeMs } from "./mapping/time.ts";
import type { Time } from "./messages.ts";

/**
 * The graph's own time where somebody else sends /clock (`use_sim_time`). Before the first message it is zero, as every
 * ROS node has it; between two messages it stands still.
 */
export class SimClock {
  #clockMs = 0;
  #runMs = 0;

  /** @param runMs run time at which it came */
  take(clock: Time, runMs: number): void {
    this.#clockMs = rosTimeMs(clock);
    this.#runMs = runMs;
  }

  /** The graph's time at a moment of run time; of moments after the last message its time. */
  stampOf(runMs: number): Time {
    return rosTime(Math.max(0, this.#clockMs + Math.min(0, runMs - this.#runMs)));
  }
}
