/** Cost-to-go of agents: what is left from every state to the goal, over edges whose weights make traffic flow. */
import type { Motion } from "./motion.ts";

/** Cost of one step that nothing makes dearer. Weights of edges are whole numbers, so that dear edges differ finely. */
export const STEP_COST = 4;

/** The dearest edge. */
export const WEIGHT_MAX = 60;

/** What a table holds where no way leads to the goal, or one too long for 16 bits. */
export const FAR = 65_535;

const BUCKETS = 64;

/** The search that fills tables: shortest paths with small whole weights on a ring of buckets (Dial 1969). */
export class GuideSearch {
  readonly #motion: Motion;
  readonly #head = new Int32Array(BUCKETS);
  readonly #item: Int32Array;
  readonly #link: Int32Array;

  constructor(motion: Motion) {
    this.#motion = motion;
    const entries = motion.stateCount * motion.actionCount + 4;
    this.#item = new Int32Array(entries);
    this.#link = new Int32Array(entries);
  }

  /**
   * Fills `table` with the costs to `goal`, whatever the heading there.
   * @param weights [state * actionCount + action] cost of the action, 1 to `WEIGHT_MAX`
   */
  fill(table: Uint16Array, goal: number, weights: Uint8Array): void {
    const { actionCount, previous, vertexShift } = this.#motion;
    const head = this.#head.fill(-1);
    const item = this.#item;
    const link = this.#link;
    const waits = actionCount - 1;
    let count = 0;
    table.fill(FAR);
    for (let state = goal << vertexShift; state < (goal + 1) << vertexShift; state++) {
      table[state] = 0;
      item[count] = state;
      link[count] = head[0]!;
      head[0] = count++;
    }
    let waiting = count;
    for (let cost = 0; waiting > 0 && cost < FAR; cost++) {
      const bucket = cost & (BUCKETS - 1);
      let entry = head[bucket]!;
      head[bucket] = -1;
      while (entry >= 0) {
        const state = item[entry]!;
        entry = link[entry]!;
        waiting--;
        if (table[state] !== cost) continue;
        const base = state * actionCount;
        for (let action = 0; action < waits; action++) {
          const from = previous[base + action]!;
          if (from < 0) continue;
          const fromCost = cost + weights[from * actionCount + action]!;
          if (fromCost >= table[from]!) continue;
          table[from] = fromCost;
          item[count] = from;
          const to = fromCost & (BUCKETS - 1);
          link[count] = head[to]!;
          head[to] = count++;
          waiting++;
        }
      }
    }
  }
}
