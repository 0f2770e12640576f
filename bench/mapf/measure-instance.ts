/** Measures one published instance: first plans of a warm process, then plans at 1, 10 and 30 seconds. */
import { join } from "node:path";
import type { GridMap, Instance } from "../../planner/index.ts";
import { type PlanResult, planInstance } from "./plan-instance.ts";
import type { PublishedInstance } from "./published.ts";
import { readMap, readScenario } from "./read-instance.ts";

const SECOND_MS = 1000;
/** The default of the command. */
const SEED = 1;
/** The published figures were measured on two cores. */
const THREADS = 2;
/** The official scenarios name at most 1,000 agents; larger ones come from files of their own. */
const OFFICIAL_AGENTS_MAX = 1000;

export interface InstanceFigures {
  /** Medians over the scenarios. */
  readonly firstMs: number;
  readonly firstLoss: number;
  /** Of the very first plan of the process on this map. */
  readonly coldMs: number;
  /** Sum of loss over its bound, by seconds; no entry where a scenario had no plan by then. */
  readonly lossAt: ReadonlyMap<number, number>;
  readonly solved: number;
  readonly scenarios: number;
  readonly sumsOfLoss: readonly number[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor((sorted.length - 1) / 2)]!;
}

function scenarioOf(folder: string, map: GridMap, name: string, agents: number, index: number): Instance {
  const file =
    agents > OFFICIAL_AGENTS_MAX ? `${name}-10000agents-${1 + ((index - 1) % 3)}.scen` : `${name}-random-${index}.scen`;
  return readScenario(join(folder, "scens", file), map, agents);
}

export interface MeasureOptions {
  /** Folder with `maps` and `scens`. */
  readonly folder: string;
  readonly scenarios: number;
  /** Seconds of the long runs. */
  readonly limitS: number;
  /** Moments at which the loss is told, in seconds. */
  readonly momentsS: readonly number[];
}

/** @throws GridFileError or Error with exit code 2 where the folder lacks the files */
export function measureInstance(published: PublishedInstance, options: MeasureOptions): InstanceFigures {
  const { folder, scenarios, limitS, momentsS } = options;
  const { map: name, agents } = published;
  const map = readMap(join(folder, "maps", `${name}.map`));
  const load = (index: number): Instance => scenarioOf(folder, map, name, agents, index);
  const first = (index: number): PlanResult =>
    planInstance(load(index), { seed: SEED, firstOnly: true, timeLimitMs: published.successS * SECOND_MS });
  // Another instance of the same map: the three large files are all there are.
  const coldMs = first(4).initialMs;
  const indices = Array.from({ length: scenarios }, (_, i) => i + 1);
  const firsts = indices.map(first);
  const longs = indices.map((index) =>
    planInstance(load(index), {
      seed: SEED,
      threads: THREADS,
      timeLimitMs: Math.max(limitS, published.successS) * SECOND_MS,
      checkpointsMs: momentsS.map((second) => second * SECOND_MS),
    }),
  );
  const lossAt = new Map<number, number>();
  for (const second of momentsS) {
    const losses = longs.flatMap((result) => {
      const checkpoint = result.checkpoints.find((each) => each.atMs === second * SECOND_MS);
      return checkpoint === undefined ? [] : [checkpoint.sumOfLoss / result.lowerBoundSumOfCosts];
    });
    if (losses.length === longs.length) lossAt.set(second, median(losses));
  }
  return {
    firstMs: median(firsts.map((result) => result.initialMs)),
    firstLoss: median(firsts.map((result) => result.initialSumOfLoss / result.lowerBoundSumOfCosts)),
    coldMs,
    lossAt,
    solved: longs.filter((result) => result.status === "solved").length,
    scenarios: longs.length,
    sumsOfLoss: firsts.map((result) => result.initialSumOfLoss),
  };
}
