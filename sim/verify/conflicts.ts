/** Ground on which the footprints of two lanes overlap, computed from the recorded geometry alone. */
import Flatbush from "flatbush";
import { overlap, type Pose, placeRectangle, type Rectangle } from "./geometry.ts";
import { type DirectedLane, poseOnLane, type RecordedSite } from "./recorded-site.ts";

/** Where a vehicle's centre on lane `a` and another's on lane `b` can be in each other's footprint. */
export interface Conflict {
  readonly a: number;
  readonly b: number;
  readonly aFromM: number;
  readonly aToM: number;
  readonly bFromM: number;
  readonly bToM: number;
}

/** One footprint of a lane, for every so many metres. */
interface LaneFootprint {
  readonly lane: number;
  readonly s: number;
  readonly rectangle: Rectangle;
}

const sampleStepM = 1;

export interface ConflictTable {
  /** [lane] conflicts in which it is `a`. */
  readonly ofLane: readonly (readonly Conflict[])[];
  /** Footprints of one lane, about a metre apart. */
  footprints(lane: number): readonly LaneFootprint[];
}

export interface ConflictOptions {
  /** Footprint; where types differ, the smallest, so that nothing is claimed too much. */
  readonly lengthM: number;
  readonly widthM: number;
  /** Positions on a way from one to the other that are nearer than this are vehicles behind one another, no conflict. */
  readonly followM: number;
}

export function findConflicts(site: RecordedSite, { lengthM, widthM, followM }: ConflictOptions): ConflictTable {
  const all: LaneFootprint[] = [];
  const firstOf: number[] = [];
  for (const lane of site.lanes) {
    firstOf.push(all.length);
    all.push(...laneFootprints(lane, lengthM, widthM));
  }
  firstOf.push(all.length);
  const index = new Flatbush(all.length);
  for (const { rectangle } of all) {
    index.add(
      Math.min(rectangle[0]!, rectangle[2]!, rectangle[4]!, rectangle[6]!),
      Math.min(rectangle[1]!, rectangle[3]!, rectangle[5]!, rectangle[7]!),
      Math.max(rectangle[0]!, rectangle[2]!, rectangle[4]!, rectangle[6]!),
      Math.max(rectangle[1]!, rectangle[3]!, rectangle[5]!, rectangle[7]!),
    );
  }
  index.finish();
  const near = followDistances(site, followM);
  const ofLane: Conflict[][] = site.lanes.map(() => []);
  for (const lane of site.lanes) {
    const cells = new Map<number, [number, number][]>();
    for (let i = firstOf[lane.index]!; i < firstOf[lane.index + 1]!; i++) {
      const own = all[i]!;
      const r = own.rectangle;
      const found = index.search(
        Math.min(r[0]!, r[2]!, r[4]!, r[6]!),
        Math.min(r[1]!, r[3]!, r[5]!, r[7]!),
        Math.max(r[0]!, r[2]!, r[4]!, r[6]!),
        Math.max(r[1]!, r[3]!, r[5]!, r[7]!),
        (j) => all[j]!.lane > lane.index,
      );
      for (const j of found) {
        const other = all[j]!;
        if (follows(near, site, own, other, followM) || !overlap(own.rectangle, other.rectangle)) continue;
        const list = cells.get(other.lane) ?? [];
        list.push([i - firstOf[lane.index]!, j - firstOf[other.lane]!]);
        cells.set(other.lane, list);
      }
    }
    for (const [otherIndex, list] of cells) {
      for (const part of connectedParts(list)) {
        const metres = (laneIndex: number, k: number): number => all[firstOf[laneIndex]! + k]!.s;
        const conflict: Conflict = {
          a: lane.index,
          b: otherIndex,
          aFromM: metres(lane.index, part.minI),
          aToM: metres(lane.index, part.maxI),
          bFromM: metres(otherIndex, part.minJ),
          bToM: metres(otherIndex, part.maxJ),
        };
        ofLane[lane.index]!.push(conflict);
        ofLane[otherIndex]!.push({
          a: conflict.b,
          b: conflict.a,
          aFromM: conflict.bFromM,
          aToM: conflict.bToM,
          bFromM: conflict.aFromM,
          bToM: conflict.aToM,
        });
      }
    }
  }
  return { ofLane, footprints: (lane) => all.slice(firstOf[lane], firstOf[lane + 1]) };
}

function laneFootprints(lane: DirectedLane, lengthM: number, widthM: number): LaneFootprint[] {
  const count = Math.max(1, Math.ceil(lane.lengthM / sampleStepM));
  const pose: Pose = { x: 0, y: 0, theta: 0 };
  return Array.from({ length: count + 1 }, (_, k) => {
    const s = (lane.lengthM * k) / count;
    poseOnLane(lane, s, pose);
    const rectangle: Rectangle = new Float64Array(8);
    placeRectangle(rectangle, pose, lengthM, widthM);
    return { lane: lane.index, s, rectangle };
  });
}

/** [lane] to the lanes that begin within `reachM` behind its end, with the distance between. */
function followDistances(site: RecordedSite, reachM: number): ReadonlyMap<number, number>[] {
  return site.lanes.map((lane) => {
    const distances = new Map<number, number>();
    const open: [DirectedLane, number][] = [[lane, 0]];
    for (let item = open.pop(); item !== undefined; item = open.pop()) {
      const [at, distance] = item;
      for (const next of at.next) {
        const known = distances.get(next);
        if (known !== undefined && known <= distance) continue;
        distances.set(next, distance);
        const beyond = distance + site.lanes[next]!.lengthM;
        if (beyond < reachM) open.push([site.lanes[next]!, beyond]);
      }
    }
    return distances;
  });
}

/** Two positions so near along the way that one is simply behind the other. */
function follows(
  near: readonly ReadonlyMap<number, number>[],
  site: RecordedSite,
  p: LaneFootprint,
  q: LaneFootprint,
  reachM: number,
): boolean {
  const pq = near[p.lane]!.get(q.lane);
  if (pq !== undefined && site.lanes[p.lane]!.lengthM - p.s + pq + q.s <= reachM) return true;
  const qp = near[q.lane]!.get(p.lane);
  return qp !== undefined && site.lanes[q.lane]!.lengthM - q.s + qp + p.s <= reachM;
}

/** Pairs (i, j) joined with their eight neighbours into parts; the range of i and j of each. */
function connectedParts(
  cells: readonly (readonly [number, number])[],
): { minI: number; maxI: number; minJ: number; maxJ: number }[] {
  const width = 1 << 16;
  const open = new Set(cells.map(([i, j]) => i * width + j));
  const parts: { minI: number; maxI: number; minJ: number; maxJ: number }[] = [];
  for (const first of open) {
    open.delete(first);
    const part = { minI: Number.POSITIVE_INFINITY, maxI: -1, minJ: Number.POSITIVE_INFINITY, maxJ: -1 };
    const stack = [first];
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      const i = Math.floor(cell / width);
      const j = cell % width;
      part.minI = Math.min(part.minI, i);
      part.maxI = Math.max(part.maxI, i);
      part.minJ = Math.min(part.minJ, j);
      part.maxJ = Math.max(part.maxJ, j);
      for (let di = -1; di <= 1; di++) {
        for (let dj = -1; dj <= 1; dj++) {
          const neighbour = (i + di) * width + j + dj;
          if (open.delete(neighbour)) stack.push(neighbour);
        }
      }
    }
    parts.push(part);
  }
  return parts;
}
