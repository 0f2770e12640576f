/** What a vehicle says of itself: its state as kalong_msgs/VehicleStatus, and status, odometry and battery as VDA 5050's state. */
import type { ActionStatus, OperatingMode, VehicleState } from "../../../engine/index.ts";
import type { ReferencedVehicleError, StateBody } from "../../vda5050/state-codec.ts";
import type { KeyValue, Time, VehicleErrorMsg, VehicleStatusMsg } from "../messages.ts";
import type { OdometryReading } from "./odometry.ts";
import { baseFrame } from "./pose.ts";

/** Index: the constant in VehicleStatus.msg. */
const MODES: readonly OperatingMode[] = ["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"];
const E_STOPS: readonly VehicleState["eStop"][] = ["NONE", "AUTOACK", "MANUAL", "REMOTE"];
const ACTION_STATUSES: readonly ActionStatus[] = ["WAITING", "INITIALIZING", "RUNNING", "PAUSED", "FINISHED", "FAILED"];
/** VehicleError.level */
const LEVEL = { WARNING: 1, FATAL: 2 } as const;

/** @param refusals errors that the vehicle's interface adds to those of its controller */
export function toStatusMsg(
  state: VehicleState,
  refusals: readonly ReferencedVehicleError[],
  stamp: Time,
): VehicleStatusMsg {
  return {
    header: { stamp, frame_id: baseFrame(state.vehicle) },
    order_id: state.orderId,
    order_update_id: state.orderUpdateId,
    last_node_id: state.lastNodeId,
    last_node_sequence_id: state.lastNodeSequenceId,
    node_sequence_ids: [...state.nodeSequenceIds],
    driving: state.driving,
    paused: state.paused,
    operating_mode: MODES.indexOf(state.operatingMode),
    e_stop: E_STOPS.indexOf(state.eStop),
    field_violation: state.fieldViolation,
    loads: state.loads,
    action_states: state.actionStates.map(({ actionId, actionStatus }) => ({
      action_id: actionId,
      action_status: actionStatus,
    })),
    errors: [...(state.errors as readonly ReferencedVehicleError[]), ...refusals].map(toErrorMsg),
  };
}

function toErrorMsg(error: ReferencedVehicleError): VehicleErrorMsg {
  return {
    level: LEVEL[error.errorLevel],
    error_type: error.errorType,
    description: error.errorDescription,
    references: (error.errorReferences ?? []).map(({ referenceKey, referenceValue }) => ({
      key: referenceKey,
      value: referenceValue,
    })),
  };
}

export type StatusReading =
  | { readonly ok: true; readonly body: StateBody }
  | { readonly ok: false; readonly reason: string };

/** A vehicle's state put together from the newest of each; refused with a reason if the status has a value of no meaning. */
export function toStateBody(
  status: VehicleStatusMsg,
  odometry: OdometryReading,
  battery: { readonly soc: number; readonly charging: boolean },
  mapId: string,
): StatusReading {
  const operatingMode = MODES[status.operating_mode];
  if (operatingMode === undefined) return refused(`operating_mode is ${status.operating_mode}, expected 0 to 4`);
  const eStop = E_STOPS[status.e_stop];
  if (eStop === undefined) return refused(`e_stop is ${status.e_stop}, expected 0 to 3`);
  const actionStates: StateBody["actionStates"] = [];
  for (const { action_id, action_status } of status.action_states) {
    const actionStatus = ACTION_STATUSES.find((each) => each === action_status);
    if (actionStatus === undefined) return refused(`action_status of ${action_id} is "${action_status}"`);
    actionStates.push({ actionId: action_id, actionStatus });
  }
  const { pose, v, uncertaintyM } = odometry;
  const body: StateBody = {
    orderId: status.order_id,
    orderUpdateId: status.order_update_id,
    lastNodeId: status.last_node_id,
    lastNodeSequenceId: status.last_node_sequence_id,
    driving: status.driving,
    paused: status.paused,
    operatingMode,
    // Which edges are left follows from the nodes; nothing reads them here.
    nodeStates: Array.from(status.node_sequence_ids, (sequenceId) => ({ nodeId: "", sequenceId, released: true })),
    edgeStates: [],
    agvPosition: {
      ...pose,
      mapId,
      positionInitialized: true,
      ...(uncertaintyM === null ? {} : { deviationRange: uncertaintyM }),
    },
    velocity: { vx: v },
    loads: status.loads.map((loadId) => ({ loadId })),
    actionStates,
    batteryState: { batteryCharge: battery.soc * 100, charging: battery.charging },
    errors: status.errors.map((error) => ({
      errorType: error.error_type,
      // A level that is neither of the two is taken for the worse.
      errorLevel: error.level === LEVEL.WARNING ? "WARNING" : "FATAL",
      errorDescription: error.description,
      errorReferences: error.references.map(({ key, value }: KeyValue) => ({
        referenceKey: key,
        referenceValue: value,
      })),
    })),
    safetyState: { eStop, fieldViolation: status.field_violation },
  };
  return { ok: true, body };
}

function refused(reason: string): StatusReading {
  return { ok: false, reason };
}
