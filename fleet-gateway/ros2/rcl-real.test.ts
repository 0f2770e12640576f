/** The contract on rclnodejs itself. It runs where ROS 2 is sourced, rclnodejs installed and kalong_msgs generated. */
import { expect, test } from "vitest";
import { describeRosPort } from "./contract.fixture.ts";
import type { RosPort, RosPortReport } from "./port.ts";
import { checkRcl } from "./rcl-guard.ts";
import { openRclPort } from "./supervisor.ts";

const check = checkRcl();

test.skipIf(!check.ok)(`rclnodejs is here (skipped: ${check.ok ? "" : check.text})`, () => {
  expect(check.ok).toBe(true);
});

if (check.ok) {
  describeRosPort("rclnodejs on the real graph", {
    choosesQos: true,
    carriesNaN: true,
    make: async () => {
      const reports: RosPortReport[] = [];
      const ports: RosPort[] = [];
      const another = async (nodeName: string): Promise<RosPort> => {
        const port = await openRclPort({ nodeName, onReport: (report) => void reports.push(report) });
        ports.push(port);
        return port;
      };
      const [a, b] = [await another("kalong_a"), await another("kalong_b")];
      const close = async (): Promise<void> => {
        for (const port of ports) await port.close();
      };
      return { a, b, reports, another, close };
    },
  });
}
