/** The way of a vehicle's order as nav_msgs/Path: the base (released: it may be driven) and the horizon behind it. */

import type { LaneGeometry } from "../../vda5050/lane-geometry.ts";
import type { OrderPath } from "../../vda5050/order-path.ts";
import type { Header, Path, PoseStamped, Time } from "../messages.ts";
import { MAP_FRAME, type PlanePose, toPose } from "./pose.ts";

/** Points of the base are no further apart than this, metres: followers that look for the nearest point need them. */
const BASE_SPACING_M = 1;
/** The horizon is looked at only, and may be kilometres long. */
const HORIZON_SPACING_M = 10;
/** Points nearer than this are one. */
const SAME_M = 1e-6;

/** Everything of the order that is still known, up to the end of its base. Empty without an order. */
export function basePath(path: OrderPath | null, geometry: LaneGeometry, stamp: Time): Path {
  return pathOf(path, true, geometry, stamp);
}

/** From the end of the base to the end of the order; empty if all of it is released. */
export function horizonPath(path: OrderPath | null, geometry: LaneGeometry, stamp: Time): Path {
  return pathOf(path, false, geometry, stamp);
}

function pathOf(path: OrderPath | null, released: boolean, geometry: LaneGeometry, stamp: Time): Path {
  const header: Header = { stamp, frame_id: MAP_FRAME };
  if (path === null) return { header, poses: [] };
  const edges = path.edges.filter((edge) => edge.released === released);
  const lines = edges.flatMap((edge) => geometry.line(edge.lane, edge.fromM, edge.toM));
  const poses = headed(lines, released ? BASE_SPACING_M : HORIZON_SPACING_M);
  // A vehicle that is to stay where it is has a base of one node.
  if (poses.length === 0 && released) {
    const node = path.nodes.findLast((each) => each.released);
    if (node !== undefined) poses.push(node);
  }
  return { header, poses: poses.map((pose): PoseStamped => ({ header, pose: toPose(pose) })) };
}

/** The points of a line with the direction to the next one, and points between that are at most `spacingM` apart. */
function headed(line: readonly { readonly x: number; readonly y: number }[], spacingM: number): PlanePose[] {
  const poses: PlanePose[] = [];
  for (let i = 0; i + 1 < line.length; i++) {
    const from = line[i]!;
    const dx = line[i + 1]!.x - from.x;
    const dy = line[i + 1]!.y - from.y;
    const length = Math.hypot(dx, dy);
    if (length <= SAME_M) continue;
    const theta = Math.atan2(dy, dx);
    const pieces = Math.ceil(length / spacingM);
    for (let piece = 0; piece < pieces; piece++) {
      poses.push({ x: from.x + (dx * piece) / pieces, y: from.y + (dy * piece) / pieces, theta });
    }
  }
  const end = line.at(-1);
  const last = poses.at(-1);
  if (end !== undefined && last !== undefined) poses.push({ x: end.x, y: end.y, theta: last.theta });
  return poses;
}
