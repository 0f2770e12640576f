/** A thread beside the planning one: it makes a guided plan of its own, then refines the best of all together with it. */
import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import {
  DistanceTables,
  type GuidanceOptions,
  type Instance,
  Lacam,
  lowerBounds,
  Refinement,
  type Solution,
} from "../../planner/index.ts";
import { failRounds, refineTogether, type SharedRounds } from "./refine-together.ts";

export interface ThreadTask {
  readonly instance: Instance;
  readonly thread: number;
  readonly seed: number;
  readonly guidance: GuidanceOptions;
  readonly nodesMax: number;
  readonly rounds: SharedRounds;
  readonly port: MessagePort;
  /** [thread] 1 once the thread's plan is on its port, [threads + thread] 1 once the best plan is. */
  readonly signals: Int32Array;
}

/** What a thread puts on its port: its plan, if it found one; and what it is given: the plan to refine, if any. */
export interface PlanMessage {
  readonly solution: Solution | null;
  readonly loss: number;
}

/** A guided plan of more steps is no good one. */
const STEPS_MAX = 4000;

function work(task: ThreadTask): void {
  const { instance, thread, seed, port, signals, rounds } = task;
  const tables = new DistanceTables(instance.map);
  if (lowerBounds(instance, tables).sumOfCosts === Number.POSITIVE_INFINITY) return;
  const given = rounds.threads + thread;
  const lacam = new Lacam(instance, tables, { seed, guidance: task.guidance });
  // Whoever waits for the plan may have given up.
  const isOver = (): boolean => Atomics.load(signals, given) === 1;
  const expansionsMax = Math.min(STEPS_MAX, Math.ceil(task.nodesMax / instance.starts.length));
  const status = lacam.run({ expansionsMax, isOver });
  // An agent without any way, or no plan at all: the planning thread finds that out itself.
  port.postMessage({ solution: status === "solved" ? lacam.solution() : null, loss: lacam.loss } satisfies PlanMessage);
  Atomics.store(signals, thread, 1);
  Atomics.notify(signals, thread);
  Atomics.wait(signals, given, 0);
  const solution = (receiveMessageOnPort(port)?.message as PlanMessage | undefined)?.solution;
  if (solution == null) return;
  const refinement = new Refinement(instance, tables, solution, seed);
  refineTogether(
    refinement,
    rounds,
    thread,
    () => false,
    () => {},
  );
}

const task = workerData as ThreadTask;
try {
  work(task);
} catch (error) {
  failRounds(task.rounds);
  Atomics.store(task.signals, task.thread, 1);
  Atomics.notify(task.signals, task.thread);
  throw error;
}
