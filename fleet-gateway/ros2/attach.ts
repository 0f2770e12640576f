import type { LaneGraph, Site, VehicleType } from "../../planner/index.ts";
import type { ControlSystem } from "../serve/control-system.ts";
import { InputError } from "../serve/input-error.ts";
import { type RosBridge, type RosTimeSource, startRosBridge } from "./bridge.ts";
import type { Ros2Choice } from "./command-options.ts";
import { openRosPort } from "./open-port.ts";
import type { RosPortReport } from "./port.ts";

export interface Ros2ServeOptions extends Ros2Choice {
  readonly time: RosTimeSource;
}

export interface AttachOptions {
  readonly ros2: Ros2ServeOptions;
  readonly control: ControlSystem;
  readonly site: Site;
  readonly type: VehicleType;
  readonly lanes: LaneGraph;
  readonly runMs: () => number;
  readonly epochMs: () => number;
  /** Lines for people. */
  readonly log: (line: string) => void;
}

/** Reports that are events in viewer and recording, and no lines at the terminal. */
const QUIET: readonly string[] = ["base-requested", "order-cancelled", "reachable-unconfirmed", "stale-message"];

/** Puts a control system on the graph. @throws InputError that says what is missing or wrong */
export async function attachRos2(options: AttachOptions): Promise<RosBridge> {
  const { ros2, control, log } = options;
  const listed = control.fleet.vehicles.map(({ listed: { id } }) => id);
  const unknown = ros2.vehicles.find((id) => !listed.includes(id));
  if (unknown !== undefined) {
    throw new InputError(`--ros2-vehicles: ${unknown} is none of the fleet's vehicles: ${listed.join(", ")}.`);
  }
  const onPortReport = ({ code, name, reason }: RosPortReport): void => {
    control.event(`ros2-${code}`, null, name === null ? { reason } : { reason, name });
    log(`ros2 ${code}: ${name === null ? "" : `${name}: `}${reason}`);
  };
  const port = await openRosPort({ rosbridge: ros2.rosbridge, nodeName: "kalong", onReport: onPortReport });
  try {
    const bridge = startRosBridge({
      ...options,
      port,
      vehicles: ros2.vehicles,
      time: ros2.time,
      onPortReport,
      onLinkReport(report) {
        control.report(report);
        if (!QUIET.includes(report.code)) log(`ros2 ${report.code}: ${report.vehicle ?? ""} ${report.reason}`);
      },
    });
    return {
      ...bridge,
      async stop() {
        const times = roundTripWords(bridge.roundTripsMs);
        if (times !== "") log(times);
        await bridge.stop();
      },
    };
  } catch (error) {
    await port.close();
    throw error instanceof RangeError ? new InputError(`--ros2: ${error.message}.`) : error;
  }
}

/** One line about how long orders took to be confirmed over ROS; "" without any. */
export function roundTripWords(roundTripsMs: readonly number[]): string {
  if (roundTripsMs.length === 0) return "";
  const sorted = Float64Array.from(roundTripsMs).sort();
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2);
  return `ros2 round trips, order to status: ${sorted.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
