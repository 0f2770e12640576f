/** The two baselines: PIBT one step at a time, and PIBT with operations of several actions, which go on where they were. */
import { type Prng, prng } from "../../prng.ts";
import { EpibtStep, OPERATION_STEPS } from "./epibt-step.ts";
import { GoalTables, Priorities } from "./goal-tables.ts";
import { STEP_COST } from "./guide-tables.ts";
import type { LifelongPlanner } from "./lifelong-planner.ts";
import type { Motion } from "./motion.ts";
import { PibtStep } from "./pibt-step.ts";

const plainWeights = (motion: Motion): Uint8Array =>
  new Uint8Array(motion.stateCount * motion.actionCount).fill(STEP_COST);

/** PIBT: those who have had their task longest go first. */
export class PibtPlanner implements LifelongPlanner {
  readonly #goalTables: GoalTables;
  readonly #weights: Uint8Array;
  readonly #step: PibtStep;
  readonly #random: Prng;
  readonly #elapsed: Int32Array;
  readonly #order: Int32Array;
  readonly #keys: Float64Array;
  readonly #to: Int32Array;

  constructor(motion: Motion, starts: Int32Array, seed: number) {
    this.#goalTables = new GoalTables(motion, starts.length);
    this.#weights = plainWeights(motion);
    this.#step = new PibtStep(motion, starts.length);
    this.#random = prng(seed);
    this.#elapsed = new Int32Array(starts.length);
    this.#order = new Int32Array(starts.length);
    this.#keys = new Float64Array(starts.length);
    this.#to = new Int32Array(starts.length);
  }

  step(states: Int32Array, goals: Int32Array): Int32Array {
    const goalTables = this.#goalTables;
    goalTables.update(states, goals, this.#weights);
    const agentCount = states.length;
    for (let agent = 0; agent < agentCount; agent++) this.#elapsed[agent] = this.#elapsed[agent]! + 1;
    for (let i = 0; i < goalTables.freshCount; i++) this.#elapsed[goalTables.fresh[i]!] = 0;
    for (let agent = 0; agent < agentCount; agent++) {
      const elapsed = goals[agent]! < 0 ? 0 : 1 + this.#elapsed[agent]!;
      this.#keys[agent] = -elapsed * 65_536 + agent;
    }
    this.#keys.sort();
    for (let i = 0; i < agentCount; i++) {
      const key = this.#keys[i]! % 65_536;
      this.#order[i] = key < 0 ? key + 65_536 : key;
    }
    this.#step.step(states, this.#to, this.#order, goalTables.tables, this.#weights, this.#random);
    return this.#to;
  }
}

/** EPIBT: those who have the least left go first. */
export class EpibtPlanner implements LifelongPlanner {
  readonly #goalTables: GoalTables;
  readonly #weights: Uint8Array;
  readonly #step: EpibtStep;
  readonly #priorities: Priorities;
  readonly #to: Int32Array;

  constructor(motion: Motion, starts: Int32Array) {
    this.#goalTables = new GoalTables(motion, starts.length);
    this.#weights = plainWeights(motion);
    this.#step = new EpibtStep(motion, starts.length);
    this.#step.stand(starts);
    this.#priorities = new Priorities(starts.length);
    this.#to = new Int32Array(starts.length);
  }

  step(states: Int32Array, goals: Int32Array): Int32Array {
    const { tables } = this.#goalTables;
    this.#goalTables.update(states, goals, this.#weights);
    this.#priorities.sort(states, tables);
    this.#step.plan(this.#priorities.order, tables);
    for (let agent = 0; agent < states.length; agent++) {
      this.#to[agent] = this.#step.states[agent * (OPERATION_STEPS + 1) + 1]!;
    }
    this.#step.shift();
    return this.#to;
  }
}
