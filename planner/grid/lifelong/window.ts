/** The joint plan of the next steps: every agent's states, and who stands where when. Free of conflicts at every moment. */
import type { Motion } from "./motion.ts";

/** Steps that the rings of states and occupants hold: one more than a window at most has. */
export const SLOTS = 16;

/** The longest window. */
export const WINDOW_MAX = SLOTS - 1;

/** Occupants are 16-bit numbers. */
export const AGENTS_MAX = 32_767;

/**
 * Slot `(base + t) & (SLOTS - 1)` holds what is planned for `t` steps from now.
 * Invariant: for 0 <= t <= windowSteps no two agents share a vertex, and for t > 0 no two have changed places.
 */
export interface Window {
  readonly motion: Motion;
  readonly agentCount: number;
  /** Steps planned from now. */
  windowSteps: number;
  /** Ring position of now. */
  base: number;
  /** [agent * SLOTS + slot] state. */
  readonly states: Int32Array;
  /** [vertex * SLOTS + slot] agent, or -1. */
  readonly occupants: Int16Array;
}

/** The window before anything is planned. */
export function windowOf(motion: Motion, starts: Int32Array): Window {
  const agentCount = starts.length;
  const states = new Int32Array(agentCount * SLOTS);
  const occupants = new Int16Array(motion.map.vertexCount * SLOTS).fill(-1);
  for (let agent = 0; agent < agentCount; agent++) {
    states[agent * SLOTS] = starts[agent]!;
    occupants[(starts[agent]! >> motion.vertexShift) * SLOTS] = agent;
  }
  return { motion, agentCount, windowSteps: 0, base: 0, states, occupants };
}
