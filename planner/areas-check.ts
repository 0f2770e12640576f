import { followingDistanceM } from "./areas.ts";
import { poseAt } from "./lane-graph.ts";
import { continues } from "./lane-graph-chains.ts";
import type { AreaUse, LegGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { VehicleType } from "./vehicle-type.ts";

/** Two positions on two legs at which footprints with margins overlap and nothing in the leg graph keeps them apart. */
export interface Unprotected {
  readonly legs: readonly [number, number];
  /** Metres of each centre from its leg's start. */
  readonly atM: readonly [number, number];
  readonly lanes: readonly [number, number];
}

/**
 * Holds a leg graph against the footprints themselves: samples every leg at `stepM` and looks at each two legs and each
 * two positions that overlap. They are protected where both are inside one area on different sides; where one follows
 * the other at less than the following distance along the way of both; or where a place for one vehicle keeps them
 * apart. It shares only `poseAt` and the meaning of a node with the code that finds areas.
 * @param unprotectedMax stops after so many findings
 */
export function findUnprotected(graph: LegGraph, type: VehicleType, stepM: number, unprotectedMax = 20): Unprotected[] {
  const { lanes } = graph;
  const samples = sampleLanes(graph, stepM);
  const passages = passagesOfLanes(graph);
  const boxes = samples.map((sample) => corners(sample.pose, type));
  const reach = Math.hypot(type.lengthM + 2 * type.marginM, type.widthM + 2 * type.marginM);
  const bins = new Map<string, number[]>();
  const binOf = (i: number): [number, number] => [
    Math.floor(samples[i]!.pose[0]! / reach),
    Math.floor(samples[i]!.pose[1]! / reach),
  ];
  const found: Unprotected[] = [];
  const relations = new Map<number, Relation>();
  const passageCount = passages.reduce((sum, list) => sum + list.length, 0);
  const followM = followingDistanceM(type);
  for (let i = 0; i < samples.length; i++) {
    const [bx, by] = binOf(i);
    const key = `${bx},${by}`;
    if (!bins.has(key)) bins.set(key, []);
    bins.get(key)!.push(i);
    for (let ox = -1; ox <= 1; ox++)
      for (let oy = -1; oy <= 1; oy++)
        for (const j of bins.get(`${bx + ox},${by + oy}`) ?? []) {
          const [a, b] = [samples[i]!, samples[j]!];
          // On one lane vehicles follow one another, wherever they came from and go.
          if (a.lane === b.lane && Math.abs(a.s - b.s) < followM) continue;
          if (Math.hypot(a.pose[0]! - b.pose[0]!, a.pose[1]! - b.pose[1]!) > reach) continue;
          if (!boxesTouch(boxes[i]!, boxes[j]!)) continue;
          for (const pa of passages[a.lane]!)
            for (const pb of passages[b.lane]!) {
              const s = pa.laneFromM + a.s;
              const t = pb.laneFromM + b.s;
              if (s < 0 || t < 0 || s > graph.legs[pa.leg]!.lengthM || t > graph.legs[pb.leg]!.lengthM) continue;
              const pair = pa.index * passageCount + pb.index;
              let relation = relations.get(pair);
              if (relation === undefined) {
                relation = relate(graph, pa, pb);
                relations.set(pair, relation);
              }
              if (isProtected(relation, s, t, followM)) continue;
              found.push({ legs: [pa.leg, pb.leg], atM: [s, t], lanes: [a.lane, b.lane] });
              if (found.length >= unprotectedMax) return found;
            }
        }
  }
  return found;

  function relate(g: LegGraph, pa: Passage, pb: Passage): Relation {
    const P = g.legs[pa.leg]!;
    const Q = g.legs[pb.leg]!;
    const areaPairs: [AreaUse, AreaUse][] = [];
    for (const u of P.uses) for (const w of Q.uses) if (u.area === w.area && u.side !== w.side) areaPairs.push([u, w]);
    const shiftM: number[] = [];
    if (lanes.opposite[P.lanes[pa.at]!] !== Q.lanes[pb.at]) {
      const forward = followShift(g, pa, pb);
      if (forward !== undefined) shiftM.push(forward);
      const backward = followShift(g, pb, pa);
      if (backward !== undefined) shiftM.push(-backward);
    }
    const place = (stand: number): boolean => g.stands[stand]!.kind === "place";
    const always = Number.POSITIVE_INFINITY;
    // A place takes one vehicle, from the grant of the leg into it until its next leg has cleared it.
    const placeHeld: [number, number][] = [];
    if (P.to === Q.to && place(P.to)) placeHeld.push([always, always]);
    if (P.from === Q.to && place(P.from)) placeHeld.push([P.fromClearM, always]);
    if (Q.from === P.to && place(Q.from)) placeHeld.push([always, Q.fromClearM]);
    if (P.from === Q.from && place(P.from)) placeHeld.push([P.fromClearM, Q.fromClearM]);
    return { areaPairs, shiftM, placeHeld };
  }
}

interface Passage {
  readonly index: number;
  readonly leg: number;
  /** Index into the leg's lanes, and where that lane starts, metres from the leg's start. */
  readonly at: number;
  readonly laneFromM: number;
}

interface Relation {
  readonly areaPairs: readonly (readonly [AreaUse, AreaUse])[];
  /** A position t on the second leg is at t + shift metres on the first one's way, where one follows the other. */
  readonly shiftM: readonly number[];
  /** Up to these positions both hold one place. */
  readonly placeHeld: readonly (readonly [number, number])[];
}

function isProtected(relation: Relation, s: number, t: number, followM: number): boolean {
  for (const [untilS, untilT] of relation.placeHeld) if (s <= untilS && t <= untilT) return true;
  for (const shift of relation.shiftM) if (Math.abs(t + shift - s) < followM) return true;
  for (const [u, w] of relation.areaPairs)
    if (s >= u.enterM && s <= u.leaveM && t >= w.enterM && t <= w.leaveM) return true;
  return false;
}

/**
 * If a vehicle at passage `rear` is on one way with one at passage `front` ahead of it: what to add to the front one's
 * position to have it from the start of the rear one's leg. The rear leg takes the way or ends on it, the front leg came
 * along it or starts on it.
 */
function followShift(graph: LegGraph, rear: Passage, front: Passage): number | undefined {
  const P = graph.legs[rear.leg]!.lanes;
  const Q = graph.legs[front.leg]!.lanes;
  // The front vehicle's lane further on in the rear one's leg (or the same lane).
  for (let i = rear.at; i < P.length; i++) {
    if (P[i] !== Q[front.at]) continue;
    const back = Math.min(front.at, i - rear.at);
    let same = true;
    for (let k = 1; k <= back; k++) same &&= P[i - k] === Q[front.at - k];
    if (same) return laneStart(graph, rear.leg, i) - front.laneFromM;
  }
  // The rear vehicle's lane further back in the front one's leg, which goes on where the rear leg ends.
  for (let j = front.at - 1; j >= 0; j--) {
    if (Q[j] !== P[rear.at]) continue;
    const on = Math.min(P.length - 1 - rear.at, front.at - j);
    let same = true;
    for (let k = 1; k <= on; k++) same &&= P[rear.at + k] === Q[j + k];
    if (same) return rear.laneFromM - laneStart(graph, front.leg, j);
  }
  // The front leg starts in the stand in which the rear one ends, and goes on in the same direction.
  const rearLeg = graph.legs[rear.leg]!;
  const frontLeg = graph.legs[front.leg]!;
  if (rearLeg.to === frontLeg.from) {
    const turnsBack =
      graph.stands[frontLeg.from]!.kind === "place" && !continues(graph.lanes, P[P.length - 1]!, Q[1] ?? NONE);
    if (!turnsBack) return rearLeg.lengthM;
  }
  return undefined;
}

function laneStart(graph: LegGraph, leg: number, at: number): number {
  const { lanes, startM } = graph.legs[leg]!;
  let from = -startM;
  for (let i = 0; i < at; i++) from += graph.lanes.lengthM[lanes[i]!]!;
  return from;
}

function passagesOfLanes(graph: LegGraph): Passage[][] {
  const passages: Passage[][] = Array.from({ length: graph.lanes.laneCount }, () => []);
  let index = 0;
  for (const leg of graph.legs)
    leg.lanes.forEach((lane, at) => {
      passages[lane]!.push({ index: index++, leg: leg.index, at, laneFromM: laneStart(graph, leg.index, at) });
    });
  return passages;
}

function sampleLanes(graph: LegGraph, stepM: number): { lane: number; s: number; pose: Float64Array }[] {
  const used = new Uint8Array(graph.lanes.laneCount);
  for (const leg of graph.legs) for (const lane of leg.lanes) used[lane] = 1;
  const samples: { lane: number; s: number; pose: Float64Array }[] = [];
  for (let lane = 0; lane < graph.lanes.laneCount; lane++) {
    if (used[lane] === 0) continue;
    const length = graph.lanes.lengthM[lane]!;
    const steps = Math.max(1, Math.ceil(length / stepM));
    for (let k = 0; k <= steps; k++) {
      const s = (length * k) / steps;
      const pose = new Float64Array(3);
      poseAt(graph.lanes, lane, s, pose);
      samples.push({ lane, s, pose });
    }
  }
  return samples;
}

/** The four corners of the footprint with margins, in order around it: x0, y0, x1, y1, … */
function corners(pose: Float64Array, type: VehicleType): number[] {
  const [x, y, theta] = [pose[0]!, pose[1]!, pose[2]!];
  const [c, s] = [Math.cos(theta), Math.sin(theta)];
  const half = type.lengthM / 2 + type.marginM;
  const side = type.widthM / 2 + type.marginM;
  return [
    [half, side],
    [-half, side],
    [-half, -side],
    [half, -side],
  ].flatMap(([along, left]) => [x + c * along! - s * left!, y + s * along! + c * left!]);
}

/** Whether two rectangles given by corners overlap by more than rounding: no edge of either has the other outside. */
function boxesTouch(a: readonly number[], b: readonly number[]): boolean {
  return !hasSeparatingEdge(a, b) && !hasSeparatingEdge(b, a);
}

function hasSeparatingEdge(box: readonly number[], other: readonly number[]): boolean {
  for (let k = 0; k < 8; k += 2) {
    const ex = box[(k + 2) % 8]! - box[k]!;
    const ey = box[(k + 3) % 8]! - box[k + 1]!;
    const length = Math.hypot(ex, ey);
    let outside = true;
    for (let m = 0; m < 8 && outside; m += 2) {
      // Corners go round counter-clockwise: what is outside an edge is on its right.
      const distance = (ex * (other[m + 1]! - box[k + 1]!) - ey * (other[m]! - box[k]!)) / length;
      outside = distance < 1e-9;
    }
    if (outside) return true;
  }
  return false;
}
