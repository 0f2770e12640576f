import { writeHeading } from "./heading.ts";

/** One vehicle as it is now. The engine may fill the same objects anew each tick. */
export interface ShieldVehicle {
  /** Index in the fleet. */
  readonly index: number;
  /** Centre of the footprint, metres ENU, and heading, radians counter-clockwise from east. */
  readonly x: number;
  readonly y: number;
  readonly theta: number;
  /** m/s along the heading; negative in reverse. */
  readonly v: number;
  readonly lengthM: number;
  readonly widthM: number;
  /**
   * From the pose given here to the brakes acting (age of the state, way of the message, actuators), and what they do
   * then (the emergency brake). With service brake b, emergency brake e and standstill gap g, normal braking to the gap is
   * told from running on as long as (reaction + tick)² < 4 (1/2b - 1/2e) (g - least distance); 1.2 s for the reference IGV.
   */
  readonly reactionS: number;
  readonly decelerationMps2: number;
  /**
   * It will stand within so many metres without being told: what is left of what it was told to drive, as long as its
   * speed fits that. Infinity where nothing can be relied upon.
   */
  readonly stopWithinM: number;
  /**
   * Its known path as [x0, y0, x1, y1, …] in the direction of travel, from the point beside the centre on; at most 2 m
   * between points on curves. Where it ends, or if it begins more than a metre away, the vehicle is taken to go straight on.
   */
  readonly path: ArrayLike<number>;
  readonly pathPoints: number;
}

/** Numbers a pose: x, y, and the unit vector of the heading. */
export const POSE = 4;
/** Metres between two poses of a sweep; in between a corner on a 12 m arc leaves the poses' ground by under 5 cm. */
const STEP_M = 2;
/** Speeds below this are a stand: no sweep. */
const STAND_MPS = 0.02;
/** Farthest start of a path from the vehicle's centre at which it is still followed. */
const OFF_PATH_M = 1;

/**
 * Distance in metres to a stand if the stop is decided one tick from now, or before by itself: what is not seen in this check must still be
 * in time in the next one.
 */
export function stopDistanceM(vehicle: ShieldVehicle, tickS: number): number {
  const speed = Math.abs(vehicle.v);
  if (speed < STAND_MPS) return 0;
  const brakedM = speed * (vehicle.reactionS + tickS) + (speed * speed) / (2 * vehicle.decelerationMps2);
  return Math.min(vehicle.stopWithinM, brakedM);
}

/**
 * Writes the poses of a vehicle that brakes now: the present one, then one every two metres along its path up to where
 * it stands.
 * @param poses [pose * 4]; as many poses are written as it has room for
 * @returns the number of poses
 */
export function writeBrakingSweep(vehicle: ShieldVehicle, stopM: number, poses: Float64Array): number {
  poses[0] = vehicle.x;
  poses[1] = vehicle.y;
  writeHeading(vehicle.theta, poses, 2);
  const count = Math.min(Math.ceil(stopM / STEP_M) + 1, poses.length / POSE);
  if (count === 1) return 1;
  const { path } = vehicle;
  const sense = vehicle.v < 0 ? -1 : 1;
  const startX = (path[0] ?? vehicle.x) - vehicle.x;
  const startY = (path[1] ?? vehicle.y) - vehicle.y;
  const points = startX * startX + startY * startY > OFF_PATH_M * OFF_PATH_M ? 0 : vehicle.pathPoints;
  // The segment that ends at point `next`, its start, length and direction, and the headings at both of its ends.
  let next = 0;
  let x = vehicle.x;
  let y = vehicle.y;
  let lengthM = 0;
  let ux = poses[2]! * sense;
  let uy = poses[3]! * sense;
  let fromX = ux;
  let fromY = uy;
  let toX = ux;
  let toY = uy;
  let passedM = 0;
  let straightOn = false;
  for (let pose = 1; pose < count; pose++) {
    const d = Math.min(stopM, pose * STEP_M);
    while (!straightOn && d > passedM + lengthM) {
      x += ux * lengthM;
      y += uy * lengthM;
      passedM += lengthM;
      fromX = toX;
      fromY = toY;
      lengthM = 0;
      while (next < points && lengthM < 1e-6) {
        const dx = path[2 * next]! - x;
        const dy = path[2 * next + 1]! - y;
        lengthM = Math.sqrt(dx * dx + dy * dy);
        if (lengthM >= 1e-6) {
          ux = dx / lengthM;
          uy = dy / lengthM;
        }
        next++;
      }
      if (lengthM < 1e-6) {
        straightOn = true;
        ux = fromX;
        uy = fromY;
        toX = fromX;
        toY = fromY;
        break;
      }
      // Heading at the segment's end: between its direction and the next one's.
      const nx = next < points ? path[2 * next]! - path[2 * next - 2]! : ux;
      const ny = next < points ? path[2 * next + 1]! - path[2 * next - 1]! : uy;
      const n = Math.sqrt(nx * nx + ny * ny);
      const hx = n > 1e-6 ? ux + nx / n : ux;
      const hy = n > 1e-6 ? uy + ny / n : uy;
      const h = Math.sqrt(hx * hx + hy * hy);
      toX = h > 1e-6 ? hx / h : ux;
      toY = h > 1e-6 ? hy / h : uy;
    }
    const along = d - passedM;
    const share = straightOn ? 1 : along / lengthM;
    const hx = fromX + (toX - fromX) * share;
    const hy = fromY + (toY - fromY) * share;
    const h = Math.sqrt(hx * hx + hy * hy);
    const at = pose * POSE;
    poses[at] = x + ux * along;
    poses[at + 1] = y + uy * along;
    poses[at + 2] = h > 1e-6 ? (sense * hx) / h : sense * ux;
    poses[at + 3] = h > 1e-6 ? (sense * hy) / h : sense * uy;
  }
  return count;
}
