/** Admission control: above some density fewer agents with a goal do more. The others wait without one and yield. */

export class Admission {
  /** [agent] its goal, or -1 while it waits for admission. */
  readonly goals: Int32Array;
  readonly #activeMax: number;
  readonly #isActive: Uint8Array;
  /** Waiting agents, the longest first: a ring. */
  readonly #queue: Int32Array;
  readonly #task: Int32Array;
  #first = 0;

  /** @param activeMax agents that may have a goal at a time */
  constructor(agentCount: number, activeMax: number) {
    this.#activeMax = Math.max(1, Math.min(activeMax, agentCount));
    this.goals = new Int32Array(agentCount).fill(-1);
    this.#isActive = new Uint8Array(agentCount).fill(1, 0, this.#activeMax);
    this.#queue = Int32Array.from({ length: agentCount - this.#activeMax }, (_, i) => this.#activeMax + i);
    this.#task = new Int32Array(agentCount).fill(-1);
  }

  /** Takes in everyone's goals. An agent whose goal has changed makes room for the one that has waited longest. */
  update(goals: Int32Array): void {
    const queue = this.#queue;
    for (let agent = 0; agent < goals.length; agent++) {
      const hasNewTask = this.#task[agent] !== -1 && this.#task[agent] !== goals[agent];
      this.#task[agent] = goals[agent]!;
      if (!hasNewTask || this.#isActive[agent] === 0 || queue.length === 0) continue;
      this.#isActive[agent] = 0;
      this.#isActive[queue[this.#first]!] = 1;
      queue[this.#first] = agent;
      this.#first = (this.#first + 1) % queue.length;
    }
    for (let agent = 0; agent < goals.length; agent++) {
      this.goals[agent] = this.#isActive[agent] === 1 ? goals[agent]! : -1;
    }
  }
}
