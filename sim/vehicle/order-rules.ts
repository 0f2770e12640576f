import type { OrderAction, OrderEdge, OrderMessage, OrderNode, VehicleError } from "../../engine/index.ts";
import type { LaneMap } from "./lane-map.ts";

/** An error of VDA 5050 with what it refers to: order, update, node or action ids. */
export interface ReferencedError extends VehicleError {
  readonly errorReferences: readonly { readonly referenceKey: string; readonly referenceValue: string }[];
}

/** What the vehicle knows of the order that it has. */
export interface OrderOnBoard {
  readonly orderId: string;
  readonly orderUpdateId: number;
  /** The latest message that was accepted for it. */
  readonly message: OrderMessage | null;
  /** The last node of the base, or null before the first order and after a cancel. */
  readonly lastReleased: OrderNode | null;
  /** Nothing left to drive and every action ended (VDA 5050 2.1, 6.6.1). */
  readonly idle: boolean;
  /** A cancelOrder was accepted for it, ended or not. */
  readonly cancelled: boolean;
}

export type OrderVerdict =
  | { readonly kind: "new-order" }
  | { readonly kind: "update" }
  | { readonly kind: "repeated" }
  | { readonly kind: "rejected"; readonly error: ReferencedError };

/** Ends of edges and nodes may be this far apart, metres: what rounding to millimetres and map survey leave. */
const JOINT_TOLERANCE_M = 0.3;

/**
 * Judges an order message as VDA 5050 2.1, section 6.6.4 does: a new order needs an idle vehicle, an update continues
 * at the last released node with unchanged content, a repetition is no error; whatever is refused leaves the running
 * order as it is. Whether the first node of a new order is within reach is for the caller, who knows the position.
 */
export function judgeOrder(order: OrderMessage, onBoard: OrderOnBoard, map: LaneMap): OrderVerdict {
  const flaw = structuralFlaw(order, map);
  if (flaw !== null) return reject("validationError", order, flaw);

  if (order.orderId !== onBoard.orderId) {
    if (!onBoard.idle) {
      return reject("orderError", order, `order ${onBoard.orderId} is not finished; a new order needs an idle vehicle`);
    }
    return { kind: "new-order" };
  }
  if (order.orderUpdateId === onBoard.orderUpdateId && onBoard.message !== null) {
    if (sameContent(order, onBoard.message)) return { kind: "repeated" };
    return reject("orderUpdateError", order, "an update of this id was accepted with other content");
  }
  if (order.orderUpdateId < onBoard.orderUpdateId) {
    return reject("orderUpdateError", order, `update ${onBoard.orderUpdateId} was accepted already`);
  }
  if (onBoard.cancelled || onBoard.lastReleased === null) {
    return reject("orderUpdateError", order, "the order was cancelled; it takes no updates");
  }
  if (!sameNode(order.nodes[0]!, onBoard.lastReleased)) {
    return reject(
      "orderUpdateError",
      order,
      `the update must begin with the last released node, ${onBoard.lastReleased.nodeId} ` +
        `(sequence id ${onBoard.lastReleased.sequenceId}), unchanged; it begins with ${order.nodes[0]!.nodeId}`,
    );
  }
  return { kind: "update" };
}

/** An error about an order, with its ids as references. */
export function orderError(errorType: string, order: OrderMessage, description: string): ReferencedError {
  return {
    errorType,
    errorLevel: "WARNING",
    errorDescription: `order ${order.orderId}, update ${order.orderUpdateId}: ${description}`,
    errorReferences: [
      { referenceKey: "orderId", referenceValue: order.orderId },
      { referenceKey: "orderUpdateId", referenceValue: String(order.orderUpdateId) },
    ],
  };
}

function reject(errorType: string, order: OrderMessage, description: string): OrderVerdict {
  return { kind: "rejected", error: orderError(errorType, order, description) };
}

function structuralFlaw(order: OrderMessage, map: LaneMap): string | null {
  const { nodes, edges } = order;
  if (nodes.length === 0) return "it has no nodes";
  if (edges.length !== nodes.length - 1)
    return `${nodes.length} nodes need ${nodes.length - 1} edges, not ${edges.length}`;
  if (!nodes[0]!.released) return `its first node ${nodes[0]!.nodeId} is not released`;
  const first = nodes[0]!.sequenceId;
  if (first % 2 !== 0) return `node ${nodes[0]!.nodeId} has the odd sequence id ${first}`;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (node.sequenceId !== first + 2 * i) {
      return `node ${node.nodeId} has sequence id ${node.sequenceId}, not ${first + 2 * i}`;
    }
    if (map.indexOf(node.lane) < 0) return `node ${node.nodeId} is on lane ${node.lane}, which the map does not have`;
    const edge = edges[i];
    if (edge === undefined) continue;
    const flaw = edgeFlaw(edge, node, nodes[i + 1]!, map);
    if (flaw !== null) return flaw;
  }
  return null;
}

function edgeFlaw(edge: OrderEdge, from: OrderNode, to: OrderNode, map: LaneMap): string | null {
  if (edge.sequenceId !== from.sequenceId + 1) {
    return `edge ${edge.edgeId} has sequence id ${edge.sequenceId}, not ${from.sequenceId + 1}`;
  }
  if (edge.released !== (from.released && to.released)) {
    return `edge ${edge.edgeId} must be released exactly if both its nodes are`;
  }
  if (!from.released && to.released) return `node ${to.nodeId} is released behind the horizon`;
  const lane = map.indexOf(edge.lane);
  if (lane < 0) return `edge ${edge.edgeId} is on lane ${edge.lane}, which the map does not have`;
  const length = map.lanes.lengthM[lane]!;
  if (!(edge.fromM >= -JOINT_TOLERANCE_M && edge.fromM <= edge.toM && edge.toM <= length + JOINT_TOLERANCE_M)) {
    return `edge ${edge.edgeId} goes from ${edge.fromM} to ${edge.toM} m of lane ${edge.lane}, which is ${length} m long`;
  }
  if (!(edge.maxSpeedMps > 0)) return `edge ${edge.edgeId} has the speed limit ${edge.maxSpeedMps}`;
  if (!touches(map, lane, edge.fromM, from)) return `edge ${edge.edgeId} does not begin at node ${from.nodeId}`;
  if (!touches(map, lane, edge.toM, to)) return `edge ${edge.edgeId} does not end at node ${to.nodeId}`;
  return null;
}

const scratch = { x: 0, y: 0, theta: 0 };

function touches(map: LaneMap, lane: number, s: number, node: OrderNode): boolean {
  map.poseAt(lane, s, scratch);
  return Math.abs(scratch.x - node.x) <= JOINT_TOLERANCE_M && Math.abs(scratch.y - node.y) <= JOINT_TOLERANCE_M;
}

function sameContent(a: OrderMessage, b: OrderMessage): boolean {
  return (
    a.nodes.length === b.nodes.length &&
    a.edges.length === b.edges.length &&
    a.nodes.every((node, i) => node.released === b.nodes[i]!.released && sameNode(node, b.nodes[i]!)) &&
    a.edges.every((edge, i) => sameEdge(edge, b.edges[i]!))
  );
}

/** Same node with the same content; both are released where an update meets its base. */
function sameNode(a: OrderNode, b: OrderNode): boolean {
  return (
    a.nodeId === b.nodeId &&
    a.sequenceId === b.sequenceId &&
    a.lane === b.lane &&
    a.s === b.s &&
    a.x === b.x &&
    a.y === b.y &&
    a.theta === b.theta &&
    a.actions.length === b.actions.length &&
    a.actions.every((action, i) => sameAction(action, b.actions[i]!))
  );
}

function sameEdge(a: OrderEdge, b: OrderEdge): boolean {
  return (
    a.edgeId === b.edgeId &&
    a.sequenceId === b.sequenceId &&
    a.released === b.released &&
    a.lane === b.lane &&
    a.fromM === b.fromM &&
    a.toM === b.toM &&
    a.maxSpeedMps === b.maxSpeedMps
  );
}

function sameAction(a: OrderAction, b: OrderAction): boolean {
  const keys = Object.keys(a.parameters);
  return (
    a.actionId === b.actionId &&
    a.actionType === b.actionType &&
    a.blockingType === b.blockingType &&
    keys.length === Object.keys(b.parameters).length &&
    keys.every((key) => a.parameters[key] === b.parameters[key])
  );
}
