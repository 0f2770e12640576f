import type { Connection, InstantActionMessage, OrderMessage, VehicleState } from "../../engine/index.ts";
import type { LaneGraph } from "../../planner/index.ts";
import type { Vda5050Factsheet } from "../vda5050/factsheet.ts";
import { createLaneGeometry } from "../vda5050/lane-geometry.ts";
import { type MESSAGES, type MessageTopic, PROTOCOL_VERSION, parseMessage } from "../vda5050/messages.ts";
import {
  defaultOrderStateOptions,
  type OrderStateEffect,
  type OrderStateReport,
  VehicleOrderState,
} from "../vda5050/order-state.ts";
import { type PayloadFault, readPayload } from "./read-payload.ts";
import { identityKey, isTopicPart, parseTopic, topicOf, type VehicleIdentity } from "./topics.ts";

/** How a vehicle departs from 2.1: version 2.0 controllers check the version, some name the actions otherwise. */
export interface VehicleDialect {
  readonly version: string;
  readonly instantActionsKey: "actions" | "instantActions";
}

export interface LinkVehicle extends VehicleIdentity {
  /** The engine's name of it. */
  readonly vehicle: string;
  readonly dialect?: VehicleDialect;
}

/** Something that a person or a counter should know. `vehicle` is null if it concerns none of ours. */
export interface LinkReport {
  readonly code:
    | PayloadFault
    | OrderStateReport
    | "unknown-topic"
    | "unknown-vehicle"
    | "retained-message" // an order, action or state that the broker had kept
    | "foreign-order" // somebody else gives orders to our vehicle
    | "invalid-outbound"
    | "broker-connected"
    | "broker-lost"
    | "broker-error";
  readonly vehicle: string | null;
  readonly topic: string | null;
  readonly reason: string;
}

/** What both a connection to a broker and a simulated one must say of fleet and site. */
export interface FleetDialogOptions {
  readonly vehicles: readonly LinkVehicle[];
  /** Begins every id on the wire; no run before may have had the same. */
  readonly session: string;
  /** Guaranteed deceleration of the vehicles, m/s²: with it a base that comes too late is noticed. */
  readonly decelerationMps2?: number;
  /** Name of the map that positions refer to: the site's id. */
  readonly mapId: string;
  readonly lanes: LaneGraph;
  readonly onReport: (report: LinkReport) => void;
  /** Every message as it was sent or came from one of ours, parsed. */
  readonly onTrace?: (topic: string, message: unknown) => void;
  readonly onFactsheet?: (vehicle: string, factsheet: Vda5050Factsheet) => void;
  readonly payloadBytesMax?: number;
  readonly rules?: Partial<Record<keyof typeof defaultOrderStateOptions, number>>;
}

/** The connection under a dialog. */
export interface FleetTransport {
  /** Hands a message to the broker at QoS 0. */
  publish(topic: string, payload: string, retain: boolean): void;
  /** Monotonic ms; only differences count. */
  nowMs(): number;
  /** Calendar time, ms since 1970, for the headers. */
  calendarMs(): number;
}

/** Fleet control's side of VDA 5050 towards the whole fleet, whatever carries the messages. */
export interface FleetDialog {
  /** A message that the broker hands over. */
  receive(topic: string, payload: Uint8Array, retain: boolean): void;
  /** Looks for repetitions that are due and for silence. Call it while connected. */
  tick(): void;
  sendOrder(order: OrderMessage): void;
  sendInstantAction(action: InstantActionMessage): void;
  onState(listener: (state: VehicleState, timestampMs: number) => void): void;
  onConnection(listener: (vehicle: string, connection: Connection) => void): void;
  report(code: LinkReport["code"], vehicle: string | null, topic: string | null, reason: string): void;
  /** How often each code was reported. */
  readonly counts: ReadonlyMap<LinkReport["code"], number>;
  /** Messages that were taken, and sent, by topic. */
  readonly received: ReadonlyMap<MessageTopic, number>;
  readonly sent: ReadonlyMap<MessageTopic, number>;
}

/** Topics that vehicles publish and the logic reads; visualization is for screens and is not read (6.12). */
export const INBOUND: readonly MessageTopic[] = ["connection", "state", "factsheet"];
/** Topics that fleet control alone may publish. It listens to them to find kept orders and other masters. */
export const OUTBOUND: readonly MessageTopic[] = ["order", "instantActions"];
/** Own messages that are remembered, so that what the broker hands back is known, once or twice. */
const ECHOES_MAX = 64;

interface Linked {
  readonly identity: LinkVehicle;
  readonly orders: VehicleOrderState;
  readonly echoes: Set<string>;
}

const decoder = new TextDecoder();

/**
 * Every message is checked in both directions: what is malformed, too large, of a vehicle that is not listed, older than
 * what is known, or kept by the broker is reported with vehicle and reason, and changes nothing. It knows no clock and no
 * connection, so that the same code runs over a broker and on a simulated network in virtual time.
 * @throws RangeError if a manufacturer or serial number may not be a part of a topic, or one comes twice
 */
export function createFleetDialog(options: FleetDialogOptions, transport: FleetTransport): FleetDialog {
  const payloadBytesMax = options.payloadBytesMax ?? 256 * 1024;
  const counts = new Map<LinkReport["code"], number>();
  const received = new Map<MessageTopic, number>();
  const sent = new Map<MessageTopic, number>();
  const stateListeners: ((state: VehicleState, timestampMs: number) => void)[] = [];
  const connectionListeners: ((vehicle: string, connection: Connection) => void)[] = [];
  const { byVehicle, byIdentity } = linkVehicles(options);

  function report(code: LinkReport["code"], vehicle: string | null, topic: string | null, reason: string): void {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    options.onReport({ code, vehicle, topic, reason });
  }

  function act(linked: Linked, effects: readonly OrderStateEffect[]): void {
    const { vehicle } = linked.identity;
    for (const effect of effects) {
      if (effect.kind === "publish") publish(linked, effect);
      else if (effect.kind === "state")
        for (const listener of stateListeners) listener(effect.state, effect.timestampMs);
      else if (effect.kind === "connection")
        for (const listener of connectionListeners) listener(vehicle, effect.connection);
      else report(effect.code, vehicle, null, effect.reason);
    }
  }

  function publish(linked: Linked, effect: Extract<OrderStateEffect, { kind: "publish" }>): void {
    const { vehicle, manufacturer, serialNumber, dialect } = linked.identity;
    const header = {
      headerId: effect.headerId,
      timestamp: new Date(transport.calendarMs()).toISOString(),
      version: dialect?.version ?? PROTOCOL_VERSION,
      manufacturer,
      serialNumber,
    };
    const message = { ...header, ...effect.body };
    const name = topicOf(linked.identity, effect.topic);
    const parsed = parseMessage(effect.topic, message);
    if (!parsed.ok) {
      report("invalid-outbound", vehicle, name, parsed.reason);
      return;
    }
    const spoken =
      effect.topic === "instantActions" && dialect?.instantActionsKey === "instantActions"
        ? { ...header, instantActions: effect.body.actions }
        : message;
    const payload = JSON.stringify(spoken);
    linked.echoes.add(payload);
    if (linked.echoes.size > ECHOES_MAX)
      for (const oldest of linked.echoes) {
        linked.echoes.delete(oldest);
        break;
      }
    sent.set(effect.topic, (sent.get(effect.topic) ?? 0) + 1);
    options.onTrace?.(name, spoken);
    transport.publish(name, payload, false);
  }

  /** Something on a topic that only fleet control publishes: our own message handed back, or what must not be there. */
  function receiveOutbound(linked: Linked, name: string, payload: Uint8Array, retain: boolean): void {
    if (payload.byteLength === 0) return;
    const { vehicle } = linked.identity;
    if (retain) {
      transport.publish(name, "", true);
      report("retained-message", vehicle, name, "the broker had kept it for the vehicle's next start; removed");
    } else if (!linked.echoes.has(decoder.decode(payload))) {
      report("foreign-order", vehicle, name, "another fleet control sends to this vehicle");
    }
  }

  function receive(name: string, payload: Uint8Array, retain: boolean): void {
    const parsedTopic = parseTopic(name);
    if (parsedTopic === null) {
      report("unknown-topic", null, name, "not a topic of VDA 5050");
      return;
    }
    const { identity, topic } = parsedTopic;
    const linked = byIdentity.get(identityKey(identity));
    if (linked === undefined) {
      if (payload.byteLength === 0) return;
      report("unknown-vehicle", null, name, `${identityKey(identity)} is not in the fleet's list`);
      return;
    }
    if (OUTBOUND.includes(topic)) {
      receiveOutbound(linked, name, payload, retain);
      return;
    }
    const { vehicle } = linked.identity;
    if (topic === "state" && retain) {
      report("retained-message", vehicle, name, "a state that the broker had kept tells nothing of now");
      return;
    }
    receiveInbound(linked, name, topic, payload);
  }

  function receiveInbound(linked: Linked, name: string, topic: MessageTopic, payload: Uint8Array): void {
    const { vehicle } = linked.identity;
    const read = readPayload(topic, payload, linked.identity, payloadBytesMax);
    if (!read.ok) {
      report(read.fault, vehicle, name, read.reason);
      return;
    }
    received.set(topic, (received.get(topic) ?? 0) + 1);
    options.onTrace?.(name, read.message);
    const nowMs = transport.nowMs();
    const message = read.message as {
      [Topic in MessageTopic]: ReturnType<(typeof MESSAGES)[Topic]["parse"]>;
    }[MessageTopic];
    if ("connectionState" in message) act(linked, linked.orders.connection(message.connectionState, nowMs));
    else if ("nodeStates" in message) act(linked, linked.orders.state(message, nowMs));
    else if ("protocolLimits" in message) {
      act(linked, linked.orders.receiveFactsheet(message, nowMs));
      options.onFactsheet?.(vehicle, message);
    }
  }

  function linkedOf(vehicle: string): Linked | null {
    const linked = byVehicle.get(vehicle);
    if (linked === undefined) report("unknown-vehicle", vehicle, null, `${vehicle} is not in the fleet's list`);
    return linked ?? null;
  }

  return {
    receive,
    report,
    tick() {
      for (const linked of byVehicle.values()) act(linked, linked.orders.tick(transport.nowMs()));
    },
    counts,
    received,
    sent,
    sendOrder(order: OrderMessage) {
      const linked = linkedOf(order.vehicle);
      if (linked !== null) act(linked, linked.orders.order(order, transport.nowMs()));
    },
    sendInstantAction(action: InstantActionMessage) {
      const linked = linkedOf(action.vehicle);
      if (linked !== null) act(linked, linked.orders.instantAction(action, transport.nowMs()));
    },
    onState: (listener) => void stateListeners.push(listener),
    onConnection: (listener) => void connectionListeners.push(listener),
  };
}

function linkVehicles(options: FleetDialogOptions): {
  byVehicle: Map<string, Linked>;
  byIdentity: Map<string, Linked>;
} {
  const geometry = createLaneGeometry(options.lanes);
  const { session } = options;
  const byVehicle = new Map<string, Linked>();
  const byIdentity = new Map<string, Linked>();
  for (const identity of options.vehicles) {
    const { vehicle } = identity;
    for (const part of [identity.manufacturer, identity.serialNumber]) {
      if (!isTopicPart(part)) {
        throw new RangeError(`vehicle ${vehicle}: "${part}" may not be in a topic; letters, digits and _ . : - may`);
      }
    }
    if (byVehicle.has(vehicle) || byIdentity.has(identityKey(identity))) {
      throw new RangeError(`vehicle ${vehicle} (${identityKey(identity)}) is listed twice`);
    }
    const braking = options.decelerationMps2 === undefined ? {} : { decelerationMps2: options.decelerationMps2 };
    const rules = { ...defaultOrderStateOptions, ...options.rules };
    const orders = new VehicleOrderState({ ...rules, vehicle, session, mapId: options.mapId, geometry, ...braking });
    const linked = { identity, orders, echoes: new Set<string>() };
    byVehicle.set(vehicle, linked);
    byIdentity.set(identityKey(identity), linked);
  }
  return { byVehicle, byIdentity };
}
