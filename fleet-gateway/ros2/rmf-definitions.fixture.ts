/** Fields of the messages of rmf_fleet_msgs that the golden bytes are of. */
export const RMF_DEFINITIONS: Readonly<Record<string, string>> = {
  FleetState: "string name\nRobotState[] robots",
  PathRequest: "string fleet_name\nstring robot_name\nLocation[] path\nstring task_id",
  RobotState:
    "string name\nstring model\nstring task_id\nuint64 seq\nRobotMode mode\nfloat32 battery_percent\nLocation location\nLocation[] path",
  RobotMode: "uint32 mode\nuint64 mode_request_id",
  Location:
    "builtin_interfaces/Time t\nfloat32 x\nfloat32 y\nfloat32 yaw\nbool obey_approach_speed_limit\nfloat32 approach_speed_limit\nstring level_name\nuint64 index",
};
