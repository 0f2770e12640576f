/** The cost-to-go table of every agent's goal, made when the goal is given. */
import { FAR, GuideSearch } from "./guide-tables.ts";
import type { Motion } from "./motion.ts";

export class GoalTables {
  /** [agent] cost-to-go, or null: no goal. */
  readonly tables: (Uint16Array | null)[];
  /** Agents whose goal is new since the last `update`. */
  readonly fresh: Int32Array;
  freshCount = 0;
  readonly #goals: Int32Array;
  /** Tables kept for agents that have no goal for now. */
  readonly #spare: Uint16Array[] = [];
  readonly #motion: Motion;
  readonly #search: GuideSearch;

  constructor(motion: Motion, agentCount: number) {
    this.tables = new Array<Uint16Array | null>(agentCount).fill(null);
    this.fresh = new Int32Array(agentCount);
    this.#goals = new Int32Array(agentCount).fill(-1);
    this.#motion = motion;
    this.#search = new GuideSearch(motion);
  }

  /**
   * Takes in the goals (vertices; -1: none) and makes the tables of those that are new, with the weights of now.
   * @throws RangeError where an agent has no way to its goal
   */
  update(states: Int32Array, goals: Int32Array, weights: Uint8Array): void {
    this.freshCount = 0;
    for (let agent = 0; agent < goals.length; agent++) {
      const goal = goals[agent]!;
      if (goal === this.#goals[agent]) continue;
      this.#goals[agent] = goal;
      if (goal < 0) {
        const old = this.tables[agent]!;
        if (old !== null) this.#spare.push(old);
        this.tables[agent] = null;
        continue;
      }
      const table = this.tables[agent] ?? this.#spare.pop() ?? new Uint16Array(this.#motion.stateCount);
      this.#search.fill(table, goal, weights);
      if (table[states[agent]!] === FAR) throw new RangeError(`agent ${agent} has no way to its goal`);
      this.tables[agent] = table;
      this.fresh[this.freshCount++] = agent;
    }
  }
}

/** Agents by what they have left, the least first, those without a goal last; ties by index. */
export class Priorities {
  readonly order: Int32Array;
  readonly #keys: Float64Array;

  constructor(agentCount: number) {
    this.order = new Int32Array(agentCount);
    this.#keys = new Float64Array(agentCount);
  }

  sort(states: Int32Array, tables: readonly (Uint16Array | null)[]): void {
    const keys = this.#keys;
    for (let agent = 0; agent < keys.length; agent++) {
      const table = tables[agent]!;
      keys[agent] = (table === null ? FAR : table[states[agent]!]!) * 65_536 + agent;
    }
    keys.sort();
    for (let i = 0; i < keys.length; i++) this.order[i] = keys[i]! % 65_536;
  }
}
