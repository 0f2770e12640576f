/** The guard in every state that a machine can be in. Nothing is imported by it, so all of them are folders made here. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkRcl, type RclSurroundings } from "./rcl-guard.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kalong-rcl-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(path: string, text = ""): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const surroundings = (env: Record<string, string> = {}): RclSurroundings => ({
  env: {
    ROS_DISTRO: "jazzy",
    AMENT_PREFIX_PATH: join(folder, "ros"),
    LD_LIBRARY_PATH: `:${join(folder, "ros/lib")}`,
    ...env,
  },
  from: join(folder, "project/main.ts"),
  osRelease: join(folder, "os-release"),
});
const found = (env?: Record<string, string>): string => {
  const check = checkRcl(surroundings(env));
  return check.ok ? "ok" : `${check.obstacle}: ${check.text}`;
};
const root = "project/node_modules/rclnodejs";
const prebuilt = `${root}/prebuilds/linux-${process.arch}/jazzy-noble-${process.arch}-node-rclnodejs.node`;

function install(): void {
  file("ros/lib/librcl.so");
  file("os-release", 'NAME="Ubuntu"\nVERSION_CODENAME=noble\n');
  file(`${root}/package.json`, JSON.stringify({ name: "rclnodejs", main: "./dist/index.cjs" }));
  // Importing it would end the test run.
  file(`${root}/dist/index.cjs`, "process.exit(99);");
}

test("each state has its own sentence with what to do", () => {
  expect(found({ ROS_DISTRO: "" })).toMatch(/^not-sourced: .*source \/opt\/ros\/jazzy\/setup\.bash/);
  expect(found({ AMENT_PREFIX_PATH: "" })).toMatch(/^not-sourced/);
  expect(found()).toMatch(/^rcl-library-missing: .*librcl\.so/);
  file("ros/lib/librcl.so");
  expect(found()).toMatch(/^rclnodejs-not-installed: .*npm install --no-save rclnodejs@/);
  install();
  expect(found()).toMatch(/^rclnodejs-not-built: .*ROS 2 jazzy/);
  file(prebuilt);
  expect(found({ ROS_DISTRO: "humble" })).toMatch(/^rclnodejs-not-built/);
  expect(found()).toMatch(/^messages-not-generated: .*generate-ros-messages/);
  file(`${root}/generated/std_msgs/x.js`);
  expect(found()).toMatch(/^own-messages-not-generated: .*colcon build/);
  file(`${root}/generated/kalong_msgs/x.js`);
  expect(found()).toBe("ok");
});

test("a native part that was compiled here serves whatever the distribution", () => {
  install();
  file(`${root}/build/Release/rclnodejs.node`);
  file(`${root}/generated/std_msgs/x.js`);
  file(`${root}/generated/kalong_msgs/x.js`);
  rmSync(join(folder, "os-release"));
  expect(found({ ROS_DISTRO: "rolling" })).toBe("ok");
});
