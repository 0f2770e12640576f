/** The two ways agents move on a grid, as one table of states and actions. */
import { DIRECTIONS, type GridMap } from "../grid-map.ts";

/** pebble: a step in four directions or a wait. rotation: forward, a quarter turn either way, or a wait. */
export type MotionKind = "pebble" | "rotation";

/** A state is a vertex (pebble), or 4 * vertex + heading (rotation; headings as the map's directions). */
export interface Motion {
  readonly kind: MotionKind;
  readonly map: GridMap;
  readonly stateCount: number;
  /** `state >> vertexShift` is the state's vertex. */
  readonly vertexShift: 0 | 2;
  readonly actionCount: number;
  /** [state * actionCount + action] the state one step later, or -1. The last action is the wait. */
  readonly next: Int32Array;
  /** As `next`, for the way back: the state from which the action leads here, or -1. */
  readonly previous: Int32Array;
  /** [state] steps until an agent can have left its vertex, if nobody is in its way; 255: never. */
  readonly leaveSteps: Uint8Array;
}

/** pebble: actions 0 to 3 are the directions of the map. */
const PEBBLE_ACTIONS = 5;
/** rotation: 0 forward, 1 clockwise (east to south), 2 counter-clockwise, 3 wait: the order of the League of Robot Runners. */
const ROTATION_ACTIONS = 4;

/** The states and actions of `kind` on `map`. */
export function gridMotionOf(map: GridMap, kind: MotionKind): Motion {
  const actionCount = kind === "pebble" ? PEBBLE_ACTIONS : ROTATION_ACTIONS;
  const vertexShift = kind === "pebble" ? 0 : 2;
  const stateCount = map.vertexCount << vertexShift;
  const next = new Int32Array(stateCount * actionCount);
  for (let state = 0; state < stateCount; state++) {
    const base = state * actionCount;
    if (kind === "pebble") {
      for (let action = 0; action < DIRECTIONS; action++)
        next[base + action] = map.neighbours[DIRECTIONS * state + action]!;
      next[base + DIRECTIONS] = state;
    } else {
      const heading = state & 3;
      const ahead = map.neighbours[state]!;
      next[base] = ahead < 0 ? -1 : 4 * ahead + heading;
      next[base + 1] = state - heading + ((heading + 1) & 3);
      next[base + 2] = state - heading + ((heading + 3) & 3);
      next[base + 3] = state;
    }
  }
  const previous = new Int32Array(stateCount * actionCount).fill(-1);
  for (let i = 0; i < next.length; i++) {
    if (next[i]! >= 0) previous[next[i]! * actionCount + (i % actionCount)] = Math.floor(i / actionCount);
  }
  return { kind, map, stateCount, vertexShift, actionCount, next, previous, leaveSteps: leaveStepsOf(map, kind) };
}

function leaveStepsOf(map: GridMap, kind: MotionKind): Uint8Array {
  const hasWay = (state: number): boolean => map.neighbours[state]! >= 0;
  const count = kind === "pebble" ? map.vertexCount : DIRECTIONS * map.vertexCount;
  return Uint8Array.from({ length: count }, (_, state) => {
    if (kind === "pebble") return [0, 1, 2, 3].some((direction) => hasWay(DIRECTIONS * state + direction)) ? 1 : 255;
    const turned = (quarters: number): number => (state & ~3) | ((state + quarters) & 3);
    if (hasWay(state)) return 1;
    if (hasWay(turned(1)) || hasWay(turned(3))) return 2;
    return hasWay(turned(2)) ? 3 : 255;
  });
}
