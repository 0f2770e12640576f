/** The lifelong problem itself: agents, tasks, a planner asked step by step, and a judge that trusts none of its steps. */
import type { GridMap } from "../grid-map.ts";
import { Admission } from "./admission.ts";
import { stepProblem } from "./check-step.ts";
import type { LifelongPlanner, StepBudget } from "./lifelong-planner.ts";
import type { MotionKind } from "./motion.ts";
import type { TaskSource } from "./task-sources.ts";

/** A planner gave a step that breaks a rule. */
export class InvalidStepError extends Error {
  constructor(step: number, what: string) {
    super(`step ${step}: ${what}`);
    this.name = "InvalidStepError";
  }
}

export interface LifelongOptions {
  readonly map: GridMap;
  readonly motion: MotionKind;
  /** [agent] states at the start. */
  readonly starts: Int32Array;
  readonly tasks: TaskSource;
  readonly planner: LifelongPlanner;
  /** Agents that may have a goal at a time; default: all. */
  readonly activeMax?: number;
}

export class LifelongRun {
  /** [agent] states now. */
  readonly states: Int32Array;
  steps = 0;
  readonly #options: LifelongOptions;
  readonly #vertices: Int32Array;
  readonly #admission: Admission;

  constructor(options: LifelongOptions) {
    this.#options = options;
    this.states = options.starts.slice();
    this.#vertices = new Int32Array(this.states.length);
    this.#admission = new Admission(this.states.length, options.activeMax ?? this.states.length);
    this.#updateVertices();
    options.tasks.advance(this.#vertices);
  }

  get tasksFinished(): number {
    return this.#options.tasks.finished;
  }

  /** One step: plan, check, move, count. @throws InvalidStepError */
  step(budget: StepBudget): void {
    const { map, motion, planner, tasks } = this.#options;
    this.#admission.update(tasks.goals);
    const to = planner.step(this.states, this.#admission.goals, budget);
    const problem = stepProblem(map, motion, this.states, to);
    if (problem !== null) throw new InvalidStepError(this.steps, problem.what);
    this.states.set(to);
    this.steps++;
    this.#updateVertices();
    tasks.advance(this.#vertices);
  }

  #updateVertices(): void {
    const shift = this.#options.motion === "pebble" ? 0 : 2;
    for (let agent = 0; agent < this.states.length; agent++) this.#vertices[agent] = this.states[agent]! >> shift;
  }
}
