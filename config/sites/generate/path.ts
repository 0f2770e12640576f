import type { Point } from "../../../planner/index.ts";

/** A position with a heading, radians counter-clockwise from east. */
export interface Pose extends Point {
  readonly heading: number;
}

export const NORTH = Math.PI / 2;
export const SOUTH = -Math.PI / 2;
export const EAST = 0;
export const WEST = Math.PI;

export type Turn = "left" | "right";

/** A straight (curvature 0) or an arc. */
interface Piece {
  readonly start: Pose;
  readonly lengthM: number;
  /** 1 / radius, positive to the left. */
  readonly curvature: number;
}

/** Longest chord of a drawn arc, metres: at radius 12 the line is then at most 3 mm off the arc. */
const CHORD_M = 0.5;
/**
 * Longest chord of a wide arc, metres. The lanes that widen from the bridge pass lane 1 with 5 mm between the swept
 * bands; a footprint swept along a chord is longer by the chord, which with 0.5 m would close that gap.
 */
const WIDE_CHORD_M = 0.2;
const WIDE_RADIUS_M = 100;

/** A line of straights and arcs, kept as geometry until it is drawn, so that it can be cut anywhere without error. */
export class Path {
  readonly pieces: Piece[] = [];
  readonly start: Pose;
  #end: Pose;
  #lengthM = 0;

  constructor(start: Pose) {
    this.start = start;
    this.#end = start;
  }

  get end(): Pose {
    return this.#end;
  }

  get lengthM(): number {
    return this.#lengthM;
  }

  straight(lengthM: number): this {
    return this.#add(lengthM, 0);
  }

  /** @param angle radians, positive */
  arc(turn: Turn, radiusM: number, angle: number): this {
    return this.#add(radiusM * angle, (turn === "left" ? 1 : -1) / radiusM);
  }

  /** A quarter circle. */
  quarter(turn: Turn, radiusM: number): this {
    return this.arc(turn, radiusM, Math.PI / 2);
  }

  /** Two arcs that shift the line sideways by `shiftM` and keep its heading. */
  shift(turn: Turn, shiftM: number, radiusM: number): this {
    const angle = shiftAngle(shiftM, radiusM);
    return this.arc(turn, radiusM, angle).arc(turn === "left" ? "right" : "left", radiusM, angle);
  }

  /** The pose `s` metres from the start. */
  at(s: number): Pose {
    let from = 0;
    for (const piece of this.pieces) {
      if (s <= from + piece.lengthM) return along(piece, s - from);
      from += piece.lengthM;
    }
    return this.#end;
  }

  /** Metres from the start to each boundary between two pieces. */
  get boundaries(): number[] {
    let s = 0;
    return this.pieces.map((piece) => (s += piece.lengthM)).slice(0, -1);
  }

  /** Distance along the line of the point on it that is nearest to `point`, and how far off it is. */
  project(point: Point): { s: number; distanceM: number } {
    let best = { s: 0, distanceM: Number.POSITIVE_INFINITY };
    let from = 0;
    for (const piece of this.pieces) {
      const s = nearest(piece, point);
      const on = along(piece, s);
      const distanceM = Math.hypot(on.x - point.x, on.y - point.y);
      if (distanceM < best.distanceM) best = { s: from + s, distanceM };
      from += piece.lengthM;
    }
    return best;
  }

  /** The line between two distances as points: the ends of straights, and of chords of at most 0.5 m on arcs. */
  draw(fromM: number, toM: number): Point[] {
    const points: Point[] = [this.at(fromM)];
    let start = 0;
    for (const piece of this.pieces) {
      const a = Math.max(fromM, start);
      const b = Math.min(toM, start + piece.lengthM);
      const steps = b - a < 1e-9 ? 0 : piece.curvature === 0 ? 1 : Math.ceil((b - a) / chordM(piece));
      for (let i = 1; i <= steps; i++) points.push(along(piece, a - start + ((b - a) * i) / steps));
      start += piece.lengthM;
    }
    return points;
  }

  /** The smallest radius of the piece around `s`; infinite on a straight. */
  radiusAt(s: number): number {
    let from = 0;
    for (const piece of this.pieces) {
      if (s < from + piece.lengthM)
        return piece.curvature === 0 ? Number.POSITIVE_INFINITY : 1 / Math.abs(piece.curvature);
      from += piece.lengthM;
    }
    return Number.POSITIVE_INFINITY;
  }

  #add(lengthM: number, curvature: number): this {
    const piece = { start: this.#end, lengthM, curvature };
    this.pieces.push(piece);
    this.#end = along(piece, lengthM);
    this.#lengthM += lengthM;
    return this;
  }
}

/** Angle of each of the two arcs of a shift. */
export function shiftAngle(shiftM: number, radiusM: number): number {
  return Math.acos(1 - shiftM / (2 * radiusM));
}

/** Metres forward that a shift takes. */
export function shiftForwardM(shiftM: number, radiusM: number): number {
  return 2 * radiusM * Math.sin(shiftAngle(shiftM, radiusM));
}

function chordM(piece: Piece): number {
  return Math.abs(piece.curvature) < 1 / WIDE_RADIUS_M ? WIDE_CHORD_M : CHORD_M;
}

function along(piece: Piece, s: number): Pose {
  const { x, y, heading } = piece.start;
  if (piece.curvature === 0) return { x: x + s * Math.cos(heading), y: y + s * Math.sin(heading), heading };
  const turned = heading + s * piece.curvature;
  return {
    x: x + (Math.sin(turned) - Math.sin(heading)) / piece.curvature,
    y: y - (Math.cos(turned) - Math.cos(heading)) / piece.curvature,
    heading: turned,
  };
}

function nearest(piece: Piece, point: Point): number {
  const { x, y, heading } = piece.start;
  if (piece.curvature === 0) {
    const s = (point.x - x) * Math.cos(heading) + (point.y - y) * Math.sin(heading);
    return Math.min(Math.max(s, 0), piece.lengthM);
  }
  const r = 1 / piece.curvature;
  const centre = { x: x - r * Math.sin(heading), y: y + r * Math.cos(heading) };
  // Angle from the start's radius to the point's, in the direction of driving, brought into one turn.
  const startAngle = Math.atan2(y - centre.y, x - centre.x);
  const pointAngle = Math.atan2(point.y - centre.y, point.x - centre.x);
  const turn = ((((pointAngle - startAngle) * Math.sign(r)) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
  const s = turn * Math.abs(r);
  if (s <= piece.lengthM) return s;
  const toEnd = s - piece.lengthM;
  const toStart = 2 * Math.PI * Math.abs(r) - s;
  return toEnd < toStart ? piece.lengthM : 0;
}
