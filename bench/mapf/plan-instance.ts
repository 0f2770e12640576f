/** Plans one instance against the clock or a node budget, checks the plan, and says what it cost. */
import {
  DistanceTables,
  type Instance,
  lowerBounds,
  OneShot,
  type OneShotQuery,
  type OneShotStatus,
  type Refinement,
  type Solution,
  solutionCosts,
  solutionFault,
} from "../../planner/index.ts";
import { RefineThreads } from "./refine-threads.ts";

export interface PlanLimits {
  /** On the clock, from the call; distance tables included. */
  readonly timeLimitMs?: number;
  /** Nodes; the answer then depends on nothing but this and the seed. */
  readonly nodesMax?: number;
}

/** Loss of the best plan after so many milliseconds. */
export interface Checkpoint {
  readonly atMs: number;
  readonly sumOfLoss: number;
}

export interface PlanResult {
  readonly status: "solved" | "unsolvable" | "timed-out" | "budget-spent" | "memory-full";
  readonly agents: number;
  readonly solution: Solution | null;
  readonly makespan: number;
  readonly sumOfCosts: number;
  readonly sumOfLoss: number;
  readonly lowerBoundMakespan: number;
  readonly lowerBoundSumOfCosts: number;
  readonly initialMs: number;
  readonly initialSumOfLoss: number;
  readonly elapsedMs: number;
  readonly nodes: number;
  readonly checkpoints: readonly Checkpoint[];
}

export interface PlanOptions extends PlanLimits {
  readonly seed: number;
  /** Threads that plan and refine; the node budget is that of each. Default 1. */
  readonly threads?: number;
  /** End with the first plan. */
  readonly firstOnly?: boolean;
  /** When to note the loss, in milliseconds, ascending. */
  readonly checkpointsMs?: readonly number[];
}

/** Nodes between two looks at what is due. */
const SLICE_NODES = 1 << 16;

/**
 * Plans `instance`; the solution is checked against the rules of MAPF before it is given.
 * @throws Error where that check fails: an error of ours
 */
export function planInstance(instance: Instance, options: PlanOptions): PlanResult {
  const begin = performance.now();
  const elapsed = (): number => performance.now() - begin;
  const timeLimitMs = options.timeLimitMs ?? Number.POSITIVE_INFINITY;
  const nodesMax = options.nodesMax ?? Number.POSITIVE_INFINITY;
  const tables = new DistanceTables(instance.map);
  const oneShot = new OneShot(instance, tables, { seed: options.seed });
  const isOver = (): boolean => elapsed() >= timeLimitMs;
  const threads =
    (options.threads ?? 1) > 1 && options.firstOnly !== true
      ? new RefineThreads(instance, options.seed, options.threads!, nodesMax)
      : null;
  const checkpoints: Checkpoint[] = [];
  const due = [...(options.checkpointsMs ?? [])];
  let initialMs = Number.NaN;
  const note = (loss: number): void => {
    while (due.length > 0 && elapsed() >= due[0]!) {
      const atMs = due.shift()!;
      if (initialMs <= atMs) checkpoints.push({ atMs, sumOfLoss: loss });
    }
  };
  /** Runs on until the next moment that must be noted. */
  const runOn = (query: Pick<OneShotQuery, "nodesMax" | "until">): void => {
    const nextMs = Math.min(timeLimitMs, due[0] ?? Number.POSITIVE_INFINITY);
    oneShot.run({ ...query, isOver: () => elapsed() >= nextMs });
    note(Math.min(oneShot.loss, threads?.poll() ?? Number.POSITIVE_INFINITY));
  };
  let nodes = 0;
  let solution: Solution | null = null;
  let first: OneShotStatus;
  try {
    first = oneShot.run({ nodesMax, isOver, until: "first" });
    initialMs = elapsed();
    note(oneShot.loss);
    const isOpen = (): boolean => oneShot.nodes < nodesMax && !isOver() && oneShot.stage !== "ended";
    if (first === "solved" && options.firstOnly !== true) {
      while (isOpen() && oneShot.stage === "guided") runOn({ nodesMax: nodesMax - oneShot.nodes, until: "guided" });
      if (threads !== null && isOpen()) {
        const best = threads.bestPlan(oneShot.solution()!, oneShot.loss, isOver);
        nodes = oneShot.nodes;
        const isEnough = (refinement?: Refinement): boolean =>
          isOver() || nodes + (refinement?.expansions ?? 0) >= nodesMax;
        let current: Refinement | undefined;
        current = threads.refine(
          instance,
          tables,
          best,
          options.seed,
          () => isEnough(current),
          (refinement) => {
            current = refinement;
            note(refinement.loss);
          },
        );
        nodes += current.expansions;
        solution = current.solution();
      } else while (isOpen()) runOn({ nodesMax: Math.min(SLICE_NODES, nodesMax - oneShot.nodes) });
    }
    // The time was over before all had planned: whoever has the best plan.
    const own = oneShot.solution();
    if (threads !== null && solution === null && own !== null && isOver()) {
      solution = threads.bestPlan(own, oneShot.loss, isOver);
    }
  } finally {
    threads?.close();
  }
  solution ??= oneShot.solution();
  nodes ||= oneShot.nodes;
  const elapsedMs = elapsed();
  const bounds = lowerBounds(instance, tables);
  const costs = solution === null ? null : solutionCosts(solution, instance.goals);
  if (costs !== null) for (const atMs of due) checkpoints.push({ atMs, sumOfLoss: costs.sumOfLoss });
  if (solution !== null) {
    const fault = solutionFault(instance, solution);
    if (fault !== null) throw new Error(`the planner's solution breaks the rule ${fault.rule}: ${fault.message}`);
  }
  const unsolved = first === "unsolvable" ? "unsolvable" : first === "full" ? "memory-full" : null;
  const late = elapsedMs >= timeLimitMs ? "timed-out" : "budget-spent";
  return {
    status: solution !== null ? "solved" : (unsolved ?? late),
    agents: instance.starts.length,
    solution,
    makespan: costs?.makespan ?? Number.NaN,
    sumOfCosts: costs?.sumOfCosts ?? Number.NaN,
    sumOfLoss: costs?.sumOfLoss ?? Number.NaN,
    lowerBoundMakespan: bounds.makespan,
    lowerBoundSumOfCosts: bounds.sumOfCosts,
    initialMs,
    initialSumOfLoss: oneShot.firstLoss,
    elapsedMs,
    nodes,
    checkpoints,
  };
}
