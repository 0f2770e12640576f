import type { LaneGraph } from "../../planner/index.ts";
import type { RecordedKpi, RecordedOrderEvent, VehicleSample } from "../recording/messages.ts";

const HOUR_S = 3600;
/** Lanes that a vehicle may have crossed between two samples. */
const LANES_BETWEEN_MAX = 4;

/**
 * The figures of a live run, from nothing but what goes into its recording: samples, order events, events. Whoever counts
 * the recording again by the definitions beside `kpiMessageSchema` finds the same.
 */
export class LiveMeter {
  readonly #lanes: LaneGraph;
  readonly #laneIndex: ReadonlyMap<string, number>;
  readonly #capacityKwh: number;
  readonly #last = new Map<string, { tS: number; sample: VehicleSample }>();
  #accepted = 0;
  #cancelled = 0;
  readonly #deliveredS: number[] = [];
  #drivenM = 0;
  #emptyM = 0;
  #taskS = 0;
  #waitingS = 0;
  #energyKwh = 0;
  #shieldStops = 0;
  #deadlocks = 0;

  /** @param capacityKwh of every vehicle's battery */
  constructor(lanes: LaneGraph, capacityKwh: number) {
    this.#lanes = lanes;
    this.#laneIndex = new Map(lanes.laneId.map((id, index) => [id, index]));
    this.#capacityKwh = capacityKwh;
  }

  vehicle(tS: number, sample: VehicleSample): void {
    const last = this.#last.get(sample.id);
    this.#last.set(sample.id, { tS, sample });
    if (last === undefined) return;
    const before = last.sample;
    const metres = this.#metresBetween(before, sample);
    this.#drivenM += metres;
    if (!before.laden) this.#emptyM += metres;
    if (before.soc > sample.soc) this.#energyKwh += (before.soc - sample.soc) * this.#capacityKwh;
    if (before.order === "") return;
    this.#taskS += tS - last.tS;
    if (before.waitingFor.length > 0 && before.v === 0 && before.a === 0) this.#waitingS += tS - last.tS;
  }

  orderEvent(message: RecordedOrderEvent): void {
    if (message.event === "accepted") this.#accepted++;
    else if (message.event === "cancelled") this.#cancelled++;
    else if (message.event === "delivered") this.#deliveredS.push(message.t);
  }

  event(code: string): void {
    if (code === "shield-stop") this.#shieldStops++;
    else if (code === "deadlock") this.#deadlocks++;
  }

  /** The figures from the start of the run to `tS`. */
  kpi(tS: number): RecordedKpi {
    const delivered = this.#deliveredS.length;
    const lastHour = delivered - firstAfter(this.#deliveredS, tS - HOUR_S);
    return {
      t: tS,
      accepted: this.#accepted,
      delivered,
      cancelled: this.#cancelled,
      waiting: this.#accepted - delivered - this.#cancelled,
      containersPerHour: tS >= HOUR_S ? lastHour : (lastHour / Math.max(tS, 1)) * HOUR_S,
      drivenKm: this.#drivenM / 1000,
      emptyKm: this.#emptyM / 1000,
      emptyKmRatio: ratio(this.#emptyM, this.#drivenM),
      taskS: this.#taskS,
      waitingS: this.#waitingS,
      waitingRatio: ratio(this.#waitingS, this.#taskS),
      energyKwh: this.#energyKwh,
      shieldStops: this.#shieldStops,
      deadlocks: this.#deadlocks,
    };
  }

  /** Along the lanes where they are connected, else as the crow flies. */
  #metresBetween(from: VehicleSample, to: VehicleSample): number {
    const straightM = Math.hypot(to.x - from.x, to.y - from.y);
    if (from.lane === to.lane) return Math.abs(to.s - from.s);
    const start = this.#laneIndex.get(from.lane);
    const end = this.#laneIndex.get(to.lane);
    if (start === undefined || end === undefined) return straightM;
    const { lengthM } = this.#lanes;
    // A way that is much longer than the straight line was not driven.
    const way = this.#shortest(start, end, lengthM[start]! - from.s, LANES_BETWEEN_MAX);
    return way + to.s <= 2 * straightM + 5 ? way + to.s : straightM;
  }

  /** Metres up to the start of lane `goal`, over at most `lanes` lanes; infinite if there is no such way. */
  #shortest(lane: number, goal: number, drivenM: number, lanes: number): number {
    if (lanes === 0) return Number.POSITIVE_INFINITY;
    const { toNode, firstOut, outLane, lengthM } = this.#lanes;
    const node = toNode[lane]!;
    let best = Number.POSITIVE_INFINITY;
    for (let i = firstOut[node]!; i < firstOut[node + 1]!; i++) {
      const next = outLane[i]!;
      if (next === goal) return drivenM;
      best = Math.min(best, this.#shortest(next, goal, drivenM + lengthM[next]!, lanes - 1));
    }
    return best;
  }
}

/** Index of the first value after `limit` in a rising list. */
function firstAfter(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
