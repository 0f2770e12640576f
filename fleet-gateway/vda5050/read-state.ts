/** Questions about what a vehicle has said. */
import type { OrderMessage } from "../../engine/index.ts";
import type { Vda5050Factsheet } from "./factsheet.ts";
import type { Vda5050Error, Vda5050State } from "./messages.ts";

/** An order message that is on its way, with the header ids under which it was sent. */
export interface SentOrder {
  readonly order: OrderMessage;
  readonly headerIds: readonly number[];
}

/** Idle (6.10): nothing left to drive, a horizon included, and every action ended. */
export function isIdle(state: Vda5050State, exceptActionId = ""): boolean {
  const ended = state.actionStates.every(
    ({ actionId, actionStatus }) =>
      actionId === exceptActionId || actionStatus === "FINISHED" || actionStatus === "FAILED",
  );
  return state.nodeStates.length === 0 && state.edgeStates.length === 0 && ended;
}

/**
 * Whether an error says that the message on its way was refused. Errors stay in the state until a new order is
 * accepted, so an old one must not be taken for the answer to a new message: its references decide.
 */
export function rejects(error: Vda5050Error, sent: SentOrder): boolean {
  const reference = (key: string): string | undefined =>
    error.errorReferences?.find(({ referenceKey }) => referenceKey === key)?.referenceValue;
  const orderId = reference("orderId");
  const updateId = reference("orderUpdateId");
  if (orderId !== undefined) {
    if (orderId !== sent.order.orderId) return false;
    return updateId === undefined ? sent.order.orderUpdateId === 0 : updateId === String(sent.order.orderUpdateId);
  }
  const headerId = reference("headerId");
  const topic = reference("topic");
  if (headerId === undefined || reference("actionId") !== undefined) return false;
  return (topic === undefined || topic.endsWith("order")) && sent.headerIds.some((id) => String(id) === headerId);
}

/** The parts of a factsheet that are not as they were, its header apart. */
export function changedKeys(before: Vda5050Factsheet, after: Vda5050Factsheet): string[] {
  const keys = Object.keys(after) as (keyof Vda5050Factsheet)[];
  return keys.filter(
    (key) => key !== "headerId" && key !== "timestamp" && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}
