/**
 * The constraint trees of a LaCAM* search, one a configuration: who must be where after the next step. A tree is walked
 * breadth first and grown only when its next constraint is asked for (Okumura 2023). All trees share one pool.
 */
import { DIRECTIONS, type GridMap } from "./grid-map.ts";

const NONE = -1;
const POOL_FIRST = 1 << 12;

/** What `nextOf` gives for the root of a tree, which constrains nobody. */
export const UNCONSTRAINED = -1;
/** What `nextOf` gives when every constraint of the tree was given. */
export const EXHAUSTED = -2;

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

export class ConstraintTrees {
  readonly #map: GridMap;
  readonly #agents: number;
  readonly #random: () => number;
  #count = 0;
  // [constraint]
  #parent = new Int32Array(POOL_FIRST);
  #agent = new Int32Array(POOL_FIRST);
  #vertex = new Int32Array(POOL_FIRST);
  #depth = new Int32Array(POOL_FIRST);
  #following = new Int32Array(POOL_FIRST);
  // [node] the tree's constraints in breadth-first order: first one not given yet, not expanded yet, and the last one.
  #unvisited = new Int32Array(POOL_FIRST);
  #unexpanded = new Int32Array(POOL_FIRST);
  #last = new Int32Array(POOL_FIRST);
  /** [node] 0: nothing given; 1: the root was given; 2: the root was expanded. */
  #stage = new Int32Array(POOL_FIRST);

  /** @param random draws a 32-bit number: in which order an agent's vertices are tried */
  constructor(map: GridMap, agents: number, random: () => number) {
    this.#map = map;
    this.#agents = agents;
    this.#random = random;
  }

  /** Constraints made so far, in all trees. */
  get count(): number {
    return this.#count;
  }

  agentOf(constraint: number): number {
    return this.#agent[constraint]!;
  }

  vertexOf(constraint: number): number {
    return this.#vertex[constraint]!;
  }

  /** The constraint that holds together with this one, or `UNCONSTRAINED`. */
  parentOf(constraint: number): number {
    return this.#parent[constraint]!;
  }

  /** Makes the tree of a new node; nodes come in the order 0, 1, 2, … */
  addNode(node: number): void {
    if (node === this.#stage.length) {
      this.#unvisited = grown(this.#unvisited, 2 * node);
      this.#unexpanded = grown(this.#unexpanded, 2 * node);
      this.#last = grown(this.#last, 2 * node);
      this.#stage = grown(this.#stage, 2 * node);
    }
    this.#unvisited[node] = NONE;
    this.#unexpanded[node] = NONE;
    this.#last[node] = NONE;
    this.#stage[node] = 0;
  }

  /**
   * The next constraint of `node`, `UNCONSTRAINED` the first time, `EXHAUSTED` after the last.
   * @param configuration the node's vertices, from `configurationOffset`
   * @param order         the agents in the order in which they are constrained, from `orderOffset`
   */
  nextOf(
    node: number,
    configuration: Int32Array,
    configurationOffset: number,
    order: Int32Array,
    orderOffset: number,
  ): number {
    if (this.#stage[node] === 0) {
      this.#stage[node] = 1;
      return UNCONSTRAINED;
    }
    while (this.#unvisited[node] === NONE) {
      let parent = UNCONSTRAINED;
      if (this.#stage[node] === 2) {
        parent = this.#unexpanded[node]!;
        if (parent === NONE) return EXHAUSTED;
      }
      const depth = parent === UNCONSTRAINED ? 0 : this.#depth[parent]!;
      if (depth < this.#agents) {
        const agent = order[orderOffset + depth]!;
        this.#expand(node, parent, depth + 1, agent, configuration[configurationOffset + agent]!);
      }
      if (parent === UNCONSTRAINED) this.#stage[node] = 2;
      else this.#unexpanded[node] = this.#following[parent]!;
    }
    const constraint = this.#unvisited[node]!;
    this.#unvisited[node] = this.#following[constraint]!;
    return constraint;
  }

  #expand(node: number, parent: number, depth: number, agent: number, vertex: number): void {
    const { neighbours } = this.#map;
    const turn = this.#random() % (DIRECTIONS + 1);
    for (let i = 0; i <= DIRECTIONS; i++) {
      const direction = (i + turn) % (DIRECTIONS + 1);
      const to = direction === DIRECTIONS ? vertex : neighbours[DIRECTIONS * vertex + direction]!;
      if (to >= 0) this.#append(node, parent, depth, agent, to);
    }
  }

  #append(node: number, parent: number, depth: number, agent: number, vertex: number): void {
    const constraint = this.#count++;
    if (constraint === this.#parent.length) {
      this.#parent = grown(this.#parent, 2 * constraint);
      this.#agent = grown(this.#agent, 2 * constraint);
      this.#vertex = grown(this.#vertex, 2 * constraint);
      this.#depth = grown(this.#depth, 2 * constraint);
      this.#following = grown(this.#following, 2 * constraint);
    }
    this.#parent[constraint] = parent;
    this.#agent[constraint] = agent;
    this.#vertex[constraint] = vertex;
    this.#depth[constraint] = depth;
    this.#following[constraint] = NONE;
    if (this.#last[node] !== NONE) this.#following[this.#last[node]!] = constraint;
    this.#last[node] = constraint;
    if (this.#unvisited[node] === NONE) this.#unvisited[node] = constraint;
    if (this.#unexpanded[node] === NONE) this.#unexpanded[node] = constraint;
  }
}
