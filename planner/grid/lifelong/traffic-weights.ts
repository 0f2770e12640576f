/**
 * Weights of edges that make opposing traffic part, learned from what the agents do: an edge gets dearer with the part of
 * its traffic that goes against it, so that corridors become one-way by use and agents' ways become guide paths around
 * what is crowded (the idea of traffic flow optimisation, Chen et al., AAAI-24, with moves seen in place of paths planned).
 */
import { DIRECTIONS } from "../grid-map.ts";
import { STEP_COST, WEIGHT_MAX } from "./guide-tables.ts";
import type { Motion } from "./motion.ts";

export interface TrafficOptions {
  /** Steps after which what was seen counts half. */
  readonly halfLifeSteps: number;
  /** Added to an edge, in steps, where all traffic is against it. */
  readonly contraryCost: number;
  /** Weights are renewed every so many steps. */
  readonly renewSteps: number;
}

/** What the newest move may count before all counts are scaled down. */
const UNIT_MAX = 1e9;

export class TrafficWeights {
  /** [state * actionCount + action] cost of the action. */
  readonly weights: Uint8Array;
  readonly #motion: Motion;
  readonly #options: TrafficOptions;
  /** [vertex * 4 + direction] moves seen; the newest count `#unit` each, so that the older ones fade. */
  readonly #moves: Float64Array;
  readonly #growth: number;
  #unit = 1;
  #steps = 0;

  constructor(motion: Motion, options: TrafficOptions) {
    this.#motion = motion;
    this.#options = options;
    this.weights = new Uint8Array(motion.stateCount * motion.actionCount).fill(STEP_COST);
    this.#moves = new Float64Array(motion.map.vertexCount * DIRECTIONS);
    this.#growth = 2 ** (1 / options.halfLifeSteps);
  }

  /** Takes in one step of all agents, by their states. */
  observe(from: Int32Array, to: Int32Array): void {
    if (this.#options.contraryCost === 0) return;
    const { vertexShift, map } = this.#motion;
    const { neighbours } = map;
    const moves = this.#moves;
    const unit = this.#unit;
    for (let agent = 0; agent < from.length; agent++) {
      const vertex = from[agent]! >> vertexShift;
      const target = to[agent]! >> vertexShift;
      if (vertex === target) continue;
      let edge = DIRECTIONS * vertex;
      while (neighbours[edge] !== target) edge++;
      moves[edge] = moves[edge]! + unit;
    }
    this.#unit *= this.#growth;
    this.#steps++;
    if (this.#steps % this.#options.renewSteps === 0) this.#renew();
  }

  #renew(): void {
    const { vertexShift, map, actionCount } = this.#motion;
    const { neighbours, vertexCount } = map;
    const moves = this.#moves;
    let sum = 0;
    for (let i = 0; i < moves.length; i++) sum += moves[i]!;
    // What little was seen of a quiet edge does not make it one-way.
    const mean = sum / moves.length;
    for (let vertex = 0; vertex < vertexCount; vertex++) {
      for (let direction = 0; direction < DIRECTIONS; direction++) {
        const target = neighbours[DIRECTIONS * vertex + direction]!;
        if (target < 0) continue;
        const along = moves[DIRECTIONS * vertex + direction]!;
        const against = moves[DIRECTIONS * target + ((direction + 2) & 3)]!;
        const contrary = against === 0 ? 0 : against / (along + against + mean);
        const state = vertexShift === 0 ? vertex : DIRECTIONS * vertex + direction;
        const action = vertexShift === 0 ? direction : 0;
        const weight = STEP_COST * (1 + this.#options.contraryCost * contrary);
        this.weights[state * actionCount + action] = Math.min(WEIGHT_MAX, Math.round(weight));
      }
    }
    if (this.#unit <= UNIT_MAX) return;
    for (let i = 0; i < moves.length; i++) moves[i] = moves[i]! / this.#unit;
    this.#unit = 1;
  }
}
