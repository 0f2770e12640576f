import type { Sweep } from "./footprint.ts";
import { forOverlappingSteps, sweepLanes } from "./footprint.ts";
import type { LaneChains, ShortWay } from "./lane-graph-chains.ts";
import { findChains, shortWays } from "./lane-graph-chains.ts";
import type { LaneGraph } from "./leg-graph.ts";
import type { VehicleType } from "./vehicle-type.ts";

/**
 * Ground that two directed lanes contend for. While a vehicle on a path over `lanes[0]` has its centre in the first
 * range, none on a path over `lanes[1]` may have its centre in the second.
 */
export interface AreaGround {
  /** Directed lanes of side 0 and side 1; the first has the lower index. */
  readonly lanes: readonly [number, number];
  /**
   * Range of the centre on each side, metres from the start of that lane. Less than 0: on whatever lane the vehicle came
   * from. More than the lane's length: on whatever lane it goes on to.
   */
  readonly fromM: readonly [number, number];
  readonly toM: readonly [number, number];
  /** The two lanes are directions of one strip. */
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
 * - a conflict that is not following belongs to the area of its two lanes;
 * - a conflict that is following along w0 … wk is none of any area between vehicles that both take the way, but
 *   - fork: a rear vehicle that turns off at wi into c contends with one that went on: area (w(i+1), c). That reaches
 *     back before the node, onto every lane that leads there;
 *   - merge: a front vehicle that came in from a' at wj contends with one that comes along the way: area (w(j-1), a').
 *     That reaches on behind the node, onto every lane that leads away;
 *   - fork and then merge: the rear one turns off into c, the front one came in from a' further on: area (c, a').
 * Hence each two vehicles whose footprints overlap are followers of one another, or inside one area on different sides.
 */
export function findAreas(
  lanes: LaneGraph,
  type: VehicleType,
  chains: LaneChains = findChains(lanes),
  sweep: Sweep = sweepLanes(lanes, type),
): AreaGround[] {
  const followM = followingDistanceM(type);
  const ways = shortWays(lanes, chains, followM);
  const conflicts = new Map<number, Conflicts>();
  const add = (x: number, x0: number, x1: number, y: number, y0: number, y1: number): void => {
    const swap = x > y;
    const key = swap ? y * lanes.laneCount + x : x * lanes.laneCount + y;
    let found = conflicts.get(key);
    if (found === undefined) {
      found = [];
      conflicts.set(key, found);
    }
    if (swap) found.push(y0, y1, x0, x1);
    else found.push(x0, x1, y0, y1);
  };

  const followings = new Map<ShortWay, Following>();
  const follows = (rear: number, front: number): boolean => {
    const found = ways[sweep.lane[rear]!]!.get(sweep.lane[front]!);
    if (found === undefined) return false;
    let any = false;
    const toEnd = lanes.lengthM[sweep.lane[rear]!]! - sweep.toM[rear]!;
    for (const way of found) {
      if (toEnd + way.betweenM + sweep.fromM[front]! >= followM) continue;
      any = true;
      const f = followings.get(way);
      if (f === undefined)
        followings.set(way, {
          rearFromM: sweep.fromM[rear]!,
          rearToM: sweep.toM[rear]!,
          frontFromM: sweep.fromM[front]!,
          frontToM: sweep.toM[front]!,
        });
      else {
        f.rearFromM = Math.min(f.rearFromM, sweep.fromM[rear]!);
        f.rearToM = Math.max(f.rearToM, sweep.toM[rear]!);
        f.frontFromM = Math.min(f.frontFromM, sweep.fromM[front]!);
        f.frontToM = Math.max(f.frontToM, sweep.toM[front]!);
      }
    }
    return any;
  };

  forOverlappingSteps(sweep, type, (i, j) => {
    const forward = follows(i, j);
    if (follows(j, i) || forward) return;
    add(sweep.lane[i]!, sweep.fromM[i]!, sweep.toM[i]!, sweep.lane[j]!, sweep.fromM[j]!, sweep.toM[j]!);
  });
  for (const [way, following] of followings) addBranches(lanes, chains, way, following, add);

  const areas: AreaGround[] = [];
  for (const key of [...conflicts.keys()].sort((a, b) => a - b)) {
    const x = Math.floor(key / lanes.laneCount);
    const y = key % lanes.laneCount;
    const other = lanes.opposite[y]!;
    const section = other >= 0 && chains.chainOf[other] === chains.chainOf[x];
    for (const [x0, x1, y0, y1] of regions(conflicts.get(key)!, followM))
      areas.push({ lanes: [x, y], fromM: [x0, y0], toM: [x1, y1], section });
  }
  return areas;
}

/** Four numbers for each two steps that conflict: range on the lower lane, range on the higher one. */
type Conflicts = number[];

/** Ranges of the rear vehicle on a way's first lane and of the front one on its last in which they touch. */
interface Following {
  rearFromM: number;
  rearToM: number;
  frontFromM: number;
  frontToM: number;
}

/** Gives the conflicts along a way to the areas of the lanes that branch off it and join it; see {@link findAreas}. */
function addBranches(
  lanes: LaneGraph,
  chains: LaneChains,
  way: ShortWay,
  range: Following,
  add: (x: number, x0: number, x1: number, y: number, y0: number, y1: number) => void,
): void {
  const path = way.lanes;
  const last = path.length - 1;
  const startM: number[] = [0];
  for (let i = 0; i < last; i++) startM.push(startM[i]! + lanes.lengthM[path[i]!]!);
  // The rear vehicle's range as seen from a lane that starts at `at`, metres from the way's start; the front one's too.
  const pair = (x: number, xAt: number, y: number, yAt: number): void =>
    add(
      x,
      range.rearFromM - xAt,
      range.rearToM - xAt,
      y,
      startM[last]! + range.frontFromM - yAt,
      startM[last]! + range.frontToM - yAt,
    );
  const turnsOff: { lane: number; i: number }[] = [];
  for (let i = 0; i < last; i++)
    for (const lane of chains.next[path[i]!]!) if (lane !== path[i + 1]) turnsOff.push({ lane, i });
  const comesIn: { lane: number; j: number }[] = [];
  for (let j = 1; j <= last; j++)
    for (const lane of chains.previous[path[j]!]!) if (lane !== path[j - 1]) comesIn.push({ lane, j });

  for (const { lane, i } of turnsOff) pair(lane, startM[i + 1]!, path[i + 1]!, startM[i + 1]!);
  for (const { lane, j } of comesIn) pair(path[j - 1]!, startM[j - 1]!, lane, startM[j]! - lanes.lengthM[lane]!);
  for (const off of turnsOff)
    for (const into of comesIn)
      if (off.i < into.j - 1 && off.lane !== into.lane)
        pair(off.lane, startM[off.i + 1]!, into.lane, startM[into.j]! - lanes.lengthM[into.lane]!);
}

type Region = readonly [x0: number, x1: number, y0: number, y1: number];

/** Bounds of the groups of conflicts between which, on either side, there are `apartM` metres or more. */
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
