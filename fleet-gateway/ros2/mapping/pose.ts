/**
 * Poses on the plane. REP-103: metres, radians, x forward, y left, z up, counter-clockwise about z; ours are the same, so
 * only the form changes. REP-105: map -> <vehicle>/odom -> <vehicle>/base_link; base_link is the centre of the footprint.
 */
import type { Pose, Quaternion, Vector3 } from "../messages.ts";
import { rosName } from "../names.ts";

export interface PlanePose {
  readonly x: number;
  readonly y: number;
  /** Radians, counter-clockwise from +x. */
  readonly theta: number;
}

/** The site's own frame: its local metres. */
export const MAP_FRAME = "map";
export const odomFrame = (vehicle: string): string => `${rosName(vehicle)}/odom`;
export const baseFrame = (vehicle: string): string => `${rosName(vehicle)}/base_link`;

export const ZERO: Vector3 = { x: 0, y: 0, z: 0 };
export const NO_ROTATION: Quaternion = { x: 0, y: 0, z: 0, w: 1 };

/** A turn of `theta` about z. */
export function yawQuaternion(theta: number): Quaternion {
  return { x: 0, y: 0, z: Math.sin(theta / 2), w: Math.cos(theta / 2) };
}

/** Of a quaternion that is this far from length 1, the turn is not known. */
const LENGTH_TOLERANCE = 0.01;

/**
 * The turn about z, in [-pi, pi], of a quaternion that may tilt too (a vehicle on a ramp).
 * @returns null for what is no rotation: not finite, or not of length 1 (ROS leaves an unset quaternion at zeros)
 */
export function yawOf({ x, y, z, w }: Quaternion): number | null {
  const length = Math.hypot(x, y, z, w);
  if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) return null;
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

export function toPose({ x, y, theta }: PlanePose): Pose {
  return { position: { x, y, z: 0 }, orientation: yawQuaternion(theta) };
}

/** @returns null if the pose is not finite or its orientation is no rotation */
export function fromPose({ position, orientation }: Pose): PlanePose | null {
  const theta = yawOf(orientation);
  if (theta === null || !Number.isFinite(position.x) || !Number.isFinite(position.y)) return null;
  return { x: position.x, y: position.y, theta };
}

/** `pose`, given in a frame that stands at `frame`, in that frame's parent. */
export function compose(frame: PlanePose, pose: PlanePose): PlanePose {
  const cos = Math.cos(frame.theta);
  const sin = Math.sin(frame.theta);
  const theta = frame.theta + pose.theta;
  return {
    x: frame.x + cos * pose.x - sin * pose.y,
    y: frame.y + sin * pose.x + cos * pose.y,
    theta: Math.atan2(Math.sin(theta), Math.cos(theta)),
  };
}
