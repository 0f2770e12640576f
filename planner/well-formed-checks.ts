import { followingDistanceM } from "./areas.ts";
import { isInLine, nearestNode } from "./compile-legs-stands.ts";
import { buildNearGrid, overlap, type Sweep, sweepReachM } from "./footprint.ts";
import type { LaneChains } from "./lane-graph-chains.ts";
import type { LegGraph, Stand } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { Site } from "./site.ts";
import type { VehicleType } from "./vehicle-type.ts";
import { type Core, findCore } from "./well-formed-core.ts";
import type { WellFormedProblem } from "./well-formed-problem.ts";

export function nodeOf(graph: LegGraph, place: Stand): number {
  return graph.lanes.toNode[place.stopLane]!;
}

function legName(graph: LegGraph, leg: number): string {
  const { from, to } = graph.legs[leg]!;
  return `${graph.stands[from]!.id} -> ${graph.stands[to]!.id}`;
}

export function checkBays(site: Site, type: VehicleType, graph: LegGraph): WellFormedProblem[] {
  const problems: WellFormedProblem[] = [];
  const bayAtNode = new Map<number, string>();
  site.stations.forEach((station, s) => {
    if (!station.modes.some((mode) => type.modes.includes(mode))) return;
    station.bays.forEach((bay, b) => {
      const node = nearestNode(graph.lanes, bay);
      if (node === NONE) {
        problems.push({ rule: "bay-off-lane", subject: bay.id, detail: { x: bay.x, y: bay.y } });
        return;
      }
      const other = bayAtNode.get(node);
      if (other !== undefined) problems.push({ rule: "bays-together", subject: bay.id, detail: { other } });
      else if (graph.standOfBay[s]![b] === NONE)
        // A place without a stand has no lane that ends there: nothing can come to it.
        problems.push(
          isInLine(station)
            ? { rule: "no-standing", subject: bay.id, detail: {} }
            : { rule: "W2", subject: bay.id, detail: { from: "the core", to: bay.id } },
        );
      bayAtNode.set(node, bay.id);
    });
  });
  return problems;
}

export function checkLaneEnds(graph: LegGraph, chains: LaneChains, placeAtNode: Uint8Array): WellFormedProblem[] {
  const { lanes } = graph;
  const problems: WellFormedProblem[] = [];
  const report = (lane: number, end: "start" | "end", node: number, others: number): void => {
    problems.push({
      rule: "lane-end",
      subject: lanes.laneId[lane]!,
      detail: { end, x: lanes.nodeX[node]!, y: lanes.nodeY[node]!, turnsTooSharply: others > 0 },
    });
  };
  const others = (lane: number, first: Uint32Array, rows: Int32Array, node: number): number =>
    rows.subarray(first[node]!, first[node + 1]!).filter((other) => other !== lanes.opposite[lane]).length;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    const to = lanes.toNode[lane]!;
    const from = lanes.fromNode[lane]!;
    if (chains.next[lane]!.length === 0 && placeAtNode[to] === 0)
      report(lane, "end", to, others(lane, lanes.firstOut, lanes.outLane, to));
    // The start of a strip's other direction is the end that was just looked at.
    if (chains.previous[lane]!.length === 0 && placeAtNode[from] === 0 && lanes.opposite[lane] === NONE)
      report(lane, "start", from, others(lane, lanes.firstIn, lanes.inLane, from));
  }
  return problems;
}

/** W1. Marks in `closedLane` the lanes on which standing vehicles stand in the way of others. */
export function checkPlacesClear(
  graph: LegGraph,
  type: VehicleType,
  sweep: Sweep,
  closedLane: Uint8Array,
): WellFormedProblem[] {
  const { lanes, legs, stands } = graph;
  const problems: WellFormedProblem[] = [];
  const legsOfLane: { leg: number; laneFromM: number }[][] = Array.from({ length: lanes.laneCount }, () => []);
  for (const leg of legs) {
    let laneFromM = -leg.startM;
    for (const lane of leg.lanes) {
      legsOfLane[lane]!.push({ leg: leg.index, laneFromM });
      laneFromM += lanes.lengthM[lane]!;
    }
  }
  const grid = buildNearGrid(sweep, sweepReachM(type));
  for (const stand of stands) {
    if (stand.kind !== "place") continue;
    // The footprint at the very point: a rectangle of its own without the half step of a sweep.
    const last = sweep.firstStep[stand.stopLane + 1]! - 1;
    const node = nodeOf(graph, stand);
    const standing = {
      x: lanes.nodeX.subarray(node, node + 1),
      y: lanes.nodeY.subarray(node, node + 1),
      ux: sweep.ux.subarray(last, last + 1),
      uy: sweep.uy.subarray(last, last + 1),
      halfLengthM: Float64Array.of(type.lengthM / 2 + type.marginM),
      halfWidthM: sweep.halfWidthM,
    };
    const touched = new Set<number>();
    grid.near(lanes.nodeX[node]!, lanes.nodeY[node]!, (step) => {
      if (!overlap(standing, 0, sweep, step)) return;
      for (const { leg, laneFromM } of legsOfLane[sweep.lane[step]!]!) {
        const { from, to, lengthM } = legs[leg]!;
        if (from === stand.index || to === stand.index) continue;
        if (laneFromM + sweep.toM[step]! < 0 || laneFromM + sweep.fromM[step]! > lengthM) continue;
        touched.add(leg);
        closedLane[sweep.lane[step]!] = 1;
      }
    });
    for (const leg of [...touched].sort((a, b) => a - b))
      problems.push({ rule: "W1", subject: stand.id, detail: { leg: legName(graph, leg) } });
  }
  return problems;
}

/** W2 for places and in-line stations; each with the pair between which there is no way. */
export function placesOutsideCore(site: Site, graph: LegGraph, chains: LaneChains, core: Core): WellFormedProblem[] {
  const problems: WellFormedProblem[] = [];
  const anchor = anchorOf(graph, chains, core);
  for (const stand of graph.stands) {
    if (stand.station === NONE) continue;
    const subject = site.stations[stand.station]!.bays[stand.bay]!.id;
    const { entered, left } = linkOf(graph, chains, core, stand);
    if (!entered) problems.push({ rule: "W2", subject, detail: { from: anchor, to: subject } });
    if (!left) problems.push({ rule: "W2", subject, detail: { from: subject, to: anchor } });
  }
  return problems;
}

/** Whether the core leads to a stand and whether it leads back, without passing a place. */
function linkOf(graph: LegGraph, chains: LaneChains, core: Core, stand: Stand): { entered: boolean; left: boolean } {
  const { lanes } = graph;
  if (stand.kind === "pocket")
    return { entered: core.reached[stand.stopLane] === 1, left: core.returns[stand.stopLane] === 1 };
  const node = nodeOf(graph, stand);
  let entered = false;
  let left = false;
  for (let k = lanes.firstIn[node]!; k < lanes.firstIn[node + 1]!; k++) {
    const lane = lanes.inLane[k]!;
    if (core.reached[lane] === 1) entered = true;
    const departing = [...chains.next[lane]!, ...(lanes.opposite[lane] === NONE ? [] : [lanes.opposite[lane]!])];
    if (departing.some((other) => core.returns[other] === 1)) left = true;
  }
  return { entered, left };
}

/** A name for the core: the first station that is linked both ways, else its first lane, else nothing. */
function anchorOf(graph: LegGraph, chains: LaneChains, core: Core): string {
  for (const stand of graph.stands) {
    if (stand.station === NONE) continue;
    const { entered, left } = linkOf(graph, chains, core, stand);
    if (entered && left) return stand.id;
  }
  const lane = core.inCore.indexOf(1);
  return lane === -1 ? "any loop of lanes" : graph.lanes.laneId[lane]!;
}

/** Places that by themselves cut another place or station off from the rest: they stand on a through lane. */
export function checkBlockers(graph: LegGraph, chains: LaneChains, placeAtNode: Uint8Array): WellFormedProblem[] {
  const { lanes, stands } = graph;
  const problems: WellFormedProblem[] = [];
  const noLane = new Uint8Array(lanes.laneCount);
  const closed = new Uint8Array(lanes.nodeCount);
  const linked = (core: Core, stand: Stand): boolean => {
    const { entered, left } = linkOf(graph, chains, core, stand);
    return entered && left;
  };
  const served = stands.filter((stand) => stand.station !== NONE);
  const openCore = findCore(lanes, chains, closed, noLane);
  const before = served.filter((stand) => linked(openCore, stand));
  for (const stand of stands) {
    if (stand.kind !== "place") continue;
    const node = nodeOf(graph, stand);
    if (placeAtNode[node] === 0) continue;
    closed[node] = 1;
    const core = findCore(lanes, chains, closed, noLane);
    closed[node] = 0;
    const cutOff = before.find((other) => other !== stand && !linked(core, other));
    if (cutOff !== undefined) problems.push({ rule: "blocks-lane", subject: stand.id, detail: { cutsOff: cutOff.id } });
    else if (core.laneCount === 0 && openCore.laneCount > 0)
      problems.push({ rule: "blocks-lane", subject: stand.id, detail: { cutsOff: "every loop of lanes" } });
  }
  return problems;
}

/** W4. */
export function checkExits(graph: LegGraph, chains: LaneChains): WellFormedProblem[] {
  const { lanes, legs, stands } = graph;
  const problems: WellFormedProblem[] = [];
  for (const leg of legs)
    if (leg.uses.some((use) => use.leaveM > leg.clearM + 1e-9))
      problems.push({ rule: "W4", subject: stands[leg.to]!.id, detail: { leg: legName(graph, leg.index) } });
  // Loops of lanes from which no stand can be reached: a vehicle that came there would go round for ever.
  const leadsToStand = new Uint8Array(chains.chains.length);
  const open: number[] = [];
  for (const stand of stands) open.push(chains.chainOf[stand.stopLane]!);
  for (const leg of legs) open.push(chains.chainOf[leg.lanes[leg.lanes.length - 1]!]!);
  for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
    if (leadsToStand[chain] === 1) continue;
    leadsToStand[chain] = 1;
    for (const lane of chains.previous[chains.chains[chain]!.lanes[0]!]!) open.push(chains.chainOf[lane]!);
  }
  const closedLane = Uint8Array.from(chains.chainOf, (chain) => leadsToStand[chain]!);
  const loop = findCore(lanes, chains, new Uint8Array(lanes.nodeCount), closedLane).inCore.indexOf(1);
  if (loop !== -1) problems.push({ rule: "W4", subject: lanes.laneId[loop]!, detail: { lane: lanes.laneId[loop]! } });
  return problems;
}

/** W5. */
export function checkChargers(site: Site, graph: LegGraph): WellFormedProblem[] {
  const { stands, legs } = graph;
  const isCharger = (stand: Stand): boolean =>
    stand.kind === "place" && stand.station !== NONE && site.stations[stand.station]!.role === "charger";
  const leadsToCharger = new Uint8Array(stands.length);
  const open: number[] = [];
  for (const stand of stands) if (isCharger(stand)) open.push(stand.index);
  for (let to = open.pop(); to !== undefined; to = open.pop())
    for (const leg of graph.legsIn[to]!) {
      const from = legs[leg]!.from;
      if (leadsToCharger[from] === 1) continue;
      leadsToCharger[from] = 1;
      // A way does not lead on through a place that others may stand in.
      if (stands[from]!.kind === "pocket") open.push(from);
    }
  return stands
    .filter((stand) => stand.haven && !isCharger(stand) && leadsToCharger[stand.index] === 0)
    .map((stand) => ({ rule: "W5", subject: stand.id, detail: {} }));
}

export function checkMeetsItself(graph: LegGraph, type: VehicleType, sweep: Sweep): WellFormedProblem[] {
  const { lanes, legs } = graph;
  const problems: WellFormedProblem[] = [];
  const followM = followingDistanceM(type);
  const grid = buildNearGrid(sweep, sweepReachM(type));
  const reported = new Set<number>();
  // A lane that turns by less than a quarter in all runs away from itself.
  const mayMeetItself = lanes.segmentTheta.map((theta, lane) => {
    if (lanes.lengthM[lane]! < followM) return false;
    let turned = 0;
    for (let k = 1; k < theta.length; k++) {
      const turn = Math.abs(theta[k]! - theta[k - 1]!);
      turned += Math.min(turn, 2 * Math.PI - turn);
    }
    return turned >= Math.PI / 2;
  });
  for (let step = 0; step < sweep.count; step++) {
    const lane = sweep.lane[step]!;
    if (!mayMeetItself[lane] || reported.has(lane)) continue;
    grid.near(sweep.x[step]!, sweep.y[step]!, (other) => {
      if (sweep.lane[other] !== lane || sweep.fromM[other]! - sweep.toM[step]! < followM || reported.has(lane)) return;
      if (!overlap(sweep, step, sweep, other)) return;
      reported.add(lane);
      problems.push({ rule: "meets-itself", subject: lanes.laneId[lane]!, detail: { atM: sweep.fromM[other]! } });
    });
  }
  for (const leg of legs) {
    const twice = leg.uses.find((use) => leg.uses.some((other) => other.area === use.area && other.side !== use.side));
    if (twice === undefined) continue;
    problems.push({ rule: "meets-itself", subject: legName(graph, leg.index), detail: { atM: twice.enterM } });
  }
  return problems;
}
