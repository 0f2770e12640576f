/** The ROS messages and services that the bridge uses, field by field as their definitions have them. */

export interface Time {
  readonly sec: number;
  readonly nanosec: number;
}

export interface Header {
  readonly stamp: Time;
  readonly frame_id: string;
}

export interface Vector3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Quaternion extends Vector3 {
  readonly w: number;
}

export interface Pose {
  readonly position: Vector3;
  readonly orientation: Quaternion;
}

export interface PoseStamped {
  readonly header: Header;
  readonly pose: Pose;
}

export interface Odometry {
  readonly header: Header;
  readonly child_frame_id: string;
  /** Row by row over (x, y, z, rotation about X, about Y, about Z). */
  readonly pose: { readonly pose: Pose; readonly covariance: ArrayLike<number> };
  /** In the child frame. */
  readonly twist: {
    readonly twist: { readonly linear: Vector3; readonly angular: Vector3 };
    readonly covariance: ArrayLike<number>;
  };
}

export interface BatteryState {
  readonly header: Header;
  readonly voltage: number;
  readonly temperature: number;
  readonly current: number;
  readonly charge: number;
  readonly capacity: number;
  readonly design_capacity: number;
  /** 0..1 */
  readonly percentage: number;
  readonly power_supply_status: number;
  readonly power_supply_health: number;
  readonly power_supply_technology: number;
  readonly present: boolean;
  readonly cell_voltage: ArrayLike<number>;
  readonly cell_temperature: ArrayLike<number>;
  readonly location: string;
  readonly serial_number: string;
}

export interface Path {
  readonly header: Header;
  readonly poses: readonly PoseStamped[];
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface DiagnosticStatus {
  readonly level: number;
  readonly name: string;
  readonly message: string;
  readonly hardware_id: string;
  readonly values: readonly KeyValue[];
}

export interface DiagnosticArray {
  readonly header: Header;
  readonly status: readonly DiagnosticStatus[];
}

export interface TransformStamped {
  readonly header: Header;
  readonly child_frame_id: string;
  readonly transform: { readonly translation: Vector3; readonly rotation: Quaternion };
}

export interface TFMessage {
  readonly transforms: readonly TransformStamped[];
}

export interface ColorRGBA {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

/** The fields that are set; the others stay as the definition has them. */
export interface Marker {
  readonly header: Header;
  readonly ns: string;
  readonly id: number;
  readonly type: number;
  readonly action: number;
  readonly pose: Pose;
  readonly scale: Vector3;
  readonly color: ColorRGBA;
  readonly lifetime: Time;
  readonly frame_locked: boolean;
  readonly points: readonly Vector3[];
  readonly colors: readonly ColorRGBA[];
  readonly text: string;
}

export interface MarkerArray {
  readonly markers: readonly Marker[];
}

export interface ActionMsg {
  readonly action_id: string;
  readonly action_type: string;
  readonly blocking_type: string;
  readonly parameters: readonly KeyValue[];
}

export interface NodeMsg {
  readonly node_id: string;
  readonly sequence_id: number;
  readonly released: boolean;
  readonly lane: string;
  readonly lane_position: number;
  readonly pose: Pose;
  readonly allowed_deviation_xy: number;
  readonly actions: readonly ActionMsg[];
}

export interface EdgeMsg {
  readonly edge_id: string;
  readonly sequence_id: number;
  readonly released: boolean;
  readonly lane: string;
  readonly from_position: number;
  readonly to_position: number;
  readonly max_speed: number;
  readonly line: readonly Vector3[];
}

export interface OrderMsg {
  readonly header: Header;
  readonly order_id: string;
  readonly order_update_id: number;
  readonly nodes: readonly NodeMsg[];
  readonly edges: readonly EdgeMsg[];
}

export interface InstantActionsMsg {
  readonly header: Header;
  readonly actions: readonly ActionMsg[];
}

export interface VehicleErrorMsg {
  readonly level: number;
  readonly error_type: string;
  readonly description: string;
  readonly references: readonly KeyValue[];
}

export interface VehicleStatusMsg {
  readonly header: Header;
  readonly order_id: string;
  readonly order_update_id: number;
  readonly last_node_id: string;
  readonly last_node_sequence_id: number;
  readonly node_sequence_ids: ArrayLike<number>;
  readonly driving: boolean;
  readonly paused: boolean;
  readonly operating_mode: number;
  readonly e_stop: number;
  readonly field_violation: boolean;
  readonly loads: readonly string[];
  readonly action_states: readonly { readonly action_id: string; readonly action_status: string }[];
  readonly errors: readonly VehicleErrorMsg[];
}

export interface KpiMsg {
  readonly header: Header;
  readonly accepted: number;
  readonly delivered: number;
  readonly cancelled: number;
  readonly waiting: number;
  readonly containers_per_hour: number;
  readonly driven_km: number;
  readonly empty_km: number;
  readonly empty_km_ratio: number;
  readonly waiting_ratio: number;
  readonly energy_kwh: number;
  readonly shield_stops: number;
  readonly deadlocks: number;
}

export interface SubmitTransportOrderRequest {
  readonly id: string;
  readonly container: string;
  readonly length_ft: number;
  readonly laden: boolean;
  readonly reefer: boolean;
  readonly commodity: string;
  readonly mass_kg: number;
  readonly from_station: string;
  readonly to_station: string;
  readonly via_roles: readonly string[];
  readonly via_sides: readonly string[];
  readonly priority: number;
  readonly release_in_s: number;
  readonly due_in_s: number;
}

export interface SubmitTransportOrderResponse {
  readonly success: boolean;
  readonly id: string;
  readonly message: string;
}

export interface Outcome {
  readonly success: boolean;
  readonly message: string;
}

/** Message types by name. */
export interface RosMessages {
  "std_msgs/msg/String": { readonly data: string };
  "geometry_msgs/msg/PoseStamped": PoseStamped;
  "nav_msgs/msg/Odometry": Odometry;
  "nav_msgs/msg/Path": Path;
  "sensor_msgs/msg/BatteryState": BatteryState;
  "diagnostic_msgs/msg/DiagnosticArray": DiagnosticArray;
  "tf2_msgs/msg/TFMessage": TFMessage;
  "visualization_msgs/msg/MarkerArray": MarkerArray;
  "rosgraph_msgs/msg/Clock": { readonly clock: Time };
  "kalong_msgs/msg/Order": OrderMsg;
  "kalong_msgs/msg/InstantActions": InstantActionsMsg;
  "kalong_msgs/msg/VehicleStatus": VehicleStatusMsg;
  "kalong_msgs/msg/Kpi": KpiMsg;
}

/** Service types by name. */
export interface RosServices {
  "kalong_msgs/srv/SubmitTransportOrder": {
    readonly request: SubmitTransportOrderRequest;
    readonly response: SubmitTransportOrderResponse;
  };
  "kalong_msgs/srv/CancelTransportOrder": { readonly request: { readonly id: string }; readonly response: Outcome };
  "kalong_msgs/srv/SelectVehicle": { readonly request: { readonly vehicle: string }; readonly response: Outcome };
}

export type MessageType = keyof RosMessages;
export type ServiceType = keyof RosServices;
