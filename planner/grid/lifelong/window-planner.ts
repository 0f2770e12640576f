/**
 * Lifelong planner: a joint plan of the next steps that never has a conflict, made better by large-neighbourhood search
 * for as long as the budget of a step lasts. What one step did not finish the next ones go on with.
 * Two ways to fill the window. `ahead`: it is long; PIBT adds its last step. `operations`: it is short, and all of it is
 * offered to multi-action PIBT anew each step, which unties knots where agents that must turn stand close.
 */
import { type Prng, prng } from "../../prng.ts";
import { EpibtStep, OPERATION_STEPS } from "./epibt-step.ts";
import { GoalTables, Priorities } from "./goal-tables.ts";
import { costInWindow, Improver } from "./improve.ts";
import type { LifelongPlanner, StepBudget } from "./lifelong-planner.ts";
import type { Motion } from "./motion.ts";
import { PibtStep } from "./pibt-step.ts";
import { TrafficWeights } from "./traffic-weights.ts";
import { SLOTS, WINDOW_MAX, type Window, windowOf } from "./window.ts";
import { WindowSearch } from "./window-search.ts";

export interface WindowPlannerOptions {
  readonly seed: number;
  readonly fill: "ahead" | "operations";
  /** Steps of the window, 2 to `WINDOW_MAX`; `operations`: as many as an operation has. */
  readonly windowSteps: number;
  /** Agents that one try may move. */
  readonly movedMax: number;
  /** What meeting another costs an agent that looks for its way, in parts of a step's cost. */
  readonly penalty: number;
  /** Added to an edge, in steps, where all traffic is against it. */
  readonly contraryCost: number;
  /** Whether those with little left count more than those with much left. */
  readonly nearFirst: boolean;
}

/** Agents per vertex from which on agents that turn need `operations`. */
const DENSE = 0.3;

/** Settings that were found best on the public instances. */
export function windowPlannerOptions(motion: Motion, agentCount: number, seed: number): WindowPlannerOptions {
  const base = { seed, movedMax: 8, penalty: 8, contraryCost: 1 };
  return motion.kind === "rotation" && agentCount > DENSE * motion.map.vertexCount
    ? { ...base, fill: "operations", windowSteps: OPERATION_STEPS, penalty: 3, contraryCost: 0, nearFirst: true }
    : { ...base, fill: "ahead", windowSteps: WINDOW_MAX, nearFirst: false };
}

/** Ranks with `nearFirst`: the least, and what the one with the least left has more. Between them by the square of the place. */
const RANK_MIN = 1;
const RANK_SPAN = 64;

/** Tries in a row that find nobody late before a step ends early, in agents. */
const IDLE_ROUNDS = 4;

const TRAFFIC = { halfLifeSteps: 100, renewSteps: 20 };

export class WindowPlanner implements LifelongPlanner {
  readonly #motion: Motion;
  readonly #options: WindowPlannerOptions;
  readonly #window: Window;
  readonly #goalTables: GoalTables;
  readonly #traffic: TrafficWeights;
  readonly #search: WindowSearch;
  readonly #improver: Improver;
  readonly #pibt: PibtStep;
  readonly #epibt: EpibtStep;
  readonly #random: Prng;
  readonly #priorities: Priorities;
  /** [agent] cost of its way, and what a unit of it counts. */
  readonly #costs: Int32Array;
  readonly #ranks: Int32Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** [agent] its table, or null where it will have arrived by the end of the window. */
  readonly #tablesAtEnd: (Uint16Array | null)[];

  constructor(motion: Motion, starts: Int32Array, options: WindowPlannerOptions) {
    const agentCount = starts.length;
    this.#motion = motion;
    this.#options = options;
    this.#window = windowOf(motion, starts);
    this.#goalTables = new GoalTables(motion, agentCount);
    this.#traffic = new TrafficWeights(motion, { ...TRAFFIC, contraryCost: options.contraryCost });
    this.#search = new WindowSearch(motion);
    this.#costs = new Int32Array(agentCount);
    this.#ranks = new Int32Array(agentCount).fill(RANK_MIN);
    this.#improver = new Improver({
      window: this.#window,
      search: this.#search,
      tables: this.#goalTables.tables,
      weights: this.#traffic.weights,
      costs: this.#costs,
      ranks: this.#ranks,
    });
    this.#pibt = new PibtStep(motion, agentCount);
    this.#epibt = new EpibtStep(motion, agentCount);
    this.#random = prng(options.seed);
    this.#priorities = new Priorities(agentCount);
    this.#from = new Int32Array(agentCount);
    this.#to = new Int32Array(agentCount);
    this.#tablesAtEnd = new Array<Uint16Array | null>(agentCount).fill(null);
  }

  /** Nodes expanded so far. */
  get nodes(): number {
    return this.#search.expansions;
  }

  step(states: Int32Array, goals: Int32Array, budget: StepBudget): Int32Array {
    const window = this.#window;
    const { agentCount, occupants } = window;
    const slotMask = SLOTS - 1;
    const nowSlot = window.base;
    for (let agent = 0; agent < agentCount; agent++) {
      if (window.states[agent * SLOTS + nowSlot] !== states[agent]) {
        throw new RangeError(`agent ${agent} is in state ${states[agent]}, not where the last step put it`);
      }
    }
    const { tables } = this.#goalTables;
    const { weights } = this.#traffic;
    this.#goalTables.update(states, goals, weights);
    if (this.#options.fill === "operations") this.#replan(states);
    else while (window.windowSteps < this.#options.windowSteps) this.#extend();
    for (let agent = 0; agent < agentCount; agent++) {
      this.#costs[agent] = costInWindow(window, agent, tables[agent]!, weights);
    }
    if (this.#options.nearFirst) this.#rank(states);
    this.#improve(states, budget);

    const { vertexShift } = this.#motion;
    const nextSlot = (nowSlot + 1) & slotMask;
    for (let agent = 0; agent < agentCount; agent++) {
      occupants[(states[agent]! >> vertexShift) * SLOTS + nowSlot] = -1;
      this.#to[agent] = window.states[agent * SLOTS + nextSlot]!;
    }
    this.#traffic.observe(states, this.#to);
    window.base = nextSlot;
    window.windowSteps--;
    return this.#to;
  }

  /** One step more at the window's end, by PIBT. */
  #extend(): void {
    const window = this.#window;
    const { agentCount, states, occupants, windowSteps } = window;
    const { vertexShift } = this.#motion;
    const { tables } = this.#goalTables;
    const slot = (window.base + windowSteps) & (SLOTS - 1);
    const nextSlot = (slot + 1) & (SLOTS - 1);
    for (let agent = 0; agent < agentCount; agent++) {
      this.#from[agent] = states[agent * SLOTS + slot]!;
      this.#tablesAtEnd[agent] = this.#arrives(agent) ? null : tables[agent]!;
    }
    this.#priorities.sort(this.#from, this.#tablesAtEnd);
    const { order } = this.#priorities;
    this.#pibt.step(this.#from, this.#to, order, this.#tablesAtEnd, this.#traffic.weights, this.#random);
    for (let agent = 0; agent < agentCount; agent++) {
      states[agent * SLOTS + nextSlot] = this.#to[agent]!;
      occupants[(this.#to[agent]! >> vertexShift) * SLOTS + nextSlot] = agent;
    }
    window.windowSteps++;
  }

  #arrives(agent: number): boolean {
    const { base, states, windowSteps } = this.#window;
    const table = this.#goalTables.tables[agent]!;
    if (table === null) return true;
    for (let time = 0; time <= windowSteps; time++) {
      if (table[states[agent * SLOTS + ((base + time) & (SLOTS - 1))]!] === 0) return true;
    }
    return false;
  }

  /** The whole window by multi-action PIBT, from what is left of it and a wait. */
  #replan(now: Int32Array): void {
    const window = this.#window;
    const { agentCount, base, states, occupants, windowSteps } = window;
    const { vertexShift } = this.#motion;
    const layers = OPERATION_STEPS + 1;
    const operations = this.#epibt.states;
    for (let agent = 0; agent < agentCount; agent++) {
      for (let time = 0; time < layers; time++) {
        const slot = (base + Math.min(time, windowSteps)) & (SLOTS - 1);
        const state = states[agent * SLOTS + slot]!;
        operations[agent * layers + time] = state;
        occupants[(state >> vertexShift) * SLOTS + slot] = -1;
      }
    }
    this.#priorities.sort(now, this.#goalTables.tables);
    this.#epibt.plan(this.#priorities.order, this.#goalTables.tables);
    for (let time = 0; time < layers; time++) {
      const slot = (base + time) & (SLOTS - 1);
      for (let agent = 0; agent < agentCount; agent++) {
        const state = operations[agent * layers + time]!;
        states[agent * SLOTS + slot] = state;
        occupants[(state >> vertexShift) * SLOTS + slot] = agent;
      }
    }
    window.windowSteps = OPERATION_STEPS;
  }

  #rank(states: Int32Array): void {
    const { agentCount } = this.#window;
    this.#priorities.sort(states, this.#goalTables.tables);
    for (let i = 0; i < agentCount; i++) {
      const part = (agentCount - i) / agentCount;
      this.#ranks[this.#priorities.order[i]!] = Math.round(RANK_MIN + RANK_SPAN * part * part);
    }
  }

  /** Tries from those with a new goal first, then from anyone whose way is longer than it need be. */
  #improve(states: Int32Array, budget: StepBudget): void {
    const { agentCount } = this.#window;
    const { tables, fresh, freshCount } = this.#goalTables;
    const { movedMax, penalty } = this.#options;
    const random = this.#random;
    const nodesEnd = this.#search.expansions + budget.nodes;
    const idleMax = IDLE_ROUNDS * agentCount;
    let freshDone = 0;
    let idle = 0;
    while (this.#search.expansions < nodesEnd && idle < idleMax) {
      const agent = freshDone < freshCount ? fresh[freshDone++]! : Math.floor(random.nextFloat() * agentCount);
      const table = tables[agent]!;
      const least = table === null ? 0 : table[states[agent]!]!;
      idle++;
      if (this.#costs[agent]! <= least) continue;
      idle = 0;
      this.#improver.improve(agent, movedMax, penalty, random);
      if (budget.isOver?.() === true) break;
    }
  }
}
