/** A second node beside a live run: counts, measures, orders, and judges what it sees. */
import { yawOf } from "../mapping/pose.ts";
import { rosTimeMs } from "../mapping/time.ts";
import type { Odometry, TFMessage, VehicleStatusMsg } from "../messages.ts";
import { fleetTopics, SERVICES, TOPICS, vehicleTopics } from "../names.ts";
import { QOS, type RosPort, type RosPortReport } from "../port.ts";
import { RosNode } from "../ros-node.ts";
import type { Checks } from "./checks.ts";

const VEHICLES = ["V01", "V02", "V03", "V04", "V05"];
const OVER_ROS = ["V04", "V05"];
/** Until all five have been heard, until one drives, until one over ROS has finished an order. */
const HEARD_S = 60;
const DRIVES_S = 180;
const FINISHED_S = 900;
const LEAST_HZ = 8;
const CALL_MS = 5000;

interface Seen {
  readonly message: Odometry;
  readonly ms: number;
}

/** @param open puts a node on the graph */
export async function watchLive(
  checks: Checks,
  open: (onReport: (report: RosPortReport) => void) => Promise<RosPort>,
): Promise<void> {
  const complaints: string[] = [];
  const complain = ({ code, name, reason }: RosPortReport): void =>
    void complaints.push(`${code} ${name ?? ""} ${reason}`);
  const port = await open(complain);
  const node = new RosNode(port, complain);
  const odometry = new Map<string, Seen[]>(VEHICLES.map((id) => [id, []]));
  for (const id of VEHICLES) {
    node.subscribe(fleetTopics(id).odometry, "nav_msgs/msg/Odometry", QOS.sensorData, (message) => {
      odometry.get(id)!.push({ message, ms: performance.now() });
    });
  }
  const parents = new Map<string, string>();
  const takeFrames = ({ transforms }: TFMessage): void => {
    for (const { header, child_frame_id } of transforms) parents.set(child_frame_id, header.frame_id);
  };
  node.subscribe(TOPICS.transforms, "tf2_msgs/msg/TFMessage", QOS.transforms, takeFrames);
  node.subscribe(TOPICS.fixedTransforms, "tf2_msgs/msg/TFMessage", { ...QOS.latched, depth: 100 }, takeFrames);
  const clockMs: number[] = [];
  node.subscribe(
    TOPICS.clock,
    "rosgraph_msgs/msg/Clock",
    QOS.clock,
    ({ clock }) => void clockMs.push(rosTimeMs(clock)),
  );
  let markers = 0;
  node.subscribe(TOPICS.siteMarkers, "visualization_msgs/msg/MarkerArray", QOS.latched, (message) => {
    markers = message.markers.length;
  });
  const finished = new Set<string>();
  for (const id of OVER_ROS) {
    node.subscribe(vehicleTopics(id).status, "kalong_msgs/msg/VehicleStatus", QOS.reliable, (status) => {
      if (isFinished(status)) finished.add(`${id} ${status.order_id}`);
    });
  }

  const counts = (): string => VEHICLES.map((id) => `${id} ${odometry.get(id)!.length}`).join(", ");
  const everyone = (): boolean => VEHICLES.every((id) => odometry.get(id)!.length > 2);
  await checks.within(HEARD_S, "odometry of all five vehicles", everyone, counts);
  for (const id of VEHICLES) judgeFrames(checks, id, odometry.get(id)!, parents);
  checks.check("the site's markers reach who comes later", markers > 100, `${markers} markers`);
  await checks.within(
    10,
    "/clock comes",
    () => clockMs.length > 10,
    () => `${clockMs.length} messages`,
  );
  const rising = clockMs.every((ms, i) => i === 0 || ms >= clockMs[i - 1]!);
  checks.check("/clock goes on and never back", rising, `up to ${clockMs.at(-1)} ms`);

  const speedOf = ({ message }: Seen): number => message.twist.twist.linear.x;
  const driven = (id: string): Seen[] => odometry.get(id)!.filter((seen) => speedOf(seen) > 1);
  const drives = (): string | undefined => OVER_ROS.find((id) => driven(id).length > 50);
  await checks.within(DRIVES_S, "a vehicle that is driven over ROS drives", () => drives() !== undefined, counts);
  const driver = drives();
  if (driver !== undefined) {
    const rate = rateOf(driven(driver));
    checks.check(`its odometry comes at ${LEAST_HZ} Hz or more`, rate >= LEAST_HZ, `${driver}: ${rate.toFixed(1)} Hz`);
  }

  const paused = await node.call(SERVICES.pause, "kalong_msgs/srv/SelectVehicle", { vehicle: "V99" }, CALL_MS);
  checks.check("a service answers", !paused.success && paused.message.includes("V99"), paused.message);
  const done = (): string => [...finished].join(", ") || "none";
  await checks.within(FINISHED_S, "an order is finished over ROS", () => finished.size > 0, done);
  checks.check("nothing was complained of", complaints.length === 0, complaints.slice(0, 3).join("; ") || "nothing");
  await port.close();
}

/** Everything of its order is driven and every action of it has ended well. */
function isFinished(status: VehicleStatusMsg): boolean {
  const { order_id, node_sequence_ids, action_states, last_node_sequence_id } = status;
  if (order_id === "" || node_sequence_ids.length > 0 || last_node_sequence_id === 0) return false;
  return action_states.every(({ action_status }) => action_status === "FINISHED");
}

function judgeFrames(checks: Checks, id: string, seen: readonly Seen[], parents: ReadonlyMap<string, string>): void {
  const last = seen.at(-1)?.message;
  const chain = `${parents.get(`${id}/base_link`)} <- ${last?.child_frame_id}; ${parents.get(`${id}/odom`)} <- ${id}/odom`;
  const holds =
    last !== undefined &&
    last.header.frame_id === `${id}/odom` &&
    last.child_frame_id === `${id}/base_link` &&
    yawOf(last.pose.pose.orientation) !== null &&
    parents.get(`${id}/base_link`) === `${id}/odom` &&
    parents.get(`${id}/odom`) === "map";
  checks.check(`${id}: map -> odom -> base_link`, holds, chain);
}

/** Messages a second while it drove without a pause of more than a second. */
function rateOf(seen: readonly Seen[]): number {
  let messages = 0;
  let ms = 0;
  for (let i = 1; i < seen.length; i++) {
    const gapMs = seen[i]!.ms - seen[i - 1]!.ms;
    if (gapMs > 1000) continue;
    messages++;
    ms += gapMs;
  }
  return ms === 0 ? 0 : messages / (ms / 1000);
}
