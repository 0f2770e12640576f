import { InputError } from "../serve/input-error.ts";
import type { RosPort, RosPortReport } from "./port.ts";
import { checkRcl, here, type RclSurroundings } from "./rcl-guard.ts";
import { openRosbridgePort } from "./rosbridge-port.ts";
import { openRclPort } from "./supervisor.ts";

export interface RosPortOptions {
  /** ws:// address of a rosbridge server; null: rclnodejs on this machine. */
  readonly rosbridge: string | null;
  readonly nodeName: string;
  readonly onReport: (report: RosPortReport) => void;
}

/** Says what is missing for `--ros2` on this machine. @throws InputError, which the command line tells with exit code 2 */
export function requireRcl(surroundings: RclSurroundings = here): void {
  const check = checkRcl(surroundings);
  if (check.ok) return;
  throw new InputError(
    `--ros2: ${check.text} Without ROS 2 on this machine: --rosbridge ws://HOST:9090, where rosbridge_server runs on one that has it. docs/ros2.md has the whole procedure.`,
  );
}

/** @throws InputError if it is no address of a WebSocket server */
export function checkRosbridge(url: string): void {
  if (URL.canParse(url) && ["ws:", "wss:"].includes(new URL(url).protocol)) return;
  throw new InputError(`--rosbridge ${url}: expected an address such as ws://127.0.0.1:9090.`);
}

/** Opens the way to the graph. @throws InputError that says what is missing or does not answer */
export async function openRosPort(options: RosPortOptions): Promise<RosPort> {
  const { rosbridge, nodeName, onReport } = options;
  if (rosbridge === null) {
    requireRcl();
    try {
      return await openRclPort({ nodeName, onReport });
    } catch (error) {
      throw new InputError(`--ros2: ${messageOf(error)}`);
    }
  }
  try {
    return await openRosbridgePort({ url: rosbridge, onReport });
  } catch (error) {
    const start = "ros2 launch rosbridge_server rosbridge_websocket_launch.xml";
    throw new InputError(`--rosbridge ${rosbridge}: ${messageOf(error)}. Start it with '${start}'.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
