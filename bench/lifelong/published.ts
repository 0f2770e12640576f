/**
 * Figures that ours stand beside. EPIBT + LNS (Yukhnevich and Andreychuk, AAAI-26): its public program with depth 3, one
 * pinned core of a machine of two, the same streams, starts, steps and budget; the two on the MovingAI warehouse with
 * goals of its own. League of Robot Runners 2024, main round: the best known solutions, made on 32 cores, over 5,000 steps.
 */
import type { MotionKind } from "../../planner/index.ts";

export interface PublishedRun {
  readonly name: string;
  readonly motion: MotionKind;
  readonly agents: number;
  readonly steps: number;
  readonly stepMs: number;
  /** A stream with its own map and starts; a MovingAI map with starts and goals from the seed; or a league instance. */
  readonly source:
    | { readonly stream: string; readonly starts: string }
    | { readonly map: string }
    | { readonly league: string };
  /** Tasks a step, and the part of it to be reached. */
  readonly peer: { readonly name: string; readonly throughput: number; readonly part: number };
  /** Left out of --standard, because it takes a quarter of an hour. */
  readonly isLong?: boolean;
}

const EPIBT = "EPIBT + LNS";
const LEAGUE = "best known, 32 cores";

export const PUBLISHED_RUNS: readonly PublishedRun[] = [
  {
    name: "random 400",
    motion: "pebble",
    agents: 400,
    steps: 500,
    stepMs: 20,
    source: { stream: "random", starts: "agents_3.csv" },
    peer: { name: EPIBT, throughput: 8.46, part: 1 },
  },
  {
    name: "warehouse-10-20-10-2-1 400",
    motion: "pebble",
    agents: 400,
    steps: 500,
    stepMs: 20,
    source: { map: "warehouse-10-20-10-2-1.map" },
    peer: { name: EPIBT, throughput: 3.68, part: 1 },
  },
  {
    name: "warehouse-10-20-10-2-1 800",
    motion: "pebble",
    agents: 800,
    steps: 500,
    stepMs: 20,
    source: { map: "warehouse-10-20-10-2-1.map" },
    peer: { name: EPIBT, throughput: 6.37, part: 1 },
  },
  {
    name: "warehouse 10,000",
    motion: "pebble",
    agents: 10_000,
    steps: 200,
    stepMs: 200,
    source: { stream: "warehouse", starts: "agents_9.csv" },
    peer: { name: EPIBT, throughput: 23.69, part: 1 },
  },
  {
    name: "random 400",
    motion: "rotation",
    agents: 400,
    steps: 500,
    stepMs: 20,
    source: { stream: "random", starts: "agents_3.csv" },
    peer: { name: EPIBT, throughput: 5.568, part: 1 },
  },
  {
    name: "league warehouse 10,000",
    motion: "rotation",
    agents: 10_000,
    steps: 1000,
    stepMs: 1000,
    source: { league: "warehouse.domain/WAREHOUSE.json" },
    peer: { name: LEAGUE, throughput: 30.97, part: 0.6 },
    isLong: true,
  },
  {
    name: "league sortation 10,000",
    motion: "rotation",
    agents: 10_000,
    steps: 1000,
    stepMs: 1000,
    source: { league: "warehouse.domain/SORTATION.json" },
    peer: { name: LEAGUE, throughput: 30.54, part: 0.6 },
    isLong: true,
  },
];
