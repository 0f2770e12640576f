import type { Lane, Point, Site, Station, StationRole } from "./site.ts";

/** Position and heading, metres and radians. */
export interface Pose extends Point {
  readonly theta: number;
}

export type Move =
  | { readonly kind: "straight"; readonly lengthM: number }
  | { readonly kind: "left" | "right"; readonly radiusM: number; readonly turnRad: number };

export const straight = (lengthM: number): Move => ({ kind: "straight", lengthM });
export const left = (turnRad: number, radiusM = CURVE_RADIUS_M): Move => ({ kind: "left", radiusM, turnRad });
export const right = (turnRad: number, radiusM = CURVE_RADIUS_M): Move => ({ kind: "right", radiusM, turnRad });

/** Radius of every tight curve of a small site, metres: the least that the reference vehicle plans on. */
export const CURVE_RADIUS_M = 12;

/** Two arcs that shift a lane sideways (left if positive) and their length along the lane's direction. */
export function shift(sidewaysM: number): { readonly moves: readonly Move[]; readonly alongM: number } {
  const turn = Math.acos(1 - Math.abs(sidewaysM) / (2 * CURVE_RADIUS_M));
  const moves = sidewaysM > 0 ? [left(turn), right(turn)] : [right(turn), left(turn)];
  return { moves, alongM: 2 * CURVE_RADIUS_M * Math.sin(turn) };
}

export interface LaneOptions {
  readonly twoWay?: boolean;
  readonly speedLimitMps?: number;
}

/** A site under construction: lanes are drawn from a pose, stations put at their ends. */
export interface Draft {
  readonly lanes: Lane[];
  readonly stations: Station[];
  /** Draws one lane and returns the pose at its end. */
  lane(from: Pose, moves: readonly Move[], options?: LaneOptions): Pose;
  station(role: StationRole, at: Point): void;
  site(id: string): Site;
}

/** Longest chord of a drawn curve, metres. */
const CHORD_M = 1;
const STRAIGHT_LIMIT_MPS = 5;
const CURVE_LIMIT_MPS = 3;

export function startDraft(): Draft {
  const lanes: Lane[] = [];
  const stations: Station[] = [];
  return {
    lanes,
    stations,
    lane(from, moves, options = {}) {
      const points: Point[] = [{ x: from.x, y: from.y }];
      let pose = from;
      for (const move of moves) pose = drive(pose, move, points);
      const curved = moves.some((move) => move.kind !== "straight");
      lanes.push({
        id: `L${lanes.length + 1}`,
        points,
        speedLimitMps: options.speedLimitMps ?? (curved ? CURVE_LIMIT_MPS : STRAIGHT_LIMIT_MPS),
        widthM: 4,
        twoWay: options.twoWay ?? false,
        modes: ["igv"],
        gradient: 0,
        holding: true,
      });
      return pose;
    },
    station(role, at) {
      const id = `${role}-${stations.filter((station) => station.role === role).length + 1}`;
      const resting = role === "parking" || role === "charger";
      stations.push({
        id,
        role,
        side: "vn",
        bays: [{ id, x: at.x, y: at.y }],
        service: resting ? null : { kind: "constant", valueS: role === "crane" ? 60 : 15 },
        resting,
        modes: ["igv"],
      });
    },
    site(id) {
      return { id, frame: { lat0: 21.5465, lon0: 107.998, bearing: 0 }, lanes, stations, surfaces: [], border: [] };
    },
  };
}

/** The pose after `moves`, without drawing. */
export function poseAfter(from: Pose, moves: readonly Move[]): Pose {
  return moves.reduce((pose, move) => drive(pose, move, []), from);
}

function drive(from: Pose, move: Move, points: Point[]): Pose {
  if (move.kind === "straight") {
    const end = {
      x: from.x + move.lengthM * Math.cos(from.theta),
      y: from.y + move.lengthM * Math.sin(from.theta),
      theta: from.theta,
    };
    points.push({ x: end.x, y: end.y });
    return end;
  }
  const sign = move.kind === "left" ? 1 : -1;
  const centre = {
    x: from.x - sign * move.radiusM * Math.sin(from.theta),
    y: from.y + sign * move.radiusM * Math.cos(from.theta),
  };
  const on = (theta: number): Point => ({
    x: centre.x + sign * move.radiusM * Math.sin(theta),
    y: centre.y - sign * move.radiusM * Math.cos(theta),
  });
  const steps = Math.max(1, Math.ceil((move.turnRad * move.radiusM) / CHORD_M));
  for (let k = 1; k <= steps; k++) points.push(on(from.theta + (sign * move.turnRad * k) / steps));
  const theta = from.theta + sign * move.turnRad;
  return { ...on(theta), theta };
}
