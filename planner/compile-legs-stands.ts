import type { AreaGround } from "./areas.ts";
import { followingDistanceM } from "./areas.ts";
import { NODE_SNAP_M } from "./lane-graph.ts";
import type { LaneChains } from "./lane-graph-chains.ts";
import { visitStretch } from "./lane-graph-chains.ts";
import type { LaneGraph, Stand } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { Bay, Site, Station, StationRole } from "./site.ts";
import type { VehicleType } from "./vehicle-type.ts";

/** A vehicle's stop line is this far before the first position that touches an area, metres. */
export const STOP_TOLERANCE_M = 0.5;

const IN_LINE: ReadonlySet<StationRole> = new Set(["gate", "scanner", "disinfection"]);

/** Whether vehicles are served on the through lane (gate, scanner, disinfection), not in a place beside it. */
export function isInLine(station: Station): boolean {
  return IN_LINE.has(station.role);
}

/** Stands, and where along the branch-free chains of lanes they are. */
export interface Stands {
  readonly stands: readonly Stand[];
  readonly standOfBay: readonly (readonly number[])[];
  /** [chain] stands in travel order with the position of stop line or bay, metres from the chain's start. */
  readonly onChain: readonly (readonly { readonly stand: number; readonly atM: number }[])[];
  /** [stand] node of a place's bay; NONE for a pocket. */
  readonly nodeOfPlace: readonly number[];
}

/** Places of all bays off the through lanes, and pockets: all ground on which a vehicle may stand. */
export function findStands(
  site: Site,
  type: VehicleType,
  lanes: LaneGraph,
  chains: LaneChains,
  areas: readonly AreaGround[],
): Stands {
  const followM = followingDistanceM(type);
  const usable = site.stations.map((station) => station.modes.some((mode) => type.modes.includes(mode)));
  const bayNode = site.stations.map((station, s) =>
    station.bays.map((bay) => (usable[s] ? nearestNode(lanes, bay) : NONE)),
  );
  const blocked = blockedGround(type, lanes, chains, areas);
  const block: Block = (chain, from, to) => {
    blocked[chain]!.push(from, to);
  };

  const stands: Stand[] = [];
  const nodeOfPlace: number[] = [];
  const standOfBay = site.stations.map((station) => station.bays.map(() => NONE));
  const onChain: { stand: number; atM: number }[][] = chains.chains.map(() => []);
  const stationAt = new Map<number, { station: number; bay: number }>();

  site.stations.forEach((station, s) => {
    station.bays.forEach((bay, b) => {
      const node = bayNode[s]![b]!;
      if (node === NONE) return;
      if (isInLine(station)) {
        stationAt.set(node, { station: s, bay: b });
        return;
      }
      const arriving = [...lanes.inLane.subarray(lanes.firstIn[node]!, lanes.firstIn[node + 1]!)];
      if (arriving.length === 0) return;
      const index = stands.length;
      const stopLane = arriving[0]!;
      stands.push({
        index,
        id: bay.id,
        kind: "place",
        stopLane,
        stopM: lanes.lengthM[stopLane]!,
        rangeM: 0,
        station: s,
        bay: b,
        haven: station.resting,
      });
      nodeOfPlace.push(node);
      standOfBay[s]![b] = index;
      for (const lane of arriving) {
        const atM = chains.offsetM[lane]! + lanes.lengthM[lane]!;
        onChain[chains.chainOf[lane]!]!.push({ stand: index, atM });
        visitStretch(chains, chains.chainOf[lane]!, atM - followM, atM + followM, block);
      }
      for (let k = lanes.firstOut[node]!; k < lanes.firstOut[node + 1]!; k++) {
        const lane = lanes.outLane[k]!;
        const atM = chains.offsetM[lane]!;
        visitStretch(chains, chains.chainOf[lane]!, atM, atM + followM, block);
      }
    });
  });

  chains.chains.forEach((chain, c) => {
    for (const pocket of pocketsOf(chain, lanes, blocked[c]!, stationAt, followM)) {
      const index = stands.length;
      const lane = pocket.lane;
      stands.push({
        index,
        id: `${lanes.laneId[lane]}@${pocket.stopM.toFixed(1)}`,
        kind: "pocket",
        stopLane: lane,
        stopM: pocket.stopM,
        rangeM: pocket.rangeM,
        station: pocket.service?.station ?? NONE,
        bay: pocket.service?.bay ?? NONE,
        haven: false,
      });
      nodeOfPlace.push(NONE);
      onChain[c]!.push({ stand: index, atM: chains.offsetM[lane]! + pocket.stopM });
      if (pocket.service !== undefined) standOfBay[pocket.service.station]![pocket.service.bay] = index;
    }
    onChain[c]!.sort((a, b) => a.atM - b.atM);
  });
  return { stands, standOfBay, onChain, nodeOfPlace };
}

/** Node within NODE_SNAP_M of a bay, the nearest one, or NONE. */
export function nearestNode(lanes: LaneGraph, bay: Bay): number {
  let best = NONE;
  let bestM = NODE_SNAP_M;
  for (let node = 0; node < lanes.nodeCount; node++) {
    const apart = Math.hypot(lanes.nodeX[node]! - bay.x, lanes.nodeY[node]! - bay.y);
    if (apart > bestM || (apart === bestM && best !== NONE)) continue;
    best = node;
    bestM = apart;
  }
  return best;
}

type Block = (chain: number, fromM: number, toM: number) => void;

/**
 * [chain] pairs from, to: positions of the centre at which a standing vehicle would be inside an area, whatever way it
 * came or goes, or has less than the gap behind it free of one; or is not wholly off a lane without holding.
 */
function blockedGround(
  type: VehicleType,
  lanes: LaneGraph,
  chains: LaneChains,
  areas: readonly AreaGround[],
): number[][] {
  const blocked: number[][] = chains.chains.map(() => []);
  const block: Block = (chain, from, to) => {
    blocked[chain]!.push(from, to);
  };
  for (const area of areas)
    for (const side of [0, 1] as const)
      visitStretch(chains, area.chains[side], area.fromM[side], area.toM[side] + type.standstillGapM, block);
  const half = type.lengthM / 2 + type.marginM;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    if (lanes.holding[lane] === 1) continue;
    const from = chains.offsetM[lane]! - half;
    const to = chains.offsetM[lane]! + lanes.lengthM[lane]! + half + type.standstillGapM;
    visitStretch(chains, chains.chainOf[lane]!, from, to, block);
  }
  return blocked;
}

interface PocketGround {
  readonly lane: number;
  readonly stopM: number;
  readonly rangeM: number;
  readonly service: { readonly station: number; readonly bay: number } | undefined;
}

/** Ranges shorter than this are rounding, not ground to stand on, metres. */
const ROUNDING_M = 1e-6;

/**
 * Free ranges of a chain, cut at in-line stations. A closed chain is laid out three times; what begins in the round
 * after its first cut counts, so that a range over the seam is found once and whole.
 */
function pocketsOf(
  chain: { readonly lanes: readonly number[]; readonly lengthM: number; readonly closed: boolean },
  lanes: LaneGraph,
  blocked: readonly number[],
  stationAt: ReadonlyMap<number, { station: number; bay: number }>,
  followM: number,
): PocketGround[] {
  const rounds = chain.closed ? 3 : 1;
  // What ends a free range, by position. `service` stands for a station's point, after which `followM` are not free.
  const cuts: { from: number; to: number; service?: { station: number; bay: number } }[] = [];
  const ends: number[] = [];
  let at = 0;
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < blocked.length; k += 2) cuts.push({ from: at + blocked[k]!, to: at + blocked[k + 1]! });
    for (const lane of chain.lanes) {
      at += lanes.lengthM[lane]!;
      ends.push(at);
      const service = stationAt.get(lanes.toNode[lane]!);
      if (service !== undefined) cuts.push({ from: at, to: at + followM, service });
    }
  }
  // At one position what is blocked comes before a station: a station's point inside an area is no stop.
  cuts.sort((a, b) => a.from - b.from || Number(a.service !== undefined) - Number(b.service !== undefined));
  const found: PocketGround[] = [];
  let seenFrom = Number.POSITIVE_INFINITY;
  let freeFrom = chain.closed ? Number.NaN : 0;
  for (const cut of cuts) {
    const stop = cut.service === undefined ? cut.from - STOP_TOLERANCE_M : cut.from;
    if (freeFrom < seenFrom && stop - freeFrom >= (cut.service === undefined ? 0 : -ROUNDING_M)) {
      let i = 0;
      while (i < ends.length - 1 && ends[i]! < stop - ROUNDING_M) i++;
      const lane = chain.lanes[i % chain.lanes.length]!;
      const stopM = Math.min(lanes.lengthM[lane]!, Math.max(0, stop - (ends[i]! - lanes.lengthM[lane]!)));
      found.push({ lane, stopM, rangeM: Math.max(0, stop - freeFrom), service: cut.service });
    }
    if (Number.isNaN(freeFrom)) {
      freeFrom = cut.to;
      seenFrom = cut.to + chain.lengthM - ROUNDING_M;
    } else freeFrom = Math.max(freeFrom, cut.to);
  }
  return found;
}
