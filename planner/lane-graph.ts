import type { LaneGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { Lane, Site } from "./site.ts";

/** Lane ends closer than this are one node, metres. */
export const NODE_SNAP_M = 0.25;

/**
 * The directed lanes of a site that a vehicle of the given modes may use. A two-way lane becomes two directed lanes that
 * follow each other in the index; lanes of other modes are left out.
 * @throws RangeError for a lane without length or with coordinates that are not finite
 */
export function buildLaneGraph(site: Site, modes: readonly string[]): LaneGraph {
  const laneId: string[] = [];
  const siteLane: number[] = [];
  const reversed: number[] = [];
  const opposite: number[] = [];
  const shapes: Shape[] = [];
  site.lanes.forEach((lane, index) => {
    if (!lane.modes.some((mode) => modes.includes(mode))) return;
    const forward = laneId.length;
    laneId.push(lane.id);
    siteLane.push(index);
    reversed.push(0);
    shapes.push(shapeOf(lane, false));
    opposite.push(lane.twoWay ? forward + 1 : NONE);
    if (!lane.twoWay) return;
    laneId.push(`${lane.id}~`);
    siteLane.push(index);
    reversed.push(1);
    shapes.push(shapeOf(lane, true));
    opposite.push(forward);
  });

  const laneCount = laneId.length;
  const ends = new Float64Array(laneCount * 4);
  shapes.forEach((shape, lane) => {
    const n = shape.xy.length;
    ends.set([shape.xy[0]!, shape.xy[1]!, shape.xy[n - 2]!, shape.xy[n - 1]!], lane * 4);
  });
  const { nodeOfEnd, nodeX, nodeY } = snapEnds(ends);
  const nodeCount = nodeX.length;
  const fromNode = Int32Array.from({ length: laneCount }, (_, lane) => nodeOfEnd[2 * lane]!);
  const toNode = Int32Array.from({ length: laneCount }, (_, lane) => nodeOfEnd[2 * lane + 1]!);
  const [firstOut, outLane] = rows(nodeCount, fromNode);
  const [firstIn, inLane] = rows(nodeCount, toNode);
  const of = (lane: number): Lane => site.lanes[siteLane[lane]!]!;
  return {
    laneCount,
    nodeCount,
    laneId,
    siteLane: Int32Array.from(siteLane),
    reversed: Uint8Array.from(reversed),
    opposite: Int32Array.from(opposite),
    fromNode,
    toNode,
    lengthM: Float64Array.from(shapes, (shape) => shape.s[shape.s.length - 1]!),
    speedLimitMps: Float64Array.from(shapes, (_, lane) => of(lane).speedLimitMps),
    gradient: Float64Array.from(shapes, (_, lane) =>
      reversed[lane] === 1 ? 0 - of(lane).gradient : of(lane).gradient,
    ),
    holding: Uint8Array.from(shapes, (_, lane) => (of(lane).holding ? 1 : 0)),
    firstOut,
    outLane,
    firstIn,
    inLane,
    nodeX,
    nodeY,
    pointsXY: shapes.map((shape) => shape.xy),
    pointsS: shapes.map((shape) => shape.s),
    segmentTheta: shapes.map((shape) => shape.theta),
  };
}

/**
 * Writes x, y (metres) and theta (radians in [-pi, pi], tangent of the lane) at distance `s` along a directed lane into
 * `out`. `s` outside the lane is taken as its nearer end.
 */
export function poseAt(lanes: LaneGraph, lane: number, s: number, out: Float64Array | number[]): void {
  const segment = segmentAt(lanes, lane, s);
  const along = lanes.pointsS[lane]!;
  const xy = lanes.pointsXY[lane]!;
  const from = along[segment]!;
  const length = along[segment + 1]! - from;
  const f = Math.min(1, Math.max(0, (s - from) / length));
  const k = 2 * segment;
  out[0] = xy[k]! + f * (xy[k + 2]! - xy[k]!);
  out[1] = xy[k + 1]! + f * (xy[k + 3]! - xy[k + 1]!);
  out[2] = lanes.segmentTheta[lane]![segment]!;
}

/** Index of the straight piece of a lane's line that holds `s`; at a point between two pieces the later one. */
export function segmentAt(lanes: LaneGraph, lane: number, s: number): number {
  const along = lanes.pointsS[lane]!;
  let low = 0;
  let high = along.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (along[middle]! <= s) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface Shape {
  readonly xy: Float64Array;
  readonly s: Float64Array;
  readonly theta: Float64Array;
}

/** Points nearer than this to the one before them are dropped: their direction would be noise. */
const POINT_MIN_M = 1e-6;

function shapeOf(lane: Lane, backwards: boolean): Shape {
  const points = backwards ? [...lane.points].reverse() : lane.points;
  const xy: number[] = [];
  const s: number[] = [];
  const theta: number[] = [];
  for (const point of points) {
    if (!Number.isFinite(point.x) || !Number.isFinite(point.y))
      throw new RangeError(`lane ${lane.id}: a coordinate is not a finite number`);
    const n = s.length;
    if (n === 0) {
      xy.push(point.x, point.y);
      s.push(0);
      continue;
    }
    const dx = point.x - xy[2 * n - 2]!;
    const dy = point.y - xy[2 * n - 1]!;
    const length = Math.hypot(dx, dy);
    if (length < POINT_MIN_M) continue;
    xy.push(point.x, point.y);
    s.push(s[n - 1]! + length);
    theta.push(Math.atan2(dy, dx));
  }
  if (s.length < 2) throw new RangeError(`lane ${lane.id}: it has no length, expected at least two different points`);
  return { xy: Float64Array.from(xy), s: Float64Array.from(s), theta: Float64Array.from(theta) };
}

/** Groups lane ends ([x, y] of each) that are within NODE_SNAP_M, directly or over others, into nodes by first use. */
function snapEnds(ends: Float64Array): { nodeOfEnd: Int32Array; nodeX: Float64Array; nodeY: Float64Array } {
  const count = ends.length / 2;
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r]!;
    parent[i] = r;
    return r;
  };
  const bins = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    const bx = Math.floor(ends[2 * i]! / NODE_SNAP_M);
    const by = Math.floor(ends[2 * i + 1]! / NODE_SNAP_M);
    for (let ox = -1; ox <= 1; ox++)
      for (let oy = -1; oy <= 1; oy++)
        for (const j of bins.get(`${bx + ox},${by + oy}`) ?? []) {
          const apart = Math.hypot(ends[2 * i]! - ends[2 * j]!, ends[2 * i + 1]! - ends[2 * j + 1]!);
          if (apart > NODE_SNAP_M) continue;
          const a = root(i);
          const b = root(j);
          parent[Math.max(a, b)] = Math.min(a, b);
        }
    const key = `${bx},${by}`;
    const bin = bins.get(key);
    if (bin === undefined) bins.set(key, [i]);
    else bin.push(i);
  }
  const nodeOfEnd = new Int32Array(count).fill(NONE);
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < count; i++) {
    const r = root(i);
    if (nodeOfEnd[r] === NONE) {
      nodeOfEnd[r] = x.length;
      x.push(ends[2 * r]!);
      y.push(ends[2 * r + 1]!);
    }
    nodeOfEnd[i] = nodeOfEnd[r]!;
  }
  return { nodeOfEnd, nodeX: Float64Array.from(x), nodeY: Float64Array.from(y) };
}

/** Compressed rows of lanes by node, lanes ascending within a node. */
function rows(nodeCount: number, nodeOfLane: Int32Array): [Uint32Array, Int32Array] {
  const first = new Uint32Array(nodeCount + 1);
  for (const node of nodeOfLane) first[node + 1]!++;
  for (let node = 0; node < nodeCount; node++) first[node + 1]! += first[node]!;
  const next = first.slice();
  const lanes = new Int32Array(nodeOfLane.length);
  nodeOfLane.forEach((node, lane) => {
    lanes[next[node]!++] = lane;
  });
  return [first, lanes];
}
