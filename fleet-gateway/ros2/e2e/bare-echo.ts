/**
 * A bare rclnodejs echo, raw in both directions, as the measure for the bridge: `answer` sends back what comes,
 * `ask N` sends N messages of an odometry's size at 50 Hz and prints the round trips in ms as one JSON list.
 */
import { checkRcl } from "../rcl-guard.ts";
import { pause } from "./checks.ts";

const TYPE = "nav_msgs/msg/Odometry";
/** An odometry message with frames of usual length. */
const BYTES = 724;
const EVERY_MS = 20;
const ANSWER_MS = 1000;

const check = checkRcl();
if (!check.ok) throw new Error(check.text);
const { default: rcl } = await import("rclnodejs");
await rcl.init();
const [role, count = "0"] = process.argv.slice(2);
const node = rcl.createNode(`kalong_echo_${role}`);
const { HistoryPolicy, ReliabilityPolicy, DurabilityPolicy } = rcl.QoS;
const qos = new rcl.QoS(
  HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
  10,
  ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE,
  DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_VOLATILE,
);
if (role === "answer") {
  const publisher = node.createPublisher(TYPE, "/kalong_test/answer", { qos });
  node.createSubscription(TYPE, "/kalong_test/ask", { qos, isRaw: true }, (bytes) => publisher.publish(bytes));
  rcl.spin(node);
} else {
  const publisher = node.createPublisher(TYPE, "/kalong_test/ask", { qos });
  let answered = (): void => {};
  node.createSubscription(TYPE, "/kalong_test/answer", { qos, isRaw: true }, () => answered());
  rcl.spin(node);
  const message = Buffer.alloc(BYTES);
  message.set([0, 1, 0, 0]);
  const ask = async (): Promise<number> => {
    const sentMs = performance.now();
    const answer = new Promise<boolean>((resolve) => {
      answered = () => resolve(true);
      setTimeout(() => resolve(false), ANSWER_MS);
    });
    publisher.publish(message);
    return (await answer) ? performance.now() - sentMs : Number.NaN;
  };
  // The two find each other first.
  while (Number.isNaN(await ask()));
  const tripsMs: number[] = [];
  for (let i = 0; i < Number(count); i++) {
    tripsMs.push(await ask());
    await pause(EVERY_MS);
  }
  process.stdout.write(`${JSON.stringify(tripsMs.filter((ms) => !Number.isNaN(ms)))}\n`);
  process.exit(0);
}
