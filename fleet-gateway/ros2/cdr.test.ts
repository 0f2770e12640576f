/** CDR as it is on the wire: the project's codecs against bytes that Cyclone DDS sent, and against their own reverse. */
import { readFileSync } from "node:fs";
import { parse } from "@foxglove/rosmsg";
import { ros2jazzy } from "@foxglove/rosmsg-msgs-common";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCodec, codecOf, createCodec, MalformedMessageError, serviceCodecs } from "./cdr.ts";
import { definitionsOf, HUMBLE, type MessageDefinition } from "./definitions.ts";
import { RMF_DEFINITIONS } from "./rmf-definitions.fixture.ts";

const golden = JSON.parse(readFileSync(new URL("./golden-cdr.fixture.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;
const bytesOf = (name: string): Uint8Array => new Uint8Array(Buffer.from(golden[name]!, "hex"));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** rmf_fleet_msgs is none of the standard packages: its definitions are parsed from text. */
function rmfDefinitions(root: string): MessageDefinition[] {
  const own = Object.entries(RMF_DEFINITIONS).map(([name, text]) => ({
    name: `rmf_fleet_msgs/${name}`,
    definitions: parse(text, { ros2: true, skipTypeFixup: true })[0]!.definitions.map((field) =>
      field.isComplex === true ? { ...field, type: `rmf_fleet_msgs/${field.type}` } : field,
    ),
  }));
  return own.sort((a, b) => Number(b.name === root) - Number(a.name === root));
}

const stamp = { sec: 1_700_000_000, nanosec: 123_456_789 };
const north = { x: 0, y: 0, z: Math.sin(Math.PI / 4), w: Math.cos(Math.PI / 4) };

describe("bytes from the wire", () => {
  const standard = Object.keys(golden).filter((name) => !name.startsWith("rmf_"));
  test("are of eight types", () => {
    expect(Object.keys(golden).length).toBe(8);
    expect(standard.length).toBe(6);
  });

  test.each(standard)("%s is read and written back byte by byte", (name) => {
    const codec = anyCodec(name.replace("/", "/msg/"));
    expect(hex(codec.encode(codec.decode(bytesOf(name))))).toBe(golden[name]);
  });

  test.each(["rmf_fleet_msgs/FleetState", "rmf_fleet_msgs/PathRequest"])(
    "%s too: 64-bit integers, 32-bit floats, nested sequences",
    (name) => {
      const codec = createCodec<unknown>(name, rmfDefinitions(name));
      expect(hex(codec.encode(codec.decode(bytesOf(name))))).toBe(golden[name]);
    },
  );

  test("mean what was sent: odometry", () => {
    const odometry = codecOf("nav_msgs/msg/Odometry").decode(bytesOf("nav_msgs/Odometry"));
    expect(odometry.header).toEqual({ stamp, frame_id: "map" });
    expect(odometry.child_frame_id).toBe("robot_1/base_link");
    expect(odometry.pose.pose.position).toEqual({ x: 1.5, y: -2.25, z: 0 });
    expect(odometry.pose.pose.orientation.z).toBeCloseTo(north.z, 12);
    expect(odometry.pose.covariance.length).toBe(36);
    expect(odometry.pose.covariance[0]).toBe(0.01);
    expect(odometry.twist.twist).toEqual({ linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.1 } });
  });

  test("mean what was sent: battery, with values that are not known", () => {
    const battery = codecOf("sensor_msgs/msg/BatteryState").decode(bytesOf("sensor_msgs/BatteryState"));
    expect([battery.voltage, battery.temperature, battery.percentage]).toEqual([24.5, Number.NaN, 0.875]);
    expect([battery.power_supply_status, battery.present, battery.location]).toEqual([2, true, "slot0"]);
    expect(Array.from(battery.cell_voltage)).toEqual([3.5, 3.25]);
  });

  test("mean what was sent: path, diagnostics and the RMF fleet", () => {
    const path = codecOf("nav_msgs/msg/Path").decode(bytesOf("nav_msgs/Path"));
    expect(path.poses.map(({ pose }) => pose.position.y)).toEqual([-2.25, -2.25]);
    const { status } = codecOf("diagnostic_msgs/msg/DiagnosticArray").decode(
      bytesOf("diagnostic_msgs/DiagnosticArray"),
    );
    expect(status[0]).toMatchObject({
      level: 1,
      hardware_id: "r1",
      values: [{ key: "temp", value: "81" }, { key: "k2" }],
    });
    const fleet = createCodec<{ robots: { seq: bigint; location: { x: number }; battery_percent: number }[] }>(
      "rmf",
      rmfDefinitions("rmf_fleet_msgs/FleetState"),
    ).decode(bytesOf("rmf_fleet_msgs/FleetState"));
    expect(fleet.robots[0]).toMatchObject({ seq: 42n, battery_percent: 87.5, location: { x: 1 } });
  });
});

describe("what the wire must not do", () => {
  const codec = codecOf("nav_msgs/msg/Path");
  const bytes = bytesOf("nav_msgs/Path");

  test("bytes that end early are no message, wherever they end", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => codec.decode(bytes.slice(0, length)), `${length} bytes`).toThrow(MalformedMessageError);
    }
  });

  test("bytes that go on are of another type", () => {
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    expect(() => codec.decode(longer)).toThrow(/ends 4 bytes before/);
  });

  test("a fixed array of another length is refused, as is a type that nobody defined", () => {
    const odometry = codecOf("nav_msgs/msg/Odometry").decode(bytesOf("nav_msgs/Odometry"));
    const short = { ...odometry, pose: { ...odometry.pose, covariance: [1, 2, 3] } };
    expect(() => codecOf("nav_msgs/msg/Odometry").encode(short)).toThrow(/covariance has 3 items, expected 36/);
    expect(() => anyCodec("nav_msgs/msg/Odomtry")).toThrow(/no definition of the ROS type nav_msgs\/msg\/Odomtry/);
    expect(() => anyCodec("kalong_msgs/msg/Nothing")).toThrow(RangeError);
  });
});

describe("our own types", () => {
  test("names in Vietnamese and Chinese keep every byte", () => {
    const codec = codecOf("std_msgs/msg/String");
    for (const data of ["Móng Cái", "东兴市", "Bắc Luân II — cầu", "🚛", ""]) {
      expect(codec.decode(codec.encode({ data })).data).toBe(data);
    }
    // 4 header, 4 length, 6 bytes of UTF-8, 1 zero, 1 padding.
    expect(hex(codec.encode({ data: "东兴" }))).toBe("0001000007000000e4b89ce585b40000");
  });

  test("an order and a service request come back as they went", () => {
    const pose = { position: { x: 1, y: 2, z: 0 }, orientation: north };
    const actions = [
      { action_id: "a", action_type: "pick", blocking_type: "HARD", parameters: [{ key: "k", value: "v" }] },
    ];
    const order = {
      header: { stamp, frame_id: "map" },
      order_id: "o",
      order_update_id: 3,
      nodes: [
        {
          node_id: "n",
          sequence_id: 2,
          released: true,
          lane: "l",
          lane_position: 4.5,
          pose,
          allowed_deviation_xy: 1,
          actions,
        },
      ],
      edges: [],
    };
    const codec = codecOf("kalong_msgs/msg/Order");
    expect(codec.decode(codec.encode(order))).toEqual(order);
    const { request, response } = serviceCodecs("kalong_msgs/srv/CancelTransportOrder");
    expect(request.decode(request.encode({ id: "T1" }))).toEqual({ id: "T1" });
    expect(response.decode(response.encode({ success: true, message: "" }))).toEqual({ success: true, message: "" });
  });

  test("the writer agrees with the package's on every standard type, where text is ASCII", () => {
    const types = [
      "nav_msgs/Odometry",
      "sensor_msgs/BatteryState",
      "tf2_msgs/TFMessage",
      "visualization_msgs/MarkerArray",
    ];
    const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 9 });
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.infiniteStream(fc.double()),
        fc.infiniteStream(ascii),
        (type, numbers, texts) => {
          const definitions = [...definitionsOf(type.replace("/", "/msg/"))];
          const message = drawn(
            definitions[0]!,
            definitions,
            () => numbers.next().value,
            () => texts.next().value,
          );
          const theirs = new MessageWriter(definitions).writeMessage(message);
          const ours = createCodec(type, definitions).encode(message);
          expect(hex(ours.slice(0, theirs.byteLength))).toBe(hex(theirs));
          expect(ours.byteLength - theirs.byteLength).toBeLessThan(4);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("the standard types that are used are the same in Humble and Jazzy", () => {
  const jazzy: Readonly<Record<string, MessageDefinition>> = ros2jazzy;
  const used = [
    ...["std_msgs/String", "nav_msgs/Odometry", "nav_msgs/Path", "sensor_msgs/BatteryState", "tf2_msgs/TFMessage"],
    ...["diagnostic_msgs/DiagnosticArray", "visualization_msgs/MarkerArray", "rosgraph_msgs/Clock"],
  ].flatMap((type) => definitionsOf(type.replace("/", "/msg/")).map(({ name }) => name!));
  expect(new Set(used).size).toBeGreaterThan(20);
  const fields = (definition: MessageDefinition | undefined): unknown =>
    definition?.definitions.filter((field) => field.isConstant !== true);
  for (const name of new Set(used)) expect(fields(HUMBLE[name]), name).toEqual(fields(jazzy[name]));
});

/** A message with values in every field. */
function drawn(
  definition: MessageDefinition,
  all: readonly MessageDefinition[],
  number: () => number,
  text: () => string,
): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of definition.definitions) {
    if (field.isConstant === true) continue;
    const one = (): unknown => {
      if (field.isComplex === true) return drawn(all.find(({ name }) => name === field.type)!, all, number, text);
      if (field.type === "string") return text();
      if (field.type === "bool") return number() > 0;
      if (field.type === "time" || field.type === "duration") return { sec: 7, nanosec: 9 };
      if (field.type.startsWith("float")) return number();
      return Math.abs(Math.trunc(number())) % 100 || 0;
    };
    message[field.name] = field.isArray === true ? Array.from({ length: field.arrayLength ?? 2 }, one) : one();
  }
  return message;
}
