/**
 * The command in real time with the fleet on a graph: `kalong live` with two of its five vehicles driven over ROS only,
 * through a rosbridge server that this test is, and a second node that looks, orders, pauses and cancels.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { yawOf } from "./mapping/pose.ts";
import { rosTimeMs } from "./mapping/time.ts";
import { MemoryGraph } from "./memory-port.ts";
import type { DiagnosticArray, MarkerArray, Odometry, OrderMsg, Path, TFMessage } from "./messages.ts";
import { QOS } from "./port.ts";
import { RosNode } from "./ros-node.ts";
import { type FakeRosbridge, startRosbridge } from "./rosbridge-server.fixture.ts";

const kalong = fileURLToPath(new URL("../../kalong.ts", import.meta.url));
const started: ChildProcess[] = [];
let server: FakeRosbridge | null = null;

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await server?.stop();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: Record<string, string | undefined> = {}) {
  const child = spawn(process.execPath, [kalong, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  started.push(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => {
    said.out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    said.err += text.toString();
  });
  const ended = new Promise<Ended>((resolve) => child.once("exit", (code) => resolve({ code, ...said })));
  return { child, said, ended };
}

/** A shell in which ROS 2 is not sourced. */
const NO_ROS = { ROS_DISTRO: undefined, AMENT_PREFIX_PATH: undefined };

test.each([
  [
    ["live", "--ros2"],
    /ROS 2 is not sourced in this shell\. Run 'source .*setup\.bash'.*npm install --no-save rclnodejs/,
  ],
  [["serve", "bac-luan-ii", "--broker", "mqtt://127.0.0.1:1", "--ros2"], /--rosbridge ws:\/\/HOST:9090/],
  [["live", "--rosbridge", "http://127.0.0.1"], /--rosbridge http:\/\/127\.0\.0\.1: expected an address such as ws:/],
  [["serve", "bac-luan-ii", "--broker", "mqtt://127.0.0.1:1", "--use-sim-time"], /--use-sim-time needs --ros2/],
] as const)("kalong %j explains itself with exit code 2", async (args, text) => {
  const { code, out, err } = await run(args, NO_ROS).ended;
  expect(err).toMatch(text);
  expect([code, out]).toEqual([2, ""]);
});

test("five vehicles, two of them over ROS only, seen and directed by a second node; a clean end", async () => {
  const graph = new MemoryGraph();
  server = await startRosbridge(graph);
  const wait = { timeout: 120_000, interval: 20 };
  const program = run([
    ...["live", "pilot-2026-saturated", "--port", "0", "--seed", "1"],
    ...["--rosbridge", server.url, "--ros2-vehicles", "V04,V05"],
  ]);
  await vi.waitFor(() => expect(program.said.out).toMatch(/Kalong runs/), wait);

  const node = new RosNode(graph.connect("witness"), () => {});
  const ids = ["V01", "V02", "V03", "V04", "V05"];
  const seen = new Map<string, { message: Odometry }[]>(ids.map((id) => [id, []]));
  for (const id of ids) {
    node.subscribe(`/kalong/${id}/odom`, "nav_msgs/msg/Odometry", QOS.sensorData, (message) => {
      seen.get(id)!.push({ message });
    });
  }
  const ownOdometry: { ms: number; v: number }[] = [];
  node.subscribe("/V04/odom", "nav_msgs/msg/Odometry", QOS.sensorData, ({ header, twist }) => {
    ownOdometry.push({ ms: rosTimeMs(header.stamp), v: twist.twist.linear.x });
  });
  const clocks: number[] = [];
  node.subscribe("/clock", "rosgraph_msgs/msg/Clock", QOS.clock, ({ clock }) => void clocks.push(rosTimeMs(clock)));
  const frames = new Map<string, string>();
  const takeFrames = ({ transforms }: TFMessage): void => {
    for (const { header, child_frame_id } of transforms) frames.set(child_frame_id, header.frame_id);
  };
  node.subscribe("/tf", "tf2_msgs/msg/TFMessage", QOS.transforms, takeFrames);
  node.subscribe("/tf_static", "tf2_msgs/msg/TFMessage", QOS.latched, takeFrames);
  let site: MarkerArray | null = null;
  node.subscribe("/kalong/site_markers", "visualization_msgs/msg/MarkerArray", QOS.latched, (message) => {
    site = message;
  });
  let diagnostics: DiagnosticArray | null = null;
  node.subscribe("/diagnostics", "diagnostic_msgs/msg/DiagnosticArray", QOS.reliable, (message) => {
    diagnostics = message;
  });
  let accepted = 0;
  node.subscribe("/kalong/kpi", "kalong_msgs/msg/Kpi", QOS.latched, (kpi) => {
    accepted = kpi.accepted;
  });
  const orders: OrderMsg[] = [];
  node.subscribe("/V04/order", "kalong_msgs/msg/Order", QOS.reliable, (order) => void orders.push(order));
  const paths: Path[] = [];
  node.subscribe("/V04/path", "nav_msgs/msg/Path", QOS.latched, (path) => void paths.push(path));

  // Every vehicle is seen, in its frames; the one over ROS is ordered and drives along the path that it was given.
  const moved = (id: string): number => {
    const messages = seen.get(id)!;
    if (messages.length < 2) return 0;
    const [from, to] = [messages[0]!.message.pose.pose.position, messages.at(-1)!.message.pose.pose.position];
    return Math.hypot(to.x - from.x, to.y - from.y);
  };
  await vi.waitFor(() => expect(ids.map((id) => seen.get(id)!.length).every((count) => count > 3)).toBe(true), wait);
  await vi.waitFor(() => expect(moved("V04")).toBeGreaterThan(5), wait);
  for (const id of ids) {
    const { header, child_frame_id, pose } = seen.get(id)!.at(-1)!.message;
    expect([header.frame_id, child_frame_id]).toEqual([`${id}/odom`, `${id}/base_link`]);
    expect(yawOf(pose.pose.orientation)).not.toBeNull();
    expect([frames.get(`${id}/odom`), frames.get(`${id}/base_link`)]).toEqual(["map", `${id}/odom`]);
  }
  expect(orders[0]!.nodes[0]!.released).toBe(true);
  const { x, y } = seen.get("V04")!.at(-1)!.message.pose.pose.position;
  const nearest = Math.min(
    ...paths.flatMap(({ poses }) => poses.map(({ pose }) => Math.hypot(pose.position.x - x, pose.position.y - y))),
  );
  expect(nearest).toBeLessThan(1.5);

  // A moving vehicle is seen ten times a second of the graph's time, which goes on with it. Real time is not
  // measured: the machine may be busy.
  const driven = seen.get("V04")!.filter(({ message }) => message.twist.twist.linear.x > 0.5);
  expect(driven.length).toBeGreaterThan(10);
  const stampsMs = ownOdometry.filter(({ v }) => v > 0.5).map(({ ms }) => ms);
  const gapsMs = stampsMs.slice(1).map((ms, i) => ms - stampsMs[i]!);
  const median = gapsMs.sort((one, two) => one - two)[Math.floor(gapsMs.length / 2)]!;
  expect(median).toBeCloseTo(100, 6);
  expect(clocks.length).toBeGreaterThan(20);
  expect(clocks.every((ms, i) => i === 0 || ms >= clocks[i - 1]!)).toBe(true);
  const lastStampMs = rosTimeMs(seen.get("V04")!.at(-1)!.message.header.stamp);
  expect(Math.abs(lastStampMs - clocks.at(-1)!)).toBeLessThan(5000);
  expect(site!.markers.filter(({ ns }) => ns === "lanes").length).toBeGreaterThan(50);
  expect(diagnostics!.status.map(({ name }) => name)).toEqual(ids.map((id) => `kalong: ${id}`));
  expect(accepted).toBeGreaterThan(0);

  // Transport orders and pauses through services.
  const request = {
    ...{ id: "ROS-1", container: "TCLU1234567", length_ft: 40, laden: true, reefer: false, commodity: "general" },
    ...{ mass_kg: 20_000, from_station: "crane-none", to_station: "crane-none", via_roles: [], via_sides: [] },
    ...{ priority: 5, release_in_s: 0, due_in_s: 0 },
  };
  const submit = (changes: Partial<typeof request>) =>
    node.call(
      "/kalong/submit_transport_order",
      "kalong_msgs/srv/SubmitTransportOrder",
      { ...request, ...changes },
      5000,
    );
  expect(await submit({})).toMatchObject({ success: false, message: expect.stringContaining("crane-none") });
  const names = site!.markers.filter(({ ns }) => ns === "names").map(({ text }) => text);
  const crane = (side: string): string => names.find((name) => name.includes("crane") && name.includes(side))!;
  expect(await submit({ from_station: crane("vn"), to_station: crane("cn") })).toEqual({
    ...{ success: true, id: "ROS-1", message: "" },
  });
  const cancel = () =>
    node.call("/kalong/cancel_transport_order", "kalong_msgs/srv/CancelTransportOrder", { id: "ROS-1" }, 30_000);
  expect(await cancel()).toEqual({ success: true, message: "" });
  expect((await cancel()).success).toBe(false);
  const select = (service: "pause" | "resume", vehicle: string) =>
    node.call(`/kalong/${service}`, "kalong_msgs/srv/SelectVehicle", { vehicle }, 30_000);
  expect(await select("pause", "V99")).toEqual({ success: false, message: "unknown-vehicle: V99" });
  expect(await select("pause", "V04")).toEqual({ success: true, message: "" });
  await vi.waitFor(() => expect(seen.get("V04")!.at(-1)!.message.twist.twist.linear.x).toBe(0), wait);
  expect(await select("resume", "")).toEqual({ success: true, message: "" });
  await vi.waitFor(() => expect(seen.get("V04")!.at(-1)!.message.twist.twist.linear.x).toBeGreaterThan(0), wait);

  const beforeMs = performance.now();
  program.child.kill("SIGINT");
  const { code, err } = await program.ended;
  expect(code).toBe(0);
  expect(performance.now() - beforeMs).toBeLessThan(10_000);
  expect(err).toMatch(/ros2 round trips, order to status: \d+, p50 [\d.]+ ms, p99 [\d.]+ ms/);
  expect(err).not.toMatch(/graph-error|malformed|off-path|order-lost|order-rejected/);
  await vi.waitFor(() => expect(graph.topics().get("/V04/order")?.publishers ?? 0).toBe(0), wait);
}, 400_000);
