import type { Side } from "../../planner/index.ts";
import { assert } from "../assert.ts";
import type { OrderCounts } from "../orders/index.ts";
import { KPI_ASSUMPTIONS, type KpiAssumptions } from "./assumptions.ts";
import { Samples } from "./samples.ts";

/**
 * What a vehicle does in a tick; exactly one of these.
 * - `moving`: speed above 0 with a task, or on its way to a haven or charger;
 * - `waiting`: it stands with a task and is not being served (precedence, room, queue, vehicle ahead, pause);
 * - `serving`: an action of its order runs at a station (pick, drop, gate, scan, disinfection, inspection);
 * - `charging`: it draws power from a charger;
 * - `resting`: it stands without a task;
 * - `down`: broken, silent or in manual mode.
 */
export type Activity = "moving" | "waiting" | "serving" | "charging" | "resting" | "down";

/** No order in hand; one, and it drives or is served; one, and it stands for any other reason. */
export type Task = "none" | "worked" | "held";

export interface Percentiles {
  /** Seconds; null without a sample. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The fields of summary.json that the engine can know, under their names there. Ratios are null without a denominator. */
export interface Kpi {
  readonly simulatedS: number;
  readonly vehicles: number;
  /** `waiting`: neither delivered nor cancelled, whatever their phase. */
  readonly orders: {
    readonly accepted: number;
    readonly delivered: number;
    readonly waiting: number;
    readonly cancelled: number;
  };
  /** delivered x 86,400 / simulatedS. */
  readonly containersPerDay: number | null;
  /** From the later of release and acceptance to the end of the set-down, over delivered orders. */
  readonly leadTimeS: Percentiles;
  /** From the later of release and acceptance to the end of the pick-up, over picked-up orders. */
  readonly pickupWaitS: Percentiles;
  /**
   * Round trip: from the end of a pick-up to the end of the same vehicle's next pick-up on the same side of the border,
   * less what it spent `charging`, `resting` or `down` in between.
   */
  readonly cycleTimeS: Percentiles;
  /** Metres without a container / all metres. */
  readonly emptyKmRatio: number | null;
  /** Vehicle time with an order in hand in which it is held / all vehicle time with one. As in the recording. */
  readonly waitingRatio: number | null;
  /** moving + waiting + serving + charging of all vehicle time that is not `down`. */
  readonly busyRatio: number | null;
  readonly distanceKm: number;
  /** Drawn from the batteries: the sum of all falls of the state of charge x capacity. */
  readonly energyKwh: number;
  /** Charged into them: the sum of all rises. */
  readonly chargedKwh: number;
  /** delivered x diesel's CO2 - energyKwh x the grid's. May be negative. */
  readonly co2SavedKg: number;
  /** (energy + vehicle days + fixed days) / delivered, in the currency of the assumptions. */
  readonly costPerContainer: number | null;
  readonly shieldStops: number;
  readonly deadlocks: number;
  /** Smallest distance between two footprints that was reported; null if none was. */
  readonly minSeparationM: number | null;
  /** [hour of the run] containers delivered in it. */
  readonly deliveredPerHour: readonly number[];
}

export interface KpiOptions {
  readonly vehiclesMax: number;
  readonly assumptions: KpiAssumptions;
}

/**
 * Accumulates facts as they happen. Nothing is allocated by what is called each tick (`advance`, `vehicle`,
 * `separation`). Sums run in the order of the calls, so equal runs give equal figures to the last bit.
 */
export class KpiRecorder {
  readonly #assumptions: KpiAssumptions;
  #nowMs = 0;
  #vehicles = 0;
  #emptyM = 0;
  #ladenM = 0;
  readonly #activityMs: Record<Activity, number> = {
    moving: 0,
    waiting: 0,
    serving: 0,
    charging: 0,
    resting: 0,
    down: 0,
  };
  /** [vehicle] ms spent charging, resting or down since the start. */
  readonly #outMs: Float64Array;
  /** [vehicle] last state of charge, NaN before the first. */
  readonly #soc: Float64Array;
  /** [vehicle * 2 + side] end of the last pick-up there, NaN before the first; `#outMs` then. */
  readonly #pickupMs: Float64Array;
  readonly #pickupOutMs: Float64Array;
  #taskMs = 0;
  #taskWaitingMs = 0;
  #energyKwh = 0;
  #chargedKwh = 0;
  readonly #leadS = new Samples();
  readonly #pickupWaitS = new Samples();
  readonly #cycleS = new Samples();
  readonly #deliveredPerHour: number[] = [];
  #vehicleMs = 0;
  #shieldStops = 0;
  #deadlocks = 0;
  #minSeparationM = Number.POSITIVE_INFINITY;

  constructor(options: Pick<KpiOptions, "vehiclesMax"> & Partial<KpiOptions>) {
    this.#assumptions = options.assumptions ?? KPI_ASSUMPTIONS;
    const n = options.vehiclesMax;
    this.#outMs = new Float64Array(n);
    this.#soc = new Float64Array(n).fill(Number.NaN);
    this.#pickupMs = new Float64Array(n * 2).fill(Number.NaN);
    this.#pickupOutMs = new Float64Array(n * 2);
  }

  /** Run time moves on to `nowMs` with `vehicles` in the fleet; then `vehicle` is called once for each. */
  advance(nowMs: number, vehicles: number): void {
    assert(nowMs >= this.#nowMs, `run time ${nowMs} is not before ${this.#nowMs}`);
    this.#vehicleMs += (nowMs - this.#nowMs) * vehicles;
    this.#nowMs = nowMs;
    this.#vehicles = vehicles;
  }

  /**
   * One vehicle in one tick.
   * @param dtMs time since its last call
   * @param task what it does about the transport order in hand (on board, or to be fetched)
   * @param distanceM metres driven in it
   * @param soc state of charge at its end, 0..1
   */
  vehicle(
    index: number,
    dtMs: number,
    activity: Activity,
    task: Task,
    distanceM: number,
    laden: boolean,
    soc: number,
    capacityKwh: number,
  ): void {
    if (laden) this.#ladenM += distanceM;
    else this.#emptyM += distanceM;
    this.#activityMs[activity] += dtMs;
    if (task !== "none") this.#taskMs += dtMs;
    if (task === "held") this.#taskWaitingMs += dtMs;
    if (activity === "charging" || activity === "resting" || activity === "down") this.#outMs[index]! += dtMs;
    const change = soc - this.#soc[index]!; // NaN at the first call: neither branch
    if (change < 0) this.#energyKwh -= change * capacityKwh;
    else if (change > 0) this.#chargedKwh += change * capacityKwh;
    this.#soc[index] = soc;
  }

  /** A vehicle leaves the fleet's index; another may take it. */
  forgetVehicle(index: number): void {
    this.#soc[index] = Number.NaN;
    this.#pickupMs.fill(Number.NaN, index * 2, index * 2 + 2);
  }

  /** End of a pick-up on a side of the border. @param since the later of the order's release and acceptance, ms */
  pickedUp(vehicle: number, side: Side, since: number): void {
    this.#pickupWaitS.add((this.#nowMs - since) / 1000);
    const at = vehicle * 2 + (side === "vn" ? 0 : 1);
    const outMs = this.#outMs[vehicle]!;
    const lastMs = this.#pickupMs[at]!;
    if (!Number.isNaN(lastMs)) this.#cycleS.add((this.#nowMs - lastMs - (outMs - this.#pickupOutMs[at]!)) / 1000);
    this.#pickupMs[at] = this.#nowMs;
    this.#pickupOutMs[at] = outMs;
  }

  /** End of a set-down. @param since the later of the order's release and acceptance, ms */
  delivered(since: number): void {
    this.#leadS.add((this.#nowMs - since) / 1000);
    const hour = Math.floor(this.#nowMs / 3_600_000);
    while (this.#deliveredPerHour.length <= hour) this.#deliveredPerHour.push(0);
    this.#deliveredPerHour[hour]!++;
  }

  shieldStopped(): void {
    this.#shieldStops++;
  }

  deadlocked(episodes: number): void {
    this.#deadlocks += episodes;
  }

  /** A distance between two footprints, metres. */
  separation(distanceM: number): void {
    if (distanceM < this.#minSeparationM) this.#minSeparationM = distanceM;
  }

  /** The figures as of now. @param orders the order book's counts */
  snapshot(orders: OrderCounts): Kpi {
    const { moving, waiting, serving, charging, resting } = this.#activityMs;
    const days = this.#nowMs / DAY_MS;
    const working = moving + waiting + serving;
    const vehicleDays = this.#vehicleMs / DAY_MS;
    const used = { delivered: orders.delivered, energyKwh: this.#energyKwh, vehicleDays, days };
    return {
      simulatedS: this.#nowMs / 1000,
      vehicles: this.#vehicles,
      orders: {
        accepted: orders.accepted,
        delivered: orders.delivered,
        waiting: orders.open,
        cancelled: orders.cancelled,
      },
      containersPerDay: ratio(orders.delivered, days),
      leadTimeS: percentiles(this.#leadS),
      pickupWaitS: percentiles(this.#pickupWaitS),
      cycleTimeS: percentiles(this.#cycleS),
      emptyKmRatio: ratio(this.#emptyM, this.#emptyM + this.#ladenM),
      waitingRatio: ratio(this.#taskWaitingMs, this.#taskMs),
      busyRatio: ratio(working + charging, working + charging + resting),
      distanceKm: (this.#emptyM + this.#ladenM) / 1000,
      energyKwh: this.#energyKwh,
      chargedKwh: this.#chargedKwh,
      ...co2AndCost(used, this.#assumptions),
      shieldStops: this.#shieldStops,
      deadlocks: this.#deadlocks,
      minSeparationM: this.#minSeparationM === Number.POSITIVE_INFINITY ? null : this.#minSeparationM,
      deliveredPerHour: [...this.#deliveredPerHour],
    };
  }
}

const DAY_MS = 86_400_000;

/** What was done, and what it took. */
export interface Effort {
  readonly delivered: number;
  readonly energyKwh: number;
  /** Sum over the vehicles of the days that each was in the fleet. */
  readonly vehicleDays: number;
  readonly days: number;
}

/** `co2SavedKg` and `costPerContainer` by their definitions. */
export function co2AndCost(
  effort: Effort,
  assumptions: KpiAssumptions = KPI_ASSUMPTIONS,
): Pick<Kpi, "co2SavedKg" | "costPerContainer"> {
  const { delivered, energyKwh, vehicleDays, days } = effort;
  const a = assumptions;
  const cost = energyKwh * a.costPerKwh + vehicleDays * a.costPerVehicleDay + days * a.costFixedPerDay;
  return {
    co2SavedKg: delivered * a.dieselKgCo2PerContainer - energyKwh * a.gridKgCo2PerKwh,
    costPerContainer: ratio(cost, delivered),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function percentiles(samples: Samples): Percentiles {
  return { p50: samples.percentile(0.5), p95: samples.percentile(0.95) };
}
