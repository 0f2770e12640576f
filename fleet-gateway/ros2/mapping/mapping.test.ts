/** Every conversion field by field: units, frames, quaternions, times. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderMessage, VehicleState } from "../../../engine/index.ts";
import { geometry, node, order } from "../../vda5050/fixtures.ts";
import { decodeOrder, encodeInstantAction, encodeOrder } from "../../vda5050/order-codec.ts";
import { beginPath, extendPath } from "../../vda5050/order-path.ts";
import { codecOf } from "../cdr.ts";
import { FrameTree } from "../frame-tree.ts";
import { rosName, rosNames } from "../names.ts";
import { fromBatteryState, SUPPLY, toBatteryState } from "./battery.ts";
import { type DiagnosedVehicle, LEVEL, toDiagnostics } from "./diagnostics.ts";
import { toKpiMsg } from "./kpi.ts";
import { HeldGround, MARKER } from "./markers.ts";
import { fromOdometry, mapToOdom, toOdometry, toTransform } from "./odometry.ts";
import { fromInstantActionsMsg, fromOrderMsg, toInstantActionsMsg, toOrderMsg } from "./order.ts";
import { basePath, horizonPath } from "./path.ts";
import { compose, fromPose, toPose, yawOf, yawQuaternion } from "./pose.ts";
import { toStateBody, toStatusMsg } from "./status.ts";
import { rosTime, rosTimeMs } from "./time.ts";
import { toNewOrder } from "./transport-order.ts";

const stamp = { sec: 12, nanosec: 345_000_000 };
const origin = { x: 0, y: 0, theta: 0 };
const codecOptions = { mapId: "site", geometry, allowedDeviationM: 1 };

const state: VehicleState = {
  ...{
    vehicle: "V07",
    orderId: "o1",
    orderUpdateId: 2,
    lastNodeId: "n2",
    lastNodeSequenceId: 4,
    nodeSequenceIds: [6, 8],
  },
  ...{
    x: 103.5,
    y: -2.25,
    theta: Math.PI / 2,
    v: 3.5,
    lane: "bend",
    s: 3.5,
    uncertaintyM: 0.3,
    driving: true,
    paused: false,
  },
  ...{ operatingMode: "AUTOMATIC", soc: 0.625, charging: false, loads: ["TCLU1234567"] },
  actionStates: [{ actionId: "a1", actionStatus: "RUNNING" }],
  errors: [{ errorType: "warm", errorLevel: "WARNING", errorDescription: "motor 1" }],
  ...{ eStop: "NONE", fieldViolation: false },
};

describe("time", () => {
  test("milliseconds become seconds and nanoseconds and come back", () => {
    expect(rosTime(0)).toEqual({ sec: 0, nanosec: 0 });
    expect(rosTime(1_700_000_000_123.25)).toEqual({ sec: 1_700_000_000, nanosec: 123_250_000 });
    expect(rosTime(999.9999999)).toEqual({ sec: 1, nanosec: 0 });
    expect(rosTimeMs({ sec: 2, nanosec: 5_000_000 })).toBe(2005);
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 42 }), (ms) => rosTimeMs(rosTime(ms)) === ms));
  });
});

describe("poses", () => {
  test("a turn is counter-clockwise about z, as REP-103 has it", () => {
    expect(yawQuaternion(0)).toEqual({ x: 0, y: 0, z: 0, w: 1 });
    const left = yawQuaternion(Math.PI / 2);
    expect([left.z, left.w]).toEqual([expect.closeTo(Math.SQRT1_2, 12), expect.closeTo(Math.SQRT1_2, 12)]);
    // +x turned by it points to +y.
    expect(1 - 2 * left.z ** 2).toBeCloseTo(0, 12);
    expect(2 * left.w * left.z).toBeCloseTo(1, 12);
  });

  test("yaw survives both ways, whatever the sign of the quaternion and the tilt of a ramp", () => {
    fc.assert(
      fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (theta) => {
        const q = yawQuaternion(theta);
        const back = yawOf(q)!;
        expect(Math.abs(Math.atan2(Math.sin(back - theta), Math.cos(back - theta)))).toBeLessThan(1e-9);
        expect(yawOf({ x: -q.x, y: -q.y, z: -q.z, w: -q.w })!).toBeCloseTo(back, 9);
        // The same turn after pitching up by 5 degrees: q * pitch.
        const p = Math.sin(0.0436);
        const c = Math.cos(0.0436);
        const tilted = { x: -q.z * p, y: q.w * p, z: q.z * c, w: q.w * c };
        expect(Math.cos(yawOf(tilted)! - theta)).toBeGreaterThan(0.9999);
      }),
    );
  });

  test("what is no rotation, or not finite, is no pose", () => {
    expect(yawOf({ x: 0, y: 0, z: 0, w: 0 })).toBeNull();
    expect(yawOf({ x: 0, y: 0, z: 1, w: 1 })).toBeNull();
    expect(yawOf({ x: 0, y: 0, z: Number.NaN, w: 1 })).toBeNull();
    expect(fromPose({ ...toPose(origin), position: { x: Number.NaN, y: 0, z: 0 } })).toBeNull();
    expect(fromPose(toPose({ x: 1, y: 2, theta: -3 }))).toEqual({ x: 1, y: 2, theta: expect.closeTo(-3, 12) });
  });

  test("frames compose: a pose 1 m ahead in a frame that stands at (10, 5) facing north is at (10, 6)", () => {
    const placed = compose({ x: 10, y: 5, theta: Math.PI / 2 }, { x: 1, y: 0, theta: Math.PI });
    expect(placed).toEqual({
      x: expect.closeTo(10, 12),
      y: expect.closeTo(6, 12),
      theta: expect.closeTo(-Math.PI / 2, 12),
    });
  });
});

describe("odometry", () => {
  const message = toOdometry(state, stamp);

  test("of the fleet: pose in the odom frame, speed in the base frame, covariance from the uncertainty", () => {
    expect(message.header).toEqual({ stamp, frame_id: "V07/odom" });
    expect(message.child_frame_id).toBe("V07/base_link");
    expect(message.pose.pose.position).toEqual({ x: 103.5, y: -2.25, z: 0 });
    expect(yawOf(message.pose.pose.orientation)).toBeCloseTo(Math.PI / 2, 12);
    expect(message.twist.twist).toEqual({ linear: { x: 3.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });
    // 0.3 m hold the position with certainty: three standard deviations of 0.1 m.
    expect([message.pose.covariance[0], message.pose.covariance[7], message.pose.covariance[1]]).toEqual([
      expect.closeTo(0.01, 12),
      expect.closeTo(0.01, 12),
      0,
    ]);
    expect(message.pose.covariance.length).toBe(36);
  });

  test("transforms: map -> odom -> base_link, and they put the vehicle where it is", () => {
    const moving = toTransform(state, stamp);
    const fixed = mapToOdom("V07", stamp);
    expect([fixed.header.frame_id, fixed.child_frame_id]).toEqual(["map", "V07/odom"]);
    expect([moving.header.frame_id, moving.child_frame_id]).toEqual(["V07/odom", "V07/base_link"]);
    const frames = new FrameTree();
    frames.take({ transforms: [moving, fixed] });
    expect(frames.placeOf("V07/base_link")).toEqual({ x: 103.5, y: -2.25, theta: expect.closeTo(Math.PI / 2, 12) });
  });

  test("of a vehicle: position on the map through its drifting odom frame, forward speed, three sigmas", () => {
    const covariance = new Array<number>(36).fill(0);
    covariance[0] = 0.04; // 0.2 m along x of its frame
    covariance[7] = 0.01;
    const drifted = { ...message, pose: { ...message.pose, covariance } };
    const reading = fromOdometry(drifted, { x: 10, y: 20, theta: Math.PI / 2 })!;
    expect(reading.pose).toEqual({
      x: expect.closeTo(12.25, 9),
      y: expect.closeTo(123.5, 9),
      theta: expect.closeTo(Math.PI, 9),
    });
    expect([reading.v, reading.uncertaintyM]).toEqual([3.5, expect.closeTo(0.6, 12)]);
  });

  test("an uncertainty lies along the longest axis, wherever that points; zeros and negatives say nothing", () => {
    const withXY = (xx: number, xy: number, yy: number): number | null => {
      const covariance = new Array<number>(36).fill(0);
      [covariance[0], covariance[1], covariance[6], covariance[7]] = [xx, xy, xy, yy];
      return fromOdometry({ ...message, pose: { ...message.pose, covariance } }, origin)!.uncertaintyM;
    };
    expect(withXY(0.5, 0.5, 0.5)).toBeCloseTo(3, 9); // all of it on the diagonal: variance 1
    expect(withXY(0, 0, 0)).toBeNull();
    expect(withXY(-1, 0, -1)).toBeNull();
    expect(withXY(Number.NaN, 0, 0)).toBeNull();
  });

  test("without a finite pose and speed there is no reading", () => {
    const still = { linear: { x: Number.NaN, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };
    expect(fromOdometry({ ...message, twist: { ...message.twist, twist: still } }, origin)).toBeNull();
    const unset = { ...message.pose.pose, orientation: { x: 0, y: 0, z: 0, w: 0 } };
    expect(fromOdometry({ ...message, pose: { ...message.pose, pose: unset } }, origin)).toBeNull();
  });
});

describe("frames", () => {
  test("are found over several links, with ROS 1's slash, and only if they lead to the map", () => {
    const frames = new FrameTree();
    const link = (parent: string, child: string, x: number) => ({
      ...mapToOdom("V", stamp),
      header: { stamp, frame_id: parent },
      child_frame_id: child,
      transform: { translation: { x, y: 0, z: 0 }, rotation: yawQuaternion(0) },
    });
    frames.take({
      transforms: [link("/map", "a", 1), link("a", "/b", 2), link("loop", "loop", 1), link("gone", "c", 1)],
    });
    expect(frames.placeOf("b")?.x).toBe(3);
    expect(frames.placeOf("map")).toEqual(origin);
    expect([frames.placeOf("loop"), frames.placeOf("c"), frames.placeOf("unheard")]).toEqual([null, null, null]);
    frames.take({ transforms: [link("map", "a", 5)] });
    expect(frames.placeOf("b")?.x).toBe(7);
  });

  test("names of vehicles fit topics, and two of one name are refused", () => {
    expect([rosName("V07"), rosName("AGV-7.b"), rosName("7"), rosName("")]).toEqual(["V07", "AGV_7_b", "v7", "v"]);
    expect(() => rosNames(["A-1", "A.1"])).toThrow(/A-1 and A\.1 would both be \/A_1/);
  });
});

describe("battery", () => {
  test("a share of 0 to 1; what is not measured is NaN", () => {
    const message = toBatteryState({ ...state, charging: true }, stamp);
    expect(message).toMatchObject({
      percentage: 0.625,
      power_supply_status: SUPPLY.charging,
      present: true,
      location: "V07",
    });
    expect([message.voltage, message.current, message.charge, message.capacity]).toEqual(new Array(4).fill(Number.NaN));
    expect(message.header.frame_id).toBe("V07/base_link");
    expect(toBatteryState(state, stamp).power_supply_status).toBe(SUPPLY.discharging);
    expect(toBatteryState({ ...state, charging: true, soc: 1 }, stamp).power_supply_status).toBe(SUPPLY.full);
  });

  test("per cent in place of a share is refused, as is what is unknown", () => {
    const message = toBatteryState(state, stamp);
    expect(fromBatteryState(message)).toEqual({ soc: 0.625, charging: false });
    expect(fromBatteryState({ ...message, power_supply_status: SUPPLY.charging })?.charging).toBe(true);
    for (const percentage of [62.5, Number.NaN, -0.1]) expect(fromBatteryState({ ...message, percentage })).toBeNull();
  });
});

describe("paths", () => {
  const path = beginPath(order("o1", 0, [0, 3, 4]));

  test("base and horizon share one point, face along the lane, and have a point a metre or ten", () => {
    const base = basePath(path, geometry, stamp);
    const horizon = horizonPath(path, geometry, stamp);
    expect(base.header).toEqual({ stamp, frame_id: "map" });
    const xy = (poses: typeof base.poses) => poses.map(({ pose: { position } }) => [position.x, position.y]);
    expect(xy(base.poses).at(0)).toEqual([0, 0]);
    expect(xy(base.poses).at(-1)).toEqual([120, 20]);
    expect(xy(horizon.poses).at(0)).toEqual([120, 20]);
    expect(xy(horizon.poses).at(-1)).toEqual([120, 50]);
    for (const [{ poses }, spacingM] of [
      [base, 1],
      [horizon, 10],
    ] as const) {
      expect(poses.length).toBeGreaterThan(3);
      for (let i = 1; i < poses.length; i++) {
        const [from, to] = [poses[i - 1]!.pose, poses[i]!.pose];
        const step = Math.hypot(to.position.x - from.position.x, to.position.y - from.position.y);
        expect(step).toBeGreaterThan(0);
        expect(step).toBeLessThanOrEqual(spacingM + 1e-9);
        const heading = Math.atan2(to.position.y - from.position.y, to.position.x - from.position.x);
        expect(Math.cos(heading - yawOf(from.orientation)!)).toBeCloseTo(1, 9);
      }
    }
  });

  test("an update moves the line between them; no order is no path; one node is a path of one point", () => {
    const longer = beginPath(order("o1", 0, [0, 3, 4]));
    extendPath(longer, order("o1", 1, [3, 4, 4]));
    expect(basePath(longer, geometry, stamp).poses.at(-1)!.pose.position).toEqual({ x: 120, y: 50, z: 0 });
    expect(horizonPath(longer, geometry, stamp).poses).toEqual([]);
    expect(basePath(null, geometry, stamp).poses).toEqual([]);
    const stay = basePath({ orderId: "o2", nodes: [node(2, true)], edges: [] }, geometry, stamp);
    expect(stay.poses.map(({ pose }) => pose.position)).toEqual([{ x: 100, y: 0, z: 0 }]);
  });
});

describe("orders", () => {
  const plain = order("o1", 0, [0, 3, 4]);
  const withActions: OrderMessage = {
    ...plain,
    nodes: plain.nodes.map((each, i) =>
      i === 1
        ? {
            ...each,
            actions: [
              {
                actionId: "a1",
                actionType: "pick",
                blockingType: "HARD",
                parameters: { container: "TCLU1234567", station: "crane-1", massKg: 20_500 },
              },
            ],
          }
        : each,
    ),
  };
  const body = encodeOrder(withActions, codecOptions);
  const message = toOrderMsg(body, withActions, geometry, stamp);

  test("go out with poses on the map, metres along lanes, lines of edges and the standard's action parameters", () => {
    expect(message).toMatchObject({ order_id: "o1", order_update_id: 0, header: { stamp, frame_id: "map" } });
    expect(message.nodes[1]).toMatchObject({
      ...{ node_id: "n1", sequence_id: 2, released: true, lane: "west", lane_position: 50, allowed_deviation_xy: 1 },
      pose: { position: { x: 50, y: 0, z: 0 } },
    });
    expect(message.nodes[1]!.actions).toEqual([
      {
        ...{ action_id: "a1", action_type: "pick", blocking_type: "HARD" },
        parameters: [
          { key: "loadId", value: "TCLU1234567" },
          { key: "stationName", value: "crane-1" },
          { key: "massKg", value: "20500" },
        ],
      },
    ]);
    const bend = message.edges.find((edge) => edge.lane === "bend")!;
    expect(bend).toMatchObject({ from_position: 0, to_position: 40, released: true });
    expect(bend.line).toEqual([
      { x: 100, y: 0, z: 0 },
      { x: 120, y: 0, z: 0 },
      { x: 120, y: 20, z: 0 },
    ]);
  });

  test("arrive over the wire as the vehicle's controller takes them", () => {
    const codec = codecOf("kalong_msgs/msg/Order");
    const read = fromOrderMsg(codec.decode(codec.encode(message)), "site");
    const decoded = read.ok ? decodeOrder("V07", read.body) : read;
    const expected = decodeOrder("V07", body);
    expect(decoded.ok && expected.ok).toBe(true);
    if (!decoded.ok || !expected.ok) return;
    const rounded = (each: OrderMessage) => ({
      ...each,
      nodes: each.nodes.map((n) => ({ ...n, theta: Math.round(n.theta * 1e9) / 1e9 })),
    });
    expect(rounded(decoded.value)).toEqual(rounded(expected.value));
  });

  test("in another frame, with a pose that is none or edges missing are refused with the reason", () => {
    const refusal = (changed: typeof message) => {
      const read = fromOrderMsg(changed, "site");
      return read.ok ? "taken" : read.reason;
    };
    expect(refusal({ ...message, header: { stamp, frame_id: "odom" } })).toContain('frame is "odom", expected map');
    expect(refusal({ ...message, edges: message.edges.slice(1) })).toContain("edges between them");
    const [first, ...rest] = message.nodes;
    const lame = { ...first!, pose: { ...first!.pose, orientation: { x: 0, y: 0, z: 0, w: 0 } } };
    expect(refusal({ ...message, nodes: [lame, ...rest] })).toBe("node n0 has no pose");
  });

  test("instant actions keep id, type and parameters; a blocking type that is not said is HARD", () => {
    const action = {
      vehicle: "V07",
      actionId: "p1",
      actionType: "startPause",
      parameters: { reason: "storm" },
    } as const;
    const sent = toInstantActionsMsg(encodeInstantAction(action), stamp);
    expect(fromInstantActionsMsg(sent)).toEqual(encodeInstantAction(action));
    const unsaid = { ...sent, actions: [{ ...sent.actions[0]!, blocking_type: "" }] };
    expect(fromInstantActionsMsg(unsaid).actions[0]!.blockingType).toBe("HARD");
  });
});

describe("status", () => {
  const reading = { pose: { x: 103.5, y: -2.25, theta: 1.5 }, v: 3.5, uncertaintyM: 0.3 };
  const battery = { soc: 0.625, charging: false };

  test("of our vehicle becomes the state that VDA 5050 would have brought", () => {
    const references = [{ referenceKey: "orderId", referenceValue: "o9" }];
    const refusal = {
      ...{ errorType: "orderError", errorLevel: "FATAL" as const, errorDescription: "no" },
      errorReferences: references,
    };
    const codec = codecOf("kalong_msgs/msg/VehicleStatus");
    const message = codec.decode(codec.encode(toStatusMsg(state, [refusal], stamp)));
    const read = toStateBody(message, reading, battery, "site");
    expect(read.ok && read.body).toEqual({
      ...{ orderId: "o1", orderUpdateId: 2, lastNodeId: "n2", lastNodeSequenceId: 4, driving: true, paused: false },
      operatingMode: "AUTOMATIC",
      nodeStates: [6, 8].map((sequenceId) => ({ nodeId: "", sequenceId, released: true })),
      edgeStates: [],
      agvPosition: { x: 103.5, y: -2.25, theta: 1.5, mapId: "site", positionInitialized: true, deviationRange: 0.3 },
      velocity: { vx: 3.5 },
      loads: [{ loadId: "TCLU1234567" }],
      actionStates: [{ actionId: "a1", actionStatus: "RUNNING" }],
      batteryState: { batteryCharge: 62.5, charging: false },
      errors: [
        { errorType: "warm", errorLevel: "WARNING", errorDescription: "motor 1", errorReferences: [] },
        { errorType: "orderError", errorLevel: "FATAL", errorDescription: "no", errorReferences: references },
      ],
      safetyState: { eStop: "NONE", fieldViolation: false },
    });
  });

  test.each([
    ["MANUAL", "MANUAL"],
    ["TEACHIN", "REMOTE"],
    ["SEMIAUTOMATIC", "AUTOACK"],
  ] as const)("mode %s and emergency stop %s survive", (operatingMode, eStop) => {
    const message = toStatusMsg({ ...state, operatingMode, eStop }, [], stamp);
    const read = toStateBody(message, reading, battery, "site");
    expect(read.ok && [read.body.operatingMode, read.body.safetyState.eStop]).toEqual([operatingMode, eStop]);
  });

  test("values without a meaning are refused; an error of an unknown level is taken for the worse", () => {
    const message = toStatusMsg(state, [], stamp);
    const reason = (changed: typeof message) => {
      const read = toStateBody(changed, reading, battery, "site");
      return read.ok ? "taken" : read.reason;
    };
    expect(reason({ ...message, operating_mode: 9 })).toBe("operating_mode is 9, expected 0 to 4");
    expect(reason({ ...message, e_stop: 7 })).toBe("e_stop is 7, expected 0 to 3");
    expect(reason({ ...message, action_states: [{ action_id: "a", action_status: "DONE" }] })).toContain('"DONE"');
    const odd = toStateBody({ ...message, errors: [{ ...message.errors[0]!, level: 0 }] }, reading, battery, "site");
    expect(odd.ok && odd.body.errors[0]!.errorLevel).toBe("FATAL");
  });

  test("an uncertainty that is not said is left out, so that the rule for such vehicles holds", () => {
    const read = toStateBody(toStatusMsg(state, [], stamp), { ...reading, uncertaintyM: null }, battery, "site");
    expect(read.ok && Object.keys(read.body.agvPosition!)).not.toContain("deviationRange");
  });
});

describe("diagnostics", () => {
  const vehicle: DiagnosedVehicle = {
    ...{ id: "V07", connection: "ONLINE", state: { ...state, errors: [] }, ageMs: 1200, activity: "driving" },
    ...{ order: "T1", waitingFor: ["vehicle:V08"], obstacle: "" },
  };
  const judged = (changes: Partial<DiagnosedVehicle>, said: Partial<VehicleState> = {}): string => {
    const changed = { ...vehicle, ...changes };
    const shown = changed.state === null ? null : { ...changed.state, ...said };
    const { level, message } = toDiagnostics([{ ...changed, state: shown }], stamp).status[0]!;
    return `${level} ${message}`;
  };

  test("the worst that holds makes the level", () => {
    expect(judged({})).toBe(`${LEVEL.ok} driving`);
    expect(judged({}, { errors: state.errors })).toBe(`${LEVEL.warn} warm: motor 1`);
    expect(judged({}, { operatingMode: "MANUAL" })).toBe(`${LEVEL.warn} is in mode MANUAL`);
    expect(judged({ obstacle: "drives: it is taken in when it stands" })).toContain(`${LEVEL.warn} drives`);
    expect(judged({}, { eStop: "MANUAL" })).toBe(`${LEVEL.error} emergency stop MANUAL`);
    expect(judged({}, { fieldViolation: true })).toContain(`${LEVEL.error} protective field`);
    const fatal = [{ errorType: "motor", errorLevel: "FATAL", errorDescription: "burnt" }] as const;
    expect(judged({}, { errors: fatal })).toBe(`${LEVEL.error} motor: burnt`);
    expect(judged({ connection: "CONNECTIONBROKEN" })).toContain(`${LEVEL.stale} is out of reach`);
    expect(judged({ state: null })).toBe(`${LEVEL.stale} has never sent a state`);
  });

  test("values are named with their units", () => {
    const [status] = toDiagnostics([vehicle], stamp).status;
    expect([status!.name, status!.hardware_id]).toEqual(["kalong: V07", "V07"]);
    const values = Object.fromEntries(status!.values.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      "last state, s ago": "1.2",
      "state of charge, %": "62.5",
      "waiting for": "vehicle:V08",
      "transport order": "T1",
      order: "o1 update 2",
      lane: "bend@3.5",
      loads: "TCLU1234567",
    });
  });
});

test("key figures keep their values and the names of the API", () => {
  const figures = {
    ...{ t: 60, accepted: 9, delivered: 5, cancelled: 1, waiting: 3, containersPerHour: 4.5, drivenKm: 12, emptyKm: 3 },
    ...{ emptyKmRatio: 0.25, taskS: 100, waitingS: 20, waitingRatio: 0.2, energyKwh: 7, shieldStops: 2, deadlocks: 1 },
  };
  const { header, ...message } = toKpiMsg(figures, stamp);
  expect(header.stamp).toEqual(stamp);
  expect(message).toEqual({
    ...{ accepted: 9, delivered: 5, cancelled: 1, waiting: 3, containers_per_hour: 4.5, driven_km: 12, empty_km: 3 },
    ...{ empty_km_ratio: 0.25, waiting_ratio: 0.2, energy_kwh: 7, shield_stops: 2, deadlocks: 1 },
  });
});

describe("pictures of the ground", () => {
  const grant = (vehicle: string, event: "granted" | "cleared", fromM: number, toM: number) => ({
    ...{ t: 1, vehicle, resource: "west", kind: "lane" as const, side: "", fromM, toM, event, seq: 1 },
  });

  test("a vehicle's marker shows the metres that it holds now, and goes when it holds none", () => {
    const held = new HeldGround();
    held.take(grant("V1", "granted", 0, 20));
    held.take(grant("V1", "granted", 10, 40));
    held.take({ ...grant("V2", "granted", 0, 0), kind: "place", resource: "p1" });
    const bays = new Map([["p1", { x: 7, y: 8 }]]);
    const [first, second] = held.markers(geometry, bays, stamp).markers;
    expect(first).toMatchObject({ type: MARKER.lineList, action: MARKER.add, text: "V1" });
    expect(first!.points.map(({ x, y }) => [x, y])).toEqual([
      [10, 0],
      [40, 0],
    ]);
    expect(second!.points.map(({ x }) => x)).toEqual([6, 8]);
    expect(second!.color).not.toEqual(first!.color);
    held.take(grant("V1", "cleared", 0, 0));
    expect(held.markers(geometry, bays, stamp).markers[0]).toMatchObject({ action: MARKER.remove, points: [] });
  });
});

describe("transport orders", () => {
  const request = {
    ...{ id: "T1", container: "TCLU1234567", length_ft: 40, laden: true, reefer: false, commodity: "electronics" },
    ...{
      mass_kg: 22_000,
      from_station: "vn-crane-1",
      to_station: "cn-crane-1",
      via_roles: ["gate"],
      via_sides: ["vn"],
    },
    ...{ priority: 3, release_in_s: 60, due_in_s: 0 },
  };
  const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  const reason = (changes: Partial<typeof request>): string => {
    const read = toNewOrder({ ...request, ...changes }, nowMs);
    return read.ok ? "taken" : read.reason;
  };

  test("seconds from now become times; what is left out keeps the API's rules", () => {
    const read = toNewOrder(request, nowMs);
    expect(read.ok && read.order).toEqual({
      id: "T1",
      container: {
        id: "TCLU1234567",
        lengthFt: 40,
        laden: true,
        reefer: false,
        commodity: "electronics",
        massKg: 22_000,
      },
      ...{ from: "vn-crane-1", to: "cn-crane-1", via: [{ role: "gate", side: "vn" }] },
      ...{ releaseAt: "2026-01-02T03:05:05.000Z", priority: 3 },
    });
    const now = toNewOrder({ ...request, id: "", release_in_s: 0, due_in_s: 600 }, nowMs);
    expect(now.ok && [now.order.id, now.order.releaseAt, now.order.dueAt]).toEqual([
      undefined,
      undefined,
      "2026-01-02T03:14:05.000Z",
    ]);
  });

  test("what the API would refuse is refused, with the field", () => {
    expect(reason({})).toBe("taken");
    expect(reason({ length_ft: 30 })).toContain("container.lengthFt");
    expect(reason({ commodity: "gold" })).toContain("container.commodity");
    expect(reason({ via_sides: [] })).toBe("via_roles has 1 entries and via_sides 0");
    expect(reason({ release_in_s: Number.NaN })).toContain("expected seconds from now");
    expect(reason({ due_in_s: -1 })).toContain("expected seconds from now");
    expect(reason({ priority: 12 })).toContain("priority");
  });
});
