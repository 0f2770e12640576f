import type { OrderAction, OrderEdge, OrderMessage, OrderNode } from "../../engine/index.ts";
import type { LaneMap } from "./lane-map.ts";
import { POSITION_EPSILON_M } from "./speed-phase.ts";

/** A node of the order that runs; `p` is its distance in metres along the path from where the order began. */
export interface PathNode {
  readonly order: OrderNode;
  readonly p: number;
}

/** An edge of the order that runs, from `startP` to `endP` metres of the path, on one lane. */
export interface PathEdge {
  readonly order: OrderEdge;
  readonly lane: number;
  readonly startP: number;
  readonly endP: number;
  /** Lowest of the lane's limit, the edge's, and what holds for the lane at present. */
  limitMps: number;
}

/** Nothing in an order that blocks driving: such a node is passed without a stop. */
export function stopsDriving(actions: readonly OrderAction[]): boolean {
  return actions.some((action) => action.blockingType !== "NONE");
}

/**
 * The path of the order that runs: its nodes and edges with one running distance `p` in metres. What was passed is
 * forgotten when an update arrives, so an order that is continued for a day does not grow.
 */
export class Path {
  nodes: PathNode[] = [];
  edges: PathEdge[] = [];
  /** Index in `nodes` of the first node not reached yet. */
  nextNode = 0;
  /** Index in `edges` of the edge that the vehicle is on; 0 also when there is none. */
  edgeIndex = 0;
  /** Counts the changes of nodes, edges and limits. */
  version = 0;
  readonly #map: LaneMap;

  constructor(map: LaneMap) {
    this.#map = map;
  }

  /** Takes the nodes and edges of a new order; its first node is `firstP` metres ahead of (or behind) the vehicle. */
  begin(order: OrderMessage, firstP: number): void {
    this.nodes = [];
    this.edges = [];
    this.nextNode = 0;
    this.edgeIndex = 0;
    this.#append(order, 0, firstP);
  }

  /** Replaces the horizon by what an update says after the last released node, which the update repeats. */
  extend(update: OrderMessage): void {
    const last = this.lastReleasedIndex();
    const seam = this.nodes[last]!;
    // The node and the edge that the vehicle is on stay; all before them is behind it.
    const keepNode = Math.min(last, Math.max(0, this.nextNode - 1));
    const keepEdge = Math.min(this.edgeIndex, keepNode);
    this.nodes = this.nodes.slice(keepEdge, last + 1);
    this.edges = this.edges.slice(keepEdge, last);
    this.nextNode -= keepEdge;
    this.edgeIndex -= keepEdge;
    this.#append(update, 1, seam.p);
  }

  /** Forgets the order; the vehicle stands where it is. */
  clear(): void {
    this.version++;
    this.nodes = [];
    this.edges = [];
    this.nextNode = 0;
    this.edgeIndex = 0;
  }

  #append(order: OrderMessage, firstNode: number, p0: number): void {
    this.version++;
    let p = p0;
    for (let i = 0; i < order.nodes.length; i++) {
      if (i > 0) {
        const edge = order.edges[i - 1]!;
        const lane = this.#map.indexOf(edge.lane);
        const endP = p + (edge.toM - edge.fromM);
        const limitMps = Math.min(this.#map.limitMps(lane), edge.maxSpeedMps);
        this.edges.push({ order: edge, lane, startP: p, endP, limitMps });
        p = endP;
      }
      if (i >= firstNode) this.nodes.push({ order: order.nodes[i]!, p });
    }
  }

  /** Reads the map's limits again. */
  refreshLimits(): void {
    this.version++;
    for (const edge of this.edges) edge.limitMps = Math.min(this.#map.limitMps(edge.lane), edge.order.maxSpeedMps);
  }

  /** Index in `nodes` of the end of the base. */
  lastReleasedIndex(): number {
    let last = this.nodes.length - 1;
    while (last >= 0 && !this.nodes[last]!.order.released) last--;
    return last;
  }

  /** Where the base ends, metres of the path. */
  baseEndP(): number {
    const last = this.lastReleasedIndex();
    return last < 0 ? 0 : this.nodes[last]!.p;
  }

  /** Moves `edgeIndex` to the edge that holds `p`; at a joint the edge ahead, if it is in the base. */
  locate(p: number): void {
    const edges = this.edges;
    let i = this.edgeIndex;
    while (i + 1 < edges.length && edges[i]!.endP <= p + POSITION_EPSILON_M && edges[i + 1]!.order.released) i++;
    this.edgeIndex = i;
  }
}
