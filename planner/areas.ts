import type { Sweep } from "./footprint.ts";
import { forOverlappingSteps, SWEEP_STEP_M, sweepLanes } from "./footprint.ts";
import type { LaneChains, ShortWay } from "./lane-graph-chains.ts";
import { chainsAfter, chainsBefore, findChains, shortWays } from "./lane-graph-chains.ts";
import type { LaneGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { VehicleType } from "./vehicle-type.ts";

/**
 * Ground that two chains of lanes contend for. While a vehicle on a path over `chains[0]` has its centre in the first
 * range, none on a path over `chains[1]` may have its centre in the second.
 */
export interface AreaGround {
  /** Chains of side 0 and side 1; the first has the lower index. */
  readonly chains: readonly [number, number];
  /**
   * Range of the centre on each side, metres from the start of that chain. Less than 0: on whatever chain the vehicle
   * came from. More than the chain's length: on whatever chain it goes on to.
   */
  readonly fromM: readonly [number, number];
  readonly toM: readonly [number, number];
  /** The two chains are, at least in part, directions of one strip. */
  readonly section: boolean;
}

/** Distance between the centres of two vehicles that follow one another, as near as they may come, metres. */
export function followingDistanceM(type: VehicleType): number {
  return type.lengthM + Math.max(type.standstillGapM, 2 * type.marginM);
}

/**
 * Every area of the lanes, for one vehicle type.
 *
 * Two positions conflict where the footprints with margins overlap. A conflict is *following* where a way of less than
 * the following distance leads from one position to the other: there the rear vehicle's authority ends behind the front
 * one's tail, provided that the rear one takes that way and the front one came along it. So:
 * - a conflict that is not following belongs to an area of its two chains;
 * - a conflict that is following along chains w0 … wk keeps apart no two vehicles that both take the way, but
 *   - fork: a rear vehicle that turns off behind wi into c contends with one that went on: area of w(i+1) and c. That
 *     reaches back before the node, onto every chain that leads there;
 *   - merge: a front vehicle that came in from a' before wj contends with one that comes along the way: area of w(j-1)
 *     and a'. That reaches on behind the node, onto every chain that leads away;
 *   - fork and then merge: the rear one turns off into c, the front one came in from a' further on: area of c and a'.
 * Hence each two vehicles whose footprints overlap are followers of one another, or inside one area on different sides.
 */
export function findAreas(
  lanes: LaneGraph,
  type: VehicleType,
  chains: LaneChains = findChains(lanes),
  sweep: Sweep = sweepLanes(lanes, type),
): AreaGround[] {
  const followM = followingDistanceM(type);
  const ways = shortWays(chains, followM);
  const conflicts = new Map<number, Conflicts>();
  const add: AddConflict = (x, x0, x1, y, y0, y1) => {
    const swap = x > y || (x === y && x0 > y0);
    const key = swap ? y * chains.chains.length + x : x * chains.chains.length + y;
    let found = conflicts.get(key);
    if (found === undefined) {
      found = [];
      conflicts.set(key, found);
    }
    if (swap) push(found, y0, y1, x0, x1);
    else push(found, x0, x1, y0, y1);
  };

  // Steps in metres from their chain's start.
  const fromM = sweep.fromM.map((m, step) => m + chains.offsetM[sweep.lane[step]!]!);
  const toM = sweep.toM.map((m, step) => m + chains.offsetM[sweep.lane[step]!]!);
  const followings = new Map<ShortWay, Following>();
  const follows = (rear: number, rearChain: number, front: number, frontChain: number): boolean => {
    const found = ways[rearChain]!.get(frontChain);
    if (found === undefined) return false;
    let any = false;
    const apartM = chains.chains[rearChain]!.lengthM - toM[rear]! + fromM[front]!;
    for (const way of found) {
      if (apartM + way.betweenM >= followM) continue;
      any = true;
      const range = followings.get(way);
      if (range === undefined)
        followings.set(way, {
          rearFromM: fromM[rear]!,
          rearToM: toM[rear]!,
          frontFromM: fromM[front]!,
          frontToM: toM[front]!,
        });
      else {
        range.rearFromM = Math.min(range.rearFromM, fromM[rear]!);
        range.rearToM = Math.max(range.rearToM, toM[rear]!);
        range.frontFromM = Math.min(range.frontFromM, fromM[front]!);
        range.frontToM = Math.max(range.frontToM, toM[front]!);
      }
    }
    return any;
  };

  // A lane follows itself only where it leads into itself.
  const leadsIntoItself = (lane: number): boolean => chains.next[lane]!.includes(lane);
  forOverlappingSteps(sweep, type, leadsIntoItself, (i, j) => {
    const ci = chains.chainOf[sweep.lane[i]!]!;
    const cj = chains.chainOf[sweep.lane[j]!]!;
    if (ci === cj) {
      const { lengthM, closed } = chains.chains[ci]!;
      const apartM = fromM[i]! < fromM[j]! ? fromM[j]! - toM[i]! : fromM[i]! - toM[j]!;
      const roundM = lengthM - Math.max(toM[i]!, toM[j]!) + Math.min(fromM[i]!, fromM[j]!);
      if (apartM < followM || (closed && roundM < followM)) return;
    }
    const forward = follows(i, ci, j, cj);
    if (follows(j, cj, i, ci) || forward) return;
    add(ci, fromM[i]!, toM[i]!, cj, fromM[j]!, toM[j]!);
  });
  for (const [way, range] of followings) addBranches(chains, way, range, add);

  const areas: AreaGround[] = [];
  for (const key of [...conflicts.keys()].sort((a, b) => a - b)) {
    const x = Math.floor(key / chains.chains.length);
    const y = key % chains.chains.length;
    const section = chains.chains[y]!.lanes.some(
      (lane) => lanes.opposite[lane] !== NONE && chains.chainOf[lanes.opposite[lane]!] === x,
    );
    for (const [x0, x1, y0, y1] of regions(conflicts.get(key)!, APART_M))
      areas.push({ chains: [x, y], fromM: [x0, y0], toM: [x1, y1], section });
  }
  return areas;
}

/**
 * Conflicts of two chains are two areas where there are this many metres without conflict between them on either side.
 * Steps that touch are at most one step apart; a shorter free stretch is no use to anyone.
 */
const APART_M = 2 * SWEEP_STEP_M;

/** Four numbers a conflict: range on the lower chain, range on the higher one. */
type Conflicts = number[];

/** Adds a conflict; one that goes on from the last one on one side, with the other side the same, is joined to that. */
function push(conflicts: Conflicts, x0: number, x1: number, y0: number, y1: number): void {
  const k = conflicts.length - 4;
  if (k >= 0) {
    if (conflicts[k] === x0 && conflicts[k + 1] === x1 && y0 <= conflicts[k + 3]! && y1 >= conflicts[k + 2]!) {
      conflicts[k + 2] = Math.min(conflicts[k + 2]!, y0);
      conflicts[k + 3] = Math.max(conflicts[k + 3]!, y1);
      return;
    }
    if (conflicts[k + 2] === y0 && conflicts[k + 3] === y1 && x0 <= conflicts[k + 1]! && x1 >= conflicts[k]!) {
      conflicts[k] = Math.min(conflicts[k]!, x0);
      conflicts[k + 1] = Math.max(conflicts[k + 1]!, x1);
      return;
    }
  }
  conflicts.push(x0, x1, y0, y1);
}

type AddConflict = (x: number, x0: number, x1: number, y: number, y0: number, y1: number) => void;

/** Ranges of the rear vehicle on a way's first chain and of the front one on its last in which they touch. */
interface Following {
  rearFromM: number;
  rearToM: number;
  frontFromM: number;
  frontToM: number;
}

/** Gives the conflicts along a way to the areas of the chains that branch off it and join it; see {@link findAreas}. */
function addBranches(chains: LaneChains, way: ShortWay, range: Following, add: AddConflict): void {
  const path = way.chains;
  const last = path.length - 1;
  const startM: number[] = [0];
  for (const chain of path) startM.push(startM[startM.length - 1]! + chains.chains[chain]!.lengthM);
  // The rear vehicle's range as seen from chain x, which starts at `xAt` metres from the way's start; the front one's from y.
  const pair = (x: number, xAt: number, y: number, yAt: number): void =>
    add(
      x,
      range.rearFromM - xAt,
      range.rearToM - xAt,
      y,
      startM[last]! + range.frontFromM - yAt,
      startM[last]! + range.frontToM - yAt,
    );
  const turnsOff: { chain: number; i: number; atM: number }[] = [];
  for (let i = 0; i < last; i++)
    for (const chain of chainsAfter(chains, path[i]!))
      if (chain !== path[i + 1]) turnsOff.push({ chain, i, atM: startM[i + 1]! });
  const comesIn: { chain: number; j: number; atM: number }[] = [];
  for (let j = 1; j <= last; j++)
    for (const chain of chainsBefore(chains, path[j]!))
      if (chain !== path[j - 1]) comesIn.push({ chain, j, atM: startM[j]! - chains.chains[chain]!.lengthM });

  for (const off of turnsOff) pair(off.chain, off.atM, path[off.i + 1]!, off.atM);
  for (const into of comesIn) pair(path[into.j - 1]!, startM[into.j - 1]!, into.chain, into.atM);
  for (const off of turnsOff)
    for (const into of comesIn)
      if (off.i < into.j - 1 && off.chain !== into.chain) pair(off.chain, off.atM, into.chain, into.atM);
}

type Region = readonly [x0: number, x1: number, y0: number, y1: number];

/** Bounds of the groups of conflicts between which, on either side, there are more than `apartM` metres. */
function regions(conflicts: Conflicts, apartM: number): Region[] {
  const found: Region[] = [];
  const split = (members: number[], side: 0 | 2, other: Region | undefined): void => {
    members.sort((a, b) => conflicts[a + side]! - conflicts[b + side]!);
    let group: number[] = [];
    let high = Number.NEGATIVE_INFINITY;
    const groups: number[][] = [group];
    for (const m of members) {
      if (group.length > 0 && conflicts[m + side]! > high + apartM) {
        group = [];
        groups.push(group);
      }
      high = Math.max(group.length === 0 ? Number.NEGATIVE_INFINITY : high, conflicts[m + side + 1]!);
      group.push(m);
    }
    for (const each of groups) {
      const bounds = boundsOf(conflicts, each);
      // Stop when neither side splits any more.
      if (groups.length === 1 && other !== undefined) found.push(bounds);
      else split(each, side === 0 ? 2 : 0, bounds);
    }
  };
  split(
    Array.from({ length: conflicts.length / 4 }, (_, k) => 4 * k),
    0,
    undefined,
  );
  return found.sort((a, b) => a[0] - b[0] || a[2] - b[2]);
}

function boundsOf(conflicts: Conflicts, members: readonly number[]): Region {
  let [x0, x1, y0, y1] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const m of members) {
    x0 = Math.min(x0, conflicts[m]!);
    x1 = Math.max(x1, conflicts[m + 1]!);
    y0 = Math.min(y0, conflicts[m + 2]!);
    y1 = Math.max(y1, conflicts[m + 3]!);
  }
  return [x0, x1, y0, y1];
}
