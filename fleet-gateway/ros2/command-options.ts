/** The options of `serve` and `live` that put the fleet on a ROS 2 graph. */
import type { Command } from "commander";
import { InputError } from "../serve/input-error.ts";
import { checkRosbridge, requireRcl } from "./open-port.ts";

/** How the fleet goes on the graph. */
export interface Ros2Choice {
  /** Address of a rosbridge server; null: rclnodejs on this machine. */
  readonly rosbridge: string | null;
  /** Ids of the vehicles that are driven over ROS. */
  readonly vehicles: readonly string[];
}

export interface Ros2Flags {
  readonly ros2?: boolean;
  readonly rosbridge?: string;
  readonly ros2Vehicles?: string;
}

/** Adds `--ros2`, `--rosbridge` and `--ros2-vehicles` to a command. */
export function addRos2Options(command: Command): Command {
  return command
    .option("--ros2", "put the fleet on the ROS 2 graph (rclnodejs, in a shell where ROS 2 is sourced)")
    .option("--rosbridge <URL>", "the same through a rosbridge server, for example ws://127.0.0.1:9090")
    .option("--ros2-vehicles <ids>", "vehicles that are driven over ROS 2 instead of MQTT, with commas between");
}

/**
 * What was chosen; null: no ROS 2. Says at once what is missing for it.
 * @throws InputError
 */
export function parseRos2(flags: Ros2Flags): Ros2Choice | null {
  const { rosbridge = null, ros2 = false } = flags;
  const vehicles = (flags.ros2Vehicles ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (!ros2 && rosbridge === null) {
    if (flags.ros2Vehicles !== undefined) throw new InputError("--ros2-vehicles needs --ros2 or --rosbridge too.");
    return null;
  }
  if (rosbridge === null) requireRcl();
  else checkRosbridge(rosbridge);
  return { rosbridge, vehicles };
}
