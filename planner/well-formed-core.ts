import type { LaneChains } from "./lane-graph-chains.ts";
import type { LaneGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";

/** The lanes on which vehicles can go round for ever, and what can be reached from them and can get back to them. */
export interface Core {
  /** [lane] 1 in the core; any lane to any other without passing a closed node. */
  readonly inCore: Uint8Array;
  /** [lane] 1 where a vehicle from the core can come. */
  readonly reached: Uint8Array;
  /** [lane] 1 from where a vehicle can come into the core. */
  readonly returns: Uint8Array;
  readonly laneCount: number;
}

/**
 * The largest strongly connected component of lanes that has a cycle; at equal size the one with the lowest lane.
 * @param closedNode [node] 1: no vehicle drives on over it (a place's bay)
 * @param closedLane [lane] 1: taken out (a vehicle in a place stands on it)
 */
export function findCore(lanes: LaneGraph, chains: LaneChains, closedNode: Uint8Array, closedLane: Uint8Array): Core {
  const open = (lane: number): boolean => closedLane[lane] === 0;
  const nextOf = (lane: number): readonly number[] =>
    closedNode[lanes.toNode[lane]!] === 1 ? [] : chains.next[lane]!.filter(open);
  const previousOf = (lane: number): readonly number[] =>
    closedNode[lanes.fromNode[lane]!] === 1 ? [] : chains.previous[lane]!.filter(open);
  const component = components(lanes.laneCount, open, nextOf);
  const size = new Int32Array(lanes.laneCount);
  for (const c of component) if (c !== NONE) size[c]!++;
  let core = NONE;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    const c = component[lane]!;
    if (c === NONE || (size[c] === 1 && !nextOf(lane).includes(lane))) continue;
    if (core === NONE || size[c]! > size[core]!) core = c;
  }
  const inCore = Uint8Array.from(component, (c) => (c === core && core !== NONE ? 1 : 0));
  return {
    inCore,
    reached: spread(inCore, nextOf),
    returns: spread(inCore, previousOf),
    laneCount: inCore.reduce((sum, one) => sum + one, 0),
  };
}

/** [lane] whether it is among `from` or follows from there. */
function spread(from: Uint8Array, follow: (lane: number) => readonly number[]): Uint8Array {
  const seen = from.slice();
  const open: number[] = [];
  from.forEach((one, lane) => {
    if (one === 1) open.push(lane);
  });
  for (let lane = open.pop(); lane !== undefined; lane = open.pop())
    for (const other of follow(lane)) {
      if (seen[other] === 1) continue;
      seen[other] = 1;
      open.push(other);
    }
  return seen;
}

/** [lane] its strongly connected component, NONE for closed lanes. Tarjan 1972, without recursion. */
function components(
  count: number,
  isOpen: (lane: number) => boolean,
  nextOf: (lane: number) => readonly number[],
): Int32Array {
  const component = new Int32Array(count).fill(NONE);
  const order = new Int32Array(count).fill(NONE);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  let clock = 0;
  let found = 0;
  for (let start = 0; start < count; start++) {
    if (!isOpen(start) || order[start] !== NONE) continue;
    const calls: { lane: number; next: readonly number[]; at: number }[] = [];
    const enter = (lane: number): void => {
      order[lane] = clock;
      low[lane] = clock++;
      stack.push(lane);
      onStack[lane] = 1;
      calls.push({ lane, next: nextOf(lane), at: 0 });
    };
    enter(start);
    while (calls.length > 0) {
      const call = calls[calls.length - 1]!;
      if (call.at < call.next.length) {
        const other = call.next[call.at++]!;
        if (order[other] === NONE) enter(other);
        else if (onStack[other] === 1) low[call.lane] = Math.min(low[call.lane]!, order[other]!);
        continue;
      }
      calls.pop();
      const above = calls[calls.length - 1];
      if (above !== undefined) low[above.lane] = Math.min(low[above.lane]!, low[call.lane]!);
      if (low[call.lane] !== order[call.lane]) continue;
      for (;;) {
        const member = stack.pop()!;
        onStack[member] = 0;
        component[member] = found;
        if (member === call.lane) break;
      }
      found++;
    }
  }
  return component;
}
