/** Which agents a round of refinement plans anew: the destroy rules of large-neighbourhood search (Li et al., IJCAI 2021). */
import type { DistanceTable } from "./distance-tables.ts";
import type { GridMap } from "./grid-map.ts";
import type { Timetable } from "./timetable.ts";

/** What the rules may look at. */
export interface RefinementView {
  readonly map: GridMap;
  readonly timetable: Timetable;
  readonly tables: readonly DistanceTable[];
  /** [agent * horizon + timestep] vertex. */
  readonly paths: Int32Array;
  /** [agent] when it rests for good, its loss, and the least loss it could have. */
  readonly arrivals: Int32Array;
  readonly losses: Int32Array;
  readonly leastLosses: Int32Array;
  /** Draws an integer from 0 to `below` - 1. */
  draw(below: number): number;
}

/** A set of agents being chosen, without duplicates and up to a size; cleared in constant time. */
export class Group {
  readonly agents: Int32Array;
  count = 0;
  readonly #stamp: Int32Array;
  #call = 0;
  #size = 0;

  constructor(agentsCount: number) {
    this.agents = new Int32Array(agentsCount);
    this.#stamp = new Int32Array(agentsCount);
  }

  clear(size: number): void {
    this.count = 0;
    this.#size = size;
    this.#call++;
  }

  add(agent: number): void {
    if (this.#stamp[agent] === this.#call || this.count === this.#size) return;
    this.#stamp[agent] = this.#call;
    this.agents[this.count++] = agent;
  }
}

/** Fills `group`, which is empty, with up to `size` agents. */
export type DestroyRule = (view: RefinementView, group: Group, size: number) => void;

const DELAYED_TRIES = 6;

/** One of the more delayed agents. */
function drawDelayed(view: RefinementView): number {
  const { losses, leastLosses } = view;
  let best = view.draw(losses.length);
  for (let i = 1; i < DELAYED_TRIES; i++) {
    const agent = view.draw(losses.length);
    if (losses[agent]! - leastLosses[agent]! > losses[best]! - leastLosses[best]!) best = agent;
  }
  return best;
}

const WALKS_MAX = 12;

/** A delayed agent, and those that it meets on random walks that would bring it to its goal earlier. */
const blockers: DestroyRule = (view, group, size) => {
  const { map, timetable, tables, paths, arrivals, draw } = view;
  const { horizon } = timetable;
  const agent = drawDelayed(view);
  group.add(agent);
  const table = tables[agent]!;
  for (let walk = 0; walk < WALKS_MAX && group.count < size; walk++) {
    const arrival = arrivals[agent]!;
    if (arrival === 0) return;
    let t = walk === 0 ? 0 : draw(arrival);
    let vertex = paths[agent * horizon + t]!;
    while (t + 1 < arrival && group.count < size) {
      const turn = draw(4);
      let chosen = -1;
      for (let i = 0; i < 4; i++) {
        const to = map.neighbours[4 * vertex + ((i + turn) & 3)]!;
        if (to >= 0 && t + 1 + table.distance(to) < arrival) {
          chosen = to;
          break;
        }
      }
      if (chosen < 0) break;
      t++;
      const other = timetable.agentAt(chosen, t);
      if (other >= 0 && other !== agent) group.add(other);
      const before = timetable.agentAt(chosen, t - 1);
      if (before >= 0 && before !== agent && timetable.agentAt(vertex, t) === before) group.add(before);
      vertex = chosen;
    }
  }
};

/** Vertices looked at for one group, a member wanted. */
const LOOKS_PER_MEMBER = 24;

/** The agents around a place at one timestep. */
function addAround(view: RefinementView, group: Group, size: number, centre: number, t: number): void {
  const { map, timetable } = view;
  const queue = [centre];
  const seen = new Set(queue);
  for (let head = 0; head < queue.length && head < LOOKS_PER_MEMBER * size && group.count < size; head++) {
    const vertex = queue[head]!;
    const agent = timetable.agentAt(vertex, t);
    if (agent >= 0) group.add(agent);
    const turn = view.draw(4);
    for (let i = 0; i < 4; i++) {
      const to = map.neighbours[4 * vertex + ((i + turn) & 3)]!;
      if (to < 0 || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
}

/** A delayed agent, and those around it at some timestep of its way. */
const bystanders: DestroyRule = (view, group, size) => {
  const agent = drawDelayed(view);
  group.add(agent);
  const t = view.draw(view.arrivals[agent]! + 1);
  addAround(view, group, size, view.paths[agent * view.timetable.horizon + t]!, t);
};

/** A delayed agent, and those that are on a shortest way of its at one timestep or another, wherever they rest. */
const residents: DestroyRule = (view, group, size) => {
  const { map, timetable, tables, paths, arrivals, draw } = view;
  const { horizon } = timetable;
  const agent = drawDelayed(view);
  group.add(agent);
  const table = tables[agent]!;
  let vertex = paths[agent * horizon]!;
  const arrival = arrivals[agent]!;
  for (let left = table.distance(vertex); left > 0 && group.count < size; left--) {
    const turn = draw(4);
    for (let i = 0; i < 4; i++) {
      const to = map.neighbours[4 * vertex + ((i + turn) & 3)]!;
      if (to < 0 || table.distance(to) >= left) continue;
      vertex = to;
      break;
    }
    const other = timetable.agentAt(vertex, draw(arrival + 1));
    if (other >= 0) group.add(other);
  }
};

/** Any agents. */
const anybody: DestroyRule = (view, group, size) => {
  group.add(drawDelayed(view));
  for (let i = 0; i < 2 * size && group.count < size; i++) group.add(view.draw(view.losses.length));
};

export const DESTROY_RULES: readonly DestroyRule[] = [blockers, bystanders, residents, anybody];
