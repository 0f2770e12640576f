/** Runs a lifelong problem and measures its steps. The clock is here; the planner only asks whether time is up. */
import {
  EpibtPlanner,
  gridMotionOf,
  type LifelongPlanner,
  LifelongRun,
  type MotionKind,
  PibtPlanner,
  WindowPlanner,
  windowPlannerOptions,
} from "../../planner/index.ts";
import { checksum } from "../checksum.ts";
import { BadRequestError, type LifelongProblem } from "./read-problem.ts";

export const PLANNERS = ["window", "epibt", "pibt"] as const;
export type PlannerName = (typeof PLANNERS)[number];

/** Milliseconds on the clock a step, or search nodes a step: with nodes an answer is the same everywhere. */
export type Limit = { readonly stepMs: number } | { readonly nodes: number };

export interface LifelongRequest {
  readonly steps: number;
  readonly motion: MotionKind;
  readonly planner: PlannerName;
  readonly limit: Limit;
  readonly seed: number;
  /** Agents that may have a goal at a time. */
  readonly activeMax?: number;
  /** Told after each step, and before the first: the vertices of all agents. */
  readonly onStep?: (step: number, vertices: Int32Array) => void;
}

export interface LifelongResult {
  readonly agents: number;
  readonly steps: number;
  readonly tasksFinished: number;
  readonly throughputPerStep: number;
  /** Whole steps, tables of new goals included, from the second on. */
  readonly stepMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The first step: the tables of everyone's first goal, and a plan from nothing. */
  readonly firstStepMs: number;
  /** Hash of where everyone was at the end and of the tasks done after each step. */
  readonly checksum: string;
}

function plannerOf(request: LifelongRequest, problem: LifelongProblem, states: Int32Array): LifelongPlanner {
  const motion = gridMotionOf(problem.map, request.motion);
  switch (request.planner) {
    case "pibt":
      return new PibtPlanner(motion, states, request.seed);
    case "epibt":
      return new EpibtPlanner(motion, states);
    case "window":
      return new WindowPlanner(motion, states, windowPlannerOptions(motion, states.length, request.seed));
  }
}

/** @throws InvalidStepError where the planner broke a rule; BadRequestError where an agent has no way to a goal */
export function runLifelong(problem: LifelongProblem, request: LifelongRequest): LifelongResult {
  const { steps, motion, limit, onStep } = request;
  // All agents face east at the start.
  const shift = motion === "pebble" ? 0 : 2;
  const starts = problem.starts.map((vertex) => vertex << shift);
  const planner = plannerOf(request, problem, starts);
  const { activeMax } = request;
  const active = activeMax === undefined ? {} : { activeMax };
  const run = new LifelongRun({ map: problem.map, motion, starts, tasks: problem.tasks(), planner, ...active });
  const times: number[] = [];
  const doneAfter: number[] = [];
  onStep?.(0, problem.starts);
  for (let step = 0; step < steps; step++) {
    const startMs = performance.now();
    const endMs = "stepMs" in limit ? startMs + limit.stepMs : 0;
    const budget =
      "nodes" in limit
        ? { nodes: limit.nodes }
        : { nodes: Number.POSITIVE_INFINITY, isOver: () => performance.now() >= endMs };
    try {
      run.step(budget);
    } catch (error) {
      if (error instanceof RangeError) throw new BadRequestError(`step ${step}: ${error.message}`);
      throw error;
    }
    times.push(performance.now() - startMs);
    doneAfter.push(run.tasksFinished);
    onStep?.(
      step + 1,
      run.states.map((state) => state >> shift),
    );
  }
  const sorted = times.slice(1).sort((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return {
    agents: starts.length,
    steps,
    tasksFinished: run.tasksFinished,
    throughputPerStep: run.tasksFinished / steps,
    stepMs: { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) },
    firstStepMs: times[0] ?? 0,
    checksum: checksum([run.states, doneAfter]),
  };
}
