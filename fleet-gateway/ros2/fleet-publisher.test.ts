/** What the fleet tells the graph: when, on which topic, with whose time; and the graph's time where others give it. */
import { beforeEach, describe, expect, test } from "vitest";
import { loadSite, loadVehicleType } from "../../config/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { LiveFeed } from "../api/live-feed.ts";
import { siteMessage } from "../recording/site-message.ts";
import type { WatchedVehicle } from "../serve/fleet-watch.ts";
import { order } from "../vda5050/fixtures.ts";
import { FleetPublisher, simulatedStamp } from "./fleet-publisher.ts";
import { MARKER } from "./mapping/markers.ts";
import { rosTime, rosTimeMs } from "./mapping/time.ts";
import { MemoryGraph } from "./memory-port.ts";
import type { MarkerArray, MessageType, RosMessages } from "./messages.ts";
import { QOS, type Qos } from "./port.ts";
import { RosNode } from "./ros-node.ts";
import { SimClock } from "./sim-clock.ts";

const site = loadSite("bac-luan-ii");
const type = loadVehicleType("igv");
const { lanes } = compileLegs(site, type);

let graph: MemoryGraph;
let witness: RosNode;
let feed: LiveFeed;
let fleet: WatchedVehicle[];
let publisher: FleetPublisher;

function watched(id: string): WatchedVehicle {
  const listed = { id, type: "igv", manufacturer: "kalong", serialNumber: id, version: "2.1.0" };
  return {
    listed: { ...listed, instantActionsKey: "actions" },
    ...{ connection: "ONLINE", state: null, stateMs: Number.NEGATIVE_INFINITY, admitted: true, obstacle: "" },
    triedMs: 0,
  };
}

function say(index: number, stateMs: number, x: number): void {
  const vehicle = fleet[index]!;
  vehicle.stateMs = stateMs;
  vehicle.state = {
    ...{ vehicle: vehicle.listed.id, orderId: "o1", orderUpdateId: 0, lastNodeId: "n0", lastNodeSequenceId: 0 },
    ...{
      nodeSequenceIds: [],
      x,
      y: 0,
      theta: 0,
      v: 1,
      lane: "",
      s: 0,
      uncertaintyM: 0.1,
      driving: true,
      paused: false,
    },
    ...{ operatingMode: "AUTOMATIC", soc: 0.5, charging: false, loads: [], actionStates: [], errors: [] },
    ...{ eStop: "NONE", fieldViolation: false },
  };
}

function heard<Type extends MessageType>(topic: string, kind: Type, qos: Qos): RosMessages[Type][] {
  const messages: RosMessages[Type][] = [];
  witness.subscribe(topic, kind, qos, (message) => void messages.push(message));
  return messages;
}

const figures = {
  ...{ t: 1, accepted: 3, delivered: 0, cancelled: 0, waiting: 3, containersPerHour: 0, drivenKm: 0, emptyKm: 0 },
  ...{ emptyKmRatio: 0, taskS: 0, waitingS: 0, waitingRatio: 0, energyKwh: 0, shieldStops: 0, deadlocks: 0 },
};

beforeEach(() => {
  graph = new MemoryGraph();
  witness = new RosNode(graph.connect("witness"), (report) => expect.fail(report.reason));
  feed = new LiveFeed(siteMessage(site, [type]), () => ({}));
  fleet = [watched("V01"), watched("V02")];
  publisher = new FleetPublisher({
    node: new RosNode(
      graph.connect("kalong", (report) => expect.fail(report.reason)),
      () => {},
    ),
    view: {
      ...{ fleet: { vehicles: fleet }, feed, kpi: () => figures },
      activity: (id) => ({ activity: "driving", order: `T-${id}`, waitingFor: [] }),
    },
    ...{ site, type, lanes, drivenOverRos: new Set(["V02"]), stampOf: simulatedStamp, simTime: true },
  });
});

describe("the fleet on the graph", () => {
  test("a state in, an odometry out, stamped with the time of the state; what was said before is not said again", () => {
    const odometry = heard("/kalong/V01/odom", "nav_msgs/msg/Odometry", QOS.sensorData);
    say(0, 980, 5);
    for (const runMs of [1000, 1100, 1200]) publisher.tick(runMs);
    expect(odometry.map(({ header }) => rosTimeMs(header.stamp))).toEqual([980]);
    say(0, 1250, 6);
    publisher.tick(1300);
    expect(odometry.map(({ pose }) => pose.pose.position.x)).toEqual([5, 6]);
  });

  test("frames of vehicles that are on the graph themselves are theirs to send", () => {
    const moving = heard("/tf", "tf2_msgs/msg/TFMessage", QOS.transforms);
    const fixed = heard("/tf_static", "tf2_msgs/msg/TFMessage", QOS.latched);
    say(0, 100, 1);
    say(1, 100, 2);
    publisher.tick(100);
    const children = (messages: typeof moving) =>
      messages.flatMap(({ transforms }) => transforms.map(({ child_frame_id }) => child_frame_id));
    expect(children(moving)).toEqual(["V01/base_link"]);
    expect(children(fixed)).toEqual(["V01/odom"]);
  });

  test("the clock goes every tick; battery, diagnostics and figures once a second", () => {
    const clock = heard("/clock", "rosgraph_msgs/msg/Clock", QOS.clock);
    const battery = heard("/kalong/V01/battery_state", "sensor_msgs/msg/BatteryState", QOS.sensorData);
    const diagnostics = heard("/diagnostics", "diagnostic_msgs/msg/DiagnosticArray", QOS.reliable);
    const kpi = heard("/kalong/kpi", "kalong_msgs/msg/Kpi", QOS.latched);
    for (let runMs = 100; runMs <= 3000; runMs += 100) {
      say(0, runMs, runMs);
      publisher.tick(runMs);
    }
    expect(clock.map((message) => rosTimeMs(message.clock)).slice(0, 3)).toEqual([100, 200, 300]);
    expect([clock.length, battery.length, diagnostics.length, kpi.length]).toEqual([30, 3, 3, 3]);
    expect(diagnostics[0]!.status.map(({ message }) => message)).toEqual(["driving", "has never sent a state"]);
    expect(kpi[0]!.accepted).toBe(3);
  });

  test("who comes later gets the site, its picture, and the ground that is held now", () => {
    const place = site.stations[0]!.bays[0]!;
    const message = {
      t: 1,
      vehicle: "V01",
      resource: place.id,
      kind: "place" as const,
      side: "",
      fromM: 0,
      toM: 0,
      seq: 1,
    };
    feed.publish({ topic: "/reservations", message: { ...message, event: "granted" } });
    publisher.tick(100);
    const text = heard("/kalong/site", "std_msgs/msg/String", QOS.latched);
    const [picture] = heard("/kalong/site_markers", "visualization_msgs/msg/MarkerArray", QOS.latched);
    const held = heard("/kalong/reservations", "visualization_msgs/msg/MarkerArray", QOS.latched);
    expect(JSON.parse(text[0]!.data)).toMatchObject({ type: "FeatureCollection" });
    const inNamespace = (markers: MarkerArray, ns: string) => markers.markers.filter((each) => each.ns === ns).length;
    expect(inNamespace(picture!, "lanes")).toBe(site.lanes.length + 1); // and the marker that clears what was before
    expect(inNamespace(picture!, "vehicles")).toBe(2);
    expect(picture!.markers[0]!.action).toBe(MARKER.removeAll);
    expect(held[0]!.markers.map(({ text: vehicle, points }) => [vehicle, points.length])).toEqual([["V01", 2]]);
    feed.publish({ topic: "/reservations", message: { ...message, event: "cleared" } });
    publisher.tick(1100);
    expect(held.at(-1)!.markers[0]!.action).toBe(MARKER.remove);
    publisher.tick(2100);
    expect(held.length).toBe(2); // what has not changed is not sent again
  });

  test("base and horizon follow the orders, and lose what the vehicle has left behind", () => {
    const base = heard("/kalong/V01/base", "nav_msgs/msg/Path", QOS.latched);
    const horizon = heard("/kalong/V01/horizon", "nav_msgs/msg/Path", QOS.latched);
    const lane = lanes.laneId[0]!;
    const nodes = order("o1", 0, [0, 1, 2]).nodes.map((each, i) => ({ ...each, lane, s: 2 * i }));
    const edges = [0, 1].map((i) => ({
      ...{
        edgeId: `${i}`,
        sequenceId: 2 * i + 1,
        released: i === 0,
        lane,
        fromM: 2 * i,
        toM: 2 * i + 2,
        maxSpeedMps: 1,
      },
    }));
    publisher.order({ vehicle: "V01", orderId: "o1", orderUpdateId: 0, nodes, edges });
    const length = (poses: (typeof base)[number]["poses"]): number => {
      const at = poses.map(({ pose }) => pose.position);
      return at.slice(1).reduce((sum, to, i) => sum + Math.hypot(to.x - at[i]!.x, to.y - at[i]!.y), 0);
    };
    expect(length(base[0]!.poses)).toBeCloseTo(2, 9);
    expect(length(horizon[0]!.poses)).toBeCloseTo(2, 9);
  });
});

test("two vehicles of one name in ROS are refused before anything is sent", () => {
  const options = { fleet: { vehicles: [watched("A-1"), watched("A.1")] }, feed, kpi: () => figures };
  expect(
    () =>
      new FleetPublisher({
        node: new RosNode(new MemoryGraph().connect("kalong"), () => {}),
        view: { ...options, activity: () => null },
        ...{ site, type, lanes, drivenOverRos: new Set(), stampOf: rosTime, simTime: false },
      }),
  ).toThrow(/A-1 and A\.1/);
});

test("time that others give: zero before the first /clock, standing between two, and right for moments before", () => {
  const clock = new SimClock();
  expect(clock.stampOf(5000)).toEqual({ sec: 0, nanosec: 0 });
  clock.take({ sec: 100, nanosec: 500_000_000 }, 5000);
  expect(rosTimeMs(clock.stampOf(5000))).toBe(100_500);
  expect(rosTimeMs(clock.stampOf(9000))).toBe(100_500);
  expect(rosTimeMs(clock.stampOf(4800))).toBe(100_300);
  clock.take({ sec: 101, nanosec: 0 }, 9000);
  expect(rosTimeMs(clock.stampOf(9000))).toBe(101_000);
});
