/**
 * Runs: drives over one or more legs without a stop in between, from a stand at one stop line to a stand at another.
 * A run's times follow from the legs and the load alone, so each is computed once and kept. All times are integer
 * milliseconds from the grant of the run's first leg to a vehicle that stands at its stop line.
 */
import type { Leg, LegGraph } from "./leg-graph.ts";
import { fastestProfile, lookaheadTime, type Motion, type SpeedProfile, timeAt } from "./speed-profile.ts";
import { accelerationMps2, maxSpeedMps, type VehicleType } from "./vehicle-type.ts";

/** What a vehicle's report and the message to it may be late together, s; part of the look-ahead of a grant. */
export const MESSAGE_DELAY_S = 0.3;
/** Metres added to the look-ahead of a grant. */
export const LOOKAHEAD_MARGIN_M = 1;

export interface Run {
  readonly legs: readonly number[];
  readonly laden: boolean;
  /** [leg of the run] start of its blocking time: when its grant is first useful. [0] is 0. */
  readonly grantMs: readonly number[];
  /** [leg of the run] `Leg.from` is clear of tail and gap. */
  readonly standClearMs: readonly number[];
  /** [leg of the run][use of the leg] the area is clear of tail and gap. */
  readonly areaClearMs: readonly (readonly number[])[];
  /** Standing at the stop line of the last leg's `to`. */
  readonly arriveMs: number;
  readonly lengthM: number;
}

/** Distance ahead of the vehicle's centre, metres, within which a leg must be granted so that it need not brake. */
export function lookaheadM(type: VehicleType, speedMps: number): number {
  return (
    speedMps * (type.reactionS + MESSAGE_DELAY_S) +
    (speedMps * speedMps) / (2 * type.serviceDecelerationMps2) +
    LOOKAHEAD_MARGIN_M
  );
}

export function motionOf(type: VehicleType, laden: boolean): Motion {
  return {
    accelerationMps2: accelerationMps2(type, laden),
    decelerationMps2: type.serviceDecelerationMps2,
    topSpeedMps: maxSpeedMps(type, laden),
  };
}

/** Speed profile over consecutive legs, starting `offsetM` behind the first leg's start with the given speed. */
export function profileOver(
  legs: readonly Leg[],
  type: VehicleType,
  laden: boolean,
  offsetM = 0,
  startSpeedMps = 0,
): SpeedProfile {
  const fromM: number[] = [];
  const limitMps: number[] = [];
  let at = -offsetM;
  for (const leg of legs) {
    for (let i = 0; i < leg.limitFromM.length; i++) {
      fromM.push(at + leg.limitFromM[i]!);
      limitMps.push(leg.limitMps[i]!);
    }
    at += leg.lengthM;
  }
  return fastestProfile(at, { fromM, limitMps }, motionOf(type, laden), startSpeedMps);
}

interface RunNode {
  readonly legs: readonly number[];
  run: Run | null;
  readonly next: Map<number, RunNode>;
}

/** All runs computed so far of one vehicle type. */
export class RunTable {
  readonly graph: LegGraph;
  readonly type: VehicleType;
  readonly #roots: readonly [RunNode[], RunNode[]];

  constructor(graph: LegGraph, type: VehicleType) {
    this.graph = graph;
    this.type = type;
    const root = (): RunNode => ({ legs: [], run: null, next: new Map() });
    this.#roots = [graph.stands.map(root), graph.stands.map(root)];
  }

  /** The empty run at a stand; `extend` goes on from it. */
  root(stand: number, laden: boolean): RunNode {
    return this.#roots[laden ? 1 : 0][stand]!;
  }

  extend(node: RunNode, leg: number): RunNode {
    const known = node.next.get(leg);
    if (known !== undefined) return known;
    const made: RunNode = { legs: [...node.legs, leg], run: null, next: new Map() };
    node.next.set(leg, made);
    return made;
  }

  /** The run that a node stands for; its path has at least one leg. */
  run(node: RunNode, laden: boolean): Run {
    node.run ??= computeRun(this.graph, this.type, node.legs, laden);
    return node.run;
  }

  /** The run over the given consecutive legs. */
  runOver(legs: readonly number[], laden: boolean): Run {
    let node = this.root(this.graph.legs[legs[0]!]!.from, laden);
    for (const leg of legs) node = this.extend(node, leg);
    return this.run(node, laden);
  }
}

export type { RunNode };

/** A vehicle under way on granted legs: how it goes on if it need not stop at their end. */
export interface Flight {
  /** Granted legs that it has not left, in travel order. */
  readonly legs: readonly number[];
  /** Metres of its centre from the start of the first of them. */
  readonly offsetM: number;
  readonly speedMps: number;
}

/**
 * Computes a run afresh: O(legs × parts).
 * @param flight the run begins on the move: its times count from now, and the legs of the flight are no part of it
 */
export function computeRun(
  graph: LegGraph,
  type: VehicleType,
  legs: readonly number[],
  laden: boolean,
  flight: Flight | null = null,
): Run {
  const path = legs.map((index) => graph.legs[index]!);
  const before = flight === null ? [] : flight.legs.map((index) => graph.legs[index]!);
  const profile = profileOver([...before, ...path], type, laden, flight?.offsetM ?? 0, flight?.speedMps ?? 0);
  const reactionMs = flight === null ? Math.round(type.reactionS * 1000) : 0;
  const grantMs: number[] = [];
  const standClearMs: number[] = [];
  const areaClearMs: number[][] = [];
  let start = -(flight?.offsetM ?? 0);
  for (const leg of before) start += leg.lengthM;
  const originM = start;
  for (let k = 0; k < path.length; k++) {
    const leg = path[k]!;
    const grantS =
      k === 0 && flight === null
        ? 0
        : lookaheadTime(
            profile,
            start,
            type.serviceDecelerationMps2,
            type.reactionS + MESSAGE_DELAY_S,
            LOOKAHEAD_MARGIN_M,
          );
    const least = k === 0 ? 0 : grantMs[k - 1]! + 1;
    grantMs.push(k === 0 && flight === null ? 0 : Math.max(least, reactionMs + Math.floor(grantS * 1000)));
    const clearMs = (metres: number): number => reactionMs + Math.ceil(timeAt(profile, start + metres) * 1000);
    standClearMs.push(clearMs(leg.fromClearM));
    areaClearMs.push(leg.uses.map((use) => clearMs(use.leaveM)));
    start += leg.lengthM;
  }
  return {
    legs,
    laden,
    grantMs,
    standClearMs,
    areaClearMs,
    arriveMs: reactionMs + Math.ceil(profile.durationS * 1000),
    lengthM: start - originM,
  };
}
