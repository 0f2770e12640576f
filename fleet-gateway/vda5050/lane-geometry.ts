import type { LaneGraph, Point } from "../../planner/index.ts";

/** A position along a directed lane and how far it is from the point asked for; metres. */
export interface LanePosition {
  readonly lane: string;
  readonly s: number;
  readonly distanceM: number;
}

/** The directed lanes by id, with the questions that the codec asks of their lines. Metres and radians, ENU. */
export interface LaneGeometry {
  has(lane: string): boolean;
  /** The point of the lane between `fromM` and `toM` that is nearest to (x, y); null if there is no such lane. */
  project(lane: string, fromM: number, toM: number, x: number, y: number): LanePosition | null;
  /** The lane's line from `fromM` to `toM`, ends included. */
  line(lane: string, fromM: number, toM: number): readonly Point[];
  /** The lane nearest to (x, y) whose direction there is within a quarter turn of `theta`; null if there is none. */
  nearest(x: number, y: number, theta: number): LanePosition | null;
}

/** Ties in `nearest` go to the lane of the lower index. */
export function createLaneGeometry(lanes: LaneGraph): LaneGeometry {
  const indexOf = new Map<string, number>();
  for (let i = 0; i < lanes.laneCount; i++) indexOf.set(lanes.laneId[i]!, i);

  function pointAt(lane: number, s: number): Point {
    const along = lanes.pointsS[lane]!;
    const xy = lanes.pointsXY[lane]!;
    let i = 0;
    while (i < along.length - 2 && along[i + 1]! < s) i++;
    const length = along[i + 1]! - along[i]!;
    const share = length > 0 ? Math.min(1, Math.max(0, (s - along[i]!) / length)) : 0;
    return {
      x: xy[2 * i]! + (xy[2 * i + 2]! - xy[2 * i]!) * share,
      y: xy[2 * i + 1]! + (xy[2 * i + 3]! - xy[2 * i + 1]!) * share,
    };
  }

  function project(lane: number, fromM: number, toM: number, x: number, y: number, theta: number | null): LanePosition {
    const along = lanes.pointsS[lane]!;
    const xy = lanes.pointsXY[lane]!;
    let s = fromM;
    let distanceM = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < along.length; i++) {
      const start = along[i]!;
      const end = along[i + 1]!;
      if (end < fromM || start > toM || end <= start) continue;
      const ax = xy[2 * i]!;
      const ay = xy[2 * i + 1]!;
      const dx = xy[2 * i + 2]! - ax;
      const dy = xy[2 * i + 3]! - ay;
      if (theta !== null && Math.cos(theta) * dx + Math.sin(theta) * dy <= 0) continue;
      const length = end - start;
      const share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
      const clamped = Math.min((toM - start) / length, 1, Math.max((fromM - start) / length, 0, share));
      const distance = Math.hypot(x - ax - dx * clamped, y - ay - dy * clamped);
      if (distance < distanceM) {
        distanceM = distance;
        s = start + clamped * length;
      }
    }
    return { lane: lanes.laneId[lane]!, s, distanceM };
  }

  return {
    has: (lane) => indexOf.has(lane),
    project(lane, fromM, toM, x, y) {
      const index = indexOf.get(lane);
      if (index === undefined) return null;
      const found = project(index, fromM, toM, x, y, null);
      if (found.distanceM < Number.POSITIVE_INFINITY) return found;
      const point = pointAt(index, fromM);
      return { ...found, distanceM: Math.hypot(point.x - x, point.y - y) };
    },
    line(lane, fromM, toM) {
      const index = indexOf.get(lane);
      if (index === undefined) return [];
      const along = lanes.pointsS[index]!;
      const xy = lanes.pointsXY[index]!;
      const points = [pointAt(index, fromM)];
      for (let i = 0; i < along.length; i++) {
        if (along[i]! > fromM && along[i]! < toM) points.push({ x: xy[2 * i]!, y: xy[2 * i + 1]! });
      }
      points.push(pointAt(index, toM));
      return points;
    },
    nearest(x, y, theta) {
      let best: LanePosition | null = null;
      for (let i = 0; i < lanes.laneCount; i++) {
        const found = project(i, 0, lanes.lengthM[i]!, x, y, theta);
        if (found.distanceM < (best?.distanceM ?? Number.POSITIVE_INFINITY)) best = found;
      }
      return best;
    },
  };
}
