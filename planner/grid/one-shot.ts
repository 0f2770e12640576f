/**
 * One-shot MAPF, anytime: a first plan by plain LaCAM*, a better one by LaCAM* under local guidance, then refinement of
 * the better of the two. Work is counted in nodes, so that a seed and a node budget give one answer on every machine.
 */
import type { DistanceTables } from "./distance-tables.ts";
import type { Instance } from "./instance.ts";
import { Lacam } from "./lacam.ts";
import type { GuidanceOptions } from "./local-guidance.ts";
import { Refinement } from "./refinement.ts";
import { lowerBounds, type Solution } from "./solution.ts";

export type OneShotStatus = "solved" | "unsolvable" | "budget-spent" | "full";

export interface OneShotOptions {
  /** An integer from 0 to 2^32 - 1. */
  readonly seed: number;
  /** For the second plan, default: what suits the first one; null: refine the first one at once. */
  readonly guidance?: GuidanceOptions | null;
}

export interface OneShotQuery {
  /** Nodes of this call, at most: an agent placed by LaCAM*, or a label of guidance or refinement. */
  readonly nodesMax: number;
  readonly isOver?: () => boolean;
  /** Ends with the first plan, or with the better of the two. */
  readonly until?: "first" | "guided";
}

/** The guided plan is given up when it has taken so many times the first plan's steps, and some more. */
const GUIDED_STEPS_FACTOR = 4;
const GUIDED_STEPS_MORE = 64;
/** First plans dearer than so many lower bounds tell of jams, which the usual guidance only makes worse. */
const JAMMED_LOSS_FACTOR = 3.5;
const JAMMED_GUIDANCE: GuidanceOptions = { window: 16, collisionCost: 1 };
/** Refinement keeps a path an agent and a row a vertex, each as long as the makespan; more numbers than this it leaves. */
const REFINEMENT_NUMBERS_MAX = 400_000_000;

export class OneShot {
  readonly #instance: Instance;
  readonly #tables: DistanceTables;
  readonly #options: OneShotOptions;
  /** Lower bound of the loss; infinite where an agent has no way. */
  readonly #leastLoss: number;
  #stage: "first" | "guided" | "refining" | "ended" = "first";
  #lacam: Lacam | null = null;
  #refinement: Refinement | null = null;
  #best: Solution | null = null;
  #bestLoss = Number.POSITIVE_INFINITY;
  #firstLoss = Number.POSITIVE_INFINITY;
  #firstSteps = 0;
  /** Nodes of stages that are over. */
  #nodesBefore = 0;

  constructor(instance: Instance, tables: DistanceTables, options: OneShotOptions) {
    this.#instance = instance;
    this.#tables = tables;
    this.#options = options;
    this.#leastLoss = lowerBounds(instance, tables).sumOfCosts;
    if (this.#leastLoss !== Number.POSITIVE_INFINITY) this.#lacam = new Lacam(instance, tables, { seed: options.seed });
  }

  /** Loss of the best plan so far, and of the first one. */
  get loss(): number {
    return this.#refinement?.loss ?? this.#bestLoss;
  }

  get firstLoss(): number {
    return this.#firstLoss;
  }

  /** What the search is at: which plan, or refinement. */
  get stage(): string {
    return this.#stage;
  }

  get nodes(): number {
    const agents = Math.max(1, this.#instance.starts.length);
    return (
      this.#nodesBefore +
      (this.#lacam === null ? 0 : this.#lacam.expansions * agents + this.#lacam.guidanceLabels) +
      (this.#refinement?.expansions ?? 0)
    );
  }

  /** The best plan so far, or null. */
  solution(): Solution | null {
    return this.#refinement?.solution() ?? this.#best;
  }

  /** Searches on from where the last call ended. */
  run(query: OneShotQuery): OneShotStatus {
    if (this.#leastLoss === Number.POSITIVE_INFINITY) return "unsolvable";
    const end = this.nodes + query.nodesMax;
    const isSpent = (): boolean => this.nodes >= end || query.isOver?.() === true;
    const agents = Math.max(1, this.#instance.starts.length);
    if (this.#stage === "first") {
      const lacam = this.#lacam!;
      const status = lacam.run({ expansionsMax: Math.ceil((end - this.nodes) / agents), isOver: isSpent });
      if (status === "unsolvable" || status === "budget-spent" || status === "full") return status;
      this.#best = lacam.solution()!;
      this.#bestLoss = lacam.loss;
      this.#firstLoss = lacam.loss;
      this.#firstSteps = lacam.expansions;
      this.#enterGuided();
    }
    if (query.until === "first") return "solved";
    if (this.#stage === "guided") {
      const lacam = this.#lacam!;
      const stepsMax = GUIDED_STEPS_FACTOR * this.#firstSteps + GUIDED_STEPS_MORE;
      const status = lacam.run({ expansionsMax: stepsMax - lacam.expansions, isOver: isSpent });
      const isGivenUp = status === "full" || status === "unsolvable" || lacam.expansions >= stepsMax;
      if (status !== "solved" && !isGivenUp) return "solved";
      if (lacam.loss < this.#bestLoss) {
        this.#best = lacam.solution()!;
        this.#bestLoss = lacam.loss;
      }
      this.#enterRefining();
    }
    if (query.until === "guided") return "solved";
    if (this.#stage !== "refining") return "solved";
    this.#refinement ??= new Refinement(this.#instance, this.#tables, this.#best!, this.#options.seed);
    this.#refinement.run({ expansionsMax: end - this.nodes, isOver: isSpent });
    return "solved";
  }

  #closeLacam(): void {
    this.#nodesBefore = this.nodes;
    this.#lacam = null;
  }

  #enterGuided(): void {
    this.#closeLacam();
    const { seed, guidance } = this.#options;
    if (guidance === null) {
      this.#enterRefining();
      return;
    }
    this.#stage = "guided";
    const usual = this.#firstLoss > JAMMED_LOSS_FACTOR * this.#leastLoss ? JAMMED_GUIDANCE : {};
    this.#lacam = new Lacam(this.#instance, this.#tables, { seed, guidance: guidance ?? usual });
  }

  #enterRefining(): void {
    this.#closeLacam();
    const best = this.#best!;
    const rows = this.#instance.map.vertexCount + this.#instance.starts.length;
    if (best.makespan === 0 || rows * best.makespan > REFINEMENT_NUMBERS_MAX) {
      this.#stage = "ended";
      return;
    }
    this.#stage = "refining";
  }
}
