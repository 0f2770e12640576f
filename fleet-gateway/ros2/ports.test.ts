/** The contract on each way in, and what is each one's own. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { codecOf } from "./cdr.ts";
import { describeRosPort, type TwoNodes } from "./contract.fixture.ts";
import { fakeRcl } from "./fake-rcl.fixture.ts";
import { MemoryGraph } from "./memory-port.ts";
import { isCompatible, QOS, type Qos, type RosPort, type RosPortReport } from "./port.ts";
import { hostRcl } from "./rcl-port.ts";
import { type FakeProcess, fakeProcess } from "./rcl-process.fixture.ts";
import type { FromRcl } from "./rcl-protocol.ts";
import { RosNode } from "./ros-node.ts";
import { openRosbridgePort } from "./rosbridge-port.ts";
import { startRosbridge } from "./rosbridge-server.fixture.ts";
import { openRclPort } from "./supervisor.ts";

/** @param open a node of that name */
async function twoNodes(
  open: (name: string, onReport: (report: RosPortReport) => void) => Promise<RosPort>,
  stop: () => Promise<void> = async () => {},
): Promise<TwoNodes> {
  const reports: RosPortReport[] = [];
  const ports: RosPort[] = [];
  const another = async (name: string): Promise<RosPort> => {
    const port = await open(name, (report) => void reports.push(report));
    ports.push(port);
    return port;
  };
  const [a, b] = [await another("a"), await another("b")];
  return {
    ...{ a, b, reports, another },
    async close() {
      for (const port of ports) await port.close();
      await stop();
    },
  };
}

describeRosPort("a graph in memory", {
  choosesQos: true,
  carriesNaN: true,
  make: () => {
    const graph = new MemoryGraph();
    return twoNodes(async (name, onReport) => graph.connect(name, onReport));
  },
});

describeRosPort("the rclnodejs process, with a stand-in for rclnodejs", {
  choosesQos: true,
  carriesNaN: true,
  make: () => {
    const graph = new MemoryGraph();
    return twoNodes((nodeName, onReport) =>
      openRclPort({ nodeName, onReport, spawn: (name) => fakeProcess(graph, name) }),
    );
  },
});

describeRosPort("rosbridge", {
  choosesQos: false,
  carriesNaN: false,
  make: async () => {
    const server = await startRosbridge(new MemoryGraph());
    return twoNodes((_, onReport) => openRosbridgePort({ url: server.url, onReport }), server.stop);
  },
});

describe("quality of service", () => {
  const offers: Qos[] = [QOS.sensorData, QOS.reliable, QOS.latched, { ...QOS.latched, reliability: "best-effort" }];

  test("a reader may ask for less than a writer offers, never for more", () => {
    const heard = offers.map((offered) => offers.map((requested) => (isCompatible(offered, requested) ? 1 : 0)));
    // Rows: writer is best effort, reliable, latched, latched best effort; columns: the reader asks for the same.
    expect(heard).toEqual([
      [1, 0, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 1, 1],
      [1, 0, 0, 1],
    ]);
  });

  test("the graph tells both nodes of what does not match, by quality and by type", () => {
    const graph = new MemoryGraph();
    const reports: RosPortReport[] = [];
    const one = graph.connect("one", (report) => void reports.push(report));
    one.advertise("/t", "std_msgs/msg/String", QOS.sensorData);
    graph
      .connect("two", (report) => void reports.push(report))
      .subscribe("/t", "std_msgs/msg/String", QOS.reliable, () => {});
    graph
      .connect("three", (report) => void reports.push(report))
      .subscribe("/t", "nav_msgs/msg/Path", QOS.sensorData, () => {});
    expect(reports.map(({ code, name }) => [code, name])).toEqual([
      ["qos-incompatible", "/t"],
      ["type-mismatch", "/t"],
    ]);
    expect(reports[0]!.reason).toBe("one offers best-effort, volatile, two asks for reliable, volatile");
  });
});

describe("the graph in memory", () => {
  const codec = codecOf("std_msgs/msg/String");

  function line(options: ConstructorParameters<typeof MemoryGraph>[0], qos: Qos) {
    const graph = new MemoryGraph(options);
    const got: [string, number][] = [];
    graph.connect("b").subscribe("/t", "std_msgs/msg/String", qos, (bytes, ms) => {
      got.push([codec.decode(bytes).data, ms]);
    });
    const publish = graph.connect("a").advertise("/t", "std_msgs/msg/String", qos);
    return { graph, got, send: (data: string) => publish(codec.encode({ data })) };
  }

  test("messages take their time, and best effort lets one overtake another", () => {
    const delays = [50, 10];
    const { graph, got, send } = line({ delayMs: () => delays.shift()! }, QOS.sensorData);
    send("slow");
    send("quick");
    graph.advance(9);
    expect(got).toEqual([]);
    graph.advance(60);
    expect(got).toEqual([
      ["quick", 10],
      ["slow", 50],
    ]);
  });

  test("what is lost is gone by best effort, and comes late but in order if reliable", () => {
    const fates = () => {
      const lost = [true, false, false];
      return () => lost.shift() ?? false;
    };
    const effort = line({ loses: fates() }, QOS.sensorData);
    const reliable = line({ loses: fates(), retryMs: 30 }, QOS.reliable);
    for (const { send } of [effort, reliable]) for (const data of ["1", "2"]) send(data);
    for (const { graph } of [effort, reliable]) graph.advance(100);
    expect(effort.got).toEqual([["2", 0]]);
    expect(reliable.got).toEqual([
      ["1", 30],
      ["2", 30],
    ]);
  });

  test("a queue holds as many as its depth: the oldest is pushed out", () => {
    const { graph, got, send } = line({ delayMs: () => 10 }, { ...QOS.sensorData, depth: 2 });
    for (const data of ["1", "2", "3"]) send(data);
    graph.advance(20);
    expect(got.map(([data]) => data)).toEqual(["2", "3"]);
  });

  test("bytes are copied: who changes what was sent or received changes nobody else's", () => {
    const graph = new MemoryGraph();
    const bytes = codec.encode({ data: "as sent" });
    const got: string[] = [];
    const publish = graph.connect("a").advertise("/t", "std_msgs/msg/String", QOS.latched);
    for (const name of ["b", "c"]) {
      graph.connect(name).subscribe("/t", "std_msgs/msg/String", QOS.latched, (received) => {
        got.push(codec.decode(received).data);
        received.fill(255, 8);
      });
    }
    publish(bytes);
    bytes.fill(255, 8);
    graph.connect("d").subscribe("/t", "std_msgs/msg/String", QOS.latched, (received) => {
      got.push(codec.decode(received).data);
    });
    expect(got).toEqual(["as sent", "as sent", "as sent"]);
  });
});

describe("the rclnodejs process", () => {
  afterEach(() => vi.useRealTimers());

  /** A supervised node whose processes the test can break, and a witness on the same graph. */
  async function supervised() {
    const graph = new MemoryGraph();
    const processes: FakeProcess[] = [];
    const reports: RosPortReport[] = [];
    let nowMs = 0;
    const port = await openRclPort({
      nodeName: "kalong",
      nowMs: () => nowMs,
      restartFirstMs: 100,
      restartMaxMs: 400,
      onReport: (report) => void reports.push(report),
      spawn: (name) => {
        const made = fakeProcess(graph, name);
        processes.push(made);
        return made;
      },
    });
    const got: string[] = [];
    const witness = new RosNode(graph.connect("witness"), () => {});
    witness.subscribe("/latched", "std_msgs/msg/String", QOS.latched, ({ data }) => void got.push(data));
    const turns = async (count = 12): Promise<void> => {
      for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    return {
      ...{ graph, port, processes, reports, got, witness, turns },
      pass: (ms: number) => {
        nowMs += ms;
      },
    };
  }
  type Run = Awaited<ReturnType<typeof supervised>>;
  const use = (run: Run, node = new RosNode(run.port, () => {})) => ({
    latch: node.publisher("/latched", "std_msgs/msg/String", QOS.latched),
    heard: (() => {
      const heard: string[] = [];
      node.subscribe("/in", "std_msgs/msg/String", QOS.reliable, ({ data }) => void heard.push(data));
      return heard;
    })(),
  });

  test("that crashes is started again, announces everything again and repeats what is latched", async () => {
    const run = await supervised();
    const { latch, heard } = use(run);
    latch({ data: "the map" });
    await run.turns();
    expect(run.got).toEqual(["the map"]);
    run.processes[0]!.crash();
    await run.turns();
    latch({ data: "a newer map" });
    expect(run.reports.map(({ code }) => code)).toEqual(["graph-lost"]);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await run.turns();
    expect(run.processes.length).toBe(2);
    expect(run.reports.map(({ code }) => code)).toEqual(["graph-lost", "graph-back"]);
    expect(run.got).toEqual(["the map", "a newer map"]);
    run.witness.publisher("/in", "std_msgs/msg/String", QOS.reliable)({ data: "hello" });
    await run.turns();
    expect(heard).toEqual(["hello"]);
    await run.port.close();
  });

  test("that says nothing is ended and replaced", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const run = await supervised();
    run.processes[0]!.hang();
    run.pass(4000);
    vi.advanceTimersByTime(1000);
    await run.turns();
    expect(run.reports).toEqual([]);
    run.pass(1500);
    vi.advanceTimersByTime(1000);
    await run.turns();
    expect(run.reports.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
      "graph-lost the ROS 2 process said nothing for 5.5 s and was ended",
    ]);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(run.processes.length).toBe(2);
    await run.port.close();
  });

  test("that keeps ending is started after pauses that double up to the longest", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
    const graph = new MemoryGraph();
    const started: FakeProcess[] = [];
    const port = await openRclPort({
      ...{ nodeName: "kalong", restartFirstMs: 100, restartMaxMs: 400, onReport: () => {}, nowMs: () => 0 },
      spawn: (name) => {
        const made = fakeProcess(graph, name, started.length === 0 ? "" : "broken");
        started.push(made);
        return made;
      },
    });
    const turns = async (): Promise<void> => {
      for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    started[0]!.crash();
    for (const [i, pauseMs] of [100, 200, 400, 400].entries()) {
      await turns();
      vi.advanceTimersByTime(pauseMs - 1);
      expect(started.length, `before ${pauseMs} ms`).toBe(i + 1);
      vi.advanceTimersByTime(1);
      expect(started.length, `after ${pauseMs} ms`).toBe(i + 2);
    }
    await turns();
    await port.close();
  });

  test("that cannot use ROS 2 says why, once", async () => {
    const opened = openRclPort({
      ...{ nodeName: "kalong", onReport: () => {} },
      spawn: (name) => fakeProcess(new MemoryGraph(), name, "ROS 2 is not sourced in this shell."),
    });
    await expect(opened).rejects.toThrow("ROS 2 is not sourced in this shell.");
  });

  test("calls fail at once while it is away", async () => {
    const run = await supervised();
    run.processes[0]!.crash();
    await run.turns();
    const call = new RosNode(run.port, () => {}).call("/s", "kalong_msgs/srv/SelectVehicle", { vehicle: "" }, 1000);
    await expect(call).rejects.toThrow(/being started again/);
    await run.port.close();
  });

  test("init, signal handlers, node and spin come in that order; a type that is not there costs only itself", async () => {
    const calls: string[] = [];
    const sent: FromRcl[] = [];
    const graph = new MemoryGraph();
    const take = await hostRcl(fakeRcl(graph, calls), "kalong", (message) => void sent.push(message));
    expect(calls).toEqual(["init", "removeSignalHandlers", "spin"]);
    take({ kind: "advertise", id: 1, topic: "/x", type: "nowhere_msgs/msg/Nothing", qos: QOS.reliable });
    take({ kind: "advertise", id: 2, topic: "/y", type: "std_msgs/msg/String", qos: QOS.reliable });
    take({ kind: "publish", id: 1, bytes: new Uint8Array(8) });
    take({ kind: "publish", id: 2, bytes: new Uint8Array(0) });
    expect(sent.map((message) => message.kind === "report" && message.name)).toEqual(["/x"]);
    expect([...graph.topics().keys()]).toEqual(["/y"]);
    take({ kind: "close" });
    expect(calls.at(-1)).toBe("shutdown");
  });
});

describe("rosbridge", () => {
  test("a lost connection is taken up again with everything that was announced", async () => {
    const graph = new MemoryGraph();
    const server = await startRosbridge(graph);
    const reports: RosPortReport[] = [];
    const port = await openRosbridgePort({
      url: server.url,
      retryMs: 10,
      onReport: (report) => void reports.push(report),
    });
    const node = new RosNode(port, () => {});
    const heard: string[] = [];
    node.subscribe("/in", "std_msgs/msg/String", QOS.reliable, ({ data }) => void heard.push(data));
    node.publisher("/latched", "std_msgs/msg/String", QOS.latched)({ data: "the map" });
    await vi.waitFor(() => expect(graph.topics().get("/latched")?.publishers).toBe(1));
    server.drop();
    await vi.waitFor(() => expect(reports.map(({ code }) => code)).toEqual(["graph-lost", "graph-back"]));
    const got: string[] = [];
    const witness = new RosNode(graph.connect("witness"), () => {});
    witness.subscribe("/latched", "std_msgs/msg/String", QOS.latched, ({ data }) => void got.push(data));
    await vi.waitFor(() => expect(got).toEqual(["the map"]));
    await vi.waitFor(() => expect(graph.topics().get("/in")?.subscriptions).toBe(1));
    witness.publisher("/in", "std_msgs/msg/String", QOS.reliable)({ data: "hello" });
    await vi.waitFor(() => expect(heard).toEqual(["hello"]));
    await port.close();
    await server.stop();
  });

  test("what is not measured is left out of what goes, and null in what comes is NaN", async () => {
    const server = await startRosbridge(new MemoryGraph());
    const port = await openRosbridgePort({ url: server.url, onReport: () => {} });
    const type = "sensor_msgs/msg/BatteryState";
    const got: number[] = [];
    port.subscribe("/b", type, QOS.sensorData, (bytes) => void got.push(codecOf(type).decode(bytes).voltage));
    const raw = new WebSocket(server.url);
    await new Promise((resolve) => raw.once("open", resolve));
    await vi.waitFor(() => expect(server.operations.some(({ op }) => op === "subscribe")).toBe(true));
    raw.send(JSON.stringify({ op: "publish", topic: "/b", type, msg: { voltage: null, percentage: 0.5 } }));
    await vi.waitFor(() => expect(got.length).toBe(1));
    expect(got[0]).toBeNaN();
    const node = new RosNode(port, () => {});
    node.publisher("/c", type, QOS.sensorData)({ voltage: Number.NaN, percentage: 0.5 } as never);
    await vi.waitFor(() =>
      expect(server.operations.some(({ topic, op }) => topic === "/c" && op === "publish")).toBe(true),
    );
    const sent = server.operations.find(({ topic, op }) => topic === "/c" && op === "publish")!;
    expect(sent.msg).toMatchObject({ percentage: 0.5 });
    expect(Object.keys(sent.msg as object)).not.toContain("voltage");
    raw.close();
    await port.close();
    await server.stop();
  });

  test("errors of the server, and what is no JSON, are told; a server that is not there is an error", async () => {
    const server = await startRosbridge(new MemoryGraph());
    const reports: RosPortReport[] = [];
    const port = await openRosbridgePort({ url: server.url, onReport: (report) => void reports.push(report) });
    server.say("{");
    server.say(JSON.stringify({ op: "status", level: "error", msg: "no such type" }));
    server.say(JSON.stringify({ op: "status", level: "info", msg: "hello" }));
    await vi.waitFor(() => expect(reports.map(({ code }) => code)).toEqual(["message-malformed", "graph-error"]));
    await port.close();
    await server.stop();
    await expect(
      openRosbridgePort({ url: server.url, connectMs: 50, retryMs: 5, onReport: () => {} }),
    ).rejects.toThrow();
  });
});
