import type { LaneGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { VehicleType } from "./vehicle-type.ts";

/** Longest step of a sweep, metres. */
export const SWEEP_STEP_M = 0.5;

/** Rectangles in flat arrays: centre, unit vector along the length, half extents, metres. */
export interface Rectangles {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly ux: Float64Array;
  readonly uy: Float64Array;
  readonly halfLengthM: Float64Array;
  readonly halfWidthM: number;
}

/**
 * The ground of a vehicle type along directed lanes, in steps. Within a straight piece of a lane's line a vehicle only
 * shifts, so the ground of each step is exactly one rectangle: the footprint with margins, longer by the step.
 */
export interface Sweep extends Rectangles {
  readonly count: number;
  /** [step] its directed lane and the range of the vehicle's centre, metres on that lane. */
  readonly lane: Int32Array;
  readonly fromM: Float64Array;
  readonly toM: Float64Array;
  /** [lane] first step; steps of a lane follow one another in travel order. One more entry than lanes. */
  readonly firstStep: Uint32Array;
}

/** Sweeps the footprint with `type.marginM` on every side along every directed lane, steps of at most SWEEP_STEP_M. */
export function sweepLanes(lanes: LaneGraph, type: VehicleType): Sweep {
  const firstStep = new Uint32Array(lanes.laneCount + 1);
  const perSegment = (lane: number, visit: (segment: number, fromM: number, toM: number) => void): void => {
    const along = lanes.pointsS[lane]!;
    for (let segment = 0; segment + 1 < along.length; segment++) {
      const from = along[segment]!;
      const length = along[segment + 1]! - from;
      const steps = Math.ceil(length / SWEEP_STEP_M);
      for (let k = 0; k < steps; k++) visit(segment, from + (length * k) / steps, from + (length * (k + 1)) / steps);
    }
  };
  let count = 0;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    firstStep[lane] = count;
    perSegment(lane, () => count++);
  }
  firstStep[lanes.laneCount] = count;
  const sweep: Sweep = {
    count,
    firstStep,
    lane: new Int32Array(count),
    fromM: new Float64Array(count),
    toM: new Float64Array(count),
    x: new Float64Array(count),
    y: new Float64Array(count),
    ux: new Float64Array(count),
    uy: new Float64Array(count),
    halfLengthM: new Float64Array(count),
    halfWidthM: type.widthM / 2 + type.marginM,
  };
  let i = 0;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    const xy = lanes.pointsXY[lane]!;
    const along = lanes.pointsS[lane]!;
    perSegment(lane, (segment, from, to) => {
      const k = 2 * segment;
      const length = along[segment + 1]! - along[segment]!;
      const ux = (xy[k + 2]! - xy[k]!) / length;
      const uy = (xy[k + 3]! - xy[k + 1]!) / length;
      const middle = (from + to) / 2 - along[segment]!;
      sweep.lane[i] = lane;
      sweep.fromM[i] = from;
      sweep.toM[i] = to;
      sweep.x[i] = xy[k]! + ux * middle;
      sweep.y[i] = xy[k + 1]! + uy * middle;
      sweep.ux[i] = ux;
      sweep.uy[i] = uy;
      sweep.halfLengthM[i] = type.lengthM / 2 + type.marginM + (to - from) / 2;
      i++;
    });
  }
  return sweep;
}

/** Whether rectangle `i` of `a` and rectangle `j` of `b` overlap or touch. Separating axes: the four edge directions. */
export function overlap(a: Rectangles, i: number, b: Rectangles, j: number): boolean {
  return rectanglesOverlap(
    b.x[j]! - a.x[i]!,
    b.y[j]! - a.y[i]!,
    a.ux[i]!,
    a.uy[i]!,
    a.halfLengthM[i]!,
    a.halfWidthM,
    b.ux[j]!,
    b.uy[j]!,
    b.halfLengthM[j]!,
    b.halfWidthM,
  );
}

/**
 * Whether two rectangles overlap or touch: the second's centre is (dx, dy) from the first's, each has a unit vector
 * along its length, half its length and half its width. Metres.
 */
export function rectanglesOverlap(
  dx: number,
  dy: number,
  aux: number,
  auy: number,
  aLength: number,
  aWidth: number,
  bux: number,
  buy: number,
  bLength: number,
  bWidth: number,
): boolean {
  const c = Math.abs(aux * bux + auy * buy);
  const s = Math.abs(aux * buy - auy * bux);
  if (Math.abs(dx * aux + dy * auy) > aLength + bLength * c + bWidth * s) return false;
  if (Math.abs(dy * aux - dx * auy) > aWidth + bLength * s + bWidth * c) return false;
  if (Math.abs(dx * bux + dy * buy) > bLength + aLength * c + aWidth * s) return false;
  return Math.abs(dy * bux - dx * buy) <= bWidth + aLength * s + aWidth * c;
}

/** Finds rectangles near a point: a hashed grid with one entry a rectangle, at its centre. */
export interface NearGrid {
  /** Calls `visit` for every rectangle whose centre is within the grid's reach of (x, y), and for some further ones. */
  near(x: number, y: number, visit: (rectangle: number) => void): void;
}

/** @param reachM distance between centres up to which two rectangles can touch */
export function buildNearGrid(rectangles: Rectangles, reachM: number): NearGrid {
  const count = rectangles.x.length;
  let size = 16;
  while (size < count) size *= 2;
  const mask = size - 1;
  const slotOf = (bx: number, by: number): number => ((Math.imul(bx, 73856093) ^ Math.imul(by, 19349663)) >>> 0) & mask;
  const bx = new Int32Array(count);
  const by = new Int32Array(count);
  const first = new Uint32Array(size + 1);
  for (let i = 0; i < count; i++) {
    bx[i] = Math.floor(rectangles.x[i]! / reachM);
    by[i] = Math.floor(rectangles.y[i]! / reachM);
    first[slotOf(bx[i]!, by[i]!) + 1]!++;
  }
  for (let slot = 0; slot < size; slot++) first[slot + 1]! += first[slot]!;
  const fill = first.slice();
  const members = new Uint32Array(count);
  for (let i = 0; i < count; i++) members[fill[slotOf(bx[i]!, by[i]!)]!++] = i;
  return {
    near(x, y, visit) {
      const cx = Math.floor(x / reachM);
      const cy = Math.floor(y / reachM);
      for (let ox = cx - 1; ox <= cx + 1; ox++)
        for (let oy = cy - 1; oy <= cy + 1; oy++) {
          const slot = slotOf(ox, oy);
          for (let k = first[slot]!; k < first[slot + 1]!; k++) {
            const i = members[k]!;
            if (bx[i] === ox && by[i] === oy) visit(i);
          }
        }
    },
  };
}

/** Distance between centres up to which two steps of a sweep can touch, metres. */
export function sweepReachM(type: VehicleType): number {
  return 2 * Math.hypot(type.lengthM / 2 + type.marginM + SWEEP_STEP_M / 2, type.widthM / 2 + type.marginM);
}

/**
 * Calls `visit` once, in a fixed order, for each two steps that overlap, `i` < `j`. Two steps of one lane count only where
 * `withItself` says so.
 */
export function forOverlappingSteps(
  sweep: Sweep,
  type: VehicleType,
  withItself: (lane: number) => boolean,
  visit: (i: number, j: number) => void,
): void {
  const reach = sweepReachM(type);
  const grid = buildNearGrid(sweep, reach);
  const { x, y, lane } = sweep;
  for (let i = 0; i < sweep.count; i++) {
    const xi = x[i]!;
    const yi = y[i]!;
    const otherThan = withItself(lane[i]!) ? NONE : lane[i]!;
    grid.near(xi, yi, (j) => {
      if (j <= i || lane[j] === otherThan) return;
      const dx = x[j]! - xi;
      const dy = y[j]! - yi;
      if (dx * dx + dy * dy > reach * reach) return;
      if (overlap(sweep, i, sweep, j)) visit(i, j);
    });
  }
}
