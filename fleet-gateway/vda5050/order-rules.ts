import type { OrderMessage, OrderNode } from "../../engine/index.ts";
import type { Vda5050Factsheet } from "./factsheet.ts";
import type { OrderBody } from "./order-codec.ts";

/** What a message of ids and states must fulfil before it may be sent or taken; the schema cannot say it (6.6.1). */
type OrderShape = {
  readonly nodes: readonly { readonly nodeId: string; readonly sequenceId: number; readonly released: boolean }[];
  readonly edges: readonly {
    readonly edgeId: string;
    readonly sequenceId: number;
    readonly released: boolean;
    readonly startNodeId?: string;
    readonly endNodeId?: string;
  }[];
};

/** The first thing that is wrong with the structure of an order or update, in words; null if nothing is. */
export function orderFlaw(order: OrderShape): string | null {
  const { nodes, edges } = order;
  const first = nodes[0];
  if (first === undefined) return "an order needs at least one node";
  if (edges.length !== nodes.length - 1)
    return `${nodes.length} nodes need ${nodes.length - 1} edges, not ${edges.length}`;
  if (!first.released) return `its first node ${first.nodeId} is not released`;
  if (first.sequenceId % 2 !== 0) return `node ${first.nodeId} has the odd sequence id ${first.sequenceId}`;
  for (const [i, node] of nodes.entries()) {
    const wanted = first.sequenceId + 2 * i;
    if (node.sequenceId !== wanted) return `node ${node.nodeId} has sequence id ${node.sequenceId}, not ${wanted}`;
    if (i === 0) continue;
    const from = nodes[i - 1]!;
    const edge = edges[i - 1]!;
    if (edge.sequenceId !== wanted - 1)
      return `edge ${edge.edgeId} has sequence id ${edge.sequenceId}, not ${wanted - 1}`;
    if ((edge.startNodeId ?? from.nodeId) !== from.nodeId)
      return `edge ${edge.edgeId} does not begin at node ${from.nodeId}`;
    if ((edge.endNodeId ?? node.nodeId) !== node.nodeId)
      return `edge ${edge.edgeId} does not end at node ${node.nodeId}`;
    if (node.released && !from.released) return `node ${node.nodeId} is released behind the horizon`;
    if (edge.released !== node.released) return `edge ${edge.edgeId} must be released exactly if both its nodes are`;
  }
  return null;
}

/** Whether two nodes say the same, `released` apart; the seam of an update must repeat the base's end unchanged (6.6.2). */
export function sameNode(a: OrderNode, b: OrderNode): boolean {
  return JSON.stringify({ ...a, released: true }) === JSON.stringify({ ...b, released: true });
}

/** Whether two order messages have the same content. */
export function sameOrder(a: OrderMessage, b: OrderMessage): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Fits an order to the limits of the vehicle's factsheet: the horizon binds nobody, so it is cut where it goes beyond one
 * of them; a base that does not fit is refused with a reason.
 */
export function fitToFactsheet(
  body: OrderBody,
  factsheet: Vda5050Factsheet | null,
): { readonly ok: true; readonly body: OrderBody } | { readonly ok: false; readonly reason: string } {
  if (factsheet === null) return { ok: true, body };
  let fitted = body;
  for (;;) {
    const fault = limitFault(fitted, factsheet);
    if (fault === null) return { ok: true, body: fitted };
    const baseLength = body.nodes.filter((node) => node.released).length;
    const length = Math.min(fault.nodes, fitted.nodes.length - 1);
    if (length < baseLength) return { ok: false, reason: fault.reason };
    fitted = { ...body, nodes: body.nodes.slice(0, length), edges: body.edges.slice(0, length - 1) };
  }
}

/** A limit that an order goes beyond, and how many of its nodes are within it; null if it keeps all. */
function limitFault(body: OrderBody, factsheet: Vda5050Factsheet): { nodes: number; reason: string } | null {
  const arrays = factsheet.protocolLimits.maxArrayLens;
  const strings = factsheet.protocolLimits.maxStringLens;
  const { nodes, edges } = body;
  const nodesMax = Math.min(limitOf(arrays["order.nodes"]), limitOf(arrays["order.edges"]) + 1);
  if (nodes.length > nodesMax) {
    const baseLength = nodes.filter((node) => node.released).length;
    return { nodes: nodesMax, reason: `a base of ${baseLength} nodes; the vehicle takes ${nodesMax}` };
  }
  const idFault = (id: string): string | null => {
    const { idLen, idNumericalOnly } = strings;
    if (id.length > limitOf(idLen)) return `id ${id} is longer than the ${idLen} characters that the vehicle takes`;
    if (idNumericalOnly === true && !/^\d+$/.test(id))
      return `id ${id} is not a number; the vehicle takes no other ids`;
    return null;
  };
  const orderIdFault = idFault(body.orderId);
  if (orderIdFault !== null) return { nodes: 0, reason: orderIdFault };
  for (const [i, node] of nodes.entries()) {
    const { actions } = node;
    const ids = [node.nodeId, ...edges.slice(Math.max(0, i - 1), i).map(({ edgeId }) => edgeId)];
    const reason =
      [...ids, ...actions.map(({ actionId }) => actionId)].map(idFault).find((fault) => fault !== null) ??
      (actions.length > limitOf(arrays["node.actions"])
        ? `node ${node.nodeId} has ${actions.length} actions; the vehicle takes ${arrays["node.actions"]}`
        : null);
    if (reason !== null) return { nodes: i, reason };
    for (const { actionType, actionParameters } of actions) {
      const count = actionParameters?.length ?? 0;
      if (count > limitOf(arrays["actions.actionsParameters"])) {
        return { nodes: i, reason: `action ${actionType} has ${count} parameters; the vehicle takes fewer` };
      }
    }
  }
  // The header adds at most 300 bytes to the body.
  const bytes = Buffer.byteLength(JSON.stringify(body)) + 300;
  if (bytes > limitOf(strings.msgLen))
    return { nodes: nodes.length - 1, reason: `a message of ${bytes} bytes; the vehicle takes ${strings.msgLen}` };
  return null;
}

/** A limit of 0 or none at all means that there is no limit (7, table of maxArrayLens). */
function limitOf(value: number | undefined): number {
  return value === undefined || value === 0 ? Number.POSITIVE_INFINITY : value;
}
