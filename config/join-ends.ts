import type { Lane, Point } from "../planner/index.ts";

/** Lanes whose ends that belong to one node have the same coordinates, and the nodes. */
export interface JoinedLanes {
  readonly lanes: readonly Lane[];
  /** The node within the tolerance of a point (the nearest), or null. */
  near(point: Point): Point | null;
  /** Metres from a point to the nearest node. */
  distanceToNearest(point: Point): number;
}

/**
 * Joins lane ends that are within `toleranceM` of each other (also through a third one) into nodes. A node lies at the
 * first of its ends in the order of the lanes.
 * @param toleranceM metres
 */
export function joinEnds(lanes: readonly Lane[], toleranceM: number): JoinedLanes {
  const ends = lanes.flatMap((lane) => [lane.points[0]!, lane.points[lane.points.length - 1]!]);
  const cells = new Map<string, number[]>();
  const root = ends.map((_, i) => i);
  const find = (i: number): number => {
    let top = i;
    while (root[top] !== top) top = root[top]!;
    root[i] = top;
    return top;
  };
  const around = function* (point: Point): Generator<number> {
    const cx = Math.floor(point.x / toleranceM);
    const cy = Math.floor(point.y / toleranceM);
    for (let x = cx - 1; x <= cx + 1; x++) for (let y = cy - 1; y <= cy + 1; y++) yield* cells.get(`${x},${y}`) ?? [];
  };
  ends.forEach((end, i) => {
    for (const other of around(end)) {
      if (distanceM(end, ends[other]!) > toleranceM) continue;
      const a = find(i);
      const b = find(other);
      root[Math.max(a, b)] = Math.min(a, b);
    }
    const key = `${Math.floor(end.x / toleranceM)},${Math.floor(end.y / toleranceM)}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [i]);
    else cell.push(i);
  });
  const nodeOf = (i: number): Point => ends[find(i)]!;
  return {
    lanes: lanes.map((lane, i) => ({
      ...lane,
      points: [nodeOf(2 * i), ...lane.points.slice(1, -1), nodeOf(2 * i + 1)],
    })),
    near(point) {
      let best: Point | null = null;
      let bestM = toleranceM;
      for (const i of around(point)) {
        const m = distanceM(point, ends[i]!);
        if (m > bestM) continue;
        bestM = m;
        best = nodeOf(i);
      }
      return best;
    },
    distanceToNearest: (point) =>
      ends.reduce((least, end) => Math.min(least, distanceM(point, end)), Number.POSITIVE_INFINITY),
  };
}

function distanceM(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
