/**
 * What it costs to send odometry of a large fleet: `odometry-load.ts VEHICLES HZ SECONDS` sends it through the supervisor
 * and prints, as JSON, the share of one core that this process and the one with rclnodejs in it used.
 */
import { readFileSync } from "node:fs";
import { toOdometry } from "../mapping/odometry.ts";
import { rosTime } from "../mapping/time.ts";
import { fleetTopics } from "../names.ts";
import { QOS } from "../port.ts";
import { RosNode } from "../ros-node.ts";
import { openRclPort } from "../supervisor.ts";
import { pause } from "./checks.ts";

const [vehicles = 300, hz = 10, seconds = 20] = process.argv.slice(2).map(Number);
/** Clock ticks a second of /proc, on every Linux. */
const TICKS_PER_S = 100;

const complain = ({ reason }: { reason: string }): void => void process.stderr.write(`${reason}\n`);
const node = new RosNode(await openRclPort({ nodeName: "kalong_load", onReport: complain }), complain);
const fleet = Array.from({ length: vehicles }, (_, i) => {
  const vehicle = `V${i}`;
  return { vehicle, send: node.publisher(fleetTopics(vehicle).odometry, "nav_msgs/msg/Odometry", QOS.sensorData) };
});
await pause(2000);
const before = cpuS();
const startMs = performance.now();
for (let n = 1; n <= seconds * hz; n++) {
  const stamp = rosTime(Date.now());
  for (const [i, { vehicle, send }] of fleet.entries()) {
    send(toOdometry({ vehicle, x: n, y: i, theta: 0.3, v: 5, uncertaintyM: 0.1 }, stamp));
  }
  await pause(Math.max(0, startMs + (n * 1000) / hz - performance.now()));
}
const tookS = (performance.now() - startMs) / 1000;
const share = cpuS().map((cpu, i) => (cpu - before[i]!) / tookS);
process.stdout.write(`${JSON.stringify({ vehicles, hz, tookS, sender: share[0], rclnodejs: share[1] ?? 0 })}\n`);
await node.port.close();
process.exit(0);

/** CPU seconds of this process and of its one child. */
function cpuS(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
  return [String(process.pid), ...children.filter((pid) => pid !== "")].map((pid) => {
    // The name in brackets may hold blanks; behind it utime and stime are the 12th and 13th field.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  });
}
