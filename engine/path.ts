/**
 * The ground of one vehicle as a line: pieces of directed lanes end to end, measured by one coordinate that starts at 0
 * where the vehicle was admitted and only grows. Legs are appended as they are granted and dropped behind the tail.
 */
import { type LegGraph, NONE, type VehicleType } from "../planner/index.ts";

/** A stretch of one directed lane on a vehicle's path. */
export interface PathPiece {
  readonly lane: number;
  /** Metres on the lane. */
  readonly fromM: number;
  readonly toM: number;
  /** Path coordinate of `fromM`. */
  readonly startM: number;
}

/** Lane stretches relative to a stand's stop line: metres behind or ahead of it. */
export interface Hang {
  readonly lane: number;
  readonly fromM: number;
  readonly toM: number;
}

/** [stand] what a standing vehicle's front reaches past the stop line, and its tail and gap behind it. */
export interface Overhangs {
  readonly ahead: readonly (readonly Hang[])[];
  readonly behind: readonly (readonly Hang[])[];
}

/** Lanes that a body standing at each stop line covers ahead and behind; without branch by construction of stop lines. */
export function overhangs(graph: LegGraph, type: VehicleType): Overhangs {
  const front = type.lengthM / 2;
  const back = type.lengthM / 2 + type.standstillGapM;
  const ahead = graph.stands.map((stand) => {
    const out: Hang[] = [];
    const leg = graph.legsOut[stand.index]![0];
    let lane = stand.stopLane;
    let at = stand.stopM;
    let left = front;
    let next = 1;
    while (left > 1e-9) {
      const room = Math.min(left, graph.lanes.lengthM[lane]! - at);
      if (room > 1e-9) out.push({ lane, fromM: at, toM: at + room });
      left -= room;
      if (left <= 1e-9) break;
      const follow =
        leg === undefined ? soleSuccessor(graph, lane) : (graph.legs[leg]!.lanes[next++] ?? soleSuccessor(graph, lane));
      if (follow === NONE) break;
      lane = follow;
      at = 0;
    }
    return out;
  });
  const behind = graph.stands.map((stand) => {
    const out: Hang[] = [];
    const leg = graph.legsIn[stand.index]![0];
    const lanes = leg === undefined ? null : graph.legs[leg]!.lanes;
    let lane = stand.stopLane;
    let at = stand.stopM;
    let left = back;
    let next = lanes === null ? 0 : lanes.length - 2;
    while (left > 1e-9) {
      const room = Math.min(left, at);
      if (room > 1e-9) out.unshift({ lane, fromM: at - room, toM: at });
      left -= room;
      if (left <= 1e-9) break;
      const before = lanes !== null && next >= 0 ? lanes[next--]! : solePredecessor(graph, lane);
      if (before === NONE) break;
      lane = before;
      at = graph.lanes.lengthM[lane]!;
    }
    return out;
  });
  return { ahead, behind };
}

function soleSuccessor(graph: LegGraph, lane: number): number {
  const node = graph.lanes.toNode[lane]!;
  const first = graph.lanes.firstOut[node]!;
  const count = graph.lanes.firstOut[node + 1]! - first;
  const only = graph.lanes.outLane[first];
  return count === 1 && only !== graph.lanes.opposite[lane] ? only! : NONE;
}

function solePredecessor(graph: LegGraph, lane: number): number {
  const node = graph.lanes.fromNode[lane]!;
  const first = graph.lanes.firstIn[node]!;
  const count = graph.lanes.firstIn[node + 1]! - first;
  const only = graph.lanes.inLane[first];
  return count === 1 && only !== graph.lanes.opposite[lane] ? only! : NONE;
}

/** Appends the lanes of a leg, which begins where the path ends. @returns the path coordinate of the leg's end */
export function appendLeg(graph: LegGraph, pieces: PathPiece[], leg: number, startM: number): number {
  const { lanes, startM: laneStartM, lengthM } = graph.legs[leg]!;
  let at = laneStartM;
  let path = startM;
  let left = lengthM;
  for (let i = 0; i < lanes.length; i++) {
    const lane = lanes[i]!;
    const run = Math.min(left, graph.lanes.lengthM[lane]! - at);
    const last = pieces[pieces.length - 1];
    if (run > 1e-9 || i === lanes.length - 1) {
      if (last !== undefined && last.lane === lane && Math.abs(last.toM - at) < 1e-6) {
        pieces[pieces.length - 1] = { ...last, toM: at + run };
      } else {
        pieces.push({ lane, fromM: at, toM: at + run, startM: path });
      }
    }
    path += run;
    left -= run;
    at = 0;
  }
  return startM + lengthM;
}

/** Index of the piece that holds a path coordinate (the later one at a seam), from `hint` on. */
export function pieceAt(pieces: readonly PathPiece[], coordinateM: number, hint = 0): number {
  let i = hint;
  while (i + 1 < pieces.length && pieces[i + 1]!.startM <= coordinateM + 1e-9) i++;
  return i;
}

/**
 * Path coordinate of a position that a vehicle reports, searched from the piece where it was.
 * @returns NaN where the lane is not on the path ahead
 */
export function locate(pieces: readonly PathPiece[], laneIndex: number, s: number, from: number): number {
  for (let i = Math.max(0, from - 1); i < pieces.length; i++) {
    const piece = pieces[i]!;
    if (piece.lane === laneIndex && s >= piece.fromM - 0.5 && s <= piece.toM + 0.5) {
      return piece.startM + (Math.min(piece.toM, Math.max(piece.fromM, s)) - piece.fromM);
    }
  }
  return Number.NaN;
}
