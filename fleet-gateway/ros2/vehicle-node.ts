/**
 * The vehicle's side of driving over ROS: takes orders and instant actions for a controller, says how it is, and sends the
 * frames of its own. Used for our simulated vehicles, and as an example of what a vehicle's own node has to do.
 */
import type { VehicleState } from "../../engine/index.ts";
import type { VehicleClient } from "../mqtt/vehicle-client.ts";
import type { VehicleController } from "../mqtt/vehicle-dialog.ts";
import { decodeInstantActions, decodeOrder } from "../vda5050/order-codec.ts";
import { orderFlaw } from "../vda5050/order-rules.ts";
import type { ReferencedVehicleError } from "../vda5050/state-codec.ts";
import { toBatteryState } from "./mapping/battery.ts";
import { mapToOdom, toOdometry, toTransform } from "./mapping/odometry.ts";
import { fromInstantActionsMsg, fromOrderMsg } from "./mapping/order.ts";
import { toStatusMsg } from "./mapping/status.ts";
import type { InstantActionsMsg, OrderMsg, Time } from "./messages.ts";
import { rosName, TOPICS, vehicleTopics } from "./names.ts";
import { QOS } from "./port.ts";
import type { RosNode } from "./ros-node.ts";

export interface RosVehicleOptions {
  readonly node: RosNode;
  /** The engine's name of the vehicle. */
  readonly vehicle: string;
  readonly mapId: string;
  readonly controller: VehicleController;
  /** The vehicle's clock, ROS time. */
  readonly stamp: () => Time;
  /** A clock that does not go back, ms. */
  readonly nowMs: () => number;
  /** Everything is sent at least this often, ms. */
  readonly statusIntervalMs?: number;
  /** Something that came and was not taken. */
  readonly onReport?: (code: string, reason: string) => void;
}

const STATUS_INTERVAL_MS = 400;
const BATTERY_INTERVAL_MS = 1000;
const ERRORS_MAX = 8;

/** Puts one vehicle on the graph. `publishState` is to be called after the vehicle moved on. */
export function connectRosVehicle(options: RosVehicleOptions): VehicleClient {
  const { node, vehicle, controller } = options;
  const topics = vehicleTopics(rosName(vehicle));
  const intervalMs = options.statusIntervalMs ?? STATUS_INTERVAL_MS;
  const sendStatus = node.publisher(topics.status, "kalong_msgs/msg/VehicleStatus", QOS.reliable);
  const sendOdometry = node.publisher(topics.odometry, "nav_msgs/msg/Odometry", QOS.sensorData);
  const sendBattery = node.publisher(topics.battery, "sensor_msgs/msg/BatteryState", QOS.sensorData);
  const sendTransforms = node.publisher(TOPICS.transforms, "tf2_msgs/msg/TFMessage", QOS.transforms);
  const sendFixed = node.publisher(TOPICS.fixedTransforms, "tf2_msgs/msg/TFMessage", QOS.latched);
  let refusals: ReferencedVehicleError[] = [];
  let refusedOf = "";
  let last: VehicleState | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  let batteryMs = Number.NEGATIVE_INFINITY;
  let gone = false;

  sendFixed({ transforms: [mapToOdom(vehicle, options.stamp())] });
  node.subscribe(topics.order, "kalong_msgs/msg/Order", QOS.reliable, (message) => {
    if (gone) return;
    receiveOrder(message);
    publish(true);
  });
  node.subscribe(topics.instantActions, "kalong_msgs/msg/InstantActions", QOS.reliable, (message) => {
    if (gone) return;
    receiveInstantActions(message);
    publish(true);
  });

  function receiveOrder(message: OrderMsg): void {
    const references = { orderId: message.order_id, orderUpdateId: String(message.order_update_id) };
    const read = fromOrderMsg(message, options.mapId);
    if (!read.ok) {
      refuse("validationError", read.reason, references);
      return;
    }
    const flaw = orderFlaw(read.body);
    if (flaw !== null) {
      refuse("validationError", flaw, references);
      return;
    }
    const decoded = decodeOrder(vehicle, read.body);
    if (decoded.ok) controller.receiveOrder(decoded.value);
    else refuse("orderError", decoded.reason, references);
  }

  function receiveInstantActions(message: InstantActionsMsg): void {
    const body = fromInstantActionsMsg(message);
    for (const [i, decoded] of decodeInstantActions(vehicle, body).entries()) {
      if (decoded.ok) controller.receiveInstantAction(decoded.value);
      else refuse("instantActionError", decoded.reason, { actionId: body.actions[i]!.actionId });
    }
  }

  /** Refusals of the interface's own; the controller's are in its state. */
  function refuse(errorType: string, errorDescription: string, references: Record<string, string>): void {
    const errorReferences = Object.entries(references).map(([referenceKey, referenceValue]) => ({
      referenceKey,
      referenceValue,
    }));
    const error = { errorType, errorLevel: "WARNING" as const, errorDescription, errorReferences };
    refusals = [...refusals, error].slice(-ERRORS_MAX);
    refusedOf = controller.state().orderId;
    options.onReport?.(errorType, errorDescription);
  }

  function publish(always: boolean): void {
    const nowMs = options.nowMs();
    const state = controller.state();
    if (gone || (!always && state === last && nowMs - lastMs < intervalMs)) return;
    last = state;
    lastMs = nowMs;
    // Errors of an order go when another one was accepted.
    if (refusals.length > 0 && state.orderId !== refusedOf) refusals = [];
    const stamp = options.stamp();
    if (nowMs - batteryMs >= BATTERY_INTERVAL_MS) {
      batteryMs = nowMs;
      sendBattery(toBatteryState(state, stamp));
    }
    sendOdometry(toOdometry(state, stamp));
    sendStatus(toStatusMsg(state, refusals, stamp));
    sendTransforms({ transforms: [toTransform(state, stamp)] });
  }

  return {
    ready: Promise.resolve(),
    publishState: () => publish(false),
    // The graph has no farewell: who is gone is silent.
    async close() {
      gone = true;
    },
    breakConnection() {
      gone = true;
    },
  };
}
