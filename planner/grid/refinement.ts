/**
 * Makes a solution cheaper by large-neighbourhood search: take a few agents out, plan them anew one after another
 * through the safe intervals that the others leave, keep what is not worse (MAPF-LNS; Li et al., IJCAI 2021). Which rule
 * chooses the agents, and how many, is learned from what it gained a search expansion.
 */

import { type Prng, prng } from "../prng.ts";
import { DESTROY_RULES, Group, type RefinementView } from "./destroy-rules.ts";
import type { DistanceTable, DistanceTables } from "./distance-tables.ts";
import type { Instance } from "./instance.ts";
import { IntervalSearch } from "./interval-search.ts";
import type { Solution } from "./solution.ts";
import { Timetable } from "./timetable.ts";

const GROUP_SIZES = [1, 2, 4, 8, 16, 32];
/** What a shared round's log holds of a path before its vertices: agent, arrival, loss. */
const LOG_HEAD = 3;
/** How fast a rule's worth follows its last results, and what part of the draws goes to rules of no worth. */
const LEARNING = 0.02;
const CURIOSITY = 0.1;

export interface RefinementQuery {
  /** Search expansions of this call, at most (the last round may exceed it). */
  readonly expansionsMax: number;
  /** Asked between rounds; true ends the call. */
  readonly isOver?: () => boolean;
}

export class Refinement {
  readonly #agents: number;
  readonly #horizon: number;
  readonly #starts: Int32Array;
  readonly #tables: readonly DistanceTable[];
  readonly #view: RefinementView;
  readonly #timetable: Timetable;
  readonly #search: IntervalSearch;
  readonly #random: Prng;
  readonly #paths: Int32Array;
  readonly #arrivals: Int32Array;
  readonly #losses: Int32Array;
  readonly #leastLosses: Int32Array;
  readonly #group: Group;
  /** The group's old paths. */
  readonly #oldPaths: Int32Array;
  readonly #oldArrivals: Int32Array;
  readonly #oldLosses: Int32Array;
  /** [rule * sizes + size] loss gained an expansion. */
  readonly #worth: Float64Array;
  #loss = 0;
  #rounds = 0;
  /** Of a shared round: where its changes are written, how much of it is used, and the state that it began with. */
  #log: Int32Array | null = null;
  #logLength = 0;
  #base: { readonly paths: Int32Array; readonly arrivals: Int32Array; readonly losses: Int32Array } | null = null;
  readonly #changed: Group;

  /** @param solution a valid one; every path rests at its goal at its end */
  constructor(instance: Instance, tables: DistanceTables, solution: Solution, seed: number) {
    const { map, starts, goals } = instance;
    const agents = starts.length;
    const horizon = solution.makespan + 1;
    this.#agents = agents;
    this.#horizon = horizon;
    this.#starts = starts;
    this.#tables = Array.from(goals, (goal, agent) => tables.table(goal, starts[agent]!));
    this.#timetable = new Timetable(map.vertexCount, agents, horizon);
    this.#search = new IntervalSearch(map, this.#timetable);
    this.#random = prng(seed);
    this.#paths = new Int32Array(agents * horizon);
    this.#arrivals = new Int32Array(agents);
    this.#losses = new Int32Array(agents);
    this.#leastLosses = Int32Array.from(this.#tables, (table, agent) => table.distance(starts[agent]!));
    this.#group = new Group(agents);
    this.#changed = new Group(agents);
    const groupMax = Math.min(agents, GROUP_SIZES[GROUP_SIZES.length - 1]!);
    this.#oldPaths = new Int32Array(groupMax * horizon);
    this.#oldArrivals = new Int32Array(groupMax);
    this.#oldLosses = new Int32Array(groupMax);
    this.#worth = new Float64Array(DESTROY_RULES.length * GROUP_SIZES.length);
    this.#view = {
      map,
      timetable: this.#timetable,
      tables: this.#tables,
      paths: this.#paths,
      arrivals: this.#arrivals,
      losses: this.#losses,
      leastLosses: this.#leastLosses,
      draw: (below) => this.#random.nextUint32() % below,
    };
    for (let agent = 0; agent < agents; agent++) {
      for (let t = 0; t < horizon; t++) this.#paths[agent * horizon + t] = solution.vertices[t * agents + agent]!;
      this.#measure(agent);
      this.#timetable.add(agent, this.#paths, agent * horizon, this.#arrivals[agent]!);
      this.#loss += this.#losses[agent]!;
    }
  }

  /** Sum of loss now. */
  get loss(): number {
    return this.#loss;
  }

  get expansions(): number {
    return this.#search.expansions;
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** Refines on from where the last call ended. */
  run(query: RefinementQuery): void {
    const end = this.#search.expansions + query.expansionsMax;
    const logMax = this.#log === null ? 0 : this.#log.length - this.#groupLogMax();
    while (this.#search.expansions < end && this.#logLength <= logMax && query.isOver?.() !== true) {
      const arm = this.#drawArm();
      const size = Math.min(this.#agents, GROUP_SIZES[arm % GROUP_SIZES.length]!);
      const before = this.#search.expansions;
      const loss = this.#loss;
      this.#group.clear(size);
      DESTROY_RULES[Math.floor(arm / GROUP_SIZES.length)]!(this.#view, this.#group, size);
      this.#replan();
      this.#rounds++;
      // A round costs something even where its search ends at once.
      const work = this.#search.expansions - before + 10 * this.#group.count;
      this.#search.expansions = before + work;
      this.#worth[arm]! += LEARNING * ((loss - this.#loss) / work - this.#worth[arm]!);
    }
  }

  /**
   * Begins a round of several refinements side by side, all in the same state: the changes of the next `run` are written
   * to `log`, a run that might overflow it ends early.
   */
  beginShared(log: Int32Array): void {
    if (log.length < this.#groupLogMax()) throw new RangeError(`a log of ${log.length} numbers holds no change`);
    this.#log = log;
    this.#logLength = 0;
    if (this.#base === null) {
      this.#base = { paths: this.#paths.slice(), arrivals: this.#arrivals.slice(), losses: this.#losses.slice() };
    } else {
      for (const agent of this.#changed.agents.subarray(0, this.#changed.count)) {
        const offset = agent * this.#horizon;
        this.#base.paths.set(this.#paths.subarray(offset, offset + this.#horizon), offset);
        this.#base.arrivals[agent] = this.#arrivals[agent]!;
        this.#base.losses[agent] = this.#losses[agent]!;
      }
    }
    this.#changed.clear(this.#agents);
  }

  /**
   * Goes back to where the round began; now every log of the round is to be merged, in the same order everywhere.
   * @returns the numbers that the log holds
   */
  endShared(): number {
    const base = this.#base!;
    const horizon = this.#horizon;
    const changed = this.#changed.agents.subarray(0, this.#changed.count);
    for (const agent of changed) this.#timetable.remove(this.#paths, agent * horizon, this.#arrivals[agent]!);
    for (const agent of changed) {
      const offset = agent * horizon;
      this.#loss += base.losses[agent]! - this.#losses[agent]!;
      this.#paths.set(base.paths.subarray(offset, offset + horizon), offset);
      this.#arrivals[agent] = base.arrivals[agent]!;
      this.#losses[agent] = base.losses[agent]!;
      this.#timetable.add(agent, this.#paths, offset, this.#arrivals[agent]!);
    }
    this.#changed.clear(this.#agents);
    this.#log = null;
    const length = this.#logLength;
    this.#logLength = 0;
    return length;
  }

  /** Makes those changes of `log` that fit what was merged before and are no loss. */
  merge(log: Int32Array, length: number): void {
    const { agents: members } = this.#group;
    for (let at = 0; at < length; ) {
      const count = log[at++]!;
      const begin = at;
      this.#group.clear(this.#agents);
      let oldLoss = 0;
      let newLoss = 0;
      for (let i = 0; i < count; i++) {
        const agent = log[at]!;
        this.#group.add(agent);
        oldLoss += this.#losses[agent]!;
        newLoss += log[at + 2]!;
        at += LOG_HEAD + log[at + 1]! + 1;
      }
      if (newLoss > oldLoss) continue;
      this.#takeOut();
      let planned = 0;
      for (let from = begin; planned < count; planned++) {
        const agent = members[planned]!;
        const arrival = log[from + 1]!;
        if (this.#timetable.firstCollision(log, from + LOG_HEAD, arrival) >= 0) break;
        const offset = agent * this.#horizon;
        this.#paths.set(log.subarray(from + LOG_HEAD, from + LOG_HEAD + arrival), offset);
        this.#paths.fill(log[from + LOG_HEAD + arrival]!, offset + arrival, offset + this.#horizon);
        this.#arrivals[agent] = arrival;
        this.#losses[agent] = log[from + 2]!;
        this.#timetable.add(agent, this.#paths, offset, arrival);
        from += LOG_HEAD + arrival + 1;
      }
      if (planned < count) this.#putBack(planned);
      else {
        this.#loss += newLoss - oldLoss;
        for (let i = 0; i < count; i++) this.#changed.add(members[i]!);
      }
    }
  }

  /** What one change takes in a log at most. */
  #groupLogMax(): number {
    return 1 + Math.min(this.#agents, GROUP_SIZES[GROUP_SIZES.length - 1]!) * (LOG_HEAD + this.#horizon);
  }

  #writeLog(): void {
    const log = this.#log!;
    const { agents: members, count } = this.#group;
    let at = this.#logLength;
    log[at++] = count;
    for (let i = 0; i < count; i++) {
      const agent = members[i]!;
      const offset = agent * this.#horizon;
      const arrival = this.#arrivals[agent]!;
      log[at] = agent;
      log[at + 1] = arrival;
      log[at + 2] = this.#losses[agent]!;
      log.set(this.#paths.subarray(offset, offset + arrival + 1), at + LOG_HEAD);
      at += LOG_HEAD + arrival + 1;
      this.#changed.add(agent);
    }
    this.#logLength = at;
  }

  /** The solution now. */
  solution(): Solution {
    const agents = this.#agents;
    let makespan = 0;
    for (const arrival of this.#arrivals) makespan = Math.max(makespan, arrival);
    const vertices = new Int32Array((makespan + 1) * agents);
    for (let agent = 0; agent < agents; agent++) {
      for (let t = 0; t <= makespan; t++) vertices[t * agents + agent] = this.#paths[agent * this.#horizon + t]!;
    }
    return { agents, makespan, vertices };
  }

  #drawArm(): number {
    const arms = this.#worth.length;
    let sum = 0;
    for (let arm = 0; arm < arms; arm++) sum += this.#worth[arm]!;
    const floor = (CURIOSITY * sum) / arms + 1e-12;
    let draw = this.#random.nextFloat() * (sum + floor * arms);
    for (let arm = 0; arm < arms; arm++) {
      draw -= this.#worth[arm]! + floor;
      if (draw < 0) return arm;
    }
    return arms - 1;
  }

  /** Plans the group anew in random order; puts the old paths back where the new ones are dearer or missing. */
  #replan(): void {
    const { agents: members, count } = this.#group;
    const horizon = this.#horizon;
    let oldLoss = 0;
    let least = 0;
    for (let i = count - 1; i > 0; i--) {
      const other = this.#random.nextUint32() % (i + 1);
      const member = members[i]!;
      members[i] = members[other]!;
      members[other] = member;
    }
    for (let i = 0; i < count; i++) {
      oldLoss += this.#losses[members[i]!]!;
      least += this.#leastLosses[members[i]!]!;
    }
    this.#takeOut();
    let newLoss = 0;
    let planned = 0;
    for (; planned < count; planned++) {
      const agent = members[planned]!;
      least -= this.#leastLosses[agent]!;
      if (!this.#search.find(this.#starts[agent]!, this.#tables[agent]!, oldLoss - newLoss - least)) break;
      newLoss += this.#search.cost;
      this.#paths.set(this.#search.path, agent * horizon);
      this.#arrivals[agent] = this.#search.arrival;
      this.#losses[agent] = this.#search.cost;
      this.#timetable.add(agent, this.#paths, agent * horizon, this.#search.arrival);
    }
    if (planned === count) {
      this.#loss += newLoss - oldLoss;
      if (this.#log !== null) this.#writeLog();
      return;
    }
    this.#putBack(planned);
  }

  /** Takes the group's paths out of the timetable, and keeps them. */
  #takeOut(): void {
    const { agents: members, count } = this.#group;
    const horizon = this.#horizon;
    for (let i = 0; i < count; i++) {
      const agent = members[i]!;
      const offset = agent * horizon;
      this.#oldPaths.set(this.#paths.subarray(offset, offset + horizon), i * horizon);
      this.#oldArrivals[i] = this.#arrivals[agent]!;
      this.#oldLosses[i] = this.#losses[agent]!;
      this.#timetable.remove(this.#paths, offset, this.#arrivals[agent]!);
    }
  }

  /** Puts the kept paths back, for the first `planned` of which new ones were entered. */
  #putBack(planned: number): void {
    const { agents: members, count } = this.#group;
    const horizon = this.#horizon;
    for (let i = 0; i < planned; i++) {
      const agent = members[i]!;
      this.#timetable.remove(this.#paths, agent * horizon, this.#arrivals[agent]!);
    }
    for (let i = 0; i < count; i++) {
      const agent = members[i]!;
      const offset = agent * horizon;
      this.#paths.set(this.#oldPaths.subarray(i * horizon, (i + 1) * horizon), offset);
      this.#arrivals[agent] = this.#oldArrivals[i]!;
      this.#losses[agent] = this.#oldLosses[i]!;
      this.#timetable.add(agent, this.#paths, offset, this.#arrivals[agent]!);
    }
  }

  /** Arrival and loss of the agent's path. */
  #measure(agent: number): void {
    const offset = agent * this.#horizon;
    const goal = this.#paths[offset + this.#horizon - 1]!;
    let arrival = 0;
    let loss = 0;
    for (let t = 1; t < this.#horizon; t++) {
      if (this.#paths[offset + t] === goal && this.#paths[offset + t - 1] === goal) continue;
      arrival = t;
      loss++;
    }
    this.#arrivals[agent] = arrival;
    this.#losses[agent] = loss;
  }
}
