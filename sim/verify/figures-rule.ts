/** R10: figures of `/kpi` and summary.json against those that follow from samples and order events. */
import type { RecordedKpi, RecordedOrderEvent, RunSummary } from "../../fleet-gateway/index.ts";
import type { Findings } from "./rules.ts";
import { type Motion, travelledM } from "./track.ts";

/** Ratios are made from what the control system saw, which lags the true motion a little. */
const ratioTolerance = 0.02;
const kmTolerance = 0.02;
const hourS = 3600;

export class FiguresRule {
  readonly #findings: Findings;
  #accepted = 0;
  #cancelled = 0;
  readonly #deliveredAt: number[] = [];
  #drivenM = 0;
  #emptyM = 0;
  #taskS = 0;
  #waitingS = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get delivered(): number {
    return this.#deliveredAt.length;
  }

  order(message: RecordedOrderEvent): void {
    if (message.event === "accepted") this.#accepted++;
    else if (message.event === "cancelled") this.#cancelled++;
    else if (message.event === "delivered") this.#deliveredAt.push(message.t);
  }

  /** The part of a vehicle's motion between two moments. */
  motion(motion: Motion, from: number, to: number): void {
    const { sample } = motion.from;
    const metres = Math.max(0, travelledM(motion, to) - travelledM(motion, from));
    this.#drivenM += metres;
    if (!sample.laden) this.#emptyM += metres;
    if (sample.order === "") return;
    this.#taskS += to - from;
    if (sample.waitingFor.length > 0 && sample.v === 0 && sample.a === 0) this.#waitingS += to - from;
  }

  kpi(message: RecordedKpi): void {
    const { t } = message;
    const hour = this.#deliveredAt.filter((at) => at > t - hourS).length;
    this.#same(t, "/kpi accepted", message.accepted, this.#accepted, 0);
    this.#same(t, "/kpi delivered", message.delivered, this.delivered, 0);
    this.#same(t, "/kpi cancelled", message.cancelled, this.#cancelled, 0);
    this.#same(t, "/kpi waiting", message.waiting, this.#waiting, 0);
    this.#same(
      t,
      "/kpi containersPerHour",
      message.containersPerHour,
      t >= hourS ? hour : (hour / Math.max(t, 1)) * hourS,
      1,
    );
    this.#same(t, "/kpi drivenKm", message.drivenKm, this.#drivenM / 1000, kmTolerance * (1 + this.#drivenM / 1000));
    this.#ratios(t, "/kpi", message);
  }

  summary(t: number, summary: RunSummary, found: { vehicles: number; collisions: number; deadlocks: number }): void {
    this.#same(t, "summary.json orders.accepted", summary.orders.accepted, this.#accepted, 0);
    this.#same(t, "summary.json orders.delivered", summary.orders.delivered, this.delivered, 0);
    this.#same(t, "summary.json orders.cancelled", summary.orders.cancelled, this.#cancelled, 0);
    this.#same(t, "summary.json orders.waiting", summary.orders.waiting, this.#waiting, 0);
    this.#same(t, "summary.json simulatedS", summary.simulatedS, t, 1);
    this.#same(t, "summary.json vehicles", summary.vehicles, found.vehicles, 0);
    this.#same(t, "summary.json collisions", summary.collisions, found.collisions, 0);
    this.#same(t, "summary.json deadlocks", summary.deadlocks, found.deadlocks, 0);
    const perDay = (this.delivered / Math.max(summary.simulatedS, 1)) * 24 * hourS;
    this.#same(t, "summary.json containersPerDay", summary.containersPerDay, perDay, 0.5);
    this.#ratios(t, "summary.json", summary);
  }

  get #waiting(): number {
    return this.#accepted - this.delivered - this.#cancelled;
  }

  #ratios(t: number, where: string, stated: { emptyKmRatio: number; waitingRatio: number }): void {
    // Over the first metres and seconds a ratio says little, and lag says much.
    if (this.#drivenM > 500)
      this.#same(t, `${where} emptyKmRatio`, stated.emptyKmRatio, this.#emptyM / this.#drivenM, ratioTolerance);
    if (this.#taskS > 300)
      this.#same(t, `${where} waitingRatio`, stated.waitingRatio, this.#waitingS / this.#taskS, ratioTolerance);
  }

  #same(t: number, name: string, stated: number, found: number, tolerance: number): void {
    if (Math.abs(stated - found) <= tolerance + 1e-9) return;
    const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(3));
    this.#findings.add("R10", t, [], name, `${name} is ${number(stated)}, by the recording it is ${number(found)}`);
  }
}
