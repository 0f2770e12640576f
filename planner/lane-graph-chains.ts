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

/** A stretch of one directed lane, metres along it. */
export type VisitStretch = (lane: number, fromM: number, toM: number) => void;

/**
 * Visits the stretch from `fromM` to `toM` of a lane, where a negative `fromM` reaches back onto every lane before it
 * and a `toM` beyond its end reaches on to every lane after it.
 */
export function visitStretch(
  lanes: LaneGraph,
  chains: LaneChains,
  lane: number,
  fromM: number,
  toM: number,
  visit: VisitStretch,
): void {
  const length = lanes.lengthM[lane]!;
  if (toM >= 0 && fromM <= length) visit(lane, Math.max(0, fromM), Math.min(length, toM));
  if (fromM < 0) for (const before of chains.previous[lane]!) visitBack(before, fromM, Math.min(toM, 0));
  if (toM > length) for (const after of chains.next[lane]!) visitOn(after, Math.max(0, fromM - length), toM - length);

  function visitBack(at: number, from: number, to: number): void {
    const ownLength = lanes.lengthM[at]!;
    if (to + ownLength >= 0) visit(at, Math.max(0, from + ownLength), to + ownLength);
    if (from + ownLength < 0)
      for (const before of chains.previous[at]!) visitBack(before, from + ownLength, Math.min(to + ownLength, 0));
  }
  function visitOn(at: number, from: number, to: number): void {
    const ownLength = lanes.lengthM[at]!;
    if (from <= ownLength) visit(at, from, Math.min(ownLength, to));
    if (to > ownLength)
      for (const after of chains.next[at]!) visitOn(after, Math.max(0, from - ownLength), to - ownLength);
  }
}

/** A way from the end of one lane to the start of another. */
export interface ShortWay {
  /** First and last lane included. */
  readonly lanes: readonly number[];
  /** Metres from the first lane's end to the last lane's start. */
  readonly betweenM: number;
}

/** Every way out of each lane whose part between the two lanes is shorter than `limitM`, by first and then last lane. */
export function shortWays(lanes: LaneGraph, chains: LaneChains, limitM: number): Map<number, ShortWay[]>[] {
  return Array.from({ length: lanes.laneCount }, (_, first) => {
    const found = new Map<number, ShortWay[]>();
    const follow = (path: readonly number[], betweenM: number): void => {
      const last = path[path.length - 1]!;
      for (const after of chains.next[last]!) {
        if (path.includes(after)) continue;
        const way = { lanes: [...path, after], betweenM };
        const ways = found.get(after);
        if (ways === undefined) found.set(after, [way]);
        else ways.push(way);
        const further = betweenM + lanes.lengthM[after]!;
        if (further < limitM) follow(way.lanes, further);
      }
    };
    follow([first], 0);
    return found;
  });
}
