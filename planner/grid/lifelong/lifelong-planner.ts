/** What a lifelong planner is. */

/** What one step may take: node expansions, and a question that says when time is up. */
export interface StepBudget {
  readonly nodes: number;
  /** Asked between tries; it may read a clock. With it an answer depends on the machine. */
  readonly isOver?: () => boolean;
}

export interface LifelongPlanner {
  /**
   * Next states of all agents: free of vertex and swap conflicts, each one action away.
   * @param states  [agent] states now: those that the last call gave
   * @param goals  [agent] vertices; -1: none, the agent only yields
   * @returns an array that the planner uses again
   */
  step(states: Int32Array, goals: Int32Array, budget: StepBudget): Int32Array;
}
