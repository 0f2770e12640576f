/**
 * Local guidance for PIBT (Arita, Okumura 2025): every agent keeps a path for a few steps ahead which avoids, at a price,
 * those of the others, and wants to go where its path goes. The paths are soft: PIBT still settles who moves. After a
 * step they are shifted by one and mended where they met somebody or the agent was pushed aside.
 */
import type { DistanceTable } from "./distance-tables.ts";
import { DIRECTIONS, type GridMap } from "./grid-map.ts";

const NONE = -1;
const LABELS_FIRST = 1 << 12;
const STAY = DIRECTIONS;
/** Costs within one search are below this; marks are multiples of it. */
const COSTS = 1 << 12;
const MARK_MAX = 0x7ffff000;
const WINDOW = 24;
const COLLISION_COST = 2;

export interface GuidanceOptions {
  /** Steps ahead. Default 24. */
  readonly window?: number;
  /** What one collision costs, in steps. Default 2. */
  readonly collisionCost?: number;
  /** Labels that one path's search looks at, at most; then the longest path so far is taken. Default 16 a step ahead. */
  readonly labelsMax?: number;
}

export class LocalGuidance {
  /** [agent] the vertex that the agent wants next; valid after `plan`. */
  readonly wanted: Int32Array;
  /** Labels taken from the queue, in all calls. */
  expansions = 0;
  readonly #map: GridMap;
  readonly #goals: Int32Array;
  readonly #tables: readonly DistanceTable[];
  readonly #window: number;
  readonly #collisionCost: number;
  readonly #labelsMax: number;
  /** Timesteps kept: now and `window` more, each at its number modulo this. */
  readonly #slots: number;
  #now = 0;
  #isWarm = false;
  /** [agent * slots + slot] vertex. */
  readonly #paths: Int32Array;
  /**
   * Of the timesteps after now: [vertex * slots + slot] agents there, and four times that plus the direction: agents that
   * arrive that way. An agent at rest has its whole window in one place.
   */
  readonly #visits: Uint8Array;
  readonly #moves: Uint8Array;
  #count = 0;
  // [label]
  #vertex = new Int32Array(LABELS_FIRST);
  #depth = new Int32Array(LABELS_FIRST);
  #cost = new Int32Array(LABELS_FIRST);
  #parent = new Int32Array(LABELS_FIRST);
  #nextInBucket = new Int32Array(LABELS_FIRST);
  /** [vertex * slots + depth] this search's mark plus the cost of the best label; marks of later searches are lower. */
  readonly #best: Int32Array;
  #mark = MARK_MAX;
  readonly #buckets: Int32Array;

  constructor(map: GridMap, goals: Int32Array, tables: readonly DistanceTable[], options: GuidanceOptions = {}) {
    const agents = goals.length;
    this.wanted = new Int32Array(agents).fill(NONE);
    this.#map = map;
    this.#goals = goals;
    this.#tables = tables;
    this.#window = options.window ?? WINDOW;
    this.#collisionCost = options.collisionCost ?? COLLISION_COST;
    this.#labelsMax = options.labelsMax ?? 16 * this.#window;
    this.#slots = this.#window + 1;
    this.#paths = new Int32Array(agents * this.#slots);
    this.#visits = new Uint8Array(this.#slots * map.vertexCount);
    this.#moves = new Uint8Array(this.#slots * map.vertexCount * DIRECTIONS);
    this.#best = new Int32Array(this.#slots * map.vertexCount).fill(MARK_MAX);
    // Staying in the way of everybody else all the time is the dearest path that is ever kept.
    this.#buckets = new Int32Array(Math.min(COSTS - 2 * this.#slots, this.#slots * (3 + 8 * this.#collisionCost))).fill(
      NONE,
    );
  }

  /**
   * Plans for agents that stand on `now`; where they stood on the last call's vertices one step before, its paths are
   * the start.
   * @param isNext whether `now` is one step after the last call
   * @param order  who plans first, from `orderOffset`
   */
  plan(now: Int32Array, isNext: boolean, order: Int32Array, orderOffset: number): void {
    const agents = now.length;
    const slots = this.#slots;
    if (isNext && this.#isWarm) this.#shift();
    else {
      this.#visits.fill(0);
      this.#moves.fill(0);
      this.#now = 0;
      for (let agent = 0; agent < agents; agent++) {
        this.#paths.fill(now[agent]!, agent * slots, (agent + 1) * slots);
        this.#enter(agent, 1);
      }
      this.#isWarm = true;
    }
    for (let place = 0; place < agents; place++) {
      const agent = order[orderOffset + place]!;
      if (this.#isPerfect(agent, now[agent]!)) continue;
      this.#enter(agent, -1);
      this.#find(agent, now[agent]!);
      this.#enter(agent, 1);
    }
    const first = (this.#now + 1) % slots;
    for (let agent = 0; agent < agents; agent++) this.wanted[agent] = this.#paths[agent * slots + first]!;
  }

  /** Lets a step pass: the next timestep becomes now, and now the last one, where everybody stays. */
  #shift(): void {
    const slots = this.#slots;
    const agents = this.#goals.length;
    const paths = this.#paths;
    const oldest = this.#now;
    const next = oldest + 1 === slots ? 0 : oldest + 1;
    const last = oldest === 0 ? slots - 1 : oldest - 1;
    for (let agent = 0; agent < agents; agent++) {
      const base = agent * slots;
      const from = paths[base + oldest]!;
      const to = paths[base + next]!;
      this.#visits[to * slots + next]! -= 1;
      if (from !== to) {
        const direction = this.#directionOf(from, to);
        if (direction !== STAY) this.#moves[(to * slots + next) * DIRECTIONS + direction]! -= 1;
      }
      const end = paths[base + last]!;
      paths[base + oldest] = end;
      this.#visits[end * slots + oldest]! += 1;
    }
    this.#now = next;
  }

  /** Whether the agent is on its path, and the path meets nobody and is as short as any. */
  #isPerfect(agent: number, vertex: number): boolean {
    const slots = this.#slots;
    const paths = this.#paths;
    const visits = this.#visits;
    const moves = this.#moves;
    const goal = this.#goals[agent]!;
    const base = agent * slots;
    if (paths[base + this.#now] !== vertex) return false;
    const table = this.#tables[agent]!;
    let left = (table.values[vertex]! || table.reveal(vertex)) - 1;
    let at = vertex;
    for (let depth = 1, slot = this.#now; depth < slots; depth++) {
      if (++slot === slots) slot = 0;
      let to = paths[base + slot]!;
      if (to === at && at !== goal) {
        // The shifted path ends with a stay: any free way onward mends it.
        if (depth !== this.#window) return false;
        to = this.#onward(agent, at, left, slot);
        if (to === at) return false;
      }
      if (visits[to * slots + slot]! > 1) return false;
      if (to === at) continue;
      if (--left !== (table.values[to]! || table.reveal(to)) - 1) return false;
      // Who comes from there would be here afterwards.
      if (visits[at * slots + slot]! > 0) {
        const direction = this.#directionOf(at, to);
        if (moves[(at * slots + slot) * DIRECTIONS + ((direction + 2) & 3)]! > 0) return false;
      }
      at = to;
    }
    return true;
  }

  /** Leads the last step of a path from `vertex` nearer to the goal where nobody is; the vertex it leads to. */
  #onward(agent: number, vertex: number, left: number, slot: number): number {
    const slots = this.#slots;
    const visits = this.#visits;
    const moves = this.#moves;
    const table = this.#tables[agent]!;
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      const to = this.#map.neighbours[DIRECTIONS * vertex + direction]!;
      if (to < 0 || visits[to * slots + slot] !== 0) continue;
      if (moves[(vertex * slots + slot) * DIRECTIONS + ((direction + 2) & 3)] !== 0) continue;
      if ((table.values[to]! || table.reveal(to)) - 1 >= left) continue;
      visits[vertex * slots + slot]! -= 1;
      visits[to * slots + slot]! += 1;
      moves[(to * slots + slot) * DIRECTIONS + direction]! += 1;
      this.#paths[agent * slots + slot] = to;
      return to;
    }
    return vertex;
  }

  #directionOf(from: number, to: number): number {
    const { neighbours } = this.#map;
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      if (neighbours[DIRECTIONS * from + direction] === to) return direction;
    }
    return STAY;
  }

  /** Adds `change` for the agent's path to the tables. */
  #enter(agent: number, change: 1 | -1): void {
    const slots = this.#slots;
    const base = agent * slots;
    let at = this.#paths[base + this.#now]!;
    for (let depth = 1, slot = this.#now; depth < slots; depth++) {
      if (++slot === slots) slot = 0;
      const to = this.#paths[base + slot]!;
      this.#visits[to * slots + slot]! += change;
      if (to !== at) {
        const direction = this.#directionOf(at, to);
        if (direction !== STAY) this.#moves[(to * slots + slot) * DIRECTIONS + direction]! += change;
      }
      at = to;
    }
  }

  /** The cheapest path of the window from `from`, which becomes the agent's. */
  #find(agent: number, from: number): void {
    const { neighbours } = this.#map;
    const table = this.#tables[agent]!;
    const { values } = table;
    const goal = this.#goals[agent]!;
    const slots = this.#slots;
    const visits = this.#visits;
    const moves = this.#moves;
    const buckets = this.#buckets;
    const collisionCost = this.#collisionCost;
    const bucketsCount = buckets.length;
    const best = this.#best;
    this.#mark -= COSTS;
    if (this.#mark < 0) {
      best.fill(MARK_MAX);
      this.#mark = MARK_MAX - COSTS;
    }
    const searchMark = this.#mark;
    this.#count = 0;
    const least = values[from]! || table.reveal(from);
    this.#add(from, 0, 0, NONE, 0);
    let found = NONE;
    let left = this.#labelsMax;
    let deepest = 0;
    let bucket = 0;
    for (; found === NONE && bucket < bucketsCount; bucket++) {
      while (buckets[bucket] !== NONE) {
        const label = buckets[bucket]!;
        buckets[bucket] = this.#nextInBucket[label]!;
        const vertex = this.#vertex[label]!;
        const depth = this.#depth[label]!;
        const cost = this.#cost[label]!;
        if (best[vertex * slots + depth] !== searchMark + cost) continue;
        this.expansions++;
        if (depth > this.#depth[deepest]!) deepest = label;
        if (depth === this.#window || left-- === 0) {
          found = deepest;
          break;
        }
        let slot = this.#now + depth + 1;
        if (slot >= slots) slot -= slots;
        const turn = (agent + depth) & 3;
        // Staying first: of equal labels the last one added is looked at first.
        const others = visits[vertex * slots + slot]!;
        const costOfStay = cost + (vertex === goal ? 0 : 1) + collisionCost * others;
        const stayBucket = costOfStay + values[vertex]! - least;
        if (stayBucket < bucketsCount) this.#add(vertex, depth + 1, costOfStay, label, stayBucket);
        for (let i = 0; i < DIRECTIONS; i++) {
          const direction = (i + turn) & 3;
          const to = neighbours[DIRECTIONS * vertex + direction]!;
          if (to < 0) continue;
          let collisions = visits[to * slots + slot]!;
          // Who comes from there is here afterwards.
          if (others !== 0) collisions += moves[(vertex * slots + slot) * DIRECTIONS + ((direction + 2) & 3)]!;
          const costThere = cost + 1 + collisionCost * collisions;
          const there = costThere + (values[to]! || table.reveal(to)) - least;
          if (there < bucketsCount) this.#add(to, depth + 1, costThere, label, there);
        }
      }
    }
    for (let rest = bucket - 1; rest < bucketsCount; rest++) buckets[rest] = NONE;
    const base = agent * slots;
    if (found === NONE) found = deepest;
    for (let depth = this.#depth[found]! + 1; depth < slots; depth++) {
      this.#paths[base + ((this.#now + depth) % slots)] = this.#vertex[found]!;
    }
    for (let label = found; label !== NONE; label = this.#parent[label]!) {
      let slot = this.#now + this.#depth[label]!;
      if (slot >= slots) slot -= slots;
      this.#paths[base + slot] = this.#vertex[label]!;
    }
  }

  #add(vertex: number, depth: number, cost: number, parent: number, bucket: number): void {
    const state = vertex * this.#slots + depth;
    const mark = this.#mark + cost;
    if (this.#best[state]! <= mark) return;
    this.#best[state] = mark;
    const label = this.#count++;
    if (label === this.#vertex.length) this.#grow();
    this.#vertex[label] = vertex;
    this.#depth[label] = depth;
    this.#cost[label] = cost;
    this.#parent[label] = parent;
    this.#nextInBucket[label] = this.#buckets[bucket]!;
    this.#buckets[bucket] = label;
  }

  #grow(): void {
    const larger = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(2 * from.length);
      to.set(from);
      return to;
    };
    this.#vertex = larger(this.#vertex);
    this.#depth = larger(this.#depth);
    this.#cost = larger(this.#cost);
    this.#parent = larger(this.#parent);
    this.#nextInBucket = larger(this.#nextInBucket);
  }
}
