import type { OrderEdge, OrderMessage, OrderNode } from "../../engine/index.ts";
import type { LaneGeometry, LanePosition } from "./lane-geometry.ts";

/** The way of one order as far as it was handed out: nodes and edges joined over all its updates. */
export interface OrderPath {
  readonly orderId: string;
  nodes: OrderNode[];
  edges: OrderEdge[];
}

export function beginPath(order: OrderMessage): OrderPath {
  return { orderId: order.orderId, nodes: [...order.nodes], edges: [...order.edges] };
}

/** Replaces what comes after the update's first node: the old horizon goes, the new base and horizon come. */
export function extendPath(path: OrderPath, update: OrderMessage): void {
  const seam = update.nodes[0]!.sequenceId;
  path.nodes = [...path.nodes.filter((node) => node.sequenceId < seam), ...update.nodes];
  path.edges = [...path.edges.filter((edge) => edge.sequenceId < seam), ...update.edges];
}

/** Forgets what lies more than one edge behind the last node that the vehicle has reached. */
export function trimPath(path: OrderPath, lastNodeSequenceId: number): void {
  const first = Math.min(lastNodeSequenceId - 2, path.nodes.at(-1)!.sequenceId);
  if (path.nodes[0]!.sequenceId >= first) return;
  path.nodes = path.nodes.filter((node) => node.sequenceId >= first);
  path.edges = path.edges.filter((edge) => edge.sequenceId > first);
}

/** The node at which the base ends. The first node of an order is released, so there is one. */
export function baseEnd(path: OrderPath): OrderNode {
  return path.nodes.findLast((node) => node.released) ?? path.nodes[0]!;
}

/**
 * Where on the order's own path a vehicle is that reached node `lastNodeSequenceId` last and stands or drives at (x, y):
 * on the edge ahead of that node, or still on the one before it, whichever line is nearer. Other edges are not looked
 * at, however near they are, so a vehicle under way never jumps to a lane beside its own.
 * @param lastNodeSequenceId null: no node of this order was reached yet
 */
export function matchOnPath(
  path: OrderPath,
  lastNodeSequenceId: number | null,
  x: number,
  y: number,
  geometry: LaneGeometry,
): LanePosition {
  const first = path.nodes[0]!;
  const last = lastNodeSequenceId ?? first.sequenceId;
  const ahead = path.edges.find((edge) => edge.sequenceId === last + 1);
  const before = path.edges.find((edge) => edge.sequenceId === last - 1);
  const onAhead = ahead === undefined ? null : geometry.project(ahead.lane, ahead.fromM, ahead.toM, x, y);
  const onBefore = before === undefined ? null : geometry.project(before.lane, before.fromM, before.toM, x, y);
  if (onAhead !== null && onBefore !== null) {
    const aheadBy = onAhead.distanceM - onBefore.distanceM;
    return aheadBy < -1e-9 || (aheadBy <= 1e-9 && ahead?.released === true) ? onAhead : onBefore;
  }
  const node = path.nodes.find((candidate) => candidate.sequenceId === last) ?? first;
  return onAhead ?? onBefore ?? { lane: node.lane, s: node.s, distanceM: Math.hypot(node.x - x, node.y - y) };
}

/** Metres along the path from where a vehicle is to the node of that sequence id; 0 if it is there or past it. */
export function metresToNode(
  path: OrderPath,
  sequenceId: number,
  at: { readonly lane: string; readonly s: number; readonly lastNodeSequenceId: number },
): number {
  let metres = 0;
  for (const edge of path.edges) {
    // A vehicle may be short of the node that it counts as reached: then it is on the edge before it.
    if (edge.sequenceId < at.lastNodeSequenceId - 1 || edge.sequenceId > sequenceId) continue;
    const here = edge.lane === at.lane && at.s >= edge.fromM && at.s <= edge.toM;
    if (here) metres = edge.toM - at.s;
    else if (edge.sequenceId > at.lastNodeSequenceId) metres += edge.toM - edge.fromM;
  }
  return metres;
}
