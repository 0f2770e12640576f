/**
 * Everything that enters and leaves the engine. Field names of orders and states are VDA 5050's where it has the thing.
 * Times are integer milliseconds of run time, ticks are the engine's; no wall clock appears here.
 */
import type { Side } from "../planner/index.ts";
import type { EventCode } from "./events.ts";

export type Tick = number;

// ---------------------------------------------------------------- vehicles (VehicleLink)

export type ActionType =
  | "pick" // container onto the vehicle; parameters: container
  | "drop" // container off the vehicle; parameters: container
  | "service" // pass of an in-line station or dock (gate, scanner, disinfection, inspection); parameters: station, container?
  | "startCharging" // runs until the state of charge reaches `untilSoc` or stopCharging; parameters: untilSoc
  | "stopCharging";

export type ActionStatus = "WAITING" | "INITIALIZING" | "RUNNING" | "PAUSED" | "FINISHED" | "FAILED";

export interface OrderAction {
  readonly actionId: string;
  readonly actionType: ActionType;
  readonly blockingType: "NONE" | "SOFT" | "HARD";
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** A node is a position on a lane; the vehicle's centre is there, heading along the lane. */
export interface OrderNode {
  readonly nodeId: string;
  /** Even. */
  readonly sequenceId: number;
  readonly released: boolean;
  readonly lane: string;
  /** Metres from the lane's start in the direction of travel. */
  readonly s: number;
  readonly x: number;
  readonly y: number;
  readonly theta: number;
  readonly actions: readonly OrderAction[];
}

/** Edge between two consecutive nodes of an order; it lies on one directed lane. */
export interface OrderEdge {
  readonly edgeId: string;
  /** Odd. */
  readonly sequenceId: number;
  readonly released: boolean;
  readonly lane: string;
  readonly fromM: number;
  readonly toM: number;
  readonly maxSpeedMps: number;
}

/**
 * An order or an update of it. The released nodes and edges are the base: they are never taken back. Those behind it are
 * the horizon, the planned way on: any update replaces or drops it. An update begins with the last released node of the
 * base before it, unchanged.
 */
export interface OrderMessage {
  readonly vehicle: string;
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
}

export interface InstantActionMessage {
  readonly vehicle: string;
  readonly actionId: string;
  readonly actionType:
    | "cancelOrder"
    | "startPause"
    | "stopPause"
    | "stateRequest"
    | "factsheetRequest"
    | "stopCharging";
  readonly parameters: Readonly<Record<string, string | number>>;
}

export type OperatingMode = "AUTOMATIC" | "SEMIAUTOMATIC" | "MANUAL" | "SERVICE" | "TEACHIN";

export interface VehicleError {
  readonly errorType: string;
  readonly errorLevel: "WARNING" | "FATAL";
  readonly errorDescription: string;
}

/** What a vehicle says of itself. `lane` and `s` are where it is on the path of its order (its own map matching). */
export interface VehicleState {
  readonly vehicle: string;
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly lastNodeId: string;
  readonly lastNodeSequenceId: number;
  /** Sequence ids of the nodes that it has yet to reach, in order. */
  readonly nodeSequenceIds: readonly number[];
  readonly x: number;
  readonly y: number;
  readonly theta: number;
  readonly v: number;
  readonly lane: string;
  readonly s: number;
  /** Half width in metres of the interval along the lane that holds the true position with certainty. */
  readonly uncertaintyM: number;
  readonly driving: boolean;
  readonly paused: boolean;
  readonly operatingMode: OperatingMode;
  readonly soc: number;
  readonly charging: boolean;
  /** Container ids on board. */
  readonly loads: readonly string[];
  readonly actionStates: readonly { readonly actionId: string; readonly actionStatus: ActionStatus }[];
  readonly errors: readonly VehicleError[];
  readonly eStop: "NONE" | "AUTOACK" | "MANUAL" | "REMOTE";
  readonly fieldViolation: boolean;
}

export type Connection = "ONLINE" | "OFFLINE" | "CONNECTIONBROKEN";

/** The one port to vehicles. Adapters: in-process simulator, VDA 5050 over MQTT, ROS 2. The engine cannot tell which. */
export interface VehicleLink {
  sendOrder(order: OrderMessage): void;
  sendInstantAction(action: InstantActionMessage): void;
  /** Called for each message from a vehicle, in the order of arrival. */
  onState(listener: (state: VehicleState) => void): void;
  onConnection(listener: (vehicle: string, connection: Connection) => void): void;
}

// ---------------------------------------------------------------- transport orders

export type Commodity = "fresh-produce" | "frozen-seafood" | "electronics" | "general";

export interface Container {
  readonly id: string;
  readonly lengthFt: 20 | 40 | 45;
  readonly laden: boolean;
  readonly reefer: boolean;
  readonly commodity: Commodity;
  /** Gross mass, kg. */
  readonly massKg: number;
}

/** The customer's side: one container from A to B, past the stations it must pass. */
export interface TransportOrder {
  readonly id: string;
  readonly container: Container;
  /** Station ids (cranes) where it waits and where it goes. */
  readonly from: string;
  readonly to: string;
  /** Roles of stations to pass on the way, each with the side of the border on which it is, in travel order. */
  readonly via: readonly { readonly role: "gate" | "scanner" | "disinfection"; readonly side: Side }[];
  /** Milliseconds of run time: may be picked up from; should be delivered by. */
  readonly releaseMs: number;
  readonly dueMs: number;
  /** 0 (most urgent) .. 9. */
  readonly priority: number;
}

// ---------------------------------------------------------------- inputs

export type EngineInput =
  | { readonly kind: "vehicle-state"; readonly state: VehicleState }
  | { readonly kind: "connection"; readonly vehicle: string; readonly connection: Connection }
  | { readonly kind: "transport-order"; readonly order: TransportOrder }
  | { readonly kind: "cancel-transport-order"; readonly order: string; readonly by: string }
  | { readonly kind: "prioritise-transport-order"; readonly order: string; readonly priority: number }
  | { readonly kind: "retarget-transport-order"; readonly order: string; readonly to: string }
  | { readonly kind: "admit-vehicle"; readonly vehicle: string; readonly type: string; readonly bay: string }
  | { readonly kind: "vehicle-broken"; readonly vehicle: string }
  | { readonly kind: "vehicle-repaired"; readonly vehicle: string }
  | { readonly kind: "pause"; readonly vehicle: string | null }
  | { readonly kind: "resume"; readonly vehicle: string | null }
  | { readonly kind: "close-lane"; readonly lane: string }
  | { readonly kind: "open-lane"; readonly lane: string }
  | { readonly kind: "station-out"; readonly station: string }
  | { readonly kind: "station-in"; readonly station: string };

// ---------------------------------------------------------------- outputs

export type GroundKind = "lane" | "area" | "place";

/** Fields as in the recording's /reservations. */
export interface ReservationMessage {
  readonly vehicle: string;
  /** Lane: the directed lane's id. Area: its name. Place: the bay's id. */
  readonly resource: string;
  readonly kind: GroundKind;
  /** Area: the lane id of the side. Else "". */
  readonly side: string;
  /** Lane: metres held, of body and authority, tail gap included. Else 0, 0. */
  readonly fromM: number;
  readonly toM: number;
  readonly event: "granted" | "cleared";
  /** Place in the resource's order. */
  readonly seq: number;
}

export interface PlanMessage {
  readonly vehicle: string;
  readonly planId: number;
  /** Stand ids with the planned time of reaching each stop line (ms of run time). */
  readonly nodes: readonly string[];
  readonly times: readonly number[];
  readonly restsAt: string;
  readonly reason: string;
}

export interface OrderEventMessage {
  readonly order: string;
  readonly event: "accepted" | "assigned" | "pickedUp" | "atStation" | "delivered" | "cancelled" | "waiting";
  readonly vehicle: string | null;
  readonly container: string;
  readonly place: string;
  readonly reason: string;
  /** What is to be carried, with `accepted`. */
  readonly load?: Pick<Container, "commodity" | "lengthFt" | "laden">;
}

/**
 * A thing that happened, by code; people's words are made at the edge. `data` holds ids and numbers only. The engine's
 * own codes are in events.ts; who records a run may add events of the world around it.
 */
export interface EngineEvent<Code extends string = string> {
  readonly code: Code;
  readonly vehicle: string | null;
  readonly data: Readonly<Record<string, string | number>>;
}

export type EngineOutput =
  | { readonly kind: "order"; readonly message: OrderMessage }
  | { readonly kind: "instant-action"; readonly message: InstantActionMessage }
  | { readonly kind: "reservation"; readonly message: ReservationMessage }
  | { readonly kind: "plan"; readonly message: PlanMessage }
  | { readonly kind: "order-event"; readonly message: OrderEventMessage }
  | { readonly kind: "event"; readonly message: EngineEvent<EventCode> };
