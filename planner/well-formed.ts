import { sweepLanes } from "./footprint.ts";
import { findChains } from "./lane-graph-chains.ts";
import type { LegGraph } from "./leg-graph.ts";
import type { Site, StationRole } from "./site.ts";
import type { VehicleType } from "./vehicle-type.ts";
import {
  checkBays,
  checkBlockers,
  checkChargers,
  checkExits,
  checkLaneEnds,
  checkMeetsItself,
  checkPlacesClear,
  nodeOf,
  placesOutsideCore,
} from "./well-formed-checks.ts";
import { findCore } from "./well-formed-core.ts";
import { type JoinedGround, joinAreas } from "./well-formed-ground.ts";
import type { WellFormedProblem } from "./well-formed-problem.ts";

/** Counts of a site and its leg graph for one vehicle type, and what keeps it from being well-formed. */
export interface WellFormedReport {
  readonly site: string;
  readonly vehicleType: string;
  readonly fleetMax: number;
  /** Lanes of the site that the type may use, and their length; a two-way lane counts once. */
  readonly lanes: number;
  readonly km: number;
  readonly stations: Readonly<Partial<Record<StationRole, { readonly stations: number; readonly bays: number }>>>;
  /** Pairs of lanes with ground in common. */
  readonly areas: number;
  /** Areas that overlap or touch one another taken as one piece of ground, longest first. */
  readonly joined: readonly JoinedGround[];
  readonly sections: number;
  readonly pockets: number;
  readonly places: number;
  readonly legs: number;
  readonly havens: number;
  /** Havens that the core reaches and that lead back into it. */
  readonly havensInCore: number;
  readonly problems: readonly WellFormedProblem[];
  readonly wellFormed: boolean;
}

/**
 * Whether a site is well-formed for a vehicle type: then every task has a plan.
 * @param graph `compileLegs(site, type)`
 * @param fleetMax most vehicles that will ever be in it at once
 */
export function checkWellFormed(site: Site, type: VehicleType, graph: LegGraph, fleetMax: number): WellFormedReport {
  const { lanes, stands, legs } = graph;
  const chains = findChains(lanes);
  const sweep = sweepLanes(lanes, type);
  const problems: WellFormedProblem[] = [];
  const closedNode = new Uint8Array(lanes.nodeCount);
  for (const stand of stands) if (stand.kind === "place") closedNode[nodeOf(graph, stand)] = 1;

  problems.push(...checkBays(site, type, graph), ...checkLaneEnds(graph, chains, closedNode));
  const closedLane = new Uint8Array(lanes.laneCount);
  problems.push(...checkPlacesClear(graph, type, sweep, closedLane));
  const core = findCore(lanes, chains, closedNode, closedLane);
  const lost = placesOutsideCore(site, graph, chains, core);
  problems.push(...lost, ...checkBlockers(graph, chains, closedNode));

  const outside = new Set(lost.map((problem) => problem.subject));
  const havens = stands.filter((stand) => stand.haven);
  const havensInCore = havens.filter((stand) => !outside.has(stand.id)).length;
  if (havensInCore < fleetMax + 1)
    problems.push({ rule: "W3", subject: site.id, detail: { havens: havensInCore, needed: fleetMax + 1 } });
  problems.push(...checkExits(graph, chains), ...checkChargers(site, graph), ...checkMeetsItself(graph, type, sweep));

  const usable = site.stations.filter((station) => station.modes.some((mode) => type.modes.includes(mode)));
  const stations: Partial<Record<StationRole, { stations: number; bays: number }>> = {};
  for (const station of usable) {
    const count = stations[station.role] ?? { stations: 0, bays: 0 };
    stations[station.role] = { stations: count.stations + 1, bays: count.bays + station.bays.length };
  }
  let forward = 0;
  let lengthM = 0;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    if (lanes.reversed[lane] === 1) continue;
    forward++;
    lengthM += lanes.lengthM[lane]!;
  }
  return {
    site: site.id,
    vehicleType: type.type,
    fleetMax,
    lanes: forward,
    km: lengthM / 1000,
    stations,
    areas: graph.areas.length,
    joined: joinAreas(graph, type),
    sections: graph.areas.filter((area) => area.section).length,
    pockets: stands.filter((stand) => stand.kind === "pocket").length,
    places: stands.filter((stand) => stand.kind === "place").length,
    legs: legs.length,
    havens: havens.length,
    havensInCore,
    problems,
    wellFormed: problems.length === 0,
  };
}
