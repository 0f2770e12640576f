/** Transport orders, events and figures of a run, readable at any of its times. */
import type { ContainerLoad, RecordedEvent, RecordedKpi, RecordedOrderEvent, TimedMessage } from "./messages.ts";

export type OrderStatus = "waiting" | "assigned" | "inTransit" | "delivered" | "cancelled";

export interface OrderRecord {
  readonly id: string;
  readonly container: string;
  /** By time. */
  readonly events: (RecordedOrderEvent & { readonly tMs: number })[];
}

export interface OrderNow {
  readonly record: OrderRecord;
  readonly status: OrderStatus;
  readonly vehicle: string | null;
  /** Where the container stands, or was last seen. */
  readonly place: string;
  readonly acceptedMs: number;
  /** Why it waits: the reason given last, "" for none. */
  readonly reason: string;
}

export type Severity = "info" | "warning" | "alarm";

export interface EventEntry {
  readonly tMs: number;
  readonly severity: Severity;
  readonly event: RecordedEvent;
}

export interface LedgerFigures {
  readonly waiting: number;
  readonly assigned: number;
  readonly inTransit: number;
  readonly delivered: number;
  readonly cancelled: number;
  /** Milliseconds since the oldest order not yet picked up was accepted; 0 without one. */
  readonly oldestWaitMs: number;
  /** Delivered in each hour of the current day of the run. */
  readonly deliveredByHour: readonly number[];
  /** Delivered since the start of the current day of the run. */
  readonly deliveredToday: number;
  readonly kpi: RecordedKpi | null;
}

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

const alarms = new Set([
  "vehicle-broken",
  "vehicle-silent",
  "vehicle-connectionbroken",
  "shield-stop",
  "deadlock",
  "link-broker-lost",
  "link-foreign-order",
  "link-off-path",
  "link-unlocated",
]);
const warnings = new Set([
  "vehicle-manual",
  "vehicle-paused",
  "vehicle-not-admitted",
  "lane-closed",
  "station-out",
  "speed-limited",
  "action-failed",
  "refused",
  "link-broker-error",
  "link-order-rejected",
  "link-order-lost",
  "link-order-unknown",
  "link-order-invalid",
  "link-safety-stop",
  "link-base-late",
  "link-state-stale",
]);

/** How much an event asks for a person's attention. */
export function severityOf(code: string): Severity {
  return alarms.has(code) ? "alarm" : warnings.has(code) ? "warning" : "info";
}

export class Ledger {
  readonly #orders = new Map<string, OrderRecord>();
  readonly #loads = new Map<string, ContainerLoad>();
  readonly #deliveredMs: number[] = [];
  readonly #kpis: (RecordedKpi & { readonly tMs: number })[] = [];
  readonly #events: EventEntry[] = [];
  /** Grows with each message. */
  version = 0;

  clear(): void {
    this.#orders.clear();
    this.#loads.clear();
    this.#deliveredMs.length = 0;
    this.#kpis.length = 0;
    this.#events.length = 0;
    this.version++;
  }

  /** Takes a message in; messages come in order of time, and those of other topics are none of its business. */
  apply(message: TimedMessage): void {
    const { tMs } = message;
    if (message.topic === "/orders") {
      const event: RecordedOrderEvent & { readonly tMs: number } = { ...message.message, tMs };
      const record = this.#orders.get(event.order);
      if (record === undefined) {
        this.#orders.set(event.order, { id: event.order, container: event.container, events: [event] });
      } else record.events.push(event);
      if (event.load !== undefined) this.#loads.set(event.container, event.load);
      if (event.event === "delivered") this.#deliveredMs.push(tMs);
    } else if (message.topic === "/events") {
      this.#events.push({ tMs, severity: severityOf(message.message.code), event: message.message });
    } else if (message.topic === "/kpi") this.#kpis.push({ ...message.message, tMs });
    else return;
    this.version++;
  }

  orderAt(id: string, tMs: number): OrderNow | null {
    const record = this.#orders.get(id);
    return record === undefined ? null : orderNow(record, tMs);
  }

  /** Orders that are known and open at `tMs`. */
  openOrders(tMs: number): OrderNow[] {
    const open: OrderNow[] = [];
    for (const record of this.#orders.values()) {
      const now = orderNow(record, tMs);
      if (now !== null && now.status !== "delivered" && now.status !== "cancelled") open.push(now);
    }
    return open;
  }

  /** What is known of a container: what its order said when it was accepted. */
  loadOf(container: string): ContainerLoad | null {
    return this.#loads.get(container) ?? null;
  }

  /** Delivered in each hour of the run until `tMs`. */
  deliveredByHour(tMs: number): number[] {
    const hours: number[] = [];
    const until = countUntil(this.#deliveredMs, tMs);
    for (let i = 0; i < until; i++) {
      const hour = Math.floor(this.#deliveredMs[i]! / HOUR_MS);
      while (hours.length <= hour) hours.push(0);
      hours[hour] = hours[hour]! + 1;
    }
    return hours;
  }

  /** Events from `fromMs` to `toMs`, both included, by time. */
  events(fromMs: number, toMs: number): readonly EventEntry[] {
    return this.#events.slice(firstAfter(this.#events, fromMs - 1), firstAfter(this.#events, toMs));
  }

  figures(tMs: number): LedgerFigures {
    const counts = { waiting: 0, assigned: 0, inTransit: 0, delivered: 0, cancelled: 0 };
    let oldestMs = tMs;
    for (const record of this.#orders.values()) {
      const now = orderNow(record, tMs);
      if (now === null) continue;
      counts[now.status]++;
      if (now.status === "waiting" || now.status === "assigned") oldestMs = Math.min(oldestMs, now.acceptedMs);
    }
    const kpi = this.#kpis[firstAfter(this.#kpis, tMs) - 1] ?? null;
    const deliveredUntil = countUntil(this.#deliveredMs, tMs);
    if (kpi !== null) counts.delivered = kpi.delivered + deliveredUntil - countUntil(this.#deliveredMs, kpi.tMs);
    const dayStartMs = Math.floor(tMs / DAY_MS) * DAY_MS;
    const deliveredByHour = new Array<number>(24).fill(0);
    for (let i = countUntil(this.#deliveredMs, dayStartMs); i < deliveredUntil; i++) {
      const hour = Math.floor((this.#deliveredMs[i]! - dayStartMs) / HOUR_MS);
      deliveredByHour[hour] = deliveredByHour[hour]! + 1;
    }
    const deliveredToday = deliveredByHour.reduce((sum, n) => sum + n, 0);
    return { ...counts, oldestWaitMs: tMs - oldestMs, deliveredByHour, deliveredToday, kpi };
  }
}

const statusAfter: Record<RecordedOrderEvent["event"], OrderStatus | null> = {
  accepted: "waiting",
  assigned: "assigned",
  pickedUp: "inTransit",
  atStation: "inTransit",
  delivered: "delivered",
  cancelled: "cancelled",
  waiting: null,
};

function orderNow(record: OrderRecord, tMs: number): OrderNow | null {
  const first = record.events[0];
  if (first === undefined || first.tMs > tMs) return null;
  let status: OrderStatus = "waiting";
  let vehicle: string | null = null;
  let place = first.place;
  let reason = "";
  for (const event of record.events) {
    if (event.tMs > tMs) break;
    status = statusAfter[event.event] ?? status;
    vehicle = event.vehicle ?? vehicle;
    if (event.event !== "assigned" && event.place !== "") place = event.place;
    reason = event.event === "waiting" ? event.reason : "";
  }
  return { record, status, vehicle, place, acceptedMs: first.tMs, reason };
}

/** Index of the first entry later than `tMs` in entries sorted by time. */
function firstAfter(entries: readonly { readonly tMs: number }[], tMs: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.tMs <= tMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUntil(timesMs: readonly number[], tMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesMs[middle]! <= tMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
