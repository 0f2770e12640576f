import { fromTransform } from "./mapping/odometry.ts";
import { compose, MAP_FRAME, type PlanePose } from "./mapping/pose.ts";
import type { TFMessage } from "./messages.ts";

const MAP: PlanePose = { x: 0, y: 0, theta: 0 };
/** A chain that is longer is a circle. */
const LINKS_MAX = 16;

/**
 * Where frames stand on the map, from the newest transforms. Odometry drifts, and REP-105 puts the correction into
 * map -> odom, which changes rarely: the newest one serves, times are not interpolated.
 */
export class FrameTree {
  readonly #parents = new Map<string, { readonly parent: string; readonly pose: PlanePose }>();

  take(message: TFMessage): void {
    for (const transform of message.transforms) {
      const pose = fromTransform(transform);
      if (pose === null) continue;
      this.#parents.set(bare(transform.child_frame_id), { parent: bare(transform.header.frame_id), pose });
    }
  }

  /** The frame's pose on the map, or null if no chain of transforms leads there. */
  placeOf(frame: string): PlanePose | null {
    let at = bare(frame);
    let place = MAP;
    for (let links = 0; links <= LINKS_MAX; links++) {
      if (at === MAP_FRAME) return place;
      const link = this.#parents.get(at);
      if (link === undefined) return null;
      place = compose(link.pose, place);
      at = link.parent;
    }
    return null;
  }
}

/** ROS 1 wrote frames with a slash before them. */
function bare(frame: string): string {
  return frame.startsWith("/") ? frame.slice(1) : frame;
}
