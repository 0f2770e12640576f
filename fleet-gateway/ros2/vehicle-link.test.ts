/** The link to vehicles that are driven over ROS, message by message: a graph in memory, a vehicle by hand, a clock by hand. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Connection, VehicleState } from "../../engine/index.ts";
import type { LinkReport } from "../mqtt/fleet-dialog.ts";
import { corridor, order } from "../vda5050/fixtures.ts";
import { toBatteryState } from "./mapping/battery.ts";
import { mapToOdom, toOdometry } from "./mapping/odometry.ts";
import { yawQuaternion } from "./mapping/pose.ts";
import { rosTime } from "./mapping/time.ts";
import { MemoryGraph } from "./memory-port.ts";
import type { InstantActionsMsg, Odometry, OrderMsg, Path, VehicleStatusMsg } from "./messages.ts";
import { QOS } from "./port.ts";
import { RosNode } from "./ros-node.ts";
import { createRosVehicleLink, type RosVehicleLink } from "./vehicle-link.ts";

let nowMs: number;
let graph: MemoryGraph;
let link: RosVehicleLink;
let states: VehicleState[];
let connections: Connection[];
let reports: LinkReport[];
let orders: OrderMsg[];
let actions: InstantActionsMsg[];
let paths: Path[];
let send: {
  odometry(message: Odometry): void;
  status(message: VehicleStatusMsg): void;
  battery(soc?: number): void;
  transform(x: number, y: number, theta: number): void;
};

beforeEach(() => {
  nowMs = 1000;
  graph = new MemoryGraph();
  [states, connections, reports, orders, actions, paths] = [[], [], [], [], [], []];
  link = createRosVehicleLink({
    node: new RosNode(graph.connect("kalong"), (report) => expect.fail(report.reason)),
    ...{ vehicles: ["V01"], mapId: "site", lanes: corridor, session: "s", decelerationMps2: 1 },
    nowMs: () => nowMs,
    stamp: () => rosTime(nowMs),
    onReport: (report) => void reports.push(report),
  });
  link.onState((state) => void states.push(state));
  link.onConnection((_, connection) => void connections.push(connection));
  const node = new RosNode(graph.connect("V01"), () => {});
  node.subscribe("/V01/order", "kalong_msgs/msg/Order", QOS.reliable, (message) => void orders.push(message));
  node.subscribe("/V01/instant_actions", "kalong_msgs/msg/InstantActions", QOS.reliable, (m) => void actions.push(m));
  node.subscribe("/V01/path", "nav_msgs/msg/Path", QOS.latched, (path) => void paths.push(path));
  const battery = node.publisher("/V01/battery_state", "sensor_msgs/msg/BatteryState", QOS.sensorData);
  const transforms = node.publisher("/tf", "tf2_msgs/msg/TFMessage", QOS.transforms);
  send = {
    odometry: node.publisher("/V01/odom", "nav_msgs/msg/Odometry", QOS.sensorData),
    status: node.publisher("/V01/status", "kalong_msgs/msg/VehicleStatus", QOS.reliable),
    battery: (soc = 0.5) =>
      battery(toBatteryState({ vehicle: "V01", soc, charging: false, driving: false }, rosTime(nowMs))),
    transform: (x, y, theta) => {
      const moved = { translation: { x, y, z: 0 }, rotation: yawQuaternion(theta) };
      transforms({ transforms: [{ ...mapToOdom("V01", rosTime(nowMs)), transform: moved }] });
    },
  };
});

const odometry = (x: number, y = 0, stampMs = nowMs, frame = "map"): Odometry => ({
  ...toOdometry({ vehicle: "V01", x, y, theta: 0, v: 1, uncertaintyM: 0.3 }, rosTime(stampMs)),
  header: { stamp: rosTime(stampMs), frame_id: frame },
});

const status = (changes: Partial<VehicleStatusMsg> = {}): VehicleStatusMsg => ({
  ...{ header: { stamp: rosTime(nowMs), frame_id: "" }, order_id: "", order_update_id: 0, last_node_id: "" },
  ...{ last_node_sequence_id: 0, node_sequence_ids: [], driving: false, paused: false, operating_mode: 0, e_stop: 0 },
  ...{ field_violation: false, loads: [], action_states: [], errors: [] },
  ...changes,
});

/** The vehicle says all three at once. */
function say(x: number, changes: Partial<VehicleStatusMsg> = {}): void {
  send.battery();
  send.odometry(odometry(x));
  send.status(status(changes));
}

function pass(ms: number, saying?: () => void): void {
  for (let left = ms; left > 0; left -= 100) {
    nowMs += 100;
    graph.advance(nowMs);
    saying?.();
    link.tick();
  }
}

const codes = (): string[] => reports.map(({ code }) => code);

describe("a state", () => {
  test("needs odometry, status and battery, and is then the vehicle's", () => {
    send.odometry(odometry(12));
    send.status(status());
    expect([states, connections]).toEqual([[], []]);
    send.battery(0.625);
    send.odometry(odometry(12.5));
    expect(connections).toEqual(["ONLINE"]);
    expect(states).toEqual([
      expect.objectContaining({
        ...{ vehicle: "V01", x: 12.5, y: 0, v: 1, lane: "west", s: 12.5, soc: 0.625, orderId: "" },
        ...{ uncertaintyM: expect.closeTo(0.3, 9), operatingMode: "AUTOMATIC", eStop: "NONE", nodeSequenceIds: [] },
      }),
    ]);
  });

  test("is where its drifting odometry frame puts it (REP-105)", () => {
    send.transform(50, 0, 0);
    send.battery();
    send.status(status());
    send.odometry(odometry(10, 0, nowMs, "V01/odom"));
    expect(states.at(-1)).toMatchObject({ x: 60, s: 60 });
    send.transform(49, 0, 0);
    nowMs += 100;
    send.odometry(odometry(10, 0, nowMs, "V01/odom"));
    expect(states.at(-1)).toMatchObject({ x: 59, s: 59 });
  });

  test("is not made of parts that are old: positions alone do not keep a vehicle", () => {
    say(10);
    expect(states.length).toBe(1);
    pass(1000, () => send.odometry(odometry(10)));
    const whileFresh = states.length;
    pass(900, () => send.odometry(odometry(10)));
    expect(states.length).toBe(whileFresh);
    expect(whileFresh).toBeGreaterThan(5);
  });

  test("of messages that overtake each other only the newer count; a clock that was set back is believed", () => {
    say(10);
    send.odometry(odometry(5, 0, nowMs - 300));
    expect(states.at(-1)!.x).toBe(10);
    expect(codes()).toEqual(["stale-message"]);
    nowMs += 60_000;
    send.odometry(odometry(20));
    nowMs += 100;
    send.odometry(odometry(21, 0, 5));
    expect(codes()).toContain("vehicle-restarted");
    send.status(status());
    expect(states.at(-1)!.x).toBe(21);
  });
});

describe("what is wrong is told once, with its topic, and changes nothing", () => {
  test("a frame that leads nowhere, after the time that transforms may take", () => {
    say(10);
    pass(1500, () => send.odometry(odometry(11, 0, nowMs, "elsewhere")));
    const told = reports.filter(({ topic }) => topic === "/V01/odom");
    expect(told.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
      'schema-violation no transform leads from map to its frame "elsewhere"',
    ]);
    expect(states.at(-1)!.x).toBe(10);
  });

  test("a pose that is none, a battery in per cent, a status without meaning; each again after it was right", () => {
    say(10);
    const { pose, ...rest } = odometry(12);
    const lame = { ...rest, pose: { ...pose, pose: { ...pose.pose, orientation: { x: 0, y: 0, z: 0, w: 0 } } } };
    for (const message of [lame, lame, odometry(10), lame]) send.odometry(message);
    for (const soc of [62.5, 62.5]) send.battery(soc);
    nowMs += 10;
    for (const mode of [9, 9]) send.status(status({ operating_mode: mode }));
    expect(reports.map(({ topic, reason }) => `${topic} ${reason}`)).toEqual([
      "/V01/odom its pose or speed is not finite or no rotation",
      "/V01/odom its pose or speed is not finite or no rotation",
      "/V01/battery_state percentage is 62.5, expected 0 to 1",
      "/V01/status operating_mode is 9, expected 0 to 4",
    ]);
    expect(states.every(({ x, soc }) => x === 10 && soc === 0.5)).toBe(true);
  });

  test("orders for a vehicle that is not driven over ROS", () => {
    link.sendOrder({ ...order("o1", 0, [0, 1, 2]), vehicle: "V09" });
    expect(codes()).toEqual(["unknown-vehicle"]);
    expect(orders).toEqual([]);
  });
});

describe("orders", () => {
  test("are repeated until a status shows them, the next update waits, and the path is the base", () => {
    link.sendOrder(order("o1", 0, [0, 1, 3]));
    expect(orders).toEqual([]); // nobody is there yet
    say(0);
    link.sendOrder(order("o1", 1, [1, 2, 3]));
    pass(2500, () => say(0));
    expect(orders.map((message) => [message.order_id, message.order_update_id])).toEqual([
      ["s.o1", 0],
      ["s.o1", 0],
      ["s.o1", 0],
    ]);
    expect(paths.at(-1)!.poses.at(-1)!.pose.position).toEqual({ x: 50, y: 0, z: 0 });
    const shown = { order_id: "s.o1", last_node_id: "n0", node_sequence_ids: [2, 4, 6] };
    pass(100, () => say(1, shown));
    expect(orders.at(-1)).toMatchObject({ order_id: "s.o1", order_update_id: 1 });
    expect(states.at(-1)).toMatchObject({ orderId: "o1", orderUpdateId: 0, nodeSequenceIds: [2, 4, 6] });
    expect(paths.at(-1)!.poses.at(-1)!.pose.position).toEqual({ x: 100, y: 0, z: 0 });
    pass(300, () => say(2, { ...shown, order_update_id: 1 }));
    expect(orders.length).toBe(4);
    expect(link.roundTripsMs.length).toBe(2);
    expect(link.roundTripsMs[0]).toBeGreaterThan(2000);
    expect(codes()).toEqual([]);
  });

  test("that were refused are reported and take no more updates; the path is taken away", () => {
    say(0);
    link.sendOrder(order("o1", 0, [0, 1, 2]));
    const references = [
      { key: "orderId", value: "s.o1" },
      { key: "orderUpdateId", value: "0" },
    ];
    const errors = [{ level: 1, error_type: "orderError", description: "no such lane", references }];
    pass(100, () => say(0, { errors }));
    expect(reports[0]).toMatchObject({ code: "order-rejected", reason: expect.stringContaining("no such lane") });
    expect(paths.at(-1)!.poses).toEqual([]);
    link.sendOrder(order("o1", 1, [1, 2, 2]));
    expect(codes()).toContain("order-ended");
    expect(orders.length).toBe(1);
  });

  test("are withheld in an emergency stop and from a vehicle in manual mode", () => {
    say(0, { e_stop: 2 });
    link.sendOrder(order("o1", 0, [0, 1, 2]));
    pass(300, () => say(0, { e_stop: 2 }));
    expect(orders).toEqual([]);
    pass(200, () => say(0));
    expect(orders.length).toBe(1);
    pass(1500, () => say(0, { operating_mode: 2 }));
    expect(orders.length).toBe(1);
    expect(codes()).toContain("vehicle-manual");
  });

  test("instant actions are repeated under one id until they are shown", () => {
    say(0);
    actions.length = 0; // the request for a state, at the start
    link.sendInstantAction({ vehicle: "V01", actionId: "p1", actionType: "startPause", parameters: {} });
    pass(1500, () => say(0));
    const ids = actions.flatMap((message) => message.actions.map(({ action_id }) => action_id));
    expect(ids.filter((id) => id === "s.p1").length).toBe(2);
    pass(100, () => say(0, { action_states: [{ action_id: "s.p1", action_status: "RUNNING" }] }));
    const count = actions.length;
    pass(2000, () => say(0));
    expect(actions.length).toBe(count);
    expect(states.at(-2)).toBeDefined();
  });
});

describe("silence", () => {
  test("of everything, or of one of the two: the vehicle is out of reach, and back when both come again", () => {
    for (const [i, saying] of [() => {}, () => send.odometry(odometry(0)), () => send.status(status())].entries()) {
      pass(500, () => say(0));
      connections.length = 0;
      pass(3500, saying);
      expect(connections, `case ${i}`).toEqual(["CONNECTIONBROKEN"]);
      pass(300, () => say(0));
      expect(connections, `case ${i}`).toEqual(["CONNECTIONBROKEN", "ONLINE"]);
    }
    expect(codes().filter((code) => code === "state-stale").length).toBe(3);
    expect(codes().filter((code) => code === "state-resumed").length).toBe(3);
  });

  test("keeps orders back until the vehicle speaks again", () => {
    say(0);
    pass(3000);
    link.sendOrder(order("o1", 0, [0, 1, 2]));
    pass(2000);
    expect(orders).toEqual([]);
    pass(200, () => say(0));
    expect(orders.length).toBe(1);
  });
});
