/** Orders and instant actions: the engine's messages to VDA 5050's and back. Wire names appear here and nowhere else. */
import type {
  ActionType,
  InstantActionMessage,
  OrderAction,
  OrderEdge,
  OrderMessage,
  OrderNode,
} from "../../engine/index.ts";
import type { LaneGeometry } from "./lane-geometry.ts";
import type { Vda5050Action, Vda5050Edge, Vda5050InstantActions, Vda5050Node, Vda5050Order } from "./messages.ts";

export interface OrderCodecOptions {
  /** The map that all positions refer to: the site's id. */
  readonly mapId: string;
  readonly geometry: LaneGeometry;
  /** Metres within which a node counts as reached. */
  readonly allowedDeviationM: number;
}

/** An order without the protocol header, which is stamped on at each sending. */
export type OrderBody = Pick<Vda5050Order, "orderId" | "orderUpdateId" | "nodes" | "edges">;
export type InstantActionsBody = Pick<Vda5050InstantActions, "actions">;

/** Wire keys of action parameters that the standard names otherwise than the engine does (6.12.2). */
const WIRE_KEYS: Readonly<Record<string, string>> = { container: "loadId", station: "stationName" };
const ENGINE_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(WIRE_KEYS).map(([engine, wire]) => [wire, engine]),
);
/** An edge that is this near to a straight line, metres, is sent without a trajectory. */
const STRAIGHT_WITHIN_M = 0.02;

const ACTION_TYPES: readonly string[] = [
  "pick",
  "drop",
  "service",
  "startCharging",
  "stopCharging",
] satisfies ActionType[];
const INSTANT_ACTION_TYPES: readonly string[] = [
  "cancelOrder",
  "startPause",
  "stopPause",
  "stateRequest",
  "factsheetRequest",
  "stopCharging",
] satisfies InstantActionMessage["actionType"][];

/** "<lane>:<from>-<to>", metres along the directed lane: the id of an edge on the wire. */
export function edgeIdOf(edge: Pick<OrderEdge, "lane" | "fromM" | "toM">): string {
  return `${edge.lane}:${metresText(edge.fromM)}-${metresText(edge.toM)}`;
}

/** Number without an exponent; what is below a micrometre is nothing. */
function metresText(value: number): string {
  return Math.abs(value) < 1e-6 ? "0" : String(value);
}

/** Lane and metres of an edge id on the wire, or null if it is not of the form that `edgeIdOf` makes. */
export function parseEdgeId(edgeId: string): { lane: string; fromM: number; toM: number } | null {
  const match = /^(.+):(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)$/.exec(edgeId);
  return match === null ? null : { lane: match[1]!, fromM: Number(match[2]), toM: Number(match[3]) };
}

/** "<lane>@<metres>": carried as a node's description, so that our own vehicles know which of two joined lanes is meant. */
function parsePlace(text: string | undefined): { lane: string; s: number } | null {
  const match = /^(.+)@(-?\d+(?:\.\d+)?)$/.exec(text ?? "");
  return match === null ? null : { lane: match[1]!, s: Number(match[2]) };
}

export function encodeNode(node: OrderNode, options: OrderCodecOptions): Vda5050Node {
  return {
    nodeId: node.nodeId,
    sequenceId: node.sequenceId,
    nodeDescription: `${node.lane}@${metresText(node.s)}`,
    released: node.released,
    nodePosition: {
      x: node.x,
      y: node.y,
      theta: node.theta,
      allowedDeviationXY: options.allowedDeviationM,
      mapId: options.mapId,
    },
    actions: node.actions.map(encodeAction),
  };
}

export function encodeEdge(edge: OrderEdge, from: OrderNode, to: OrderNode, options: OrderCodecOptions): Vda5050Edge {
  const points = options.geometry.line(edge.lane, edge.fromM, edge.toM);
  return {
    edgeId: edgeIdOf(edge),
    sequenceId: edge.sequenceId,
    released: edge.released,
    startNodeId: from.nodeId,
    endNodeId: to.nodeId,
    maxSpeed: edge.maxSpeedMps,
    orientation: 0,
    orientationType: "TANGENTIAL",
    rotationAllowed: false,
    length: Math.max(0, edge.toM - edge.fromM),
    ...(isStraight(points) ? {} : { trajectory: polyline(points) }),
    actions: [],
  };
}

function isStraight(points: readonly { x: number; y: number }[]): boolean {
  if (points.length < 3) return true;
  const first = points[0]!;
  const last = points.at(-1)!;
  const length = Math.hypot(last.x - first.x, last.y - first.y);
  return points.every((point) => {
    const cross = (point.x - first.x) * (last.y - first.y) - (point.y - first.y) * (last.x - first.x);
    return Math.abs(cross) <= STRAIGHT_WITHIN_M * length;
  });
}

/** A polyline as a NURBS of degree 1: its knots are the shares of length at its points, the first and last twice. */
function polyline(points: readonly { x: number; y: number }[]): NonNullable<Vda5050Edge["trajectory"]> {
  const along = [0];
  for (let i = 1; i < points.length; i++) {
    along.push(along[i - 1]! + Math.hypot(points[i]!.x - points[i - 1]!.x, points[i]!.y - points[i - 1]!.y));
  }
  const total = along.at(-1)!;
  const knots = along.map((s, i) => (i === along.length - 1 ? 1 : Math.min(1, s / total)));
  return { degree: 1, knotVector: [0, ...knots, 1], controlPoints: points.map(({ x, y }) => ({ x, y })) };
}

/** Encodes an order or an update of it. The first node of a new order is widened by `firstNodeDistanceM`, metres. */
export function encodeOrder(order: OrderMessage, options: OrderCodecOptions, firstNodeDistanceM = 0): OrderBody {
  const nodes = order.nodes.map((node) => encodeNode(node, options));
  const first = nodes[0]?.nodePosition;
  if (first !== undefined && order.orderUpdateId === 0) {
    first.allowedDeviationXY = options.allowedDeviationM + firstNodeDistanceM;
  }
  return {
    orderId: order.orderId,
    orderUpdateId: order.orderUpdateId,
    nodes,
    edges: order.edges.map((edge, i) => encodeEdge(edge, order.nodes[i]!, order.nodes[i + 1]!, options)),
  };
}

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

/** An order as the vehicle's controller takes it; refused with a reason if it names ground or actions that we lack. */
export function decodeOrder(vehicle: string, order: OrderBody): Decoded<OrderMessage> {
  const edges: OrderEdge[] = [];
  for (const edge of order.edges) {
    const place = parseEdgeId(edge.edgeId);
    if (place === null) return refused(`edge ${edge.edgeId} does not name a lane and its metres`);
    edges.push({
      edgeId: edge.edgeId,
      sequenceId: edge.sequenceId,
      released: edge.released,
      ...place,
      maxSpeedMps: edge.maxSpeed ?? Number.MAX_VALUE,
    });
  }
  const nodes: OrderNode[] = [];
  for (const [i, node] of order.nodes.entries()) {
    const position = node.nodePosition;
    if (position === undefined) return refused(`node ${node.nodeId} has no position`);
    const before = edges[i - 1];
    const behind = edges[i];
    const joint =
      before !== undefined
        ? { lane: before.lane, s: before.toM }
        : behind !== undefined
          ? { lane: behind.lane, s: behind.fromM }
          : null;
    const place = parsePlace(node.nodeDescription) ?? joint;
    if (place === null) return refused(`node ${node.nodeId} has no edge and does not name its lane`);
    const actions: OrderAction[] = [];
    for (const action of node.actions) {
      if (!ACTION_TYPES.includes(action.actionType)) return refused(`action type ${action.actionType} is not known`);
      actions.push({
        actionId: action.actionId,
        actionType: action.actionType as ActionType,
        blockingType: action.blockingType,
        parameters: decodeParameters(action),
      });
    }
    const { x, y } = position;
    const theta = position.theta ?? 0;
    nodes.push({
      nodeId: node.nodeId,
      sequenceId: node.sequenceId,
      released: node.released,
      ...place,
      x,
      y,
      theta,
      actions,
    });
  }
  return { ok: true, value: { vehicle, orderId: order.orderId, orderUpdateId: order.orderUpdateId, nodes, edges } };
}

function refused<Value>(reason: string): Decoded<Value> {
  return { ok: false, reason };
}

function encodeAction(action: OrderAction): Vda5050Action {
  return {
    actionType: action.actionType,
    actionId: action.actionId,
    blockingType: action.blockingType,
    actionParameters: encodeParameters(action.parameters),
  };
}

function encodeParameters(parameters: OrderAction["parameters"]): { key: string; value: string | number }[] {
  return Object.entries(parameters).map(([key, value]) => ({ key: WIRE_KEYS[key] ?? key, value }));
}

/** Parameters that are neither text nor number are dropped: no action of ours has one. */
function decodeParameters(action: Vda5050Action): Record<string, string | number> {
  const parameters: Record<string, string | number> = {};
  for (const { key, value } of action.actionParameters ?? []) {
    if (typeof value === "string" || typeof value === "number") parameters[ENGINE_KEYS[key] ?? key] = value;
  }
  return parameters;
}

export function encodeInstantAction(action: InstantActionMessage): InstantActionsBody {
  return {
    actions: [
      {
        actionType: action.actionType,
        actionId: action.actionId,
        blockingType: action.actionType === "cancelOrder" || action.actionType === "startPause" ? "HARD" : "NONE",
        actionParameters: encodeParameters(action.parameters),
      },
    ],
  };
}

export function decodeInstantActions(vehicle: string, body: InstantActionsBody): Decoded<InstantActionMessage>[] {
  return body.actions.map((action) => {
    if (!INSTANT_ACTION_TYPES.includes(action.actionType))
      return refused(`instant action ${action.actionType} is not known`);
    const actionType = action.actionType as InstantActionMessage["actionType"];
    return {
      ok: true,
      value: { vehicle, actionId: action.actionId, actionType, parameters: decodeParameters(action) },
    };
  });
}
