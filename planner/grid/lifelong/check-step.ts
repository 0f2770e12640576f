/** Judges one step of all agents by the rules of the problem alone; it shares no code with the planners. */
import type { GridMap } from "../grid-map.ts";
import type { MotionKind } from "./motion.ts";

/** A rule that a step broke: agents, and where. */
export interface StepProblem {
  readonly rule: "agent-count" | "illegal-move" | "vertex-conflict" | "swap-conflict";
  readonly agent: number;
  /** The other agent of a conflict. */
  readonly other: number;
  /** In words. */
  readonly what: string;
}

const HEADINGS = 4;

/** Whether one action of the motion model leads from `from` to `to`. */
function isLegal(map: GridMap, kind: MotionKind, from: number, to: number): boolean {
  if (from === to) return true;
  if (kind === "pebble") {
    if (to < 0 || to >= map.vertexCount) return false;
    const [a, b] = [map.cellOf[from]!, map.cellOf[to]!];
    const dx = (b % map.width) - (a % map.width);
    const dy = Math.floor(b / map.width) - Math.floor(a / map.width);
    return Math.abs(dx) + Math.abs(dy) === 1;
  }
  const [vertex, target] = [Math.floor(from / HEADINGS), Math.floor(to / HEADINGS)];
  const [heading, newHeading] = [from % HEADINGS, to % HEADINGS];
  if (vertex === target) return (heading - newHeading) % 2 !== 0;
  if (heading !== newHeading || target < 0 || target >= map.vertexCount) return false;
  const [a, b] = [map.cellOf[vertex]!, map.cellOf[target]!];
  const dx = (b % map.width) - (a % map.width);
  const dy = Math.floor(b / map.width) - Math.floor(a / map.width);
  return dx === [1, 0, -1, 0][heading] && dy === [0, 1, 0, -1][heading];
}

/**
 * @param from  [agent] states before, free of conflicts; pebble: vertices, rotation: 4 * vertex + heading
 * @param to  [agent] states after
 * @returns the first rule broken, or null
 */
export function stepProblem(map: GridMap, kind: MotionKind, from: Int32Array, to: Int32Array): StepProblem | null {
  if (to.length !== from.length) {
    const what = `${to.length} states for ${from.length} agents`;
    return { rule: "agent-count", agent: -1, other: -1, what };
  }
  const vertexOf = (state: number): number => (kind === "pebble" ? state : Math.floor(state / HEADINGS));
  const where = (state: number): string => {
    const cell = map.cellOf[vertexOf(state)];
    return cell === undefined ? `state ${state}` : `(${cell % map.width},${Math.floor(cell / map.width)})`;
  };
  const before = new Int32Array(map.vertexCount).fill(-1);
  const after = new Int32Array(map.vertexCount).fill(-1);
  for (let agent = 0; agent < from.length; agent++) {
    if (!isLegal(map, kind, from[agent]!, to[agent]!)) {
      const what = `agent ${agent} cannot get from ${where(from[agent]!)} to ${where(to[agent]!)} in one step`;
      return { rule: "illegal-move", agent, other: -1, what };
    }
    const vertex = vertexOf(to[agent]!);
    if (after[vertex] !== -1) {
      const what = `agents ${after[vertex]} and ${agent} are both at ${where(to[agent]!)}`;
      return { rule: "vertex-conflict", agent: after[vertex]!, other: agent, what };
    }
    after[vertex] = agent;
    before[vertexOf(from[agent]!)] = agent;
  }
  for (let agent = 0; agent < from.length; agent++) {
    const [vertex, target] = [vertexOf(from[agent]!), vertexOf(to[agent]!)];
    const other = before[target]!;
    if (vertex !== target && other !== -1 && after[vertex] === other) {
      const what = `agents ${agent} and ${other} change places between ${where(from[agent]!)} and ${where(to[agent]!)}`;
      return { rule: "swap-conflict", agent, other, what };
    }
  }
  return null;
}
