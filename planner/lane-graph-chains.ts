import type { LaneGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";

/** A vehicle drives on from one lane into the next only where the line turns by less than this at their node, radians. */
export const KINK_MAX_RAD = Math.PI / 6;

/** Which lanes follow which without stopping, and the branch-free stretches that they form. */
export interface LaneChains {
  /** [lane] lanes that a vehicle may drive on into: same node, nearly the same heading, never the same strip back. */
  readonly next: readonly (readonly number[])[];
  /** [lane] lanes from which a vehicle may come. */
  readonly previous: readonly (readonly number[])[];
  readonly chains: readonly Chain[];
  /** [lane] its chain, and the distance of its start from the chain's start. */
  readonly chainOf: Int32Array;
  readonly offsetM: Float64Array;
}

/** Lanes joined end to end with no branch between. A vehicle can join it only at its start and leave it only at its end. */
export interface Chain {
  readonly lanes: readonly number[];
  readonly lengthM: number;
  /** The last lane leads into the first: a loop without any branch. */
  readonly closed: boolean;
}

/** Follows every lane forward and backward; see {@link LaneChains}. */
export function findChains(lanes: LaneGraph): LaneChains {
  const next: number[][] = [];
  const previous: number[][] = Array.from({ length: lanes.laneCount }, () => []);
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    const node = lanes.toNode[lane]!;
    const found: number[] = [];
    for (let k = lanes.firstOut[node]!; k < lanes.firstOut[node + 1]!; k++) {
      const other = lanes.outLane[k]!;
      if (!continues(lanes, lane, other)) continue;
      found.push(other);
      previous[other]!.push(lane);
    }
    next.push(found);
  }
  const chainOf = new Int32Array(lanes.laneCount).fill(NONE);
  const offsetM = new Float64Array(lanes.laneCount);
  const chains: Chain[] = [];
  const isStart = (lane: number): boolean => previous[lane]!.length !== 1 || next[previous[lane]![0]!]!.length !== 1;
  const trace = (start: number): void => {
    const members: number[] = [];
    let lengthM = 0;
    let lane = start;
    let closed = false;
    for (;;) {
      members.push(lane);
      chainOf[lane] = chains.length;
      offsetM[lane] = lengthM;
      lengthM += lanes.lengthM[lane]!;
      const after: number | undefined = next[lane]!.length === 1 ? next[lane]![0]! : undefined;
      if (after === undefined || previous[after]!.length !== 1) break;
      if (after === start) {
        closed = true;
        break;
      }
      lane = after;
    }
    chains.push({ lanes: members, lengthM, closed });
  };
  for (let lane = 0; lane < lanes.laneCount; lane++) if (isStart(lane)) trace(lane);
  for (let lane = 0; lane < lanes.laneCount; lane++) if (chainOf[lane] === NONE) trace(lane);
  return { next, previous, chains, chainOf, offsetM };
}

/** Whether a vehicle that comes to the end of `lane` can drive on into `other` without stopping. */
export function continues(lanes: LaneGraph, lane: number, other: number): boolean {
  if (lanes.toNode[lane] !== lanes.fromNode[other] || lanes.opposite[lane] === other) return false;
  const arriving = lanes.segmentTheta[lane]!;
  const turn = lanes.segmentTheta[other]![0]! - arriving[arriving.length - 1]!;
  return Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn))) <= KINK_MAX_RAD;
}

/** Chains that begin where a chain ends, and that end where it begins. */
export function chainsAfter(chains: LaneChains, chain: number): number[] {
  const { lanes } = chains.chains[chain]!;
  return chains.next[lanes[lanes.length - 1]!]!.map((lane) => chains.chainOf[lane]!);
}

export function chainsBefore(chains: LaneChains, chain: number): number[] {
  return chains.previous[chains.chains[chain]!.lanes[0]!]!.map((lane) => chains.chainOf[lane]!);
}

/**
 * Visits the stretch from `fromM` to `toM` of a chain (metres from its start), where a negative `fromM` reaches back
 * onto every chain before it and a `toM` beyond its end reaches on to every chain after it.
 */
export function visitStretch(
  chains: LaneChains,
  chain: number,
  fromM: number,
  toM: number,
  visit: (chain: number, fromM: number, toM: number) => void,
): void {
  const { lengthM, closed } = chains.chains[chain]!;
  const from = Math.max(0, fromM);
  const to = Math.min(lengthM, toM);
  if (from < to) visit(chain, from, to);
  if (closed) {
    if (fromM < 0) visit(chain, Math.max(0, fromM + lengthM), Math.min(lengthM, toM + lengthM));
    if (toM > lengthM) visit(chain, Math.max(0, fromM - lengthM), Math.min(lengthM, toM - lengthM));
    return;
  }
  if (fromM < 0) back(chain, fromM, Math.min(toM, 0));
  if (toM > lengthM) on(chain, Math.max(fromM - lengthM, 0), toM - lengthM);

  function back(behind: number, fromEndM: number, toEndM: number): void {
    for (const before of chainsBefore(chains, behind)) {
      const length = chains.chains[before]!.lengthM;
      if (toEndM + length > 0) visit(before, Math.max(0, fromEndM + length), toEndM + length);
      if (fromEndM + length < 0) back(before, fromEndM + length, Math.min(toEndM + length, 0));
    }
  }
  function on(ahead: number, fromStartM: number, toStartM: number): void {
    for (const after of chainsAfter(chains, ahead)) {
      const length = chains.chains[after]!.lengthM;
      if (fromStartM < length) visit(after, fromStartM, Math.min(length, toStartM));
      if (toStartM > length) on(after, Math.max(fromStartM - length, 0), toStartM - length);
    }
  }
}

/** A way from the end of one chain to the start of another. */
export interface ShortWay {
  /** First and last chain included. */
  readonly chains: readonly number[];
  /** Metres from the first chain's end to the last chain's start. */
  readonly betweenM: number;
}

/** [chain] by last chain: every way out of it whose part between the two is shorter than `limitM`. */
export function shortWays(chains: LaneChains, limitM: number): Map<number, ShortWay[]>[] {
  return chains.chains.map(({ closed }, first) => {
    const found = new Map<number, ShortWay[]>();
    const follow = (path: readonly number[], betweenM: number): void => {
      for (const after of chainsAfter(chains, path[path.length - 1]!)) {
        // Round to the first chain is a way too, but none goes on from there.
        if (path.includes(after) && after !== first) continue;
        const way = { chains: [...path, after], betweenM };
        const ways = found.get(after);
        if (ways === undefined) found.set(after, [way]);
        else ways.push(way);
        const further = betweenM + chains.chains[after]!.lengthM;
        if (further < limitM && after !== first) follow(way.chains, further);
      }
    };
    if (!closed) follow([first], 0);
    return found;
  });
}
