/**
 * `npm run test:ros2`: the bridge on a real ROS 2 graph. Where ROS 2 is not sourced, or rclnodejs or kalong_msgs are
 * missing, it says so and ends with code 0 and one skipped; else it ends with 0 if every check passed, 1 if not.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkRcl } from "../rcl-guard.ts";
import { openRclPort } from "../supervisor.ts";
import { Checks, pause, quantile } from "./checks.ts";
import { watchLive } from "./watch-live.ts";

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const VITEST = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
const BARE_ECHO = fileURLToPath(new URL("./bare-echo.ts", import.meta.url));
const ODOMETRY_LOAD = fileURLToPath(new URL("./odometry-load.ts", import.meta.url));
/** Domains that every operating system has ports for. */
const DOMAIN_MAX = 101;
const ECHOES = 1000;
/** Round trips of the bridge against the bare echo's: two processes more on the way, in both directions. */
const P99_FACTOR_MAX = 3;
const LOAD = { vehicles: 300, hz: 10, seconds: 20, shareMax: 0.25 } as const;

async function main(): Promise<number> {
  const check = checkRcl();
  if (!check.ok) {
    process.stdout.write(`The end-to-end test on ROS 2 is skipped: ${check.text}\n0 passed, 0 failed, 1 skipped\n`);
    return 0;
  }
  // A graph of its own, on this machine only: other nodes and other runs are not heard.
  const domain = 1 + Math.floor(Math.random() * DOMAIN_MAX);
  process.env.ROS_DOMAIN_ID = String(domain);
  process.env.ROS_LOCALHOST_ONLY = "1"; // Humble
  process.env.ROS_AUTOMATIC_DISCOVERY_RANGE = "LOCALHOST"; // Jazzy
  const rmw = process.env.RMW_IMPLEMENTATION ?? "the default RMW";
  process.stdout.write(`ROS 2 ${process.env.ROS_DISTRO}, ${rmw}, domain ${domain}\n`);

  const checks = new Checks();
  await contract(checks);
  const bareMs = await bareEcho(checks);
  await live(checks, quantile(bareMs, 0.99));
  await load(checks);
  process.stdout.write(`${checks.totals()}\n`);
  return checks.failed === 0 ? 0 : 1;
}

/** The suite that every way into a graph passes, on rclnodejs. */
async function contract(checks: Checks): Promise<void> {
  const args = [VITEST, "run", "fleet-gateway/ros2/rcl-real.test.ts", "--maxWorkers=1"];
  const code = await ended(spawn(process.execPath, args, { cwd: PROJECT, stdio: ["ignore", "inherit", "inherit"] }));
  checks.check("the contract of a way into a graph", code === 0, `vitest ended with ${code}`);
}

async function bareEcho(checks: Checks): Promise<readonly number[]> {
  const answerer = spawn(process.execPath, [BARE_ECHO, "answer"], { stdio: "inherit" });
  try {
    const { stdout } = await run(process.execPath, [BARE_ECHO, "ask", String(ECHOES)]);
    const tripsMs = JSON.parse(stdout.trim().split("\n").at(-1)!) as number[];
    checks.check("a bare rclnodejs echo", tripsMs.length >= 0.99 * ECHOES, timesOf(tripsMs));
    return tripsMs;
  } finally {
    answerer.kill();
  }
}

async function live(checks: Checks, bareP99Ms: number): Promise<void> {
  const args = ["kalong.ts", "live", "pilot-2026-saturated", "--port", "0", "--ros2", "--ros2-vehicles", "V04,V05"];
  const child = spawn(process.execPath, args, { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => {
    said.out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    said.err += text.toString();
    process.stderr.write(text);
  });
  const exit = ended(child);
  try {
    const runs = await checks.within(
      120,
      "the live run starts",
      () => /Kalong runs/.test(said.out),
      () => said.out.trim(),
    );
    if (runs) await watchLive(checks, (onReport) => openRclPort({ nodeName: "kalong_witness", onReport }));
    const beforeMs = performance.now();
    child.kill("SIGINT");
    const code = await Promise.race([exit, pause(10_000).then(() => -1)]);
    const tookS = ((performance.now() - beforeMs) / 1000).toFixed(1);
    checks.check("a clean end", code === 0, `code ${code} after ${tookS} s`);
    const found = /round trips, order to status: (\d+), p50 ([\d.]+) ms, p99 ([\d.]+) ms/.exec(said.err);
    const [, count, p50, p99] = found ?? [];
    checks.check(
      `p99 from engine decision to ROS vehicle and back is at most ${P99_FACTOR_MAX} times the bare echo's`,
      Number(p99) <= P99_FACTOR_MAX * bareP99Ms,
      `${count} orders, p50 ${p50} ms, p99 ${p99} ms; bare p99 ${bareP99Ms.toFixed(2)} ms`,
    );
  } finally {
    child.kill("SIGKILL");
  }
}

async function load(checks: Checks): Promise<void> {
  const { vehicles, hz, seconds, shareMax } = LOAD;
  const { stdout } = await run(process.execPath, [ODOMETRY_LOAD, ...[vehicles, hz, seconds].map(String)]);
  const cost = JSON.parse(stdout) as { sender: number; rclnodejs: number; tookS: number };
  const share = cost.sender + cost.rclnodejs;
  checks.check(
    `${vehicles} vehicles at ${hz} Hz of odometry cost at most ${100 * shareMax} % of a core`,
    share <= shareMax && cost.tookS < 1.1 * seconds,
    `${(100 * share).toFixed(1)} % (sender ${(100 * cost.sender).toFixed(1)} %, rclnodejs ${(100 * cost.rclnodejs).toFixed(1)} %)`,
  );
}

function timesOf(ms: readonly number[]): string {
  return `${ms.length} round trips, p50 ${quantile(ms, 0.5).toFixed(2)} ms, p99 ${quantile(ms, 0.99).toFixed(2)} ms`;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", () => resolve(null));
  });
}

process.exitCode = await main();
