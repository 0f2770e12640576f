import type { InstantActionMessage, OrderMessage, VehicleState } from "../../engine/index.ts";
import type { Vda5050Factsheet } from "../vda5050/factsheet.ts";
import { HeaderCounter } from "../vda5050/header-ids.ts";
import { type MessageTopic, PROTOCOL_VERSION, parseMessage, type Vda5050Error } from "../vda5050/messages.ts";
import { decodeInstantActions, decodeOrder } from "../vda5050/order-codec.ts";
import { baseEnd, beginPath, extendPath, metresToNode, type OrderPath, trimPath } from "../vda5050/order-path.ts";
import { orderFlaw } from "../vda5050/order-rules.ts";
import { encodeState } from "../vda5050/state-codec.ts";
import { readPayload } from "./read-payload.ts";
import { topicOf, type VehicleIdentity } from "./topics.ts";

/** What drives a vehicle: a simulated controller, or anything that speaks the engine's messages. */
export interface VehicleController {
  receiveOrder(order: OrderMessage): void;
  receiveInstantAction(action: InstantActionMessage): void;
  /** How it is; the same object as before while nothing has changed. */
  state(): VehicleState;
}

export interface VehicleDialogOptions extends VehicleIdentity {
  /** The engine's name of the vehicle. */
  readonly vehicle: string;
  readonly mapId: string;
  readonly controller: VehicleController;
  /** Published when it is asked for. The header is stamped on. */
  readonly factsheet: Omit<Vda5050Factsheet, "headerId" | "timestamp" | "version" | "manufacturer" | "serialNumber">;
  /** Braking of the vehicle, m/s²: a new base is asked for when the base ends within its braking distance and a second. */
  readonly decelerationMps2: number;
  /** A state is sent at least this often. */
  readonly stateIntervalMs: number;
  /** Something that came and was not taken. */
  readonly onReport?: (code: string, reason: string) => void;
}

/** The connection under a vehicle's dialog. */
export interface VehicleTransport {
  /** `done`: the broker has taken it. */
  publish(topic: string, payload: string, qos: 0 | 1, retain: boolean, done?: () => void): void;
  /** Monotonic ms; only differences count. */
  nowMs(): number;
  /** The vehicle's clock, ms since 1970; it never goes back. */
  calendarMs(): number;
}

/** A vehicle's side of VDA 5050, whatever carries the messages: topics, QoS, retain rules, checks of what comes. */
export interface VehicleDialog {
  /** Made for this connection; the broker publishes it when the vehicle falls silent. */
  readonly lastWill: { readonly topic: string; readonly payload: string };
  /** Topics to subscribe to. */
  readonly topics: readonly string[];
  /** The connection stands and the topics are subscribed. `ready`: the vehicle is ONLINE. */
  connected(ready?: () => void): void;
  /** The connection is gone. */
  disconnected(): void;
  receive(topic: string, payload: Uint8Array, retain: boolean): void;
  /** Sends the state if it changed, if it is due, or if something was asked. Call it after the vehicle moved on. */
  publishState(): void;
  /** The message that says that the vehicle leaves; to be sent at QoS 1 and kept. */
  offline(): { readonly topic: string; readonly payload: string };
}

const PAYLOAD_BYTES_MAX = 1024 * 1024;
const ERRORS_MAX = 8;
/** Orders that the controller has not shown as its own: refused, or not looked at yet. */
const PASSED_ON_MAX = 8;

/** One vehicle's side of the dialog. */
export function createVehicleDialog(options: VehicleDialogOptions, transport: VehicleTransport): VehicleDialog {
  const headers = new Map<MessageTopic, HeaderCounter>();
  /** Orders that were passed on and are not in a state yet. */
  let passedOn: OrderMessage[] = [];
  let path: OrderPath | null = null;
  let pathUpdateId = -1;
  let refusals: Vda5050Error[] = [];
  let lastState: VehicleState | null = null;
  let lastStateMs = Number.NEGATIVE_INFINITY;
  let stateAsked = false;
  /** The broker has taken ONLINE. */
  let online = false;

  function stamped<Body extends object>(topic: MessageTopic, body: Body) {
    let counter = headers.get(topic);
    if (counter === undefined) {
      counter = new HeaderCounter();
      headers.set(topic, counter);
    }
    const { manufacturer, serialNumber } = options;
    return {
      headerId: counter.next(),
      timestamp: new Date(transport.calendarMs()).toISOString(),
      version: PROTOCOL_VERSION,
      manufacturer,
      serialNumber,
      ...body,
    };
  }

  const will = JSON.stringify(stamped("connection", { connectionState: "CONNECTIONBROKEN" }));
  function publish(topic: MessageTopic, body: object, retain: boolean, done?: () => void): void {
    const message = stamped(topic, body);
    const parsed = parseMessage(topic, message);
    if (!parsed.ok) {
      options.onReport?.("invalid-outbound", `${topic}: ${parsed.reason}`);
      return;
    }
    transport.publish(topicOf(options, topic), JSON.stringify(message), topic === "connection" ? 1 : 0, retain, done);
  }

  function receive(name: string, payload: Uint8Array, retain: boolean): void {
    const topic = name.endsWith("/order") ? "order" : "instantActions";
    if (payload.byteLength === 0) return;
    if (retain) {
      options.onReport?.("retained-message", `${name}: kept by the broker; not carried out`);
      return;
    }
    if (topic === "order") receiveOrder(payload);
    else receiveInstantActions(payload);
    stateAsked = true;
    publishState(true);
  }

  function receiveOrder(payload: Uint8Array): void {
    const read = readPayload("order", payload, options, PAYLOAD_BYTES_MAX);
    if (!read.ok) {
      refuse("validationError", read.reason, {});
      return;
    }
    const { orderId, orderUpdateId, headerId } = read.message;
    const references = { headerId: String(headerId), topic: "order", orderId, orderUpdateId: String(orderUpdateId) };
    const flaw = orderFlaw(read.message);
    if (flaw !== null) {
      refuse("validationError", flaw, references);
      return;
    }
    const decoded = decodeOrder(options.vehicle, read.message);
    if (!decoded.ok) {
      refuse("orderError", decoded.reason, references);
      return;
    }
    const { value } = decoded;
    // The last message of an id counts: one before it may have been refused.
    passedOn = [
      ...passedOn.filter((order) => order.orderId !== orderId || order.orderUpdateId !== orderUpdateId),
      value,
    ];
    options.controller.receiveOrder(value);
    takeNoteOfOrder(options.controller.state());
  }

  function receiveInstantActions(payload: Uint8Array): void {
    const read = readPayload("instantActions", payload, options, PAYLOAD_BYTES_MAX);
    if (!read.ok) {
      refuse("validationError", read.reason, {});
      return;
    }
    const { headerId, actions } = read.message;
    for (const [i, decoded] of decodeInstantActions(options.vehicle, read.message).entries()) {
      if (!decoded.ok) {
        const references = { headerId: String(headerId), topic: "instantActions", actionId: actions[i]!.actionId };
        refuse("instantActionError", decoded.reason, references);
        continue;
      }
      options.controller.receiveInstantAction(decoded.value);
      if (decoded.value.actionType === "factsheetRequest") publish("factsheet", options.factsheet, true);
    }
  }

  /** Refusals of the wire's own; the controller's are in its state. */
  function refuse(errorType: string, errorDescription: string, references: Record<string, string>): void {
    const errorReferences = Object.entries(references).map(([referenceKey, referenceValue]) => ({
      referenceKey,
      referenceValue,
    }));
    refusals = [...refusals, { errorType, errorLevel: "WARNING" as const, errorDescription, errorReferences }].slice(
      -ERRORS_MAX,
    );
    options.onReport?.(errorType, errorDescription);
  }

  /** Keeps the path of the order that the controller has accepted: its state names nodes by number only. */
  function takeNoteOfOrder(state: VehicleState): void {
    for (const order of passedOn) {
      if (order.orderId !== state.orderId || order.orderUpdateId > state.orderUpdateId) continue;
      if (path?.orderId !== order.orderId) {
        path = beginPath(order);
        refusals = [];
      } else if (order.orderUpdateId > pathUpdateId) extendPath(path, order);
      else continue;
      pathUpdateId = order.orderUpdateId;
    }
    const isShown = (order: OrderMessage) =>
      order.orderId === state.orderId && order.orderUpdateId <= state.orderUpdateId;
    passedOn = passedOn.filter((order) => !isShown(order)).slice(-PASSED_ON_MAX);
  }

  function publishState(always = false): void {
    const nowMs = transport.nowMs();
    const state = options.controller.state();
    if (!always && !stateAsked && state === lastState && nowMs - lastStateMs < options.stateIntervalMs) return;
    if (!online) return;
    lastState = state;
    lastStateMs = nowMs;
    stateAsked = false;
    takeNoteOfOrder(state);
    const own = path?.orderId === state.orderId ? path : null;
    const body = encodeState(state, own, options.mapId, asksForBase(state, own));
    publish("state", { ...body, errors: [...body.errors, ...refusals] }, false);
    if (own?.nodes.some((node) => node.sequenceId === state.lastNodeSequenceId))
      trimPath(own, state.lastNodeSequenceId);
  }

  function asksForBase(state: VehicleState, own: OrderPath | null): boolean {
    if (own === null || !state.driving || !own.edges.some((edge) => !edge.released)) return false;
    const aheadM = metresToNode(own, baseEnd(own).sequenceId, state);
    return aheadM < (state.v * state.v) / (2 * options.decelerationMps2) + state.v;
  }

  return {
    lastWill: { topic: topicOf(options, "connection"), payload: will },
    topics: [topicOf(options, "order"), topicOf(options, "instantActions")],
    connected(ready) {
      // The state follows when the broker has taken ONLINE: one that comes first is of a vehicle that is not there yet.
      publish("connection", { connectionState: "ONLINE" }, true, () => {
        online = true;
        publishState(true);
        ready?.();
      });
    },
    disconnected() {
      online = false;
    },
    receive,
    publishState: () => publishState(),
    offline: () => ({
      topic: topicOf(options, "connection"),
      payload: JSON.stringify(stamped("connection", { connectionState: "OFFLINE" })),
    }),
  };
}
