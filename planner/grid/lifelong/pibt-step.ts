/**
 * One step of all agents by priority inheritance with backtracking (Okumura et al. 2022): the agent of the highest
 * priority takes its best next state; who stands there must move first, with that priority, or the taker tries its next
 * best. For both motion models: an agent that turns or waits keeps its vertex.
 */
import type { Prng } from "../../prng.ts";
import type { Motion } from "./motion.ts";

const UNDECIDED = -1;

export class PibtStep {
  readonly #motion: Motion;
  /** [vertex] agent, or -1. */
  readonly #now: Int32Array;
  readonly #then: Int32Array;
  /** [depth] agent, its next candidate; [depth * actionCount + i] its candidates. */
  readonly #agents: Int32Array;
  readonly #tried: Int32Array;
  readonly #candidates: Int32Array;
  readonly #scores: Int32Array;

  constructor(motion: Motion, agentCount: number) {
    this.#motion = motion;
    this.#now = new Int32Array(motion.map.vertexCount).fill(-1);
    this.#then = new Int32Array(motion.map.vertexCount).fill(-1);
    this.#agents = new Int32Array(agentCount + 1);
    this.#tried = new Int32Array(agentCount + 1);
    this.#candidates = new Int32Array((agentCount + 1) * motion.actionCount);
    this.#scores = new Int32Array(motion.actionCount);
  }

  /**
   * Fills `to` with every agent's next state, given the states `from`.
   * @param order agents, the highest priority first
   * @param tables [agent] cost-to-go, or null: no goal, it would rather stay
   */
  step(
    from: Int32Array,
    to: Int32Array,
    order: Int32Array,
    tables: readonly (Uint16Array | null)[],
    weights: Uint8Array,
    random: Prng,
  ): void {
    const { vertexShift } = this.#motion;
    const now = this.#now;
    const then = this.#then;
    const agentCount = from.length;
    for (let agent = 0; agent < agentCount; agent++) {
      now[from[agent]! >> vertexShift] = agent;
      to[agent] = UNDECIDED;
    }
    for (let i = 0; i < agentCount; i++) {
      if (to[order[i]!] === UNDECIDED) this.#decide(order[i]!, from, to, tables, weights, random);
    }
    for (let agent = 0; agent < agentCount; agent++) {
      now[from[agent]! >> vertexShift] = -1;
      then[to[agent]! >> vertexShift] = -1;
    }
  }

  #decide(
    first: number,
    from: Int32Array,
    to: Int32Array,
    tables: readonly (Uint16Array | null)[],
    weights: Uint8Array,
    random: Prng,
  ): void {
    const { actionCount, vertexShift } = this.#motion;
    const now = this.#now;
    const then = this.#then;
    const agents = this.#agents;
    const tried = this.#tried;
    const candidates = this.#candidates;
    agents[0] = first;
    this.#rank(0, from[first]!, tables[first]!, weights, random);
    // An agent below the top of the stack holds its candidate and waits for whoever stands there.
    for (let depth = 0; depth >= 0; ) {
      const agent = agents[depth]!;
      const vertex = from[agent]! >> vertexShift;
      let settled = false;
      let descended = false;
      while (tried[depth]! < actionCount) {
        const state = candidates[depth * actionCount + tried[depth]!]!;
        tried[depth] = tried[depth]! + 1;
        if (state < 0) continue;
        const target = state >> vertexShift;
        if (then[target] !== -1) continue;
        const there = now[target]!;
        // The one who stands there must not come here in exchange.
        if (there !== -1 && there !== agent && to[there] !== UNDECIDED && to[there]! >> vertexShift === vertex)
          continue;
        to[agent] = state;
        then[target] = agent;
        if (there !== -1 && there !== agent && to[there] === UNDECIDED) {
          depth++;
          agents[depth] = there;
          this.#rank(depth, from[there]!, tables[there]!, weights, random);
          descended = true;
        } else {
          settled = true;
        }
        break;
      }
      if (descended) continue;
      if (settled) return;
      // Nowhere to go: it stays, and whoever wanted its vertex tries the next best.
      to[agent] = from[agent]!;
      then[vertex] = agent;
      depth--;
    }
  }

  /** Candidates of one agent, the cheapest first, ties at random. */
  #rank(depth: number, state: number, table: Uint16Array | null, weights: Uint8Array, random: Prng): void {
    const { actionCount, next, vertexShift } = this.#motion;
    const base = state * actionCount;
    const candidates = this.#candidates;
    const scores = this.#scores;
    const row = depth * actionCount;
    const ties = random.nextUint32();
    for (let action = 0; action < actionCount; action++) {
      const to = next[base + action]!;
      let score = 0x7fffffff;
      if (to >= 0) {
        const isWait = action === actionCount - 1;
        const cost = table === null ? (isWait ? 0 : 1) : table[to]! + (isWait ? 0 : weights[base + action]! - 4);
        // A free vertex before one whose agent has to be moved.
        const isTaken = this.#now[to >> vertexShift] === -1 ? 0 : 1;
        score = ((cost + 64) << 4) | (isTaken << 3) | ((ties >>> (3 * action)) & 7);
      }
      let i = action;
      for (; i > 0 && scores[i - 1]! > score; i--) {
        scores[i] = scores[i - 1]!;
        candidates[row + i] = candidates[row + i - 1]!;
      }
      scores[i] = score;
      candidates[row + i] = to;
    }
    this.#tried[depth] = 0;
  }
}
