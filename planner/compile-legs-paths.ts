import type { AreaGround } from "./areas.ts";
import { followingDistanceM } from "./areas.ts";
import type { Stands } from "./compile-legs-stands.ts";
import type { Sweep } from "./footprint.ts";
import { overlap, sweepReachM } from "./footprint.ts";
import type { LaneChains } from "./lane-graph-chains.ts";
import type { AreaUse, LaneGraph, Leg, Stand } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { VehicleType } from "./vehicle-type.ts";

/** More legs than this out of one stand means branches that no stand separates: the site is refused. */
export const LEGS_PER_STAND_MAX = 5000;

/** Thrown by {@link findLegs} where branches without any stand between them give more legs than can be planned on. */
export class TooManyLegsError extends Error {
  readonly stand: string;
  constructor(stand: string) {
    super(`stand ${stand}: more than ${LEGS_PER_STAND_MAX} legs leave it, expected stands between the branches`);
    this.name = "TooManyLegsError";
    this.stand = stand;
  }
}

/** Every drive from a stand's stop line, over each branch, to the first stand on its way. */
export function findLegs(
  type: VehicleType,
  lanes: LaneGraph,
  chains: LaneChains,
  areas: readonly AreaGround[],
  stands: Stands,
  sweep: Sweep,
): Leg[] {
  const areasOfChain: { area: number; side: 0 | 1 }[][] = chains.chains.map(() => []);
  areas.forEach((area, index) => {
    areasOfChain[area.chains[0]]!.push({ area: index, side: 0 });
    areasOfChain[area.chains[1]]!.push({ area: index, side: 1 });
  });
  const legs: Leg[] = [];
  for (const stand of stands.stands) {
    const before = legs.length;
    for (const route of routesFrom(stand, lanes, chains, stands)) {
      if (legs.length - before >= LEGS_PER_STAND_MAX) throw new TooManyLegsError(stand.id);
      legs.push(legAlong(route, legs.length, stand, type, lanes, chains, areas, areasOfChain, stands, sweep));
    }
  }
  return legs;
}

interface Route {
  readonly lanes: readonly number[];
  readonly to: number;
  readonly lengthM: number;
}

function* routesFrom(stand: Stand, lanes: LaneGraph, chains: LaneChains, stands: Stands): Generator<Route> {
  const node = stands.nodeOfPlace[stand.index]!;
  if (node === NONE) {
    const chain = chains.chains[chains.chainOf[stand.stopLane]!]!;
    const fromM = chains.offsetM[stand.stopLane]! + stand.stopM;
    yield* routesAlong(chain.lanes.indexOf(stand.stopLane), fromM, -stand.stopM, [], stand.stopLane);
    return;
  }
  // Out of a place: on in the direction in which it was entered, or back along the same strip.
  const departing = new Set<number>();
  for (let k = lanes.firstIn[node]!; k < lanes.firstIn[node + 1]!; k++) {
    const lane = lanes.inLane[k]!;
    for (const after of chains.next[lane]!) departing.add(after);
    if (lanes.opposite[lane] !== NONE) departing.add(lanes.opposite[lane]!);
  }
  for (const lane of [...departing].sort((a, b) => a - b)) {
    const chain = chains.chains[chains.chainOf[lane]!]!;
    yield* routesAlong(chain.lanes.indexOf(lane), chains.offsetM[lane]!, 0, [stand.stopLane], lane);
  }

  /** Routes from chain position `fromM`; the lane there begins `lengthM` metres from the route's start. */
  function* routesAlong(
    laneAt: number,
    fromM: number,
    lengthM: number,
    path: readonly number[],
    lane: number,
  ): Generator<Route> {
    const c = chains.chainOf[lane]!;
    const chain = chains.chains[c]!;
    const ahead = stands.onChain[c]!;
    let next = ahead.find((one) => one.atM > fromM + 1e-9);
    let round = 0;
    if (next === undefined && chain.closed && ahead.length > 0) {
      next = ahead[0]!;
      round = chain.lengthM;
    }
    // Round to where it began: what lies beyond is reached without that.
    if (next?.stand === stand.index) return;
    const taken = [...path];
    let start = lengthM;
    const startOfChain = lengthM - chains.offsetM[lane]!;
    const endM = next === undefined ? chain.lengthM : next.atM + round;
    for (let i = laneAt; ; i++) {
      const member = chain.lanes[i % chain.lanes.length]!;
      taken.push(member);
      start += lanes.lengthM[member]!;
      if (start - startOfChain >= endM - 1e-9) break;
    }
    if (next !== undefined) {
      yield { lanes: taken, to: next.stand, lengthM: endM + startOfChain };
      return;
    }
    if (chain.closed) return;
    for (const after of chains.next[taken[taken.length - 1]!]!) {
      if (taken.includes(after)) continue;
      yield* routesAlong(0, 0, start, taken, after);
    }
  }
}

function legAlong(
  route: Route,
  index: number,
  from: Stand,
  type: VehicleType,
  lanes: LaneGraph,
  chains: LaneChains,
  areas: readonly AreaGround[],
  areasOfChain: readonly (readonly { area: number; side: 0 | 1 }[])[],
  stands: Stands,
  sweep: Sweep,
): Leg {
  const to = stands.stands[route.to]!;
  const clearM = Math.max(0, route.lengthM - to.rangeM);
  const uses: AreaUse[] = [];
  const limitFromM: number[] = [];
  const limitMps: number[] = [];
  const gradient: number[] = [];
  let laneFromM = -from.stopM;
  let chainBefore = NONE;
  route.lanes.forEach((lane, i) => {
    // A vehicle in a place has its way in behind it.
    const chain = chains.chainOf[lane]!;
    if ((i > 0 || from.kind === "pocket") && chain !== chainBefore) {
      chainBefore = chain;
      const chainFromM = laneFromM - chains.offsetM[lane]!;
      for (const { area, side } of areasOfChain[chain]!) {
        const ground = areas[area]!;
        const enterM = Math.max(0, chainFromM + ground.fromM[side]);
        const tailM = chainFromM + ground.toM[side];
        // The gap matters to a follower, not to the vehicle's own arrival in a place beside the ground.
        const leaveM = Math.min(tailM + type.standstillGapM, clearM);
        if (tailM > 0 && leaveM > enterM && enterM < route.lengthM) uses.push({ area, side, enterM, leaveM });
      }
    }
    const from0 = Math.max(0, laneFromM);
    laneFromM += lanes.lengthM[lane]!;
    if (laneFromM <= 0 || from0 >= route.lengthM) return;
    const last = limitFromM.length - 1;
    const limit = lanes.speedLimitMps[lane]!;
    const slope = lanes.gradient[lane]!;
    if (last >= 0 && limitMps[last] === limit && gradient[last] === slope) return;
    limitFromM.push(from0);
    limitMps.push(limit);
    gradient.push(slope);
  });
  uses.sort((a, b) => a.enterM - b.enterM || a.area - b.area || a.side - b.side);
  const leg = {
    index,
    from: from.index,
    to: to.index,
    lanes: Int32Array.from(route.lanes),
    startM: from.stopM,
    lengthM: route.lengthM,
    clearM,
    uses,
    limitFromM: Float64Array.from(limitFromM),
    limitMps: Float64Array.from(limitMps),
    gradient: Float64Array.from(gradient),
  };
  return {
    ...leg,
    fromClearM: from.kind === "place" ? placeClearM(leg, from, type, lanes, sweep) : followingDistanceM(type),
  };
}

/**
 * Metres after which a vehicle that leaves a place no longer touches the ground of one that stands in it, with the gap
 * behind its tail; at most the leg's clear position.
 */
function placeClearM(
  leg: { readonly lanes: Int32Array; readonly clearM: number },
  place: Stand,
  type: VehicleType,
  lanes: LaneGraph,
  sweep: Sweep,
): number {
  const standing = sweep.firstStep[place.stopLane + 1]! - 1;
  const reach = sweepReachM(type);
  let last = 0;
  let laneFromM = 0;
  for (let i = 1; i < leg.lanes.length && laneFromM < 2 * reach; i++) {
    const lane = leg.lanes[i]!;
    for (let step = sweep.firstStep[lane]!; step < sweep.firstStep[lane + 1]!; step++)
      if (overlap(sweep, standing, sweep, step)) last = laneFromM + sweep.toM[step]!;
    laneFromM += lanes.lengthM[lane]!;
  }
  return Math.min(leg.clearM, last + type.standstillGapM);
}
