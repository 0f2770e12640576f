/** The whole bridge: fleet to graph, graph to fleet, and the vehicles that are driven over it. */
import type { Connection, VehicleState } from "../../engine/index.ts";
import type { LaneGraph, Site, VehicleType } from "../../planner/index.ts";
import type { ControlPort } from "../api/build-api.ts";
import type { LinkReport } from "../mqtt/fleet-dialog.ts";
import type { ControlLink, ControlSystem } from "../serve/control-system.ts";
import { vehicleView } from "../serve/vehicle-activity.ts";
import { FleetPublisher, simulatedStamp } from "./fleet-publisher.ts";
import { rosTime } from "./mapping/time.ts";
import type { Time } from "./messages.ts";
import { TOPICS } from "./names.ts";
import { QOS, type RosPort, type RosPortReport } from "./port.ts";
import { RosNode } from "./ros-node.ts";
import { offerServices } from "./services.ts";
import { SimClock } from "./sim-clock.ts";
import { createRosVehicleLink, type RosVehicleLink } from "./vehicle-link.ts";

/**
 * Whose time stamps carry. `calendar`: this machine's. `run`: the run is simulated and its time is the graph's; /clock is
 * sent. `graph`: somebody else sends /clock (use_sim_time).
 */
export type RosTimeSource = "calendar" | "run" | "graph";

export interface RosBridgeOptions {
  readonly port: RosPort;
  readonly control: ControlSystem;
  readonly site: Site;
  readonly type: VehicleType;
  readonly lanes: LaneGraph;
  /** Vehicles that are driven over ROS; the others come over the other link. */
  readonly vehicles: readonly string[];
  readonly time: RosTimeSource;
  /** Run time now, ms, and calendar time of run time 0, ms since 1970. */
  readonly runMs: () => number;
  readonly epochMs: () => number;
  readonly onPortReport: (report: RosPortReport) => void;
  readonly onLinkReport: (report: LinkReport) => void;
}

export interface RosBridge {
  /** Both links as one, for the control system. */
  joined(other: ControlLink): ControlLink;
  offerServices(orders: ControlPort): void;
  /** To be called after each tick. */
  tick(): void;
  /** From sending an order to the status that shows it, ms. */
  readonly roundTripsMs: readonly number[];
  stop(): Promise<void>;
}

/** @throws RangeError if two vehicles have the same name in ROS */
export function startRosBridge(options: RosBridgeOptions): RosBridge {
  const { control, site, type, lanes, port } = options;
  const node = new RosNode(port, options.onPortReport);
  const driven = new Set(options.vehicles);
  const clock = new SimClock();
  if (options.time === "graph") {
    node.subscribe(TOPICS.clock, "rosgraph_msgs/msg/Clock", QOS.clock, (message) =>
      clock.take(message.clock, options.runMs()),
    );
  }
  const stampOf = (runMs: number): Time => {
    if (options.time === "run") return simulatedStamp(runMs);
    if (options.time === "graph") return clock.stampOf(runMs);
    return rosTime(options.epochMs() + runMs);
  };
  const link = createRosVehicleLink({
    node,
    vehicles: options.vehicles,
    mapId: site.id,
    lanes,
    decelerationMps2: type.serviceDecelerationMps2,
    nowMs: () => performance.now(),
    stamp: () => stampOf(options.runMs()),
    onReport: options.onLinkReport,
  });
  const publisher = new FleetPublisher({
    node,
    view: {
      fleet: control.fleet,
      feed: control.feed,
      kpi: () => control.kpi(),
      activity: (vehicle) => vehicleView(control.engine, vehicle),
    },
    site,
    type,
    lanes,
    drivenOverRos: driven,
    stampOf,
    simTime: options.time === "run",
  });
  return {
    roundTripsMs: link.roundTripsMs,
    joined: (other) => joinLinks(other, link, driven, publisher),
    offerServices: (orders) =>
      offerServices({
        node,
        orders,
        submit: (input) => control.submit(input),
        calendarMs: () => options.epochMs() + options.runMs(),
      }),
    tick() {
      link.tick();
      publisher.tick(control.engine.nowMs);
    },
    async stop() {
      publisher.stop();
      await port.close();
    },
  };
}

function joinLinks(
  other: ControlLink,
  ros: RosVehicleLink,
  driven: ReadonlySet<string>,
  publisher: FleetPublisher,
): ControlLink {
  return {
    sendOrder(order) {
      // The vehicle first; pictures of its way can wait.
      (driven.has(order.vehicle) ? ros : other).sendOrder(order);
      publisher.order(order);
    },
    sendInstantAction(action) {
      (driven.has(action.vehicle) ? ros : other).sendInstantAction(action);
    },
    onState(listener: (state: VehicleState, timestampMs: number) => void) {
      other.onState(listener);
      ros.onState(listener);
    },
    onConnection(listener: (vehicle: string, connection: Connection) => void) {
      other.onConnection(listener);
      ros.onConnection(listener);
    },
  };
}
