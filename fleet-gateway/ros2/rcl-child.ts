/** The process that has rclnodejs in it; started by the supervisor with the node's name. */
import { checkRcl } from "./rcl-guard.ts";
import { hostRcl } from "./rcl-port.ts";
import { ALIVE_EVERY_MS, type FromRcl, type ToRcl } from "./rcl-protocol.ts";

/** Time for what was sent last to leave before the process ends. */
const LEAVE_MS = 100;

const send = (message: FromRcl): void => void process.send?.(message);

function fail(reason: string): void {
  send({ kind: "failed", reason });
  process.exitCode = 1;
  process.disconnect?.();
}

async function main(nodeName: string): Promise<void> {
  const check = checkRcl();
  if (!check.ok) {
    fail(check.text);
    return;
  }
  // Only here, and only behind the guard.
  const { default: rcl } = await import("rclnodejs");
  const take = await hostRcl(rcl, nodeName, send);
  process.on("message", (message: ToRcl) => {
    take(message);
    if (message.kind === "close") setTimeout(() => process.exit(0), LEAVE_MS);
  });
  // A parent that is gone sends nothing any more.
  process.on("disconnect", () => process.exit(0));
  setInterval(() => send({ kind: "alive" }), ALIVE_EVERY_MS);
  send({ kind: "ready" });
}

// Ctrl-C reaches the whole process group; the parent says when to leave.
process.on("SIGINT", () => {});
main(process.argv[2] ?? "kalong").catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error)),
);
