/** Where a vehicle is: our states as nav_msgs/Odometry and tf2_msgs/TFMessage, and odometry of vehicles as positions. */
import type { VehicleState } from "../../../engine/index.ts";
import type { Odometry, Time, TransformStamped } from "../messages.ts";
import {
  baseFrame,
  compose,
  fromPose,
  MAP_FRAME,
  NO_ROTATION,
  odomFrame,
  type PlanePose,
  toPose,
  yawQuaternion,
  ZERO,
} from "./pose.ts";

/** Rows and columns of a covariance: x, y, z, rotations about X, Y, Z. */
const SIZE = 6;
const X = 0;
const Y = 1;
/** Our interval holds the position with certainty: three standard deviations. */
const SIGMAS = 3;
/** Variance of what a vehicle on the plane does not measure; large, as consumers invert the matrix. */
const UNKNOWN_VARIANCE = 1e6;
const YAW_VARIANCE = 0.01 ** 2;

type Place = Pick<VehicleState, "vehicle" | "x" | "y" | "theta" | "v" | "uncertaintyM">;

/** A state as odometry. The pose is in the vehicle's odom frame, which lies on the map's; the speed in its base frame. */
export function toOdometry(state: Place, stamp: Time): Odometry {
  const variance = (state.uncertaintyM / SIGMAS) ** 2;
  return {
    header: { stamp, frame_id: odomFrame(state.vehicle) },
    child_frame_id: baseFrame(state.vehicle),
    pose: {
      pose: toPose(state),
      covariance: diagonal([variance, variance, UNKNOWN_VARIANCE, UNKNOWN_VARIANCE, UNKNOWN_VARIANCE, YAW_VARIANCE]),
    },
    twist: {
      twist: { linear: { x: state.v, y: 0, z: 0 }, angular: ZERO },
      covariance: diagonal([0.01, 0.01, ...new Array<number>(4).fill(UNKNOWN_VARIANCE)]),
    },
  };
}

function diagonal(values: readonly number[]): number[] {
  const matrix = new Array<number>(SIZE * SIZE).fill(0);
  for (const [i, value] of values.entries()) matrix[i * SIZE + i] = value;
  return matrix;
}

export interface OdometryReading {
  readonly pose: PlanePose;
  /** m/s forward. */
  readonly v: number;
  /** Metres; null: the vehicle does not say. */
  readonly uncertaintyM: number | null;
}

/**
 * Reads a vehicle's odometry.
 * @param frame where the frame that the pose refers to stands on the map
 * @returns null if a value is not finite or the orientation is no rotation
 */
export function fromOdometry(message: Odometry, frame: PlanePose): OdometryReading | null {
  const pose = fromPose(message.pose.pose);
  const v = message.twist.twist.linear.x;
  if (pose === null || !Number.isFinite(v)) return null;
  return { pose: compose(frame, pose), v, uncertaintyM: uncertaintyM(message.pose.covariance) };
}

/** Three standard deviations along the longest axis of the position's ellipse; turning the frame does not change it. */
function uncertaintyM(covariance: ArrayLike<number>): number | null {
  const xx = covariance[X * SIZE + X]!;
  const yy = covariance[Y * SIZE + Y]!;
  const xy = (covariance[X * SIZE + Y]! + covariance[Y * SIZE + X]!) / 2;
  const largest = (xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy);
  // All zeros is how a driver says nothing; negative variances are how it says that it knows nothing.
  return Number.isFinite(largest) && largest > 0 ? SIGMAS * Math.sqrt(largest) : null;
}

/** The moving transform of a vehicle: odom -> base_link. */
export function toTransform(state: Omit<Place, "v" | "uncertaintyM">, stamp: Time): TransformStamped {
  return {
    header: { stamp, frame_id: odomFrame(state.vehicle) },
    child_frame_id: baseFrame(state.vehicle),
    transform: { translation: { x: state.x, y: state.y, z: 0 }, rotation: yawQuaternion(state.theta) },
  };
}

/** The fixed transform of a vehicle whose odometry does not drift from the map: map -> odom. */
export function mapToOdom(vehicle: string, stamp: Time): TransformStamped {
  return {
    header: { stamp, frame_id: MAP_FRAME },
    child_frame_id: odomFrame(vehicle),
    transform: { translation: ZERO, rotation: NO_ROTATION },
  };
}

/** A transform of the plane; null if it is not finite or no rotation. */
export function fromTransform({ transform }: TransformStamped): PlanePose | null {
  return fromPose({ position: transform.translation, orientation: transform.rotation });
}
