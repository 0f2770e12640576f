/**
 * Large-neighbourhood search on the window. One try: an agent takes its cheapest way, past the others for a penalty a
 * meeting; those it met give way in turn, ways already chosen in this try being walls. The try is kept if all of them
 * together got cheaper, and undone if not. It is what multi-action PIBT does with enumerated actions (EPIBT, AAAI-26), on
 * whole windows, with ways found by search.
 */
import type { Prng } from "../../prng.ts";
import { STEP_COST } from "./guide-tables.ts";
import { SLOTS, type Window } from "./window.ts";
import type { WindowSearch } from "./window-search.ts";

/** Agents that one try may move. */
const MOVED_MAX = 24;

/** Attempts of one try; each keeps clear of those who could not give way in the ones before. */
const ATTEMPTS_MAX = 3;

export interface ImproveInput {
  readonly window: Window;
  readonly search: WindowSearch;
  /** [agent] cost-to-go to its goal; null: none. */
  readonly tables: readonly (Uint16Array | null)[];
  readonly weights: Uint8Array;
  /** [agent] cost of its way in the window and of what is left behind it. Kept up to date. */
  readonly costs: Int32Array;
  /** [agent] what a unit of its cost counts against others', at least 1. */
  readonly ranks: Int32Array;
}

export class Improver {
  tries = 0;
  kept = 0;
  readonly #input: ImproveInput;
  readonly #wall: Int32Array;
  /** [agent] try in which it was taken out of the window last. */
  readonly #taken: Int32Array;
  readonly #moved = new Int32Array(MOVED_MAX);
  readonly #oldStates = new Int32Array(MOVED_MAX * SLOTS);
  readonly #newCosts = new Int32Array(MOVED_MAX);
  /** Agents that could not give way in this try's earlier attempts: their ways are walls. */
  readonly #walls = new Int32Array(ATTEMPTS_MAX);
  #wallCount = 0;
  #blocker = -1;
  #mark = 0;

  constructor(input: ImproveInput) {
    this.#input = input;
    this.#wall = new Int32Array(input.window.agentCount);
    this.#taken = new Int32Array(input.window.agentCount);
  }

  /**
   * One try that starts at `agent`.
   * @returns whether it was kept; a try that costs as much as before is, so that plateaus are crossed
   */
  improve(agent: number, movedMax: number, penalty: number, random: Prng): boolean {
    this.#wallCount = 0;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (this.#attempt(agent, movedMax, penalty, random)) return true;
      if (this.#blocker < 0 || this.#blocker === agent) return false;
      this.#walls[this.#wallCount++] = this.#blocker;
    }
    return false;
  }

  #attempt(agent: number, movedMax: number, penalty: number, random: Prng): boolean {
    const { window, search, tables, weights, costs, ranks } = this.#input;
    const { base, states } = window;
    const wall = this.#wall;
    const taken = this.#taken;
    const moved = this.#moved;
    const newCosts = this.#newCosts;
    const slotMask = SLOTS - 1;
    const mark = ++this.#mark;
    const nowSlot = base & slotMask;
    this.tries++;
    this.#blocker = -1;
    for (let i = 0; i < this.#wallCount; i++) wall[this.#walls[i]!] = mark;
    // Cost that may still be spent: of all taken out, less what was found, less the least that the waiting ones need.
    let room = ranks[agent]!;
    moved[0] = agent;
    taken[agent] = mark;
    let movedCount = 1;
    room += this.#takeOut(0);
    let done = 0;
    const limitMoved = Math.min(movedMax, MOVED_MAX);
    for (; done < movedCount; done++) {
      const current = moved[done]!;
      const table = tables[current]!;
      const start = states[current * SLOTS + nowSlot]!;
      const least = table === null ? 0 : table[start]!;
      const rank = ranks[current]!;
      const limit = Math.floor(room / rank) + least + (rank === ranks[agent] ? 0 : 1);
      const found = search.find(window, start, table, weights, wall, mark, penalty, limit, random.nextUint32() & 3);
      if (found < 0) {
        this.#blocker = current;
        break;
      }
      const cost = found - penalty * search.metCount;
      newCosts[done] = cost;
      room -= rank * (cost - least);
      if (room <= 0) break;
      const { met, metCount } = search;
      let full = false;
      for (let i = 0; i < metCount; i++) {
        const other = met[i]!;
        if (taken[other] === mark) continue;
        if (movedCount === limitMoved) {
          full = true;
          break;
        }
        taken[other] = mark;
        moved[movedCount] = other;
        room += this.#takeOut(movedCount);
        movedCount++;
      }
      if (full) break;
      wall[current] = mark;
      this.#putIn(current, search.path);
    }
    if (done < movedCount) {
      for (let i = 0; i < done; i++) this.#clear(moved[i]!);
      for (let i = 0; i < movedCount; i++) this.#restore(i);
      return false;
    }
    for (let i = 0; i < movedCount; i++) costs[moved[i]!] = newCosts[i]!;
    this.kept++;
    return true;
  }

  /** Takes `moved[index]` out of the window. @returns its cost above the least that it needs */
  #takeOut(index: number): number {
    const { window, tables, costs, ranks } = this.#input;
    const { states, base } = window;
    const agent = this.#moved[index]!;
    for (let slot = 0; slot < SLOTS; slot++) this.#oldStates[index * SLOTS + slot] = states[agent * SLOTS + slot]!;
    this.#clear(agent);
    const table = tables[agent]!;
    return (
      ranks[agent]! * (costs[agent]! - (table === null ? 0 : table[states[agent * SLOTS + (base & (SLOTS - 1))]!]!))
    );
  }

  /** Where it stands now stays known. */
  #clear(agent: number): void {
    const { base, occupants, states, windowSteps, motion } = this.#input.window;
    for (let time = 1; time <= windowSteps; time++) {
      const slot = (base + time) & (SLOTS - 1);
      occupants[(states[agent * SLOTS + slot]! >> motion.vertexShift) * SLOTS + slot] = -1;
    }
  }

  #putIn(agent: number, path: Int32Array): void {
    const { base, occupants, states, windowSteps, motion } = this.#input.window;
    for (let time = 0; time <= windowSteps; time++) {
      const slot = (base + time) & (SLOTS - 1);
      states[agent * SLOTS + slot] = path[time]!;
      occupants[(path[time]! >> motion.vertexShift) * SLOTS + slot] = agent;
    }
  }

  #restore(index: number): void {
    const { base, occupants, states, windowSteps, motion } = this.#input.window;
    const agent = this.#moved[index]!;
    for (let time = 0; time <= windowSteps; time++) {
      const slot = (base + time) & (SLOTS - 1);
      const state = this.#oldStates[index * SLOTS + slot]!;
      states[agent * SLOTS + slot] = state;
      occupants[(state >> motion.vertexShift) * SLOTS + slot] = agent;
    }
  }
}

/** Cost of an agent's way as it stands in the window. */
export function costInWindow(window: Window, agent: number, table: Uint16Array | null, weights: Uint8Array): number {
  const { base, motion, states, windowSteps } = window;
  const { actionCount, next } = motion;
  let cost = 0;
  let state = states[agent * SLOTS + (base & (SLOTS - 1))]!;
  let hasArrived = table === null || table[state] === 0;
  for (let time = 1; time <= windowSteps; time++) {
    const to = states[agent * SLOTS + ((base + time) & (SLOTS - 1))]!;
    if (hasArrived) {
      cost += to === state ? 0 : 1;
    } else {
      let step = STEP_COST;
      if (to !== state) {
        let action = 0;
        while (next[state * actionCount + action] !== to) action++;
        step = Math.max(weights[state * actionCount + action]!, table![state]! - table![to]!);
      }
      cost += step;
      hasArrived = table![to] === 0;
    }
    state = to;
  }
  return cost + (hasArrived ? 0 : table![state]!);
}
