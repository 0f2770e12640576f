/**
 * What every way into a graph has to do, as one suite. It runs on the graph in memory, on rosbridge, on the process that
 * rclnodejs lives in, and, where ROS 2 is sourced, on rclnodejs itself.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codecOf } from "./cdr.ts";
import type { RosMessages } from "./messages.ts";
import { QOS, type RosPort, type RosPortReport } from "./port.ts";
import { RosNode } from "./ros-node.ts";

export interface TwoNodes {
  readonly a: RosPort;
  readonly b: RosPort;
  readonly reports: readonly RosPortReport[];
  /** Another node on the same graph. */
  another(name: string): Promise<RosPort>;
  close(): Promise<void>;
}

export interface ContractOptions {
  readonly make: () => Promise<TwoNodes>;
  /** The adapter lets a subscription choose its quality of service; rosbridge chooses itself. */
  readonly choosesQos: boolean;
  /** Numbers that are not finite survive. */
  readonly carriesNaN: boolean;
}

const WAIT_MS = 20_000;
const stringCodec = codecOf("std_msgs/msg/String");
let topics = 0;
/** A name that no other test uses: on a real graph a topic lives on for a while. */
const fresh = (): string => `/kalong_test/t${process.pid}_${topics++}`;

/** Waits until something holds: messages take their time on a real graph. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Publishes until the other end has matched and hears it. */
async function heard(publish: () => void, holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`in vain: ${what}`);
    publish();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What an adapter cannot do by its nature is no skipped test of it. */
function testIf(does: boolean, name: string, body: () => Promise<void>): void {
  if (does) test(name, body);
}

export function describeRosPort(name: string, options: ContractOptions): void {
  describe(`${name} as a way into a graph`, () => {
    let nodes: TwoNodes;
    beforeEach(async () => {
      nodes = await options.make();
    });
    afterEach(() => nodes.close());
    const onReport = (): void => {};

    test("brings a message from one node to another, field by field", async () => {
      const topic = fresh();
      const got: RosMessages["nav_msgs/msg/Path"][] = [];
      new RosNode(nodes.b, onReport).subscribe(topic, "nav_msgs/msg/Path", QOS.reliable, (path) => void got.push(path));
      const publish = new RosNode(nodes.a, onReport).publisher(topic, "nav_msgs/msg/Path", QOS.reliable);
      const header = { stamp: { sec: 7, nanosec: 9 }, frame_id: "map" };
      const orientation = { x: 0, y: 0, z: 0.6, w: 0.8 };
      const path = { header, poses: [{ header, pose: { position: { x: 1.5, y: -2, z: 0 }, orientation } }] };
      await heard(
        () => publish(path),
        () => got.length > 0,
        "a path",
      );
      expect(got[0]).toEqual(path);
    });

    test("keeps the order of reliable messages and loses none", async () => {
      const topic = fresh();
      const got: string[] = [];
      const node = new RosNode(nodes.b, onReport);
      node.subscribe(topic, "std_msgs/msg/String", { ...QOS.reliable, depth: 200 }, ({ data }) => void got.push(data));
      const publish = new RosNode(nodes.a, onReport).publisher(topic, "std_msgs/msg/String", {
        ...QOS.reliable,
        depth: 200,
      });
      await heard(
        () => publish({ data: "start" }),
        () => got.length > 0,
        "the first message",
      );
      for (let i = 0; i < 100; i++) publish({ data: String(i) });
      await until(() => got.includes("99"), "the last of 100 messages");
      expect(got.filter((data) => data !== "start")).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    });

    test("gives the last message of a latched topic to who comes later, and of a volatile one nothing", async () => {
      const [latched, passing] = [fresh(), fresh()];
      const node = new RosNode(nodes.a, onReport);
      const keep = node.publisher(latched, "std_msgs/msg/String", QOS.latched);
      const pass = node.publisher(passing, "std_msgs/msg/String", QOS.reliable);
      for (const data of ["first", "last"]) {
        keep({ data });
        pass({ data });
      }
      const got: string[] = [];
      const later = new RosNode(await nodes.another("later"), onReport);
      later.subscribe(latched, "std_msgs/msg/String", QOS.latched, ({ data }) => void got.push(data));
      later.subscribe(passing, "std_msgs/msg/String", QOS.reliable, ({ data }) => void got.push(`passing ${data}`));
      await until(() => got.includes("last"), "the latched message");
      expect(got).toEqual(["last"]);
    });

    test("two subscriptions of a topic both hear it; names in Vietnamese and Chinese arrive whole", async () => {
      const topic = fresh();
      const got: string[][] = [[], []];
      for (const list of got) {
        new RosNode(nodes.b, onReport).subscribe(
          topic,
          "std_msgs/msg/String",
          QOS.reliable,
          ({ data }) => void list.push(data),
        );
      }
      const publish = new RosNode(nodes.a, onReport).publisher(topic, "std_msgs/msg/String", QOS.reliable);
      await heard(
        () => publish({ data: "Móng Cái 东兴" }),
        () => got.every((list) => list.length > 0),
        "both",
      );
      expect(got.map((list) => list[0])).toEqual(["Móng Cái 东兴", "Móng Cái 东兴"]);
    });

    test("answers a service call, and says so when nobody does", async () => {
      const service = fresh();
      const server = new RosNode(nodes.a, onReport);
      server.serve(service, "kalong_msgs/srv/SelectVehicle", async ({ vehicle }) => ({
        success: vehicle === "V07",
        message: `it was ${vehicle}`,
      }));
      const client = new RosNode(nodes.b, onReport);
      const ask = (vehicle: string) => client.call(service, "kalong_msgs/srv/SelectVehicle", { vehicle }, WAIT_MS);
      expect(await ask("V07")).toEqual({ success: true, message: "it was V07" });
      expect(await ask("")).toEqual({ success: false, message: "it was " });
      const nobody = client.call(fresh(), "kalong_msgs/srv/SelectVehicle", { vehicle: "" }, 300);
      await expect(nobody).rejects.toThrow(/service/);
    });

    test("refuses what is too short to be a message", async () => {
      const topic = fresh();
      const publish = nodes.a.advertise(topic, "std_msgs/msg/String", QOS.reliable);
      const got: Uint8Array[] = [];
      nodes.b.subscribe(topic, "std_msgs/msg/String", QOS.reliable, (bytes) => void got.push(bytes));
      publish(new Uint8Array(0));
      publish(new Uint8Array(3));
      await heard(
        () => publish(stringCodec.encode({ data: "x" })),
        () => got.length > 0,
        "the real message",
      );
      expect(stringCodec.decode(got[0]!)).toEqual({ data: "x" });
      expect(nodes.reports.filter(({ code }) => code === "publish-refused").length).toBe(2);
    });

    testIf(
      options.choosesQos,
      "a best-effort reader hears every writer; a reliable one no best-effort writer",
      async () => {
        const topic = fresh();
        const got: string[] = [];
        const reader = new RosNode(nodes.b, onReport);
        reader.subscribe(topic, "std_msgs/msg/String", QOS.reliable, () => void got.push("reliable"));
        reader.subscribe(topic, "std_msgs/msg/String", QOS.sensorData, () => void got.push("best effort"));
        reader.subscribe(topic, "std_msgs/msg/String", QOS.latched, () => void got.push("latched"));
        const publish = new RosNode(nodes.a, onReport).publisher(topic, "std_msgs/msg/String", QOS.sensorData);
        await heard(
          () => publish({ data: "" }),
          () => got.length > 5,
          "six messages",
        );
        expect(new Set(got)).toEqual(new Set(["best effort"]));
      },
    );

    testIf(options.carriesNaN, "what is not measured stays so", async () => {
      const topic = fresh();
      const got: number[] = [];
      const type = "sensor_msgs/msg/BatteryState";
      new RosNode(nodes.b, onReport).subscribe(topic, type, QOS.sensorData, ({ voltage }) => void got.push(voltage));
      const publish = nodes.a.advertise(topic, type, QOS.sensorData);
      const bytes = codecOf(type).encode({ voltage: Number.NaN } as RosMessages[typeof type]);
      await heard(
        () => publish(bytes),
        () => got.length > 0,
        "a battery state",
      );
      expect(got[0]).toBeNaN();
    });

    test("nothing comes after a node has left", async () => {
      const topic = fresh();
      const got: string[] = [];
      const gone = await nodes.another("gone");
      new RosNode(gone, onReport).subscribe(
        topic,
        "std_msgs/msg/String",
        QOS.reliable,
        ({ data }) => void got.push(data),
      );
      const publish = new RosNode(nodes.a, onReport).publisher(topic, "std_msgs/msg/String", QOS.reliable);
      await heard(
        () => publish({ data: "before" }),
        () => got.length > 0,
        "a message before",
      );
      await gone.close();
      const heardBefore = got.length;
      publish({ data: "after" });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(got.length).toBe(heardBefore);
    });
  });
}
