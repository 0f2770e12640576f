import type { EngineEvent, OrderEventMessage } from "../../engine/index.ts";
import type { RecordedKpi } from "../../fleet-gateway/index.ts";
import type { Side } from "../../planner/index.ts";
import type { SimVehicle } from "../vehicle/index.ts";
import { OrderTimes } from "./order-times.ts";
import { Durations } from "./percentile.ts";
import type { VehicleView } from "./vehicle-view.ts";

const HOUR_S = 3600;

/** The figures of a run by the recording's definitions, from true motion and what the control system said. */
export class RunMeter {
  readonly orders = new OrderTimes();
  /** Events of these kinds that the engine told. */
  shieldStops = 0;
  deadlocks = 0;
  plans = 0;
  /** Round trips: seconds from a vehicle's pick-up to its next on the same side, without charging, rest and repair. */
  readonly cycleS = new Durations();
  #taskS = 0;
  #waitingS = 0;
  readonly #deliveredS: number[] = [];
  readonly #vehicles: readonly SimVehicle[];
  readonly #views: readonly VehicleView[];
  readonly #sideOfBay: ReadonlyMap<string, Side>;
  /** [vehicle] seconds charging, resting or out of order so far. */
  readonly #outS = new Map<string, number>();
  /** ["<vehicle> <side>"] its last pick-up there, and what #outS was then. */
  readonly #pickUps = new Map<string, { readonly s: number; readonly outS: number }>();

  /** @param sideOfBay side of the border of each crane, by bay id and by station id */
  constructor(vehicles: readonly SimVehicle[], views: readonly VehicleView[], sideOfBay: ReadonlyMap<string, Side>) {
    this.#vehicles = vehicles;
    this.#views = views;
    this.#sideOfBay = sideOfBay;
  }

  /** Counts the time since the last look, which the views tell about. */
  look(elapsedS: number): void {
    for (let i = 0; i < this.#vehicles.length; i++) {
      const view = this.#views[i]!;
      if (view.state === "charging" || view.state === "idle" || view.state === "fault") {
        const { id } = this.#vehicles[i]!;
        this.#outS.set(id, (this.#outS.get(id) ?? 0) + elapsedS);
      }
      if (view.order === "") continue;
      this.#taskS += elapsedS;
      const vehicle = this.#vehicles[i]!;
      if (view.waitingFor.length > 0 && vehicle.v === 0 && vehicle.a === 0) this.#waitingS += elapsedS;
    }
  }

  orderEvent(message: OrderEventMessage, nowMs: number): void {
    this.orders.take(message, nowMs);
    if (message.event === "delivered") this.#deliveredS.push(nowMs / 1000);
    else if (message.event === "pickedUp" && message.vehicle !== null) {
      this.#pickedUp(message.vehicle, message.place, nowMs / 1000);
    }
  }

  #pickedUp(vehicle: string, place: string, s: number): void {
    const key = `${vehicle} ${this.#sideOfBay.get(place)}`;
    const last = this.#pickUps.get(key);
    const outS = this.#outS.get(vehicle) ?? 0;
    if (last !== undefined) this.cycleS.add(s - last.s - (outS - last.outS));
    this.#pickUps.set(key, { s, outS });
  }

  event(event: EngineEvent): void {
    if (event.code === "shield-stop") this.shieldStops++;
    else if (event.code === "deadlock") this.deadlocks++;
  }

  get energyKwh(): number {
    return this.#vehicles.reduce((sum, { battery }) => sum + battery.usedKwh, 0);
  }

  /** The `/kpi` message of the recording, from the start to `nowS`. */
  kpi(nowS: number): Omit<RecordedKpi, "t"> {
    const drivenM = this.#vehicles.reduce((sum, vehicle) => sum + vehicle.drivenM, 0);
    const emptyM = this.#vehicles.reduce((sum, vehicle) => sum + vehicle.drivenM - vehicle.drivenLadenM, 0);
    const lastHour = this.#deliveredS.length - this.#firstAfter(nowS - HOUR_S);
    return {
      accepted: this.orders.accepted,
      delivered: this.orders.delivered,
      cancelled: this.orders.cancelled,
      waiting: this.orders.open,
      containersPerHour: nowS >= HOUR_S ? lastHour : (lastHour / Math.max(nowS, 1)) * HOUR_S,
      drivenKm: drivenM / 1000,
      emptyKm: emptyM / 1000,
      emptyKmRatio: ratio(emptyM, drivenM),
      taskS: this.#taskS,
      waitingS: this.#waitingS,
      waitingRatio: ratio(this.#waitingS, this.#taskS),
      energyKwh: this.energyKwh,
      shieldStops: this.shieldStops,
      deadlocks: this.deadlocks,
    };
  }

  /** Index of the first delivery after a time. */
  #firstAfter(s: number): number {
    let low = 0;
    let high = this.#deliveredS.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#deliveredS[middle]! > s) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
