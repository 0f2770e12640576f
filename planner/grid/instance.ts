/** One-shot MAPF instances: from MovingAI `.scen` files, or drawn from a seed. */
import { prng } from "../prng.ts";
import { GridFileError, type GridMap } from "./grid-map.ts";

/** Agents on a map; agent `a` starts on vertex `starts[a]` and is to rest on vertex `goals[a]`. */
export interface Instance {
  readonly map: GridMap;
  readonly starts: Int32Array;
  readonly goals: Int32Array;
}

/** Columns of a scenario line: bucket, map, width, height, start x, start y, goal x, goal y, 8-connected length. */
const SCENARIO_COLUMNS = 9;

function vertexAt(map: GridMap, x: number, y: number): number {
  return x >= 0 && y >= 0 && x < map.width && y < map.height ? map.vertexOf[y * map.width + x]! : -1;
}

/**
 * The first `agents` lines of a MovingAI scenario (`version 1`, then one agent a line).
 * @param name the file's name, for messages
 * @throws {GridFileError} with the line: another map's size, a start or goal on an obstacle or outside, two agents on one
 *   start or one goal, fewer lines than agents
 */
export function parseScenario(text: string, name: string, map: GridMap, agents: number): Instance {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  if (!/^version\s+\d/.test(lines[0] ?? "")) {
    throw new GridFileError(name, 1, `found "${lines[0] ?? ""}", expected "version 1"`);
  }
  if (lines.length - 1 < agents) {
    throw new GridFileError(
      name,
      lines.length,
      `the scenario holds ${lines.length - 1} agents, ${agents} are asked for`,
    );
  }
  const starts = new Int32Array(agents);
  const goals = new Int32Array(agents);
  const startTaken = new Int32Array(map.vertexCount).fill(-1);
  const goalTaken = new Int32Array(map.vertexCount).fill(-1);
  for (let agent = 0; agent < agents; agent++) {
    const line = agent + 2;
    const words = lines[agent + 1]!.trim().split(/\s+/);
    const numbers = words.slice(2, 8).map(Number);
    if (words.length !== SCENARIO_COLUMNS || !numbers.every(Number.isInteger)) {
      const columns = "bucket, map, width, height, start x, start y, goal x, goal y, length";
      throw new GridFileError(name, line, `found "${lines[agent + 1]}", expected ${columns}`);
    }
    const [width, height, startX, startY, goalX, goalY] = numbers as [number, number, number, number, number, number];
    if (width !== map.width || height !== map.height) {
      const found = `a map of ${width} x ${height}`;
      throw new GridFileError(name, line, `is for ${found}, but ${map.name} has ${map.width} x ${map.height}`);
    }
    for (const [what, x, y, vertices, taken] of [
      ["start", startX, startY, starts, startTaken],
      ["goal", goalX, goalY, goals, goalTaken],
    ] as const) {
      const vertex = vertexAt(map, x, y);
      if (vertex < 0) {
        const outside = x < 0 || y < 0 || x >= map.width || y >= map.height;
        throw new GridFileError(
          name,
          line,
          `the ${what} (${x},${y}) is ${outside ? "outside the map" : "on an obstacle"}`,
        );
      }
      if (taken[vertex]! >= 0) {
        const other = `the agent of line ${taken[vertex]! + 2}`;
        throw new GridFileError(name, line, `two agents on one ${what}: (${x},${y}) is the ${what} of ${other} too`);
      }
      taken[vertex] = agent;
      vertices[agent] = vertex;
    }
  }
  return { map, starts, goals };
}

/**
 * Agents with distinct random starts and distinct random goals.
 * @throws RangeError where the map has fewer vertices than agents
 */
export function randomInstance(map: GridMap, agents: number, seed: number): Instance {
  if (agents > map.vertexCount) throw new RangeError(`${agents} agents on ${map.vertexCount} free cells`);
  const random = prng(seed);
  const draw = (): Int32Array => {
    const vertices = Int32Array.from({ length: map.vertexCount }, (_, vertex) => vertex);
    for (let i = 0; i < agents; i++) {
      const other = i + (random.nextUint32() % (map.vertexCount - i));
      const vertex = vertices[other]!;
      vertices[other] = vertices[i]!;
      vertices[i] = vertex;
    }
    return vertices.slice(0, agents);
  };
  return { map, starts: draw(), goals: draw() };
}
