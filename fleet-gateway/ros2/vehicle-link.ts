/**
 * Vehicles that are driven over ROS, as a `VehicleLink`. What is sent again, confirmed, refused or given up is decided by
 * the same rules as over MQTT (`VehicleOrderState`); this file only carries: orders and the released path out, odometry,
 * battery and status in. A vehicle is there while odometry and status both come; when one stops it is out of reach,
 * and what it was granted stays its own.
 */
import type { Connection, InstantActionMessage, OrderMessage, VehicleLink, VehicleState } from "../../engine/index.ts";
import type { LaneGraph } from "../../planner/index.ts";
import type { LinkReport } from "../mqtt/fleet-dialog.ts";
import { createLaneGeometry, type LaneGeometry } from "../vda5050/lane-geometry.ts";
import { decodeOrder } from "../vda5050/order-codec.ts";
import { beginPath, extendPath, type OrderPath, trimPath } from "../vda5050/order-path.ts";
import { defaultOrderStateOptions, type OrderStateEffect, VehicleOrderState } from "../vda5050/order-state.ts";
import { FrameTree } from "./frame-tree.ts";
import { fromBatteryState } from "./mapping/battery.ts";
import { fromOdometry, type OdometryReading } from "./mapping/odometry.ts";
import { toInstantActionsMsg, toOrderMsg } from "./mapping/order.ts";
import { basePath } from "./mapping/path.ts";
import { toStateBody } from "./mapping/status.ts";
import { rosTimeMs } from "./mapping/time.ts";
import type { InstantActionsMsg, OrderMsg, Path, Time, VehicleStatusMsg } from "./messages.ts";
import { rosName, TOPICS, vehicleTopics } from "./names.ts";
import { QOS } from "./port.ts";
import type { RosNode } from "./ros-node.ts";
import { rosFactsheet } from "./vehicle-factsheet.ts";

export interface RosVehicleLinkOptions {
  readonly node: RosNode;
  /** Ids of the vehicles. */
  readonly vehicles: readonly string[];
  /** Name of the map: the site's id. */
  readonly mapId: string;
  readonly lanes: LaneGraph;
  /** Guaranteed deceleration of the vehicles, m/s². */
  readonly decelerationMps2?: number;
  /** Begins every id on the wire (see vda5050/id-scope.ts); a random name if left out. */
  readonly session?: string;
  /** Two parts of a vehicle's state belong together if they are no further apart, ms; it is silent after twice that. */
  readonly partAgeMaxMs?: number;
  /** A clock that does not go back, ms. */
  readonly nowMs: () => number;
  /** ROS time now, for what is sent. */
  readonly stamp: () => Time;
  readonly onReport: (report: LinkReport) => void;
}

export interface RosVehicleLink extends VehicleLink {
  /** `timestampMs`: the odometry's stamp. */
  onState(listener: (state: VehicleState, timestampMs: number) => void): void;
  /** Repeats what was not confirmed and notices silence; to be called about ten times a second. */
  tick(): void;
  /** From sending an order to the vehicle's status that shows it, ms; the newest ones. */
  readonly roundTripsMs: readonly number[];
}

const PART_AGE_MAX_MS = 1000;
/** A stamp this far back is a clock that was set back, not a message that was overtaken. */
const CLOCK_RESET_MS = 10_000;
const ROUND_TRIPS_MAX = 10_000;
/** After these the vehicle has no way to drive any more. */
const ENDS_PATH: readonly LinkReport["code"][] = ["order-cancelled", "order-lost", "order-rejected", "order-ended"];

interface Linked {
  readonly vehicle: string;
  readonly orders: VehicleOrderState;
  readonly sendOrder: (message: OrderMsg) => void;
  readonly sendActions: (message: InstantActionsMsg) => void;
  readonly sendPath: (message: Path) => void;
  /** The newest of each, and when it came. */
  odometry: { readonly reading: OdometryReading; readonly stampMs: number; readonly ms: number } | null;
  status: { readonly message: VehicleStatusMsg; readonly stampMs: number; readonly ms: number } | null;
  battery: { readonly soc: number; readonly charging: boolean } | null;
  states: number;
  /** Since when its odometry's frame is not known. */
  unplacedMs: number | null;
  path: OrderPath | null;
  /** The order message that no state has shown yet, and when it was sent first. */
  waitsFor: { readonly orderId: string; readonly orderUpdateId: number; readonly sentMs: number } | null;
  /** What was wrong with the last message of a topic, so that it is told once. */
  readonly flaws: Map<string, string>;
}

/** @throws RangeError if two vehicles have the same name in ROS */
export function createRosVehicleLink(options: RosVehicleLinkOptions): RosVehicleLink {
  const { node, mapId, nowMs } = options;
  const geometry = createLaneGeometry(options.lanes);
  const frames = new FrameTree();
  const stateListeners: ((state: VehicleState, timestampMs: number) => void)[] = [];
  const connectionListeners: ((vehicle: string, connection: Connection) => void)[] = [];
  const partAgeMaxMs = options.partAgeMaxMs ?? PART_AGE_MAX_MS;
  const roundTripsMs: number[] = [];
  const session = options.session ?? crypto.randomUUID().slice(0, 8);
  const byVehicle = new Map(options.vehicles.map((vehicle) => [vehicle, link(vehicle)]));
  node.subscribe(TOPICS.transforms, "tf2_msgs/msg/TFMessage", QOS.transforms, (message) => frames.take(message));
  node.subscribe(TOPICS.fixedTransforms, "tf2_msgs/msg/TFMessage", { ...QOS.latched, depth: 100 }, (message) =>
    frames.take(message),
  );

  function link(vehicle: string): Linked {
    const topics = vehicleTopics(rosName(vehicle));
    const braking = options.decelerationMps2 === undefined ? {} : { decelerationMps2: options.decelerationMps2 };
    const rules = { ...defaultOrderStateOptions, staleAfterMs: 2 * partAgeMaxMs };
    const orders = new VehicleOrderState({ ...rules, vehicle, session, mapId, geometry, ...braking });
    const linked: Linked = {
      vehicle,
      orders,
      sendOrder: node.publisher(topics.order, "kalong_msgs/msg/Order", QOS.reliable),
      sendActions: node.publisher(topics.instantActions, "kalong_msgs/msg/InstantActions", QOS.reliable),
      sendPath: node.publisher(topics.path, "nav_msgs/msg/Path", QOS.latched),
      odometry: null,
      status: null,
      battery: null,
      states: 0,
      unplacedMs: null,
      path: null,
      waitsFor: null,
      flaws: new Map(),
    };
    // ROS has no factsheet: how often states come is agreed, and nothing else is limited.
    act(linked, orders.receiveFactsheet(rosFactsheet(vehicle, (2 * partAgeMaxMs) / 3000), nowMs()));
    node.subscribe(topics.odometry, "nav_msgs/msg/Odometry", QOS.sensorData, (message) => {
      const stampMs = rosTimeMs(message.header.stamp);
      if (!isNext(linked, topics.odometry, linked.odometry?.stampMs ?? null, stampMs)) return;
      const frame = frames.placeOf(message.header.frame_id);
      if (frame === null) {
        // At the start transforms and odometry come in any order.
        linked.unplacedMs ??= nowMs();
        const reason = `no transform leads from map to its frame "${message.header.frame_id}"`;
        if (nowMs() - linked.unplacedMs > partAgeMaxMs) flaw(linked, topics.odometry, reason);
        return;
      }
      linked.unplacedMs = null;
      const reading = fromOdometry(message, frame);
      if (reading === null) {
        flaw(linked, topics.odometry, "its pose or speed is not finite or no rotation");
        return;
      }
      flaw(linked, topics.odometry, "");
      linked.odometry = { reading, stampMs, ms: nowMs() };
      assemble(linked);
    });
    node.subscribe(topics.battery, "sensor_msgs/msg/BatteryState", QOS.sensorData, (message) => {
      const battery = fromBatteryState(message);
      const wrong = `percentage is ${message.percentage}, expected 0 to 1`;
      flaw(linked, topics.battery, battery === null ? wrong : "");
      if (battery !== null) linked.battery = battery;
    });
    node.subscribe(topics.status, "kalong_msgs/msg/VehicleStatus", QOS.reliable, (message) => {
      const stampMs = rosTimeMs(message.header.stamp);
      if (!isNext(linked, topics.status, linked.status?.stampMs ?? null, stampMs)) return;
      linked.status = { message, stampMs, ms: nowMs() };
      assemble(linked);
    });
    return linked;
  }

  /** Whether a message is not older than the last one of its topic. */
  function isNext(linked: Linked, topic: string, lastMs: number | null, stampMs: number): boolean {
    if (lastMs === null || stampMs >= lastMs) return true;
    if (lastMs - stampMs > CLOCK_RESET_MS) {
      options.onReport({ code: "vehicle-restarted", vehicle: linked.vehicle, topic, reason: "its clock was set back" });
      return true;
    }
    const reason = `stamped ${(lastMs - stampMs).toFixed(0)} ms before the one that came before it`;
    options.onReport({ code: "stale-message", vehicle: linked.vehicle, topic, reason });
    return false;
  }

  /** Tells what is wrong with a topic's messages when that changes; "" is nothing. */
  function flaw(linked: Linked, topic: string, reason: string): void {
    if ((linked.flaws.get(topic) ?? "") === reason) return;
    linked.flaws.set(topic, reason);
    if (reason !== "") options.onReport({ code: "schema-violation", vehicle: linked.vehicle, topic, reason });
  }

  /** A state is made of status and odometry that belong together, and of the last battery state. */
  function assemble(linked: Linked): void {
    const { status, odometry, battery } = linked;
    if (status === null || odometry === null || battery === null) return;
    const at = nowMs();
    if (at - status.ms > partAgeMaxMs || at - odometry.ms > partAgeMaxMs) return;
    const topic = vehicleTopics(rosName(linked.vehicle)).status;
    const read = toStateBody(status.message, odometry.reading, battery, mapId);
    flaw(linked, topic, read.ok ? "" : read.reason);
    if (!read.ok) return;
    if (linked.states === 0) act(linked, linked.orders.connection("ONLINE", at));
    const state = {
      headerId: linked.states++,
      timestamp: new Date(odometry.stampMs).toISOString(),
      version: "2.1.0",
      manufacturer: "ros2",
      serialNumber: linked.vehicle,
      ...read.body,
    };
    if (linked.path?.orderId === state.orderId) trimPath(linked.path, state.lastNodeSequenceId);
    measure(linked, state.orderId, state.orderUpdateId, at);
    act(linked, linked.orders.state(state, at));
  }

  function measure(linked: Linked, orderId: string, orderUpdateId: number, at: number): void {
    const { waitsFor } = linked;
    if (waitsFor === null || orderId !== waitsFor.orderId || orderUpdateId < waitsFor.orderUpdateId) return;
    linked.waitsFor = null;
    roundTripsMs.push(at - waitsFor.sentMs);
    if (roundTripsMs.length > ROUND_TRIPS_MAX) roundTripsMs.shift();
  }

  function act(linked: Linked, effects: readonly OrderStateEffect[]): void {
    const { vehicle } = linked;
    for (const effect of effects) {
      if (effect.kind === "publish") publish(linked, effect);
      else if (effect.kind === "state")
        for (const listener of stateListeners) listener(effect.state, effect.timestampMs);
      else if (effect.kind === "connection")
        for (const listener of connectionListeners) listener(vehicle, effect.connection);
      else {
        options.onReport({ code: effect.code, vehicle, topic: null, reason: effect.reason });
        if (ENDS_PATH.includes(effect.code)) {
          linked.path = null;
          linked.sendPath(basePath(null, geometry, options.stamp()));
        }
      }
    }
  }

  function publish(linked: Linked, effect: Extract<OrderStateEffect, { kind: "publish" }>): void {
    const stamp = options.stamp();
    if (effect.topic === "instantActions") {
      linked.sendActions(toInstantActionsMsg(effect.body, stamp));
      return;
    }
    const decoded = decodeOrder(linked.vehicle, effect.body);
    if (!decoded.ok) {
      options.onReport({
        code: "invalid-outbound",
        vehicle: linked.vehicle,
        topic: null,
        reason: decoded.reason,
      });
      return;
    }
    const order = decoded.value;
    const { orderId, orderUpdateId } = order;
    const waits = linked.waitsFor;
    if (waits?.orderId !== orderId || waits.orderUpdateId !== orderUpdateId) {
      linked.waitsFor = { orderId, orderUpdateId, sentMs: nowMs() };
    }
    linked.sendOrder(toOrderMsg(effect.body, order, geometry, stamp));
    publishPath(linked, order, geometry, stamp);
  }

  function publishPath(linked: Linked, order: OrderMessage, lanes: LaneGeometry, stamp: Time): void {
    if (linked.path?.orderId === order.orderId) extendPath(linked.path, order);
    else linked.path = beginPath(order);
    linked.sendPath(basePath(linked.path, lanes, stamp));
  }

  function linkedOf(vehicle: string): Linked | null {
    const linked = byVehicle.get(vehicle);
    if (linked === undefined) {
      const reason = `${vehicle} is not driven over ROS`;
      options.onReport({ code: "unknown-vehicle", vehicle, topic: null, reason });
    }
    return linked ?? null;
  }

  return {
    roundTripsMs,
    sendOrder(order: OrderMessage) {
      const linked = linkedOf(order.vehicle);
      if (linked !== null) act(linked, linked.orders.order(order, nowMs()));
    },
    sendInstantAction(action: InstantActionMessage) {
      const linked = linkedOf(action.vehicle);
      if (linked !== null) act(linked, linked.orders.instantAction(action, nowMs()));
    },
    onState: (listener) => void stateListeners.push(listener),
    onConnection: (listener) => void connectionListeners.push(listener),
    tick() {
      for (const linked of byVehicle.values()) act(linked, linked.orders.tick(nowMs()));
    },
  };
}
