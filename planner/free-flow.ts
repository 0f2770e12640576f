/**
 * Least travel times to a goal when nobody else is on the road: a lower bound on every run, so an admissible and
 * consistent heuristic (reverse Dijkstra on the leg graph, once per goal and load; O(legs · log legs)).
 */
import FlatQueue from "flatqueue";
import type { LegGraph } from "./leg-graph.ts";
import { accelerationMps2, maxSpeedMps, type VehicleType } from "./vehicle-type.ts";

export class FreeFlow {
  readonly graph: LegGraph;
  readonly #type: VehicleType;
  readonly #legMs: readonly [Float64Array, Float64Array];
  readonly #toGoal: readonly [Map<number, Float64Array>, Map<number, Float64Array>];
  /** [leg] 1: closed, not to be used. */
  readonly #closed: Uint8Array;

  constructor(graph: LegGraph, type: VehicleType) {
    this.graph = graph;
    this.#type = type;
    const least = (laden: boolean): Float64Array =>
      Float64Array.from(graph.legs, (leg) => {
        let seconds = 0;
        for (let i = 0; i < leg.limitFromM.length; i++) {
          const to = i + 1 < leg.limitFromM.length ? leg.limitFromM[i + 1]! : leg.lengthM;
          const part = Math.max(0, Math.min(to, leg.lengthM) - leg.limitFromM[i]!);
          seconds += part / Math.min(leg.limitMps[i]!, maxSpeedMps(type, laden));
        }
        return Math.floor(seconds * 1000);
      });
    this.#legMs = [least(false), least(true)];
    this.#toGoal = [new Map(), new Map()];
    this.#closed = new Uint8Array(graph.legs.length);
  }

  /** Milliseconds over a leg at its limits. */
  legMs(leg: number, laden: boolean): number {
    return this.#legMs[laden ? 1 : 0][leg]!;
  }

  isClosed(leg: number): boolean {
    return this.#closed[leg] === 1;
  }

  /** Closes or opens legs for all later searches; forgets what was computed. */
  setClosed(legs: Iterable<number>, closed: boolean): void {
    for (const leg of legs) this.#closed[leg] = closed ? 1 : 0;
    this.#toGoal[0].clear();
    this.#toGoal[1].clear();
  }

  /** [stand] least milliseconds to `goal`; Infinity where there is no way. Places other than the goal are not passed. */
  toGoal(goal: number, laden: boolean): Float64Array {
    const cache = this.#toGoal[laden ? 1 : 0];
    let table = cache.get(goal);
    if (table === undefined) {
      table = this.#compute(goal, laden);
      cache.set(goal, table);
    }
    return table;
  }

  #compute(goal: number, laden: boolean): Float64Array {
    const { graph } = this;
    const legMs = this.#legMs[laden ? 1 : 0];
    const cost = new Float64Array(graph.stands.length).fill(Number.POSITIVE_INFINITY);
    const queue = new FlatQueue<number>();
    cost[goal] = 0;
    queue.push(goal, 0);
    while (queue.length > 0) {
      const at = queue.peekValue()!;
      const stand = queue.pop()!;
      if (at > cost[stand]!) continue;
      if (stand !== goal && graph.stands[stand]!.kind === "place") continue;
      for (const leg of graph.legsIn[stand]!) {
        if (this.#closed[leg] === 1) continue;
        const from = graph.legs[leg]!.from;
        const total = at + legMs[leg]!;
        if (total < cost[from]!) {
          cost[from] = total;
          queue.push(from, total);
        }
      }
    }
    return cost;
  }

  /** Legs of the fastest way, or null. Ties go to the lower leg index. */
  route(from: number, goal: number, laden: boolean): number[] | null {
    const table = this.toGoal(goal, laden);
    if (!Number.isFinite(table[from]!)) return null;
    const legMs = this.#legMs[laden ? 1 : 0];
    const legs: number[] = [];
    let at = from;
    while (at !== goal) {
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (const leg of this.graph.legsOut[at]!) {
        if (this.#closed[leg] === 1) continue;
        const to = this.graph.legs[leg]!.to;
        if (to !== goal && this.graph.stands[to]!.kind === "place") continue;
        const total = legMs[leg]! + table[to]!;
        if (total < least) {
          least = total;
          best = leg;
        }
      }
      legs.push(best);
      at = this.graph.legs[best]!.to;
    }
    return legs;
  }

  /** Shortest stop-and-go allowance added per start, ms: what a start from rest costs against the limit speed. */
  startLossMs(laden: boolean): number {
    const v = maxSpeedMps(this.#type, laden);
    return Math.round(
      (v / (2 * accelerationMps2(this.#type, laden)) + v / (2 * this.#type.serviceDecelerationMps2)) * 1000,
    );
  }
}
