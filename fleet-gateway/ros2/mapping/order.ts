/** Orders and instant actions: VDA 5050's to kalong_msgs' and back. Ids and action parameters keep the standard's names. */
import type { OrderMessage } from "../../../engine/index.ts";
import type { LaneGeometry } from "../../vda5050/lane-geometry.ts";
import type { Vda5050Action } from "../../vda5050/messages.ts";
import { edgeIdOf, type InstantActionsBody, type OrderBody } from "../../vda5050/order-codec.ts";
import type { ActionMsg, InstantActionsMsg, KeyValue, OrderMsg, Time } from "../messages.ts";
import { fromPose, MAP_FRAME, toPose } from "./pose.ts";

/** Parameters that are numbers; a KeyValue holds text only. */
const NUMBERS: readonly string[] = ["massKg", "untilSoc"];
const BLOCKING = ["NONE", "SOFT", "HARD"] as const;

/**
 * An order as it goes out.
 * @param body  the order as VDA 5050 has it
 * @param order the same with its places on lanes
 */
export function toOrderMsg(body: OrderBody, order: OrderMessage, geometry: LaneGeometry, stamp: Time): OrderMsg {
  return {
    header: { stamp, frame_id: MAP_FRAME },
    order_id: body.orderId,
    order_update_id: body.orderUpdateId,
    nodes: order.nodes.map((node, i) => {
      const spoken = body.nodes[i]!;
      return {
        node_id: node.nodeId,
        sequence_id: node.sequenceId,
        released: node.released,
        lane: node.lane,
        lane_position: node.s,
        pose: toPose(node),
        allowed_deviation_xy: spoken.nodePosition?.allowedDeviationXY ?? 0,
        actions: spoken.actions.map(toActionMsg),
      };
    }),
    edges: order.edges.map((edge) => ({
      edge_id: edge.edgeId,
      sequence_id: edge.sequenceId,
      released: edge.released,
      lane: edge.lane,
      from_position: edge.fromM,
      to_position: edge.toM,
      max_speed: edge.maxSpeedMps,
      line: geometry.line(edge.lane, edge.fromM, edge.toM).map(({ x, y }) => ({ x, y, z: 0 })),
    })),
  };
}

/** An order as it came, or why it is none. */
export function fromOrderMsg(
  message: OrderMsg,
  mapId: string,
): { readonly ok: true; readonly body: OrderBody } | { readonly ok: false; readonly reason: string } {
  if (message.header.frame_id !== MAP_FRAME) {
    return { ok: false, reason: `its frame is "${message.header.frame_id}", expected ${MAP_FRAME}` };
  }
  if (message.edges.length !== Math.max(0, message.nodes.length - 1)) {
    return { ok: false, reason: `${message.nodes.length} nodes have ${message.edges.length} edges between them` };
  }
  const nodes: OrderBody["nodes"] = [];
  for (const node of message.nodes) {
    const pose = fromPose(node.pose);
    if (pose === null) return { ok: false, reason: `node ${node.node_id} has no pose` };
    nodes.push({
      nodeId: node.node_id,
      sequenceId: node.sequence_id,
      nodeDescription: `${node.lane}@${node.lane_position}`,
      released: node.released,
      nodePosition: { ...pose, allowedDeviationXY: node.allowed_deviation_xy, mapId },
      actions: node.actions.map(fromActionMsg),
    });
  }
  const edges = message.edges.map((edge, i) => ({
    edgeId: edgeIdOf({ lane: edge.lane, fromM: edge.from_position, toM: edge.to_position }),
    sequenceId: edge.sequence_id,
    released: edge.released,
    startNodeId: message.nodes[i]!.node_id,
    endNodeId: message.nodes[i + 1]!.node_id,
    maxSpeed: edge.max_speed,
    actions: [],
  }));
  return { ok: true, body: { orderId: message.order_id, orderUpdateId: message.order_update_id, nodes, edges } };
}

export function toInstantActionsMsg(body: InstantActionsBody, stamp: Time): InstantActionsMsg {
  return { header: { stamp, frame_id: "" }, actions: body.actions.map(toActionMsg) };
}

export function fromInstantActionsMsg(message: InstantActionsMsg): InstantActionsBody {
  return { actions: message.actions.map(fromActionMsg) };
}

function toActionMsg(action: Vda5050Action): ActionMsg {
  const parameters: KeyValue[] = [];
  for (const { key, value } of action.actionParameters ?? []) {
    parameters.push({ key, value: typeof value === "string" ? value : JSON.stringify(value) });
  }
  return {
    action_id: action.actionId,
    action_type: action.actionType,
    blocking_type: action.blockingType,
    parameters,
  };
}

function fromActionMsg(message: ActionMsg): Vda5050Action {
  return {
    actionId: message.action_id,
    actionType: message.action_type,
    // What is not said blocks most.
    blockingType: BLOCKING.find((each) => each === message.blocking_type) ?? "HARD",
    actionParameters: message.parameters.map(({ key, value }) => ({
      key,
      value: NUMBERS.includes(key) && value !== "" && Number.isFinite(Number(value)) ? Number(value) : value,
    })),
  };
}
