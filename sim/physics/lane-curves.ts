import { type LaneGraph, segmentAt } from "../../planner/index.ts";

/** A bend at a point of a line is spread over at most this far before and behind it, metres. */
const SPREAD_MAX_M = 0.75;
const NONE = -1;

/**
 * Heading and curvature along lanes as a vehicle can follow them. A lane's line is straight pieces; the turn at each
 * point is spread over half of the pieces beside it, so heading is continuous and curvature piecewise constant: the arc
 * of which the points are a survey. One per lane graph.
 */
export class LaneCurves {
  readonly #lanes: LaneGraph;
  /** [lane][point] radians turned there, metres before and behind over which; the lane's ends have none. */
  readonly #turn: readonly Float64Array[];
  readonly #spreadM: readonly Float64Array[];

  constructor(lanes: LaneGraph) {
    this.#lanes = lanes;
    this.#spreadM = lanes.pointsS.map((s) => {
      const spread = new Float64Array(s.length - 1);
      for (let i = 0; i + 1 < s.length; i++) spread[i] = Math.min((s[i + 1]! - s[i]!) / 2, SPREAD_MAX_M);
      return spread;
    });
    this.#turn = lanes.segmentTheta.map((theta) => {
      const turn = new Float64Array(theta.length + 1);
      for (let i = 1; i < theta.length; i++) turn[i] = wrapped(theta[i]! - theta[i - 1]!);
      return turn;
    });
  }

  /** Curvature at `s` of a lane, 1/m, positive to the left. `before` and `after`: the lanes driven before and after it, or -1. */
  curvature(lane: number, s: number, before: number, after: number): number {
    const i = segmentAt(this.#lanes, lane, s);
    const at = this.#lanes.pointsS[lane]!;
    const spread = this.#spreadM[lane]!;
    const own = spread[i]!;
    const last = at.length - 2;
    if (s - at[i]! < own) {
      if (i > 0) return this.#turn[lane]![i]! / (spread[i - 1]! + own);
      return before === NONE ? 0 : this.#jointTurn(before, lane) / (this.#lastSpread(before) + own);
    }
    if (at[i + 1]! - s < own) {
      if (i < last) return this.#turn[lane]![i + 1]! / (own + spread[i + 1]!);
      return after === NONE ? 0 : this.#jointTurn(lane, after) / (own + this.#spreadM[after]![0]!);
    }
    return 0;
  }

  /** Heading at `s` less the heading of the straight piece there, radians. */
  headingOffset(lane: number, s: number, before: number, after: number): number {
    const i = segmentAt(this.#lanes, lane, s);
    const at = this.#lanes.pointsS[lane]!;
    const own = this.#spreadM[lane]![i]!;
    const sinceStart = s - at[i]!;
    if (sinceStart < own) return -this.curvature(lane, s, before, after) * (own - Math.max(0, sinceStart));
    const toEnd = at[i + 1]! - s;
    if (toEnd < own) return this.curvature(lane, s, before, after) * (own - Math.max(0, toEnd));
    return 0;
  }

  /** Turn where one lane goes on as another; none where they are not joined. */
  #jointTurn(from: number, to: number): number {
    const { segmentTheta, toNode, fromNode } = this.#lanes;
    if (toNode[from] !== fromNode[to]) return 0;
    const first = segmentTheta[from]!;
    return wrapped(segmentTheta[to]![0]! - first[first.length - 1]!);
  }

  #lastSpread(lane: number): number {
    const spread = this.#spreadM[lane]!;
    return spread[spread.length - 1]!;
  }
}

function wrapped(angle: number): number {
  if (angle > Math.PI) return angle - 2 * Math.PI;
  if (angle < -Math.PI) return angle + 2 * Math.PI;
  return angle;
}
