import type { Vda5050State } from "./messages.ts";
import type { InstantActionsBody, OrderBody } from "./order-codec.ts";

/**
 * Ids of orders and actions with the session's name before them on the wire. The engine counts its ids from 1 in every
 * run, and a vehicle keeps the ids of its last order over a restart of fleet control: without the name a new order would
 * look like one that the vehicle has already driven (VDA 5050 2.1, 6.6.4: ids are never used again).
 */
export interface IdScope {
  order(body: OrderBody): OrderBody;
  instantActions(body: InstantActionsBody): InstantActionsBody;
  /** The state with our own ids as the engine knows them; ids of others stay as they are. */
  state(state: Vda5050State): Vda5050State;
}

/** @param session "": ids are the same on the wire */
export function createIdScope(session: string): IdScope {
  const prefix = session === "" ? "" : `${session}.`;
  const bare = (id: string): string => (id.startsWith(prefix) ? id.slice(prefix.length) : id);
  const SCOPED_REFERENCES = ["orderId", "actionId"];
  return {
    order: (body) => ({
      ...body,
      orderId: prefix + body.orderId,
      nodes: body.nodes.map((node) => ({
        ...node,
        actions: node.actions.map((action) => ({ ...action, actionId: prefix + action.actionId })),
      })),
    }),
    instantActions: (body) => ({
      actions: body.actions.map((action) => ({
        ...action,
        actionId: prefix + action.actionId,
        ...(action.actionParameters === undefined
          ? {}
          : {
              actionParameters: action.actionParameters.map(({ key, value }) => ({
                key,
                value: key === "orderId" && typeof value === "string" ? prefix + value : value,
              })),
            }),
      })),
    }),
    state: (state) => ({
      ...state,
      orderId: bare(state.orderId),
      actionStates: state.actionStates.map((action) => ({ ...action, actionId: bare(action.actionId) })),
      errors: state.errors.map((error) =>
        error.errorReferences === undefined
          ? error
          : {
              ...error,
              errorReferences: error.errorReferences.map(({ referenceKey, referenceValue }) => ({
                referenceKey,
                referenceValue: SCOPED_REFERENCES.includes(referenceKey) ? bare(referenceValue) : referenceValue,
              })),
            },
      ),
    }),
  };
}
