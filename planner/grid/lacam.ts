/**
 * LaCAM*: lazy constraints addition search (Okumura, IJCAI 2023). Depth first through configurations of all agents; each
 * successor comes from one PIBT step under constraints that are grown only when a configuration is met again. It is
 * complete, and its best solution tends to the least sum of loss. The search can be stopped after any number of
 * expansions, continued, and given a new root when its agents have moved on (Liang et al. 2025).
 */

import { prng } from "../prng.ts";
import { ConfigurationStore, placeHash, RowArena } from "./configuration-store.ts";
import { ConstraintTrees, EXHAUSTED, UNCONSTRAINED } from "./constraint-trees.ts";
import type { DistanceTable, DistanceTables } from "./distance-tables.ts";
import type { Instance } from "./instance.ts";
import { type GuidanceOptions, LocalGuidance } from "./local-guidance.ts";
import { Pibt } from "./pibt.ts";
import type { Solution } from "./solution.ts";

const NONE = -1;
const NODES_FIRST = 1 << 10;
/** Expansions without coming nearer to the goals after which guidance pauses. */
const STALLED_EXPANSIONS = 16;

export interface LacamOptions {
  /** Decides between equal preferences. An integer from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Configurations kept; a search that would need more ends with `full`. Default 2^22. */
  readonly nodesMax?: number;
  /** Guides the agents past each other: dearer steps, better plans. Default: none. */
  readonly guidance?: GuidanceOptions;
}

/**
 * `solved`: there is a solution, a better one may come; `optimal`: there is none with less loss; `unsolvable`: there is
 * none at all; `budget-spent`: none yet; `full`: as `solved` or `budget-spent`, and the search cannot go on.
 */
export type LacamStatus = "solved" | "optimal" | "unsolvable" | "budget-spent" | "full";

export interface LacamQuery {
  /** Expansions (PIBT steps) of this call, at most. */
  readonly expansionsMax: number;
  /** Asked between expansions; true ends the call. */
  readonly isOver?: () => boolean;
  /** Go on after the first solution, until nothing better is left. */
  readonly improve?: boolean;
}

interface NodeArrays {
  parent: Int32Array;
  /** Loss from the root, and the least loss to the goals. */
  cost: Float64Array;
  bound: Float64Array;
  /** Agents away from their goals: they lead the node's order. */
  moving: Int32Array;
  /** Head of the node's list of neighbours, in `Links`. */
  firstLink: Int32Array;
}

function grow(nodes: NodeArrays): void {
  const length = 2 * nodes.parent.length;
  const larger = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
    to.set(from);
    return to;
  };
  nodes.parent = larger(nodes.parent, new Int32Array(length));
  nodes.cost = larger(nodes.cost, new Float64Array(length));
  nodes.bound = larger(nodes.bound, new Float64Array(length));
  nodes.moving = larger(nodes.moving, new Int32Array(length));
  nodes.firstLink = larger(nodes.firstLink, new Int32Array(length));
}

export class Lacam {
  readonly #instance: Instance;
  readonly #agents: number;
  readonly #tables: readonly DistanceTable[];
  readonly #pibt: Pibt;
  readonly #guidance: LocalGuidance | null;
  /** The node that the last step reached. */
  #lastReached = NONE;
  readonly #store: ConfigurationStore;
  readonly #orders: RowArena;
  readonly #constraints: ConstraintTrees;
  readonly #nodesMax: number;
  readonly #nodes: NodeArrays;
  /** Neighbouring configurations, as lists in one pool. */
  readonly #linkTo: number[] = [];
  readonly #linkNext: number[] = [];
  /** The depth-first stack. */
  readonly #open: number[] = [];
  /** [agent] place among all by the length of its way, the longest first: decides among agents at rest. */
  readonly #rank: Int32Array;
  readonly #arrived: Int32Array;
  #root = 0;
  #goal = NONE;
  #closest = 0;
  #closestSince = 0;
  #expansions = 0;
  #full = false;

  /** @throws RangeError where an agent has no way to its goal; ask `lowerBounds` first */
  constructor(instance: Instance, tables: DistanceTables, options: LacamOptions) {
    const { map, starts, goals } = instance;
    const agents = starts.length;
    this.#instance = instance;
    this.#agents = agents;
    this.#tables = Array.from(goals, (goal, agent) => tables.table(goal, starts[agent]!));
    const lengths = this.#tables.map((table, agent) => {
      if (!table.reaches(starts[agent]!)) throw new RangeError(`agent ${agent} has no way to its goal`);
      return table.distance(starts[agent]!);
    });
    const random = prng(options.seed);
    this.#pibt = new Pibt(map, goals, this.#tables, random.nextUint32());
    this.#guidance =
      options.guidance === undefined ? null : new LocalGuidance(map, goals, this.#tables, options.guidance);
    this.#store = new ConfigurationStore(agents);
    this.#orders = new RowArena(agents);
    this.#constraints = new ConstraintTrees(map, agents, random.nextUint32);
    this.#nodesMax = options.nodesMax ?? 1 << 22;
    this.#nodes = {
      parent: new Int32Array(NODES_FIRST),
      cost: new Float64Array(NODES_FIRST),
      bound: new Float64Array(NODES_FIRST),
      moving: new Int32Array(NODES_FIRST),
      firstLink: new Int32Array(NODES_FIRST),
    };
    const byLength = Int32Array.from({ length: agents }, (_, agent) => agent).sort(
      (a, b) => lengths[b]! - lengths[a]! || a - b,
    );
    this.#rank = new Int32Array(agents);
    for (let place = 0; place < agents; place++) this.#rank[byLength[place]!] = place;
    this.#arrived = new Int32Array(agents);

    let hash = 0;
    let bound = 0;
    for (let agent = 0; agent < agents; agent++) {
      hash ^= placeHash(agent, starts[agent]!);
      bound += lengths[agent]!;
    }
    const node = this.#addNode(starts, hash, NONE, 0, bound);
    // The longest ways come first, so those without a way stand at the end, by rank.
    this.#orders.chunk(node).set(byLength, this.#orders.offset(node));
    this.#nodes.moving[node] = lengths.filter((length) => length > 0).length;
    this.#open.push(node);
    if (bound === 0) this.#goal = node;
  }

  /** Expansions so far. */
  get expansions(): number {
    return this.#expansions;
  }

  /** Labels that guidance looked at so far. */
  get guidanceLabels(): number {
    return this.#guidance?.expansions ?? 0;
  }

  /** Loss of the best solution; infinite while there is none. */
  get loss(): number {
    return this.#goal === NONE ? Number.POSITIVE_INFINITY : this.#nodes.cost[this.#goal]!;
  }

  /** Searches on from where the last call ended. */
  run(query: LacamQuery): LacamStatus {
    const { expansionsMax, isOver, improve = false } = query;
    const nodes = this.#nodes;
    const open = this.#open;
    for (let left = expansionsMax; ; ) {
      if (this.#goal !== NONE && !improve) return "solved";
      const node = open[open.length - 1];
      if (node === undefined) return this.#goal === NONE ? "unsolvable" : "optimal";
      if (this.#goal !== NONE && nodes.cost[node]! + nodes.bound[node]! >= nodes.cost[this.#goal]!) {
        open.pop();
        continue;
      }
      if (this.#full) return "full";
      if (left <= 0 || isOver?.() === true) return this.#goal === NONE ? "budget-spent" : "solved";
      const chunk = this.#store.chunk(node);
      const offset = this.#store.offset(node);
      const orders = this.#orders.chunk(node);
      const orderOffset = this.#orders.offset(node);
      const constraint = this.#constraints.nextOf(node, chunk, offset, orders, orderOffset);
      if (constraint === EXHAUSTED) {
        open.pop();
        continue;
      }
      left--;
      this.#expansions++;
      this.#pibt.setNow(chunk, offset);
      if (this.#guidance !== null) this.#guide(node, constraint, orders, orderOffset);
      if (this.#constrain(constraint) && this.#pibt.step(orders, orderOffset)) this.#reach(node);
    }
  }

  /** The best solution, or null while there is none: from the root to the goals. */
  solution(): Solution | null {
    return this.#goal === NONE ? null : this.#wayTo(this.#goal);
  }

  /** The way from the root to the configuration with the least distance left: the goals, once they were met. */
  wayToClosest(): Solution {
    return this.#wayTo(this.#goal === NONE ? this.#closest : this.#goal);
  }

  /** The way from the root to `node`. */
  #wayTo(node: number): Solution {
    const chain: number[] = [];
    for (let at = node; at !== NONE; at = this.#nodes.parent[at]!) chain.push(at);
    chain.reverse();
    const vertices = new Int32Array(chain.length * this.#agents);
    for (const [t, at] of chain.entries()) {
      const offset = this.#store.offset(at);
      vertices.set(this.#store.chunk(at).subarray(offset, offset + this.#agents), t * this.#agents);
    }
    return { agents: this.#agents, makespan: chain.length - 1, vertices };
  }

  /**
   * Makes `configuration` the root, keeping all that was found: losses and ways are from there on. Moves can be made
   * backwards as well, so nothing is lost.
   * @throws RangeError for a configuration that the search has not met
   */
  reroot(configuration: Int32Array): void {
    let hash = 0;
    for (let agent = 0; agent < this.#agents; agent++) hash ^= placeHash(agent, configuration[agent]!);
    const node = this.#store.find(configuration, hash);
    if (node === NONE) throw new RangeError("the new root is no configuration that the search has met");
    const { cost, parent } = this.#nodes;
    cost.fill(Number.POSITIVE_INFINITY, 0, this.#store.count);
    cost[node] = 0;
    parent[node] = NONE;
    this.#root = node;
    this.#relax(node);
    // What was pruned against the old losses may be worth a look again.
    this.#open.length = 0;
    for (let each = 0; each < this.#store.count; each++) if (each !== this.#closest) this.#open.push(each);
    this.#open.push(this.#closest);
  }

  /**
   * A configuration that is met again is left by the plain preferences, as guided ones would lead the same way; and so
   * are all while the agents do not come nearer to their goals.
   */
  #guide(node: number, constraint: number, orders: Int32Array, orderOffset: number): void {
    const guidance = this.#guidance!;
    if (constraint !== UNCONSTRAINED || this.#expansions - this.#closestSince > STALLED_EXPANSIONS) {
      this.#pibt.wanted = null;
      return;
    }
    guidance.plan(this.#pibt.now, node === this.#lastReached, orders, orderOffset);
    this.#pibt.wanted = guidance.wanted;
  }

  /** Sets the demands of `constraint` and its parents. */
  #constrain(constraint: number): boolean {
    const trees = this.#constraints;
    for (let at = constraint; at !== UNCONSTRAINED; at = trees.parentOf(at)) {
      if (!this.#pibt.constrain(trees.agentOf(at), trees.vertexOf(at))) return false;
    }
    return true;
  }

  /** Takes in the configuration that PIBT made from `node`. */
  #reach(node: number): void {
    const nodes = this.#nodes;
    const { now, next } = this.#pibt;
    const { goals } = this.#instance;
    let hash = this.#store.hashOf(node);
    let loss = 0;
    for (let agent = 0; agent < now.length; agent++) {
      const from = now[agent]!;
      const to = next[agent]!;
      if (from !== to) {
        hash ^= placeHash(agent, from) ^ placeHash(agent, to);
        loss++;
      } else if (from !== goals[agent]) loss++;
    }
    const known = this.#store.find(next, hash);
    this.#lastReached = NONE;
    const cost = nodes.cost[node]! + loss;
    if (known !== NONE) {
      if (known !== node) {
        this.#link(node, known);
        this.#link(known, node);
        if (cost < nodes.cost[known]!) {
          nodes.cost[known] = cost;
          nodes.parent[known] = node;
          this.#relax(known);
        } else if (nodes.cost[known]! + loss < nodes.cost[node]!) this.#relax(known);
      }
      this.#open.push(known);
      return;
    }
    if (this.#store.count >= this.#nodesMax) {
      this.#full = true;
      return;
    }
    let bound = 0;
    for (let agent = 0; agent < next.length; agent++) {
      const table = this.#tables[agent]!;
      bound += (table.values[next[agent]!]! || table.reveal(next[agent]!)) - 1;
    }
    const added = this.#addNode(next, hash, node, cost, bound);
    this.#order(node, added);
    this.#lastReached = added;
    this.#link(node, added);
    this.#link(added, node);
    if (bound < nodes.bound[this.#closest]!) {
      this.#closest = added;
      this.#closestSince = this.#expansions;
    }
    if (bound === 0) this.#goal = added;
    else this.#open.push(added);
  }

  #addNode(configuration: Int32Array, hash: number, parent: number, cost: number, bound: number): number {
    const node = this.#store.add(configuration, hash);
    const nodes = this.#nodes;
    if (node === nodes.parent.length) grow(nodes);
    nodes.parent[node] = parent;
    nodes.cost[node] = cost;
    nodes.bound[node] = bound;
    nodes.firstLink[node] = NONE;
    this.#constraints.addNode(node);
    return node;
  }

  /**
   * The order of `node` from its parent's: who waits longest for its goal leads. All that are away wait one step more, so
   * they keep their order; who was pushed off its goal comes behind them; who is at rest comes last, by rank.
   */
  #order(parent: number, node: number): void {
    const { next } = this.#pibt;
    const { goals } = this.#instance;
    const rank = this.#rank;
    const arrived = this.#arrived;
    const from = this.#orders.chunk(parent);
    const fromOffset = this.#orders.offset(parent);
    const to = this.#orders.chunk(node);
    const toOffset = this.#orders.offset(node);
    const movingBefore = this.#nodes.moving[parent]!;
    let moving = 0;
    let arrivals = 0;
    for (let place = 0; place < movingBefore; place++) {
      const agent = from[fromOffset + place]!;
      if (next[agent] !== goals[agent]) to[toOffset + moving++] = agent;
      else {
        let at = arrivals++;
        for (; at > 0 && rank[arrived[at - 1]!]! > rank[agent]!; at--) arrived[at] = arrived[at - 1]!;
        arrived[at] = agent;
      }
    }
    for (let place = movingBefore; place < this.#agents; place++) {
      const agent = from[fromOffset + place]!;
      if (next[agent] !== goals[agent]) to[toOffset + moving++] = agent;
    }
    let end = moving;
    let taken = 0;
    for (let place = movingBefore; place < this.#agents; place++) {
      const agent = from[fromOffset + place]!;
      if (next[agent] !== goals[agent]) continue;
      while (taken < arrivals && rank[arrived[taken]!]! < rank[agent]!) to[toOffset + end++] = arrived[taken++]!;
      to[toOffset + end++] = agent;
    }
    while (taken < arrivals) to[toOffset + end++] = arrived[taken++]!;
    this.#nodes.moving[node] = moving;
  }

  #link(from: number, to: number): void {
    this.#linkTo.push(to);
    this.#linkNext.push(this.#nodes.firstLink[from]!);
    this.#nodes.firstLink[from] = this.#linkTo.length - 1;
  }

  /** Loss of the move between two neighbouring configurations; the same in both directions. */
  #lossBetween(from: number, to: number): number {
    const { goals } = this.#instance;
    const fromChunk = this.#store.chunk(from);
    const fromOffset = this.#store.offset(from);
    const toChunk = this.#store.chunk(to);
    const toOffset = this.#store.offset(to);
    let loss = 0;
    for (let agent = 0; agent < this.#agents; agent++) {
      const vertex = fromChunk[fromOffset + agent]!;
      if (vertex !== goals[agent] || toChunk[toOffset + agent] !== vertex) loss++;
    }
    return loss;
  }

  /** Cheaper ways through `source`, to all that it reaches; what became cheaper is looked at again. */
  #relax(source: number): void {
    const { cost, parent, bound, firstLink } = this.#nodes;
    const queue = [source];
    for (let head = 0; head < queue.length; head++) {
      const from = queue[head]!;
      for (let link = firstLink[from]!; link !== NONE; link = this.#linkNext[link]!) {
        const to = this.#linkTo[link]!;
        const through = cost[from]! + this.#lossBetween(from, to);
        if (through >= cost[to]! || to === this.#root) continue;
        cost[to] = through;
        parent[to] = from;
        queue.push(to);
        if (this.#goal !== NONE && through + bound[to]! < cost[this.#goal]!) this.#open.push(to);
      }
    }
  }
}
