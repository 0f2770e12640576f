/** Fleet control on the graph: each vehicle as the fleet sees it, frames, diagnostics, figures, and pictures for rviz2. */
import type { OrderMessage, VehicleState } from "../../engine/index.ts";
import type { LaneGraph, Site, VehicleType } from "../../planner/index.ts";
import type { LiveFeed } from "../api/live-feed.ts";
import type { RecordedKpi, RecordedReservation } from "../recording/messages.ts";
import type { WatchedVehicle } from "../serve/fleet-watch.ts";
import { createLaneGeometry, type LaneGeometry } from "../vda5050/lane-geometry.ts";
import { beginPath, extendPath, type OrderPath, trimPath } from "../vda5050/order-path.ts";
import { toBatteryState } from "./mapping/battery.ts";
import { toDiagnostics } from "./mapping/diagnostics.ts";
import { toKpiMsg } from "./mapping/kpi.ts";
import { footprintMarkers, HeldGround, MARKER, siteMarkers } from "./mapping/markers.ts";
import { mapToOdom, toOdometry, toTransform } from "./mapping/odometry.ts";
import { basePath, horizonPath } from "./mapping/path.ts";
import { rosTime } from "./mapping/time.ts";
import type { BatteryState, Odometry, Path, Time, TransformStamped } from "./messages.ts";
import { fleetTopics, rosNames, TOPICS } from "./names.ts";
import { QOS } from "./port.ts";
import type { RosNode } from "./ros-node.ts";

/** What the publisher looks at; the control system has it. */
export interface FleetView {
  readonly fleet: { readonly vehicles: readonly WatchedVehicle[] };
  readonly feed: Pick<LiveFeed, "listen" | "site">;
  kpi(): RecordedKpi;
  /** What the engine says of a vehicle, or null if it is not in its fleet. */
  activity(vehicle: string): {
    readonly activity: string;
    readonly order: string;
    readonly waitingFor: readonly string[];
  } | null;
}

export interface FleetPublisherOptions {
  readonly node: RosNode;
  readonly view: FleetView;
  readonly site: Site;
  readonly type: VehicleType;
  readonly lanes: LaneGraph;
  /** Vehicles whose own stacks are on the graph: their frames are theirs to send. */
  readonly drivenOverRos: ReadonlySet<string>;
  /** ROS time of a moment of run time, ms. */
  readonly stampOf: (runMs: number) => Time;
  /** Run time is the graph's time: /clock is sent. */
  readonly simTime: boolean;
}

const SECOND_MS = 1000;

interface Published {
  readonly watched: WatchedVehicle;
  readonly sendOdometry: (message: Odometry) => void;
  readonly sendBattery: (message: BatteryState) => void;
  readonly sendBase: (message: Path) => void;
  readonly sendHorizon: (message: Path) => void;
  path: OrderPath | null;
  shown: VehicleState | null;
  shownMs: number;
  batteryMs: number;
}

export class FleetPublisher {
  readonly #options: FleetPublisherOptions;
  readonly #geometry: LaneGeometry;
  readonly #vehicles: readonly Published[];
  readonly #byId: ReadonlyMap<string, Published>;
  readonly #held = new HeldGround();
  readonly #bays: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly #sendTransforms;
  readonly #sendDiagnostics;
  readonly #sendKpi;
  readonly #sendReservations;
  readonly #sendClock;
  readonly #stopListening: () => void;
  #heldChanged = true;
  #secondMs = Number.NEGATIVE_INFINITY;
  #runMs = 0;

  /** Announces its topics and sends what is latched. @throws RangeError if two vehicles have one name in ROS */
  constructor(options: FleetPublisherOptions) {
    const { node, view, site, type, lanes } = options;
    this.#options = options;
    this.#geometry = createLaneGeometry(lanes);
    this.#bays = new Map(site.stations.flatMap((station) => station.bays).map((bay) => [bay.id, bay]));
    const watched = view.fleet.vehicles;
    const names = rosNames(watched.map(({ listed }) => listed.id));
    this.#vehicles = watched.map((each) => published(node, each, names.get(each.listed.id)!));
    this.#byId = new Map(this.#vehicles.map((vehicle) => [vehicle.watched.listed.id, vehicle]));
    this.#sendTransforms = node.publisher(TOPICS.transforms, "tf2_msgs/msg/TFMessage", QOS.transforms);
    this.#sendDiagnostics = node.publisher(TOPICS.diagnostics, "diagnostic_msgs/msg/DiagnosticArray", QOS.reliable);
    this.#sendKpi = node.publisher(TOPICS.kpi, "kalong_msgs/msg/Kpi", QOS.latched);
    this.#sendReservations = node.publisher(TOPICS.reservations, "visualization_msgs/msg/MarkerArray", QOS.latched);
    this.#sendClock = options.simTime ? node.publisher(TOPICS.clock, "rosgraph_msgs/msg/Clock", QOS.clock) : null;
    this.#stopListening = view.feed.listen((frame, topic) => {
      if (topic === "/reservations") this.#hold(frame);
    });

    const stamp = options.stampOf(0);
    const ids = watched.map(({ listed }) => listed.id);
    const fixed = ids.filter((id) => !options.drivenOverRos.has(id)).map((id) => mapToOdom(id, stamp));
    node.publisher(TOPICS.fixedTransforms, "tf2_msgs/msg/TFMessage", QOS.latched)({ transforms: fixed });
    node.publisher(TOPICS.site, "std_msgs/msg/String", QOS.latched)({ data: JSON.stringify(view.feed.site.geojson) });
    const { markers } = siteMarkers(site, lanes, stamp);
    const clear = { ...markers[0]!, action: MARKER.removeAll, points: [] };
    node.publisher(
      TOPICS.siteMarkers,
      "visualization_msgs/msg/MarkerArray",
      QOS.latched,
    )({
      markers: [clear, ...markers, ...footprintMarkers(ids, type, stamp)],
    });
  }

  /** An order goes out to a vehicle, over whatever link. */
  order(order: OrderMessage): void {
    const vehicle = this.#byId.get(order.vehicle);
    if (vehicle === undefined) return;
    if (vehicle.path?.orderId === order.orderId) extendPath(vehicle.path, order);
    else vehicle.path = beginPath(order);
    const stamp = this.#options.stampOf(this.#runMs);
    vehicle.sendBase(basePath(vehicle.path, this.#geometry, stamp));
    vehicle.sendHorizon(horizonPath(vehicle.path, this.#geometry, stamp));
  }

  /** Sends what is new; to be called after each tick of the engine. @param runMs run time of the tick, ms */
  tick(runMs: number): void {
    this.#runMs = runMs;
    const stamp = this.#options.stampOf(runMs);
    this.#sendClock?.({ clock: stamp });
    const transforms: TransformStamped[] = [];
    for (const vehicle of this.#vehicles) this.#publishVehicle(vehicle, transforms);
    if (transforms.length > 0) this.#sendTransforms({ transforms });
    if (runMs - this.#secondMs < SECOND_MS) return;
    this.#secondMs = runMs;
    this.#publishSecond(runMs, stamp);
  }

  stop(): void {
    this.#stopListening();
  }

  /** A state in, an odometry out: what a silent vehicle said last is not sent again as if it were new. */
  #publishVehicle(vehicle: Published, transforms: TransformStamped[]): void {
    const { state, stateMs, listed } = vehicle.watched;
    if (state === null || state === vehicle.shown) return;
    const stamp = this.#options.stampOf(stateMs);
    vehicle.shown = state;
    vehicle.shownMs = stateMs;
    vehicle.sendOdometry(toOdometry(state, stamp));
    if (!this.#options.drivenOverRos.has(listed.id)) transforms.push(toTransform(state, stamp));
    if (stateMs - vehicle.batteryMs >= SECOND_MS) {
      vehicle.batteryMs = stateMs;
      vehicle.sendBattery(toBatteryState(state, stamp));
    }
    if (vehicle.path === null || vehicle.path.orderId !== state.orderId) return;
    const before = vehicle.path.nodes[0]!.sequenceId;
    trimPath(vehicle.path, state.lastNodeSequenceId);
    if (vehicle.path.nodes[0]!.sequenceId !== before) {
      vehicle.sendBase(basePath(vehicle.path, this.#geometry, stamp));
    }
  }

  #publishSecond(runMs: number, stamp: Time): void {
    const { view } = this.#options;
    const diagnosed = this.#vehicles.map(({ watched: { listed, connection, state, stateMs, obstacle } }) => {
      const { activity = "", order = "", waitingFor = [] } = view.activity(listed.id) ?? {};
      return { id: listed.id, connection, state, ageMs: runMs - stateMs, activity, order, waitingFor, obstacle };
    });
    this.#sendDiagnostics(toDiagnostics(diagnosed, stamp));
    this.#sendKpi(toKpiMsg(view.kpi(), stamp));
    if (!this.#heldChanged) return;
    this.#heldChanged = false;
    this.#sendReservations(this.#held.markers(this.#geometry, this.#bays, stamp));
  }

  #hold(frame: string): void {
    const { message } = JSON.parse(frame) as { readonly message: RecordedReservation };
    this.#held.take(message);
    this.#heldChanged = true;
  }
}

function published(node: RosNode, watched: WatchedVehicle, name: string): Published {
  const topics = fleetTopics(name);
  return {
    watched,
    sendOdometry: node.publisher(topics.odometry, "nav_msgs/msg/Odometry", QOS.sensorData),
    sendBattery: node.publisher(topics.battery, "sensor_msgs/msg/BatteryState", QOS.sensorData),
    sendBase: node.publisher(topics.base, "nav_msgs/msg/Path", QOS.latched),
    sendHorizon: node.publisher(topics.horizon, "nav_msgs/msg/Path", QOS.latched),
    path: null,
    shown: null,
    shownMs: 0,
    batteryMs: Number.NEGATIVE_INFINITY,
  };
}

/** Run time as the graph's own time, from 0. */
export const simulatedStamp = (runMs: number): Time => rosTime(Math.max(0, runMs));
