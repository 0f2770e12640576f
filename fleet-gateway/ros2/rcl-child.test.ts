/** The process for rclnodejs as it is started here, where ROS 2 is not sourced: it says why, and imports nothing. */
import { expect, test } from "vitest";
import { checkRcl } from "./rcl-guard.ts";
import { openRclPort } from "./supervisor.ts";

const check = checkRcl();

test.skipIf(check.ok)(
  "without ROS 2 the process ends with the guard's sentence (skipped: ROS 2 is sourced)",
  async () => {
    const started = performance.now();
    const opened = openRclPort({ nodeName: "kalong", onReport: () => {} });
    await expect(opened).rejects.toThrow(check.ok ? "" : check.text);
    expect(performance.now() - started).toBeLessThan(20_000);
  },
);
