import type { LaneCurves } from "../physics/index.ts";
import type { LaneMap } from "./lane-map.ts";
import type { Path } from "./path.ts";

const NONE = -1;

/** What lies under and ahead of a vehicle on its path: lanes joined end to end, with their curvature and gradient. */
export class PathGround {
  readonly #path: Path;
  readonly #map: LaneMap;
  readonly #curves: LaneCurves;
  /** [edge] lane driven before and after the edge's own, or NONE. */
  #before: Int32Array = new Int32Array(0);
  #after: Int32Array = new Int32Array(0);
  /** Positions of markers: nodes where something is to be done, metres of the path. */
  #markers: Float64Array = new Float64Array(0);
  /** The lane that the vehicle is on, and the one before it. */
  #lane = NONE;
  #laneBefore = NONE;

  constructor(path: Path, map: LaneMap, curves: LaneCurves) {
    this.#path = path;
    this.#map = map;
    this.#curves = curves;
  }

  /** The path is another than before. */
  rebuild(): void {
    const { edges, nodes } = this.#path;
    const count = edges.length;
    this.#before = new Int32Array(count);
    this.#after = new Int32Array(count).fill(NONE);
    for (let i = 0; i < count; i++) {
      const lane = edges[i]!.lane;
      const previous = i === 0 ? NONE : edges[i - 1]!.lane;
      if (i === 0) this.#before[i] = lane === this.#lane ? this.#laneBefore : this.#lane;
      else this.#before[i] = previous === lane ? this.#before[i - 1]! : previous;
    }
    for (let i = count - 2; i >= 0; i--) {
      const next = edges[i + 1]!.lane;
      this.#after[i] = next === edges[i]!.lane ? this.#after[i + 1]! : next;
    }
    this.#markers = Float64Array.from(
      nodes.filter(({ order }) => order.actions.length > 0),
      ({ p }) => p,
    );
  }

  /** Whether a marker is within a distance of `p`. */
  nearMarker(p: number, withinM: number): boolean {
    const markers = this.#markers;
    for (let i = 0; i < markers.length; i++) if (Math.abs(markers[i]! - p) <= withinM) return true;
    return false;
  }

  /** Curvature under the centre at `p`, 1/m; `path.edgeIndex` is the edge there. */
  curvatureHere(p: number): number {
    const i = this.#path.edgeIndex;
    const edge = this.#path.edges[i]!;
    if (edge.lane !== this.#lane) {
      this.#laneBefore = this.#lane;
      this.#lane = edge.lane;
    }
    const s = edge.order.fromM + (p - edge.startP);
    return this.#curves.curvature(edge.lane, s, this.#before[i]!, this.#after[i]!);
  }

  /** Curvature at `aheadM` from `here`; beyond the end of the path that of its last metre. */
  curvatureAhead(here: number, aheadM: number): number {
    const { edges, edgeIndex } = this.#path;
    const p = Math.min(here + aheadM, edges[edges.length - 1]!.endP - 1);
    let i = edgeIndex;
    while (i + 1 < edges.length && edges[i]!.endP <= p) i++;
    const edge = edges[i]!;
    return this.#curves.curvature(edge.lane, edge.order.fromM + (p - edge.startP), this.#before[i]!, this.#after[i]!);
  }

  /** Heading under the centre less that of the straight piece of the lane there, radians. */
  headingOffset(lane: number, s: number): number {
    const i = this.#path.edgeIndex;
    const edge = this.#path.edges[i];
    if (edge === undefined || edge.lane !== lane) return this.#curves.headingOffset(lane, s, NONE, NONE);
    return this.#curves.headingOffset(lane, s, this.#before[i]!, this.#after[i]!);
  }

  /** Rise per metre of the lane under the centre. */
  gradientHere(): number {
    const edge = this.#path.edges[this.#path.edgeIndex];
    return edge === undefined ? 0 : this.#map.lanes.gradient[edge.lane]!;
  }
}
