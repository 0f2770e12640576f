import type { FreeFlow } from "../planner/index.ts";

/** Lengths of the fastest ways, computed once a pair. */
export class Distances {
  readonly #flow: FreeFlow;
  readonly #km = new Map<number, number>();

  constructor(flow: FreeFlow) {
    this.#flow = flow;
  }

  /** Kilometres of the fastest way, Infinity where there is none. */
  km(from: number, to: number): number {
    if (from === to) return 0;
    const key = from * this.#flow.graph.stands.length + to;
    let km = this.#km.get(key);
    if (km === undefined) {
      const route = this.#flow.route(from, to, false);
      km = Number.POSITIVE_INFINITY;
      if (route !== null) {
        km = 0;
        for (const leg of route) km += this.#flow.graph.legs[leg]!.lengthM / 1000;
      }
      this.#km.set(key, km);
    }
    return km;
  }

  /** After a closure. */
  forget(): void {
    this.#km.clear();
  }
}
