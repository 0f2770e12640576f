/** Where agents get their tasks. */

import { prng } from "../../prng.ts";
import { UNREACHABLE } from "../distance-tables.ts";
import type { GridMap } from "../grid-map.ts";

export interface TaskSource {
  /** [agent] vertex to go to next. */
  readonly goals: Int32Array;
  /** Tasks ended so far. */
  readonly finished: number;
  /** Takes in where the agents stand (vertices), ends what has ended and gives new tasks. Called before the first step, and after each. */
  advance(vertices: Int32Array): void;
}

/**
 * A fixed stream of goals: the k-th task of agent r among N is entry (k * N + r) mod length; a task whose goal is where
 * the agent stands is skipped; it ends in the step in which the agent is there.
 */
export class StreamTasks implements TaskSource {
  readonly goals: Int32Array;
  finished = 0;
  readonly #stream: Int32Array;
  readonly #given: Float64Array;

  /** @throws RangeError where the stream is empty or names one vertex alone */
  constructor(stream: Int32Array, agentCount: number) {
    if (stream.length === 0 || stream.every((vertex) => vertex === stream[0])) {
      throw new RangeError("a task stream needs at least two different goals");
    }
    this.#stream = stream;
    this.#given = new Float64Array(agentCount);
    this.goals = new Int32Array(agentCount).fill(-1);
  }

  advance(vertices: Int32Array): void {
    const agentCount = vertices.length;
    for (let agent = 0; agent < agentCount; agent++) {
      const goal = this.goals[agent]!;
      if (goal >= 0 && goal !== vertices[agent]) continue;
      if (goal >= 0) this.finished++;
      let tried = 0;
      do {
        if (tried++ > this.#stream.length)
          throw new RangeError(`agent ${agent} finds only its own place in the stream`);
        this.goals[agent] = this.#stream[(this.#given[agent]! * agentCount + agent) % this.#stream.length]!;
        this.#given[agent] = this.#given[agent]! + 1;
      } while (this.goals[agent] === vertices[agent]);
    }
  }
}

/** Tasks of several errands, in their order, of which so many are open at a time: the League of Robot Runners 2024. */
export interface ErrandTasks {
  /** Task t has the errands (vertices) `firstErrand[t]` up to, not including, `firstErrand[t + 1]`. */
  readonly firstErrand: Int32Array;
  readonly errands: Int32Array;
  /** Tasks known at a time, those in work included. */
  readonly openMax: number;
}

/** Gives each agent without a task the open one whose first errand is nearest in rows and columns; agents by index. */
export class NearestTasks implements TaskSource {
  readonly goals: Int32Array;
  finished = 0;
  readonly #map: GridMap;
  readonly #tasks: ErrandTasks;
  readonly #task: Int32Array;
  readonly #errand: Int32Array;
  readonly #open: Int32Array;
  #openCount = 0;
  #revealed = 0;

  constructor(map: GridMap, tasks: ErrandTasks, agentCount: number) {
    this.#map = map;
    this.#tasks = tasks;
    this.goals = new Int32Array(agentCount).fill(-1);
    this.#task = new Int32Array(agentCount).fill(-1);
    this.#errand = new Int32Array(agentCount);
    this.#open = new Int32Array(tasks.openMax);
    this.#reveal(tasks.openMax);
  }

  #reveal(count: number): void {
    const taskCount = this.#tasks.firstErrand.length - 1;
    for (let i = 0; i < count; i++) this.#open[this.#openCount++] = this.#revealed++ % taskCount;
  }

  advance(vertices: Int32Array): void {
    const { firstErrand, errands } = this.#tasks;
    let ended = 0;
    for (let agent = 0; agent < vertices.length; agent++) {
      if (this.#task[agent]! >= 0 && this.goals[agent] === vertices[agent]) {
        this.#errand[agent] = this.#errand[agent]! + 1;
        if (this.#errand[agent] === firstErrand[this.#task[agent]! + 1]) {
          this.#task[agent] = -1;
          this.finished++;
          ended++;
        }
      }
    }
    this.#reveal(ended);
    for (let agent = 0; agent < vertices.length; agent++) {
      if (this.#task[agent]! < 0) {
        this.#task[agent] = this.#takeNearest(vertices[agent]!);
        this.#errand[agent] = firstErrand[this.#task[agent]!]!;
      }
      this.goals[agent] = errands[this.#errand[agent]!]!;
    }
  }

  /** Takes the open task whose first errand is nearest; of equally near ones the one known longest. */
  #takeNearest(vertex: number): number {
    const { cellOf, width } = this.#map;
    const { firstErrand, errands } = this.#tasks;
    const open = this.#open;
    const x = cellOf[vertex]! % width;
    const y = Math.floor(cellOf[vertex]! / width);
    let best = 0;
    let bestDistance = UNREACHABLE;
    for (let i = 0; i < this.#openCount; i++) {
      const cell = cellOf[errands[firstErrand[open[i]!]!]!]!;
      const distance = Math.abs((cell % width) - x) + Math.abs(Math.floor(cell / width) - y);
      if (distance < bestDistance) {
        best = i;
        bestDistance = distance;
      }
    }
    const task = open[best]!;
    open.copyWithin(best, best + 1, this.#openCount);
    this.#openCount--;
    return task;
  }
}

/** `count` different vertices of the largest connected part of the map, drawn from `seed`: starts. */
export function randomStarts(map: GridMap, count: number, seed: number): Int32Array {
  const part = largestPart(map);
  if (part.length < count) {
    throw new RangeError(`the map's largest connected part has ${part.length} cells, ${count} agents do not fit`);
  }
  const random = prng(seed);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random.nextFloat() * (part.length - i));
    const vertex = part[i]!;
    part[i] = part[j]!;
    part[j] = vertex;
  }
  return part.slice(0, count);
}

/** `count` goals, each uniform over the largest connected part of the map, drawn from `seed`. */
export function randomGoals(map: GridMap, count: number, seed: number): Int32Array {
  const part = largestPart(map);
  const random = prng(seed);
  return Int32Array.from({ length: count }, () => part[Math.floor(random.nextFloat() * part.length)]!);
}

function largestPart(map: GridMap): Int32Array {
  const part = new Int32Array(map.vertexCount).fill(-1);
  let best: Int32Array = new Int32Array(0);
  const queue = new Int32Array(map.vertexCount);
  for (let first = 0; first < map.vertexCount; first++) {
    if (part[first] !== -1) continue;
    let count = 0;
    queue[count++] = first;
    part[first] = first;
    for (let i = 0; i < count; i++) {
      for (let direction = 0; direction < 4; direction++) {
        const to = map.neighbours[4 * queue[i]! + direction]!;
        if (to < 0 || part[to] !== -1) continue;
        part[to] = first;
        queue[count++] = to;
      }
    }
    if (count > best.length) best = queue.slice(0, count);
  }
  return best;
}
