/**
 * Some steps of all agents at once by PIBT with operations of several actions (EPIBT: Yukhnevich and Andreychuk, AAAI-26).
 * An agent tries its operations, the best first. One that meets nobody is taken; one that meets a single agent of lower
 * priority is taken if that agent finds another operation in turn; one that meets more is left.
 */
import type { Motion } from "./motion.ts";

/** Steps of an operation. */
export const OPERATION_STEPS = 3;

/** Times that an agent may be asked to give way within one chain. */
const VISITS_MAX = 10;

const LAYERS = OPERATION_STEPS + 1;
const NOBODY = -1;
const SEVERAL = -2;

export class EpibtStep {
  /** [agent * LAYERS + time] the states that the operations lead through. */
  readonly states: Int32Array;
  /** Operations tried since it was made. */
  tried = 0;
  readonly #motion: Motion;
  /** [vertex * LAYERS + time] agent, or NOBODY. */
  readonly #occupants: Int32Array;
  /** [operation * OPERATION_STEPS + i] action. */
  readonly #operations: Uint8Array;
  readonly #operationCount: number;
  /** [agent * operationCount + i] operations as they are to be tried; the count of those that are possible. */
  readonly #ranked: Uint8Array;
  readonly #rankedCount: Int32Array;
  readonly #rankedRound: Int32Array;
  readonly #scores: Int32Array;
  readonly #place: Int32Array;
  /** [agent] chain in which it was asked last, and how often. */
  readonly #askedChain: Int32Array;
  readonly #asked: Int32Array;
  readonly #onStack: Uint8Array;
  readonly #stackAgent: Int32Array;
  readonly #stackTried: Int32Array;
  readonly #stackStates: Int32Array;
  readonly #walk = new Int32Array(LAYERS);
  #chain = 0;
  #round = 0;

  constructor(motion: Motion, agentCount: number) {
    this.#motion = motion;
    const { actionCount } = motion;
    this.states = new Int32Array(agentCount * LAYERS);
    this.#occupants = new Int32Array(motion.map.vertexCount * LAYERS).fill(NOBODY);
    this.#operationCount = actionCount ** OPERATION_STEPS;
    this.#operations = new Uint8Array(this.#operationCount * OPERATION_STEPS);
    for (let operation = 0; operation < this.#operationCount; operation++) {
      let rest = operation;
      for (let i = OPERATION_STEPS - 1; i >= 0; i--) {
        this.#operations[operation * OPERATION_STEPS + i] = rest % actionCount;
        rest = Math.floor(rest / actionCount);
      }
    }
    this.#ranked = new Uint8Array(agentCount * this.#operationCount);
    this.#rankedCount = new Int32Array(agentCount);
    this.#rankedRound = new Int32Array(agentCount);
    this.#scores = new Int32Array(this.#operationCount);
    this.#place = new Int32Array(agentCount);
    this.#askedChain = new Int32Array(agentCount);
    this.#asked = new Int32Array(agentCount);
    this.#onStack = new Uint8Array(agentCount);
    this.#stackAgent = new Int32Array(agentCount + 1);
    this.#stackTried = new Int32Array(agentCount + 1);
    this.#stackStates = new Int32Array((agentCount + 1) * LAYERS);
  }

  /** All agents wait in `from`: what `plan` starts with. */
  stand(from: Int32Array): void {
    for (let agent = 0; agent < from.length; agent++) {
      this.states.fill(from[agent]!, agent * LAYERS, (agent + 1) * LAYERS);
    }
  }

  /** The first step of every operation has been made; what is left, and a wait, is what `plan` starts with. */
  shift(): void {
    const { states } = this;
    for (let agent = 0; agent < this.#place.length; agent++) {
      const base = agent * LAYERS;
      for (let time = 0; time < OPERATION_STEPS; time++) states[base + time] = states[base + time + 1]!;
    }
  }

  /**
   * Improves `states`, which are free of conflicts and stay so.
   * @param order agents, the highest priority first
   * @param tables [agent] cost-to-go, or null: no goal, it would rather stay
   */
  plan(order: Int32Array, tables: readonly (Uint16Array | null)[]): void {
    const agentCount = order.length;
    this.#round++;
    for (let i = 0; i < agentCount; i++) this.#place[order[i]!] = i;
    for (let agent = 0; agent < agentCount; agent++) this.#put(agent);
    for (let i = 0; i < agentCount; i++) this.#ask(order[i]!, i, tables);
    for (let agent = 0; agent < agentCount; agent++) this.#take(agent);
  }

  #put(agent: number): void {
    const { states } = this;
    const occupants = this.#occupants;
    const { vertexShift } = this.#motion;
    for (let time = 0; time < LAYERS; time++) {
      occupants[(states[agent * LAYERS + time]! >> vertexShift) * LAYERS + time] = agent;
    }
  }

  #take(agent: number): void {
    const { states } = this;
    const occupants = this.#occupants;
    const { vertexShift } = this.#motion;
    for (let time = 0; time < LAYERS; time++) {
      occupants[(states[agent * LAYERS + time]! >> vertexShift) * LAYERS + time] = NOBODY;
    }
  }

  /** The chain of agents that starts at `first`: to its end, or back to how it was. */
  #ask(first: number, firstPlace: number, tables: readonly (Uint16Array | null)[]): void {
    const { states } = this;
    const { actionCount, next } = this.#motion;
    const operations = this.#operations;
    const ranked = this.#ranked;
    const place = this.#place;
    const onStack = this.#onStack;
    const stackAgent = this.#stackAgent;
    const stackTried = this.#stackTried;
    const stackStates = this.#stackStates;
    const walk = this.#walk;
    const chain = ++this.#chain;
    let depth = 0;
    stackAgent[0] = first;
    stackTried[0] = 0;
    onStack[first] = 1;
    this.#save(0, first);
    this.#take(first);
    this.#rank(first, tables[first]!);
    let hasEnded = false;
    while (depth >= 0 && !hasEnded) {
      const agent = stackAgent[depth]!;
      const rowBase = agent * this.#operationCount;
      const count = this.#rankedCount[agent]!;
      let wentDown = false;
      while (stackTried[depth]! < count) {
        const operation = ranked[rowBase + stackTried[depth]!]!;
        stackTried[depth] = stackTried[depth]! + 1;
        this.tried++;
        walk[0] = states[agent * LAYERS]!;
        for (let i = 0; i < OPERATION_STEPS; i++) {
          walk[i + 1] = next[walk[i]! * actionCount + operations[operation * OPERATION_STEPS + i]!]!;
        }
        const other = this.#met();
        if (other === SEVERAL) continue;
        if (other === NOBODY) {
          for (let time = 0; time < LAYERS; time++) states[agent * LAYERS + time] = walk[time]!;
          this.#put(agent);
          hasEnded = true;
          break;
        }
        if (place[other]! < firstPlace || onStack[other] === 1) continue;
        if (this.#askedChain[other] !== chain) {
          this.#askedChain[other] = chain;
          this.#asked[other] = 0;
        }
        if (this.#asked[other]! >= VISITS_MAX) continue;
        this.#asked[other] = this.#asked[other]! + 1;
        depth++;
        stackAgent[depth] = other;
        stackTried[depth] = 0;
        onStack[other] = 1;
        this.#save(depth, other);
        this.#take(other);
        this.#rank(other, tables[other]!);
        for (let time = 0; time < LAYERS; time++) states[agent * LAYERS + time] = walk[time]!;
        this.#put(agent);
        wentDown = true;
        break;
      }
      if (wentDown || hasEnded) continue;
      // Nothing left to try: the agent goes back to its old operation, and the one that asked is taken out to try on.
      onStack[agent] = 0;
      depth--;
      if (depth >= 0) this.#take(stackAgent[depth]!);
      for (let time = 0; time < LAYERS; time++) {
        states[agent * LAYERS + time] = stackStates[(depth + 1) * LAYERS + time]!;
      }
      this.#put(agent);
    }
    for (let i = 0; i <= depth; i++) onStack[stackAgent[i]!] = 0;
  }

  #save(depth: number, agent: number): void {
    for (let time = 0; time < LAYERS; time++) {
      this.#stackStates[depth * LAYERS + time] = this.states[agent * LAYERS + time]!;
    }
  }

  /** Whom `walk` meets: NOBODY, one agent, or SEVERAL. */
  #met(): number {
    const occupants = this.#occupants;
    const walk = this.#walk;
    const { vertexShift } = this.#motion;
    let met = NOBODY;
    let vertex = walk[0]! >> vertexShift;
    for (let time = 1; time < LAYERS; time++) {
      const to = walk[time]! >> vertexShift;
      const there = occupants[to * LAYERS + time]!;
      if (there !== NOBODY && there !== met) {
        if (met !== NOBODY) return SEVERAL;
        met = there;
      }
      if (to !== vertex) {
        const opposite = occupants[to * LAYERS + time - 1]!;
        if (opposite !== NOBODY && opposite !== met && occupants[vertex * LAYERS + time] === opposite) {
          if (met !== NOBODY) return SEVERAL;
          met = opposite;
        }
      }
      vertex = to;
    }
    return met;
  }

  /** The agent's possible operations, by what is left behind them, then by how early they come near. */
  #rank(agent: number, table: Uint16Array | null): void {
    if (this.#rankedRound[agent] === this.#round) return;
    this.#rankedRound[agent] = this.#round;
    const { actionCount, next } = this.#motion;
    const operations = this.#operations;
    const operationCount = this.#operationCount;
    const ranked = this.#ranked;
    const scores = this.#scores;
    const row = agent * operationCount;
    const start = this.states[agent * LAYERS]!;
    let count = 0;
    for (let operation = 0; operation < operationCount; operation++) {
      let state = start;
      let sum = 0;
      let hasArrived = table === null;
      let last = 0;
      for (let i = 0; i < OPERATION_STEPS && state >= 0; i++) {
        const action = operations[operation * OPERATION_STEPS + i]!;
        state = next[state * actionCount + action]!;
        if (state < 0) break;
        if (hasArrived) last = action === actionCount - 1 ? 0 : 1;
        else {
          last = table![state]!;
          if (last === 0) hasArrived = true;
        }
        sum += last;
      }
      if (state < 0) continue;
      const score = last * 64 + Math.min(sum, 0xffff_ff);
      let i = count++;
      for (; i > 0 && scores[i - 1]! > score; i--) {
        scores[i] = scores[i - 1]!;
        ranked[row + i] = ranked[row + i - 1]!;
      }
      scores[i] = score;
      ranked[row + i] = operation;
    }
    this.#rankedCount[agent] = count;
  }
}
