/** The threads beside the planning one: starts them, takes their plans, gives them the best one, refines with them. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import {
  type DistanceTables,
  type GuidanceOptions,
  type Instance,
  Refinement,
  type Solution,
} from "../../planner/index.ts";
import type { PlanMessage, ThreadTask } from "./refine-thread.ts";
import { haveFailed, refineTogether, type SharedRounds, sharedRounds, stopRounds } from "./refine-together.ts";

/** The first one is sooner done than the planning thread's own; the others look for a better plan. */
const OTHER_GUIDANCE: readonly GuidanceOptions[] = [
  { window: 12, collisionCost: 2, labelsMax: 48 },
  { window: 32, collisionCost: 2 },
  { window: 24, collisionCost: 3 },
];
/** Looks at the clock while a thread's plan is waited for. */
const WAIT_MS = 20;

export class RefineThreads {
  readonly #rounds: SharedRounds;
  readonly #signals: Int32Array;
  readonly #ports: MessagePort[] = [];
  readonly #workers: Worker[] = [];
  #error: Error | null = null;
  #best: Solution | null = null;
  #bestLoss = Number.POSITIVE_INFINITY;

  /** @param threads all of them, the calling one included; at least 2 */
  constructor(instance: Instance, seed: number, threads: number, nodesMax: number) {
    this.#rounds = sharedRounds(threads);
    this.#signals = new Int32Array(new SharedArrayBuffer(4 * 2 * threads));
    for (let thread = 1; thread < threads; thread++) {
      const { port1, port2 } = new MessageChannel();
      const workerTask: ThreadTask = {
        instance,
        thread,
        seed: (seed + thread) >>> 0,
        guidance: OTHER_GUIDANCE[(thread - 1) % OTHER_GUIDANCE.length]!,
        nodesMax,
        rounds: this.#rounds,
        port: port2,
        signals: this.#signals,
      };
      const worker = new Worker(new URL("./refine-thread.ts", import.meta.url), {
        workerData: workerTask,
        transferList: [port2],
      });
      worker.on("error", (error: Error) => {
        this.#error = error;
      });
      worker.unref();
      this.#workers.push(worker);
      this.#ports.push(port1);
    }
  }

  /** Takes the plans that have come. @returns the least loss of all so far */
  poll(): number {
    for (const port of this.#ports) {
      const message = receiveMessageOnPort(port)?.message as PlanMessage | undefined;
      if (message?.solution == null || message.loss >= this.#bestLoss) continue;
      this.#best = message.solution;
      this.#bestLoss = message.loss;
    }
    if (haveFailed(this.#rounds)) throw this.#error ?? new Error("a refining thread failed");
    return this.#bestLoss;
  }

  /** The best of `own` and the threads' plans, as soon as all have come or `isOver`. */
  bestPlan(own: Solution, ownLoss: number, isOver: () => boolean): Solution {
    for (let thread = 1; thread < this.#rounds.threads; thread++) {
      while (Atomics.load(this.#signals, thread) === 0 && !isOver()) Atomics.wait(this.#signals, thread, 0, WAIT_MS);
    }
    return this.poll() < ownLoss ? this.#best! : own;
  }

  /** Refines `plan` on all threads until `isOver`, which is asked between rounds and in them. */
  refine(
    instance: Instance,
    tables: DistanceTables,
    plan: Solution,
    seed: number,
    isOver: () => boolean,
    betweenRounds: (refinement: Refinement) => void,
  ): Refinement {
    this.#give(plan);
    const refinement = new Refinement(instance, tables, plan, seed);
    refineTogether(refinement, this.#rounds, 0, isOver, () => {
      betweenRounds(refinement);
      if (isOver()) stopRounds(this.#rounds);
    });
    return refinement;
  }

  /** Ends the threads. */
  close(): void {
    this.#give(null);
    for (const worker of this.#workers) void worker.terminate();
    for (const port of this.#ports) port.close();
  }

  #give(solution: Solution | null): void {
    for (const [index, port] of this.#ports.entries()) {
      const at = this.#rounds.threads + index + 1;
      port.postMessage({ solution, loss: 0 } satisfies PlanMessage);
      Atomics.store(this.#signals, at, 1);
      Atomics.notify(this.#signals, at);
    }
  }
}
