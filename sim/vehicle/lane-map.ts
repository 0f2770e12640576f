import { type LaneGraph, poseAt } from "../../planner/index.ts";

/** Position and heading of a footprint's centre, ENU metres and radians counter-clockwise from east. */
export interface Pose {
  x: number;
  y: number;
  theta: number;
}

/**
 * The map on board: lanes by id, and the pose that belongs to a position on a lane. All vehicles of a run share one.
 *
 * This is the only place where a position along a lane becomes a pose: the vehicle's centre is on the lane's line and
 * its heading is that of the line there, so the lateral error is zero.
 */
export class LaneMap {
  readonly lanes: LaneGraph;
  /** [lane] m/s; Infinity where no temporary limit holds. */
  readonly #capMps: Float64Array;
  readonly #scratch = new Float64Array(3);
  readonly #indexOf = new Map<string, number>();

  constructor(lanes: LaneGraph) {
    this.lanes = lanes;
    this.#capMps = new Float64Array(lanes.laneCount).fill(Number.POSITIVE_INFINITY);
    for (let lane = 0; lane < lanes.laneCount; lane++) this.#indexOf.set(lanes.laneId[lane]!, lane);
  }

  /** Index of a directed lane, or -1 if the map has none of that id. */
  indexOf(laneId: string): number {
    return this.#indexOf.get(laneId) ?? -1;
  }

  /** Speed limit of a lane at present, m/s. */
  limitMps(lane: number): number {
    return Math.min(this.lanes.speedLimitMps[lane]!, this.#capMps[lane]!);
  }

  /** Sets, or with Infinity lifts, a temporary limit of a lane; vehicles under way are told by `limitsChanged`. */
  setCap(lane: number, mps: number): void {
    this.#capMps[lane] = mps;
  }

  /** Writes into `pose` where a vehicle's centre is at `s` metres of a lane; `s` outside the lane counts as its end. */
  poseAt(lane: number, s: number, pose: Pose): void {
    poseAt(this.lanes, lane, s, this.#scratch);
    pose.x = this.#scratch[0]!;
    pose.y = this.#scratch[1]!;
    pose.theta = this.#scratch[2]!;
  }
}
