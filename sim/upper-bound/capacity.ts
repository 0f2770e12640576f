/**
 * What stations and lanes let through at best, whatever the fleet. A station serves one vehicle at a time; where it
 * stands on a lane, the next vehicle can stand at its point only after the one before has moved its own length and the
 * standstill gap. Lanes across the border: one vehicle a brick-wall headway, so many lanes as can be used side by side.
 */
import {
  type LaneGraph,
  type LegGraph,
  meanServiceS,
  NONE,
  type Side,
  type Site,
  type VehicleType,
} from "../../planner/index.ts";
import type { DemandClass } from "./demand-mix.ts";
import { sideOf } from "./vehicle-time.ts";

/**
 * Something of which every run has a limited amount and every container takes at least a known part.
 * Times of vehicles, energy, places at stations and on lanes are all of this form.
 */
export interface Resource {
  /** "fleet", "vn gate", "lanes vn to cn". */
  readonly name: string;
  /** [class] units that one container takes at least. */
  readonly perContainer: readonly number[];
  /** Units that one empty crossing against the stronger direction takes at least. */
  readonly perEmptyCrossing: number;
  /** Units that there are in a run of so many seconds. */
  supply(seconds: number): number;
}

/** The stations of each role and side that the demand visits: visits that they serve at their mean times. */
export function stationResources(
  graph: LegGraph,
  site: Site,
  type: VehicleType,
  classes: readonly DemandClass[],
): readonly Resource[] {
  const moveUpS = Math.sqrt((2 * (type.lengthM + type.standstillGapM)) / type.accelerationLadenMps2);
  const visitsOf = (each: DemandClass): string[] => [
    `${sideOf(site, each.from)} crane`,
    `${sideOf(site, each.to)} crane`,
    ...each.via.map((pass) => `${pass.side} ${pass.role}`),
  ];
  return [...new Set(classes.flatMap(visitsOf))].map((name) => {
    let perSecond = 0;
    site.stations.forEach((station, index) => {
      if (`${station.side} ${station.role}` !== name) return;
      const stands = graph.standOfBay[index]!;
      const inLine = stands.length > 0 && stands.every((stand) => graph.stands[stand]!.kind === "pocket");
      const busyS = meanServiceS(station.service) + (inLine ? moveUpS : 0);
      perSecond += busyS > 0 ? 1 / busyS : Number.POSITIVE_INFINITY;
    });
    const perContainer = classes.map((each) => visitsOf(each).filter((visit) => visit === name).length);
    return { name, perContainer, perEmptyCrossing: 0, supply: (seconds) => perSecond * seconds };
  });
}

/**
 * Vehicles a second on one lane at best, nose to tail with braking distance: v / (L + gap + v·reaction + v²/2b), which
 * is largest at v = √(2b(L + gap)); at most `limitMps`.
 */
export function laneRate(type: VehicleType, limitMps: number): number {
  const room = type.lengthM + type.standstillGapM;
  const b = type.serviceDecelerationMps2;
  const v = Math.min(limitMps, Math.sqrt(2 * b * room));
  return v / (room + v * type.reactionS + (v * v) / (2 * b));
}

/**
 * Greatest number of ways from `sources` to `sinks` that share no directed lane (Ford and Fulkerson, unit capacities).
 * @param sources nodes of the lane graph
 * @param strips whether strips that are used in either direction count
 */
export function laneDisjointWays(
  lanes: LaneGraph,
  sources: ReadonlySet<number>,
  sinks: ReadonlySet<number>,
  strips = true,
): number {
  const used = new Uint8Array(lanes.laneCount);
  const usable = (lane: number): boolean => used[lane] === 0 && (strips || lanes.opposite[lane] === NONE);
  for (let ways = 0; ; ways += 1) {
    // [node] the lane by which it was reached: forward over an unused lane, or back (complemented) over a used one.
    const reachedBy = new Map<number, number>();
    const queue = [...sources];
    const seen = new Set(queue);
    let end: number = NONE;
    for (let head = 0; head < queue.length && end === NONE; head += 1) {
      const node = queue[head]!;
      if (sinks.has(node)) {
        end = node;
        break;
      }
      for (let k = lanes.firstOut[node]!; k < lanes.firstOut[node + 1]!; k += 1) {
        const lane = lanes.outLane[k]!;
        const next = lanes.toNode[lane]!;
        if (!usable(lane) || seen.has(next)) continue;
        seen.add(next);
        reachedBy.set(next, lane);
        queue.push(next);
      }
      for (let k = lanes.firstIn[node]!; k < lanes.firstIn[node + 1]!; k += 1) {
        const lane = lanes.inLane[k]!;
        const next = lanes.fromNode[lane]!;
        if (used[lane] === 0 || seen.has(next)) continue;
        seen.add(next);
        reachedBy.set(next, ~lane);
        queue.push(next);
      }
    }
    if (end === NONE) return ways;
    let node = end;
    for (let lane = reachedBy.get(node); lane !== undefined; lane = reachedBy.get(node)) {
      if (lane >= 0) {
        used[lane] = 1;
        node = lanes.fromNode[lane]!;
      } else {
        used[~lane] = 0;
        node = lanes.toNode[~lane]!;
      }
    }
  }
}

/**
 * Crossings that the lanes across the border let through. Where every way leads over a strip that is used in either
 * direction, both directions share it; what changing its direction costs is left out.
 */
export function laneResources(
  graph: LegGraph,
  site: Site,
  type: VehicleType,
  classes: readonly DemandClass[],
): readonly Resource[] {
  const { lanes } = graph;
  const cranes = new Set(classes.flatMap((each) => [each.from, each.to]));
  const nodesOf = (side: Side): ReadonlySet<number> =>
    new Set(
      site.stations.flatMap((station, index) =>
        station.side === side && cranes.has(station.id)
          ? graph.standOfBay[index]!.map((stand) => lanes.toNode[graph.stands[stand]!.stopLane]!)
          : [],
      ),
    );
  const rate = laneRate(type, Math.min(Math.max(...lanes.speedLimitMps), type.maxSpeedEmptyMps));
  const [vn, cn] = [nodesOf("vn"), nodesOf("cn")];
  const eachWay = [
    ["lanes vn to cn", vn, cn],
    ["lanes cn to vn", cn, vn],
  ] as const;
  return eachWay.map(([name, from, to]) => {
    // A container and an unavoidable empty crossing are two crossings each way together, one of each direction.
    const shared = laneDisjointWays(lanes, from, to, false) === 0;
    const use = shared ? 1 : 0.5;
    const perSecond = rate * laneDisjointWays(lanes, from, to);
    return {
      name,
      perContainer: classes.map(() => use),
      perEmptyCrossing: use,
      supply: (seconds) => perSecond * seconds,
    };
  });
}
