/**
 * One step of all agents: priority inheritance with backtracking (PIBT; Okumura, Machida, Defago, Tamura 2022), with the
 * swap operation of LaCAM* (Okumura 2023) and the hindrance tie-break (Okumura, Nagai 2025). Nothing is allocated in a
 * step; a chain of inheritances lives on a stack of its own, so its length may grow with the fleet.
 */
import type { DistanceTable } from "./distance-tables.ts";
import type { GridMap } from "./grid-map.ts";

const NONE = -1;
/** More than one way on. */
const MANY = -2;

/** Ways to go for an agent: four moves and to stay. */
const CANDIDATES_MAX = 5;

/** Among moves equally near to the goal a preference is one number: hindrance (0 to 3), then chance. */
const HINDRANCE_UNIT = 8;

export class Pibt {
  /** [agent] vertex now; set by `setNow`, read only. */
  readonly now: Int32Array;
  /** [agent] vertex after the step, or -1. What is set before `step` is a constraint, put there by `constrain`. */
  readonly next: Int32Array;
  /** [agent] the vertex that the agent wants most, whatever its distance; null: by distance alone. */
  wanted: Int32Array | null = null;
  readonly #map: GridMap;
  readonly #tables: readonly DistanceTable[];
  readonly #values: readonly Uint16Array[];
  readonly #goals: Int32Array;
  readonly #degree: Uint8Array;
  /** [vertex] agent, or -1. */
  readonly #occupiedNow: Int32Array;
  readonly #occupiedNext: Int32Array;
  /** [5 * agent + place] vertex, in the order of preference; [agent] their count, and the one to try next. */
  readonly #candidates: Int32Array;
  readonly #candidateCount: Uint8Array;
  readonly #candidateAt: Uint8Array;
  /** [agent] 1 while the moves away from the goal are not among the candidates yet: most agents never need them. */
  readonly #isShort: Uint8Array;
  /**
   * [agent] Bit d: direction d leads nearer to the goal. Every other move leads away from it: the cells of a grid have
   * two colours, so no move keeps the distance. This is all that a step asks of the distance tables, and it is asked
   * once a move, not once a look.
   */
  readonly #nearer: Uint8Array;
  /** [agent] who is to follow onto the agent's vertex when it takes its first candidate, or -1. */
  readonly #follower: Int32Array;
  readonly #stack: Int32Array;
  readonly #keys = new Int32Array(CANDIDATES_MAX);
  #random: number;

  /**
   * @param tables [agent] distances to the agent's goal; every agent must have a way there
   * @param seed   decides between equal preferences
   */
  constructor(map: GridMap, goals: Int32Array, tables: readonly DistanceTable[], seed: number) {
    const agents = goals.length;
    this.now = new Int32Array(agents).fill(NONE);
    this.next = new Int32Array(agents).fill(NONE);
    this.#map = map;
    this.#tables = tables;
    this.#values = tables.map((table) => table.values);
    this.#goals = goals;
    this.#degree = new Uint8Array(map.vertexCount);
    for (let edge = 0; edge < map.neighbours.length; edge++)
      if (map.neighbours[edge]! >= 0) this.#degree[edge >> 2]! += 1;
    this.#occupiedNow = new Int32Array(map.vertexCount).fill(NONE);
    this.#occupiedNext = new Int32Array(map.vertexCount).fill(NONE);
    this.#candidates = new Int32Array(CANDIDATES_MAX * agents);
    this.#candidateCount = new Uint8Array(agents);
    this.#candidateAt = new Uint8Array(agents);
    this.#isShort = new Uint8Array(agents);
    this.#nearer = new Uint8Array(agents);
    this.#follower = new Int32Array(agents);
    this.#stack = new Int32Array(agents);
    this.#random = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x2545f491) | 1;
  }

  /** Puts the agents onto `configuration[offset + agent]` and forgets what was set of `next`. */
  setNow(configuration: Int32Array, offset: number): void {
    const { now, next } = this;
    const occupiedNow = this.#occupiedNow;
    const occupiedNext = this.#occupiedNext;
    const agents = now.length;
    for (let agent = 0; agent < agents; agent++) {
      const vertex = configuration[offset + agent]!;
      if (now[agent] !== vertex) {
        if (now[agent]! >= 0 && occupiedNow[now[agent]!] === agent) occupiedNow[now[agent]!] = NONE;
        now[agent] = vertex;
        occupiedNow[vertex] = agent;
        this.#look(agent, vertex);
      }
      if (next[agent]! >= 0) occupiedNext[next[agent]!] = NONE;
      next[agent] = NONE;
    }
  }

  /** Finds out which moves lead nearer to the goal. */
  #look(agent: number, vertex: number): void {
    const { neighbours } = this.#map;
    const values = this.#values[agent]!;
    const table = this.#tables[agent]!;
    const here = values[vertex]! || table.reveal(vertex);
    let nearer = 0;
    for (let direction = 0; direction < 4; direction++) {
      const to = neighbours[4 * vertex + direction]!;
      if (to >= 0 && (values[to]! || table.reveal(to)) < here) nearer |= 1 << direction;
    }
    this.#nearer[agent] = nearer;
  }

  /**
   * Demands that `agent` is on `vertex` after the step.
   * @returns false where this contradicts an earlier demand
   */
  constrain(agent: number, vertex: number): boolean {
    const { now, next } = this;
    if (this.#occupiedNext[vertex] !== NONE) return false;
    const other = this.#occupiedNext[now[agent]!]!;
    if (other !== NONE && now[other] === vertex) return false;
    next[agent] = vertex;
    this.#occupiedNext[vertex] = agent;
    return true;
  }

  /**
   * Fills `next` for all agents, without conflicts; who comes first in `order` has its way.
   * @returns false where an agent is left without any vertex: possible only with constraints
   */
  step(order: Int32Array, offset: number): boolean {
    const { next } = this;
    const end = offset + next.length;
    for (let place = offset; place < end; place++) {
      const agent = order[place]!;
      if (next[agent] === NONE && !this.#place(agent)) return false;
    }
    return true;
  }

  /** Finds a vertex for `first`, and for all that it pushes away. */
  #place(first: number): boolean {
    const { now, next } = this;
    const occupiedNow = this.#occupiedNow;
    const occupiedNext = this.#occupiedNext;
    const candidates = this.#candidates;
    const candidateCount = this.#candidateCount;
    const candidateAt = this.#candidateAt;
    const stack = this.#stack;
    let depth = 0;
    stack[0] = first;
    this.#prefer(first);
    for (;;) {
      let agent = stack[depth]!;
      let count = candidateCount[agent]!;
      let at = candidateAt[agent]!;
      let placed = false;
      let pushed = NONE;
      for (;;) {
        if (at === count) {
          if (this.#isShort[agent] === 0) break;
          this.#addMovesAway(agent);
          count = candidateCount[agent]!;
          continue;
        }
        const vertex = candidates[CANDIDATES_MAX * agent + at]!;
        at++;
        if (occupiedNext[vertex] !== NONE) continue;
        const other = occupiedNow[vertex]!;
        if (other !== NONE && next[other] === now[agent]) continue;
        occupiedNext[vertex] = agent;
        next[agent] = vertex;
        if (other !== NONE && next[other] === NONE && other !== agent) pushed = other;
        else placed = true;
        break;
      }
      candidateAt[agent] = at;
      if (pushed !== NONE) {
        stack[++depth] = pushed;
        this.#prefer(pushed);
        continue;
      }
      if (!placed) {
        // The agent stays where it is; whoever pushed it must find another way.
        occupiedNext[now[agent]!] = agent;
        next[agent] = now[agent]!;
        if (depth === 0) return false;
        depth--;
        continue;
      }
      // All that wait on the stack have their candidate now.
      for (; ; depth--) {
        agent = stack[depth]!;
        const follower = this.#follower[agent]!;
        if (follower !== NONE && candidateAt[agent] === 1 && next[follower] === NONE) {
          const vertex = now[agent]!;
          if (occupiedNext[vertex] === NONE) {
            next[follower] = vertex;
            occupiedNext[vertex] = follower;
          }
        }
        if (depth === 0) return true;
      }
    }
  }

  /** Lists the agent's candidates, the best first: moves nearer to the goal, to stay, and where needed the others. */
  #prefer(agent: number): void {
    const candidates = this.#candidates;
    const base = CANDIDATES_MAX * agent;
    const vertex = this.now[agent]!;
    this.#candidateAt[agent] = 0;
    this.#follower[agent] = NONE;
    const nearer = this.#nearer[agent]!;
    const moves = nearer === 0 ? 0 : this.#addMoves(agent, nearer, 0);
    candidates[base + moves] = vertex;
    this.#candidateCount[agent] = moves + 1;
    this.#isShort[agent] = 1;
    if (this.wanted !== null) this.#lead(agent, this.wanted[agent]!);
    if (candidates[base] === vertex) return;
    const follower = this.#followerOf(agent, vertex, candidates[base]!);
    if (follower === NONE) return;
    this.#follower[agent] = follower;
    if (this.#isShort[agent] === 1) this.#addMovesAway(agent);
    // To swap the two, this one goes the other way first.
    for (let low = base, high = base + this.#candidateCount[agent]! - 1; low < high; low++, high--) {
      const swapped = candidates[low]!;
      candidates[low] = candidates[high]!;
      candidates[high] = swapped;
    }
  }

  /** Puts `wanted` before all other candidates. */
  #lead(agent: number, wanted: number): void {
    const candidates = this.#candidates;
    const base = CANDIDATES_MAX * agent;
    let count = this.#candidateCount[agent]!;
    let place = 0;
    while (place < count && candidates[base + place] !== wanted) place++;
    if (place === count) {
      this.#addMovesAway(agent);
      count = this.#candidateCount[agent]!;
      while (place < count && candidates[base + place] !== wanted) place++;
      if (place === count) return;
    }
    for (; place > 0; place--) candidates[base + place] = candidates[base + place - 1]!;
    candidates[base] = wanted;
  }

  #addMovesAway(agent: number): void {
    this.#isShort[agent] = 0;
    this.#candidateCount[agent] = this.#addMoves(agent, ~this.#nearer[agent]! & 15, this.#candidateCount[agent]!);
  }

  /**
   * Adds the moves of `directions`, a bit each, behind the agent's first `count` candidates.
   * @returns the new count
   */
  #addMoves(agent: number, directions: number, count: number): number {
    const { neighbours } = this.#map;
    const candidates = this.#candidates;
    const keys = this.#keys;
    const base = CANDIDATES_MAX * agent;
    const vertex = this.now[agent]!;
    let random = this.#random;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    this.#random = random;
    let end = count;
    for (let direction = 0; direction < 4; direction++) {
      if ((directions & (1 << direction)) === 0) continue;
      const to = neighbours[4 * vertex + direction]!;
      if (to < 0) continue;
      const key = this.#hindrance(agent, to) * HINDRANCE_UNIT + ((random >>> (3 * direction)) & 7);
      let place = end++;
      for (; place > count && keys[place - 1]! > key; place--) {
        keys[place] = keys[place - 1]!;
        candidates[base + place] = candidates[base + place - 1]!;
      }
      keys[place] = key;
      candidates[base + place] = to;
    }
    return end;
  }

  /** Agents beside `to` that would come nearer to their goals on it. */
  #hindrance(agent: number, to: number): number {
    const { neighbours } = this.#map;
    const occupiedNow = this.#occupiedNow;
    const nearer = this.#nearer;
    let count = 0;
    for (let direction = 0; direction < 4; direction++) {
      const beside = neighbours[4 * to + direction]!;
      if (beside < 0) continue;
      const other = occupiedNow[beside]!;
      if (other === NONE || other === agent) continue;
      count += (nearer[other]! >> ((direction + 2) & 3)) & 1;
    }
    return count;
  }

  /** The agent that must exchange places with `agent`, which wants to go from `vertex` to `wanted`; or -1. */
  #followerOf(agent: number, vertex: number, wanted: number): number {
    const occupiedNow = this.#occupiedNow;
    const { next } = this;
    const other = occupiedNow[wanted]!;
    if (
      other !== NONE &&
      next[other] === NONE &&
      this.#swapIsRequired(agent, other, vertex, wanted) &&
      this.#swapIsPossible(wanted, vertex)
    ) {
      return other;
    }
    // Somebody behind may need this agent to back out of a dead end.
    const { neighbours } = this.#map;
    for (let edge = 4 * vertex; edge < 4 * vertex + 4; edge++) {
      const beside = neighbours[edge]!;
      if (beside < 0 || beside === wanted) continue;
      const behind = occupiedNow[beside]!;
      // Who is behind must want to come here at all.
      if (behind === NONE || ((this.#nearer[behind]! >> (((edge & 3) + 2) & 3)) & 1) === 0) continue;
      if (this.#swapIsRequired(behind, agent, vertex, wanted) && this.#swapIsPossible(wanted, vertex)) return behind;
    }
    return NONE;
  }

  #distance(agent: number, vertex: number): number {
    return this.#values[agent]![vertex]! || this.#tables[agent]!.reveal(vertex);
  }

  /**
   * Goes down the corridor in front of the puller as the two would, the pusher behind; whether at its end they still
   * stand in each other's way.
   */
  #swapIsRequired(pusher: number, puller: number, pusherVertex: number, pullerVertex: number): boolean {
    let from = pusherVertex;
    let to = pullerVertex;
    while (this.#distance(pusher, to) < this.#distance(pusher, from)) {
      const onward = this.#onward(from, to);
      if (onward === MANY) return false;
      if (onward === NONE) break;
      from = to;
      to = onward;
    }
    return (
      this.#distance(puller, from) < this.#distance(puller, to) &&
      (this.#distance(pusher, from) === 1 || this.#distance(pusher, to) < this.#distance(pusher, from))
    );
  }

  /** Whether the corridor that the puller goes down, away from the pusher, ends where two can pass each other. */
  #swapIsPossible(pusherVertex: number, pullerVertex: number): boolean {
    let from = pusherVertex;
    let to = pullerVertex;
    while (to !== pusherVertex) {
      const onward = this.#onward(from, to);
      if (onward === MANY) return true;
      if (onward === NONE) return false;
      from = to;
      to = onward;
    }
    return false;
  }

  /** The only way on from `vertex` for who came from `from`; -1: none, MANY: more. Occupied dead-end goals are no ways. */
  #onward(from: number, vertex: number): number {
    const { neighbours } = this.#map;
    let onward: number = NONE;
    for (let edge = 4 * vertex; edge < 4 * vertex + 4; edge++) {
      const to = neighbours[edge]!;
      if (to < 0 || to === from) continue;
      const other = this.#occupiedNow[to]!;
      if (this.#degree[to] === 1 && other !== NONE && this.#goals[other] === to) continue;
      if (onward !== NONE) return MANY;
      onward = to;
    }
    return onward;
  }
}
