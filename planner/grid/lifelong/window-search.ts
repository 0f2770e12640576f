/**
 * One agent's cheapest way through the window: best-first over (state, step), where the others' ways are walls or cost a
 * penalty. All costs are small whole numbers, so the open list is a row of stacks; what lies further away than the
 * window reaches cannot be met, so nodes are numbered on a torus around wherever the agent is.
 */
import { STEP_COST } from "./guide-tables.ts";
import type { Motion } from "./motion.ts";
import { SLOTS, type Window } from "./window.ts";

/** Positions modulo this are distinct within a window: 2 * WINDOW_MAX + 1 of them are within reach. */
const TORUS_BITS = 5;
const TORUS_MASK = (1 << TORUS_BITS) - 1;

/** Stacks of the open list: costs from the least to this many above it. */
const STACKS = 512;

/** What a step costs an agent that has arrived: it yields gladly, but does not wander. */
const ARRIVED_MOVE_COST = 1;

export class WindowSearch {
  /** The way found last: state at each step from now. */
  readonly path: Int32Array;
  /** Others met by the way found last, in the order of the way; an agent may stand here more than once. */
  readonly met: Int32Array;
  metCount = 0;
  /** Nodes expanded since the planner was made. */
  expansions = 0;

  readonly #motion: Motion;
  readonly #torus: Int32Array;
  readonly #seen: Int32Array;
  readonly #closed: Uint8Array;
  readonly #cost: Int32Array;
  readonly #parent: Int32Array;
  readonly #state: Int32Array;
  readonly #head = new Int32Array(STACKS);
  readonly #entryNode: Int32Array;
  readonly #entryCost: Int32Array;
  readonly #entryLink: Int32Array;
  /** [turn * actionCount + i] the i-th action to try, i > 0. */
  readonly #order: Int32Array;
  #generation = 0;

  constructor(motion: Motion) {
    const { map, vertexShift } = motion;
    this.#motion = motion;
    this.#torus = new Int32Array(motion.stateCount);
    for (let state = 0; state < motion.stateCount; state++) {
      const cell = map.cellOf[state >> vertexShift]!;
      const x = cell % map.width;
      const y = Math.floor(cell / map.width);
      const place = ((y & TORUS_MASK) << TORUS_BITS) | (x & TORUS_MASK);
      this.#torus[state] = ((place << vertexShift) | (state & ((1 << vertexShift) - 1))) * SLOTS * 2;
    }
    const nodes = ((1 << (2 * TORUS_BITS)) << vertexShift) * SLOTS * 2;
    this.#seen = new Int32Array(nodes);
    this.#closed = new Uint8Array(nodes);
    this.#cost = new Int32Array(nodes);
    this.#parent = new Int32Array(nodes);
    this.#state = new Int32Array(nodes);
    const entries = nodes * motion.actionCount;
    this.#entryNode = new Int32Array(entries);
    this.#entryCost = new Int32Array(entries);
    this.#entryLink = new Int32Array(entries);
    const moves = motion.actionCount - 1;
    this.#order = Int32Array.from({ length: 4 * motion.actionCount }, (_, i) => {
      return (Math.floor(i / motion.actionCount) + (i % motion.actionCount)) % moves;
    });
    this.path = new Int32Array(SLOTS);
    this.met = new Int32Array(2 * SLOTS);
  }

  /**
   * Finds the cheapest way of an agent that is not in `window.occupants`.
   * @param start its state now
   * @param table cost-to-go; null: it has no goal and yields to everyone
   * @param weights cost of each action, as given to the tables
   * @param wall [agent] whether its way is a wall: equal to `wallMark`; others cost `penalty` a meeting
   * @param limit cost at which the search gives up
   * @param turn 0 to 3: the order in which equal ways are tried
   * @returns the cost: steps and what is left behind the window; or -1 where no way costs less than `limit`
   */
  find(
    window: Window,
    start: number,
    table: Uint16Array | null,
    weights: Uint8Array,
    wall: Int32Array,
    wallMark: number,
    penalty: number,
    limit: number,
    turn: number,
  ): number {
    const { actionCount, leaveSteps, next, vertexShift } = this.#motion;
    const { base, occupants, windowSteps, states: windowStates } = window;
    const baseSlot = base & (SLOTS - 1);
    const torus = this.#torus;
    const seen = this.#seen;
    const closed = this.#closed;
    const costs = this.#cost;
    const parents = this.#parent;
    const states = this.#state;
    const head = this.#head;
    const entryNode = this.#entryNode;
    const entryCost = this.#entryCost;
    const entryLink = this.#entryLink;
    const generation = ++this.#generation;
    const slotMask = SLOTS - 1;
    const wait = actionCount - 1;
    const order = this.#order;
    const orderBase = turn * actionCount;
    const startCost = table === null ? 0 : table[start]!;
    const stacks = Math.min(STACKS, limit - startCost);
    if (stacks <= 0) return -1;
    head.fill(-1, 0, stacks);
    const arrivedAtStart = table === null || startCost === 0 ? 1 : 0;
    const root = torus[start]! + arrivedAtStart;
    seen[root] = generation;
    closed[root] = 0;
    costs[root] = 0;
    parents[root] = -1;
    states[root] = start;
    entryNode[0] = root;
    entryCost[0] = 0;
    entryLink[0] = -1;
    head[0] = 0;
    let count = 1;
    let expansions = 0;
    for (let stack = 0; stack < stacks; ) {
      const entry = head[stack]!;
      if (entry < 0) {
        stack++;
        continue;
      }
      head[stack] = entryLink[entry]!;
      const node = entryNode[entry]!;
      if (closed[node] === 1 || entryCost[entry] !== costs[node]) continue;
      closed[node] = 1;
      const time = (node >> 1) & slotMask;
      const state = states[node]!;
      const cost = costs[node]!;
      if (time === windowSteps) {
        this.expansions += expansions;
        this.#trace(window, node);
        return startCost + stack;
      }
      expansions++;
      const arrived = node & 1;
      const left = arrived === 1 ? 0 : table![state]!;
      const vertex = state >> vertexShift;
      const nowSlot = (base + time) & slotMask;
      const thenSlot = (nowSlot + 1) & slotMask;
      const stateBase = state * actionCount;
      for (let i = 0; i < actionCount; i++) {
        // The wait first, so that it is tried last; the others in an order that changes.
        const action = i === 0 ? wait : order[orderBase + i]!;
        const to = next[stateBase + action]!;
        if (to < 0) continue;
        const toVertex = to >> vertexShift;
        let meeting = 0;
        if (time < 2 && toVertex !== vertex) {
          // Whoever stands there now may need a turn or two before it can have left.
          const standing = occupants[toVertex * SLOTS + baseSlot]!;
          if (standing >= 0 && leaveSteps[windowStates[standing * SLOTS + baseSlot]!]! > time + 1) continue;
        }
        const there = occupants[toVertex * SLOTS + thenSlot]!;
        if (there >= 0) {
          if (wall[there] === wallMark) continue;
          meeting = penalty;
        }
        if (toVertex !== vertex) {
          const opposite = occupants[toVertex * SLOTS + nowSlot]!;
          if (opposite >= 0 && opposite !== there && occupants[vertex * SLOTS + thenSlot] === opposite) {
            if (wall[opposite] === wallMark) continue;
            meeting += penalty;
          }
        }
        let toCost: number;
        let toStack: number;
        let toArrived = arrived;
        if (arrived === 1) {
          toCost = cost + meeting + (action === wait ? 0 : ARRIVED_MOVE_COST);
          toStack = stack + toCost - cost;
        } else {
          const toLeft = table![to]!;
          // On the way down the table a step costs what the table counted for it, even where weights have changed since.
          const weight = action === wait ? STEP_COST : weights[stateBase + action]!;
          const step = left - toLeft > weight ? left - toLeft : weight;
          toCost = cost + meeting + step;
          toStack = stack + meeting + step + toLeft - left;
          if (toLeft === 0) toArrived = 1;
        }
        if (toStack >= stacks) continue;
        const toNode = torus[to]! + ((time + 1) << 1) + toArrived;
        if (seen[toNode] === generation) {
          // Costs-to-go never fall by more than a step costs, so a closed node has its final cost.
          if (toCost >= costs[toNode]!) continue;
        } else {
          seen[toNode] = generation;
          closed[toNode] = 0;
          states[toNode] = to;
        }
        costs[toNode] = toCost;
        parents[toNode] = node;
        entryNode[count] = toNode;
        entryCost[count] = toCost;
        entryLink[count] = head[toStack]!;
        head[toStack] = count++;
      }
    }
    this.expansions += expansions;
    return -1;
  }

  #trace(window: Window, last: number): void {
    const { path, met } = this;
    const { vertexShift } = this.#motion;
    const { base, occupants, windowSteps } = window;
    const slotMask = SLOTS - 1;
    let node = last;
    for (let time = windowSteps; time >= 0; time--) {
      path[time] = this.#state[node]!;
      node = this.#parent[node]!;
    }
    let metCount = 0;
    let vertex = path[0]! >> vertexShift;
    for (let time = 1; time <= windowSteps; time++) {
      const toVertex = path[time]! >> vertexShift;
      const nowSlot = (base + time - 1) & slotMask;
      const thenSlot = (base + time) & slotMask;
      const there = occupants[toVertex * SLOTS + thenSlot]!;
      if (there >= 0) met[metCount++] = there;
      if (toVertex !== vertex) {
        const opposite = occupants[toVertex * SLOTS + nowSlot]!;
        if (opposite >= 0 && opposite !== there && occupants[vertex * SLOTS + thenSlot] === opposite) {
          met[metCount++] = opposite;
        }
      }
      vertex = toVertex;
    }
    this.metCount = metCount;
  }
}
