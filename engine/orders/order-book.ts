import { AssertionFailed, assert } from "../assert.ts";
import type { OrderEventMessage, TransportOrder } from "../messages.ts";
import type { OrderChange, OrderWait, RefusalReason } from "../reasons.ts";
import { AGEING_STEP_MS, urgencyMs } from "./urgency.ts";

/**
 * Life of a transport order. `waiting` is not a phase but what an accepted order does with a reason:
 *
 *     accepted -> assigned -> pickedUp -> delivered
 *        ^  |        |  |
 *        |  +--------|--+--> cancelled
 *        +-----------+ (freed: its vehicle is needed elsewhere, or lost)
 */
export type OrderPhase = "accepted" | "assigned" | "pickedUp" | "delivered" | "cancelled";

export interface OrderRecord {
  /** Place in the order of acceptance, from 0; the tie-breaker everywhere. */
  readonly seq: number;
  readonly order: TransportOrder;
  readonly phase: OrderPhase;
  /** Destination now: `order.to` unless it was retargeted. */
  readonly to: string;
  /** Priority now, 0..9. */
  readonly priority: number;
  /** Ageing key, ms of run time; lower is more urgent. See urgency.ts. */
  readonly urgencyMs: number;
  /** From the assignment to the delivery. */
  readonly vehicle: string | null;
  /** Why an accepted order waits; null before the first answer and in every other phase. */
  readonly waiting: OrderWait | null;
  readonly acceptedMs: number;
  readonly pickedUpMs: number | null;
  /** Time of delivery or of the cancellation. */
  readonly closedMs: number | null;
}

export interface OrderBookOptions {
  /** Stations at which containers are handed over (cranes). */
  readonly handoverStations: ReadonlySet<string>;
  /** Orders neither delivered nor cancelled that the book takes. */
  readonly openOrdersMax: number;
  /** Closed orders whose ids and containers are remembered, to refuse what comes twice; the oldest are forgotten. */
  readonly closedOrdersMax: number;
  readonly ageingStepMs: number;
}

export const ORDER_BOOK_DEFAULTS = {
  openOrdersMax: 4096,
  closedOrdersMax: 100_000,
  ageingStepMs: AGEING_STEP_MS,
} as const;

/** A refused input: nothing was changed. `detail` is the id that the code speaks of. */
export interface OrderRefusal {
  readonly kind: RefusalReason;
  readonly order: string;
  readonly detail: string;
}

/** Counts since the start; `accepted` = open + delivered + cancelled always. */
export interface OrderCounts {
  readonly accepted: number;
  readonly open: number;
  readonly delivered: number;
  readonly cancelled: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The transport orders and where each container is. It guards that a container is at exactly one place, that every
 * accepted order ends delivered or cancelled or is open, and that nothing is done twice. What a person asks for and may
 * not have is a refusal; a transition that the engine itself asks for and that the phase forbids is a broken assertion.
 */
export class OrderBook {
  readonly #options: OrderBookOptions;
  readonly #records = new Map<string, Mutable<OrderRecord>>();
  /** Open orders by rising `seq`. */
  readonly #open: Mutable<OrderRecord>[] = [];
  /** Ids of closed orders, oldest first, from `#closedHead` on. */
  #closed: string[] = [];
  #closedHead = 0;
  /** Container -> its place: "station:<id>" or "vehicle:<id>". */
  readonly #placeOfContainer = new Map<string, string>();
  /** Container -> id of the last order that moved or moves it. */
  readonly #orderOfContainer = new Map<string, string>();
  /** Vehicle -> order whose container it carries. */
  readonly #loadOfVehicle = new Map<string, string>();
  #events: OrderEventMessage[] = [];
  #accepted = 0;
  #delivered = 0;
  #cancelled = 0;

  constructor(options: Pick<OrderBookOptions, "handoverStations"> & Partial<OrderBookOptions>) {
    this.#options = { ...ORDER_BOOK_DEFAULTS, ...options };
    assert(this.#options.openOrdersMax >= 1, "openOrdersMax is at least 1");
  }

  /** Open orders by rising `seq` (accepted, assigned, picked up). Valid until the next change. */
  get open(): readonly OrderRecord[] {
    return this.#open;
  }

  get counts(): OrderCounts {
    return {
      accepted: this.#accepted,
      open: this.#open.length,
      delivered: this.#delivered,
      cancelled: this.#cancelled,
    };
  }

  get(id: string): OrderRecord | undefined {
    return this.#records.get(id);
  }

  /** The order whose container the vehicle carries. */
  loadOf(vehicle: string): OrderRecord | undefined {
    const id = this.#loadOfVehicle.get(vehicle);
    return id === undefined ? undefined : this.#records.get(id);
  }

  /** Takes a transport order in. @returns null, or why it was refused */
  accept(order: TransportOrder, nowMs: number): OrderRefusal | null {
    const refused = this.#reasonAgainst(order);
    if (refused !== null) return refused;
    const record: Mutable<OrderRecord> = {
      seq: this.#accepted,
      order,
      phase: "accepted",
      to: order.to,
      priority: order.priority,
      urgencyMs: urgencyMs(order, order.priority, this.#options.ageingStepMs),
      vehicle: null,
      waiting: null,
      acceptedMs: nowMs,
      pickedUpMs: null,
      closedMs: null,
    };
    this.#accepted++;
    this.#records.set(order.id, record);
    this.#open.push(record);
    this.#placeOfContainer.set(order.container.id, stationPlace(order.from));
    this.#orderOfContainer.set(order.container.id, order.id);
    this.#emit(record, "accepted", order.from, "");
    return null;
  }

  /** Gives an order that is not picked up to a vehicle; giving it to its own vehicle again changes nothing. */
  assign(id: string, vehicle: string): void {
    const record = this.#expect(id, "accepted", "assigned");
    if (record.vehicle === vehicle) return;
    const change: OrderChange = record.phase === "assigned" ? "reassigned" : "first-assignment";
    record.phase = "assigned";
    record.vehicle = vehicle;
    record.waiting = null;
    this.#emit(record, "assigned", record.order.from, change);
  }

  /** Takes an assigned order off its vehicle before pick-up; it waits again. */
  free(id: string, why: OrderWait | Extract<OrderChange, "vehicle-lost">): void {
    const record = this.#expect(id, "assigned");
    this.#emit(record, "waiting", record.order.from, why);
    record.phase = "accepted";
    record.vehicle = null;
    record.waiting = why === "vehicle-lost" ? null : why;
  }

  /** Says why an accepted order waits; the event is emitted when the reason changes. */
  wait(id: string, why: OrderWait): void {
    const record = this.#expect(id, "accepted");
    if (record.waiting === why) return;
    record.waiting = why;
    this.#emit(record, "waiting", record.order.from, why);
  }

  /** The container went from its station onto the vehicle to which the order is assigned. @param place bay id */
  pickedUp(id: string, place: string, nowMs: number): void {
    const record = this.#expect(id, "assigned");
    const vehicle = record.vehicle;
    assert(vehicle !== null, `order ${id} is assigned to a vehicle`);
    const carried = this.#loadOfVehicle.get(vehicle);
    assert(carried === undefined, `vehicle ${vehicle} carries order ${carried} and cannot pick up ${id}`);
    this.#move(record, stationPlace(record.order.from), vehiclePlace(vehicle));
    this.#loadOfVehicle.set(vehicle, id);
    record.phase = "pickedUp";
    record.pickedUpMs = nowMs;
    this.#emit(record, "pickedUp", place, "");
  }

  /** The vehicle was served at a station on the way (gate, scanner, disinfection, inspection). @param place bay id */
  atStation(id: string, place: string): void {
    this.#emit(this.#expect(id, "pickedUp"), "atStation", place, "");
  }

  /** The container went off the vehicle at the destination. @param place bay id */
  delivered(id: string, place: string, nowMs: number): void {
    const record = this.#expect(id, "pickedUp");
    const vehicle = record.vehicle;
    assert(vehicle !== null && this.#loadOfVehicle.get(vehicle) === id, `vehicle ${vehicle} carries order ${id}`);
    this.#move(record, vehiclePlace(vehicle), stationPlace(record.to));
    this.#loadOfVehicle.delete(vehicle);
    record.phase = "delivered";
    this.#delivered++;
    this.#emit(record, "delivered", place, "");
    this.#close(record, nowMs);
  }

  /**
   * Cancels an order before pick-up, on a person's word. The container stays where it is. After pick-up it is refused
   * (`already-picked-up`): the container must go somewhere, so the person retargets it instead.
   */
  cancel(id: string, nowMs: number): OrderRefusal | null {
    const record = this.#openRecord(id);
    if ("kind" in record) return record;
    if (record.phase === "pickedUp") return refusal("already-picked-up", id, record.vehicle ?? "");
    const change: OrderChange = "cancelled-by-person";
    record.phase = "cancelled";
    this.#cancelled++;
    this.#emit(record, "cancelled", record.order.from, change);
    this.#close(record, nowMs);
    return null;
  }

  /**
   * Changes the destination of an open order, also after pick-up: its plan must be made anew. Neither this nor
   * `prioritise` is a step in the order's life, so neither emits an order event.
   */
  retarget(id: string, to: string): OrderRefusal | null {
    const record = this.#openRecord(id);
    if ("kind" in record) return record;
    if (!this.#options.handoverStations.has(to)) return refusal("unknown-station", id, to);
    if (to === record.order.from && record.phase !== "pickedUp") return refusal("same-station", id, to);
    if (record.to === to) return null;
    record.to = to;
    return null;
  }

  /** Changes the priority of an open order; what it has aged stays. */
  prioritise(id: string, priority: number): OrderRefusal | null {
    const record = this.#openRecord(id);
    if ("kind" in record) return record;
    if (!isPriority(priority)) return refusal("bad-priority", id, String(priority));
    if (record.priority === priority) return null;
    record.priority = priority;
    record.urgencyMs = urgencyMs(record.order, priority, this.#options.ageingStepMs);
    return null;
  }

  /** The events since the last call, in the order in which they happened. */
  drainEvents(): readonly OrderEventMessage[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  /**
   * Asserts invariant 3 over everything in the book: each container of an open order is at exactly the place that its
   * phase says, each vehicle carries at most the one container whose order names it, no order is lost. Linear in the
   * open orders: for tests and debug ticks.
   */
  assertConservation(): void {
    const counts = this.counts;
    assert(
      counts.accepted === counts.open + counts.delivered + counts.cancelled,
      `of ${counts.accepted} accepted orders ${counts.open} are open, ${counts.delivered} delivered, ${counts.cancelled} cancelled`,
    );
    let carried = 0;
    for (const record of this.#open) {
      const container = record.order.container.id;
      const place = this.#placeOfContainer.get(container);
      const onVehicle = record.phase === "pickedUp";
      const expected = onVehicle ? vehiclePlace(record.vehicle ?? "") : stationPlace(record.order.from);
      assert(place === expected, `container ${container} of order ${record.order.id} is at ${place}, not ${expected}`);
      assert(this.#orderOfContainer.get(container) === record.order.id, `container ${container} has one open order`);
      if (!onVehicle) continue;
      carried++;
      assert(
        this.#loadOfVehicle.get(record.vehicle ?? "") === record.order.id,
        `${record.vehicle} carries ${container}`,
      );
    }
    assert(carried === this.#loadOfVehicle.size, `${this.#loadOfVehicle.size} vehicles carry ${carried} containers`);
  }

  #reasonAgainst(order: TransportOrder): OrderRefusal | null {
    const { id, container, from, to } = order;
    if (this.#records.has(id)) return refusal("duplicate-order", id, id);
    if (!this.#options.handoverStations.has(from)) return refusal("unknown-station", id, from);
    if (!this.#options.handoverStations.has(to)) return refusal("unknown-station", id, to);
    if (from === to) return refusal("same-station", id, to);
    if (!isPriority(order.priority)) return refusal("bad-priority", id, String(order.priority));
    if (order.dueMs < order.releaseMs) return refusal("due-before-release", id, String(order.dueMs));
    const user = this.#orderOfContainer.get(container.id);
    const userRecord = user === undefined ? undefined : this.#records.get(user);
    if (userRecord !== undefined && userRecord.closedMs === null)
      return refusal("container-in-use", id, userRecord.order.id);
    const place = this.#placeOfContainer.get(container.id);
    if (place !== undefined && place !== stationPlace(from)) return refusal("container-elsewhere", id, place);
    if (this.#open.length >= this.#options.openOrdersMax)
      return refusal("order-book-full", id, String(this.#options.openOrdersMax));
    return null;
  }

  #openRecord(id: string): Mutable<OrderRecord> | OrderRefusal {
    const record = this.#records.get(id);
    if (record === undefined) return refusal("unknown-order", id, id);
    if (record.closedMs !== null) return refusal("order-closed", id, record.phase);
    return record;
  }

  #expect(id: string, ...phases: readonly OrderPhase[]): Mutable<OrderRecord> {
    const record = this.#records.get(id);
    if (record === undefined) throw new AssertionFailed(`order ${id} is in the book`);
    assert(phases.includes(record.phase), `order ${id} is ${record.phase}, expected ${phases.join(" or ")}`);
    return record;
  }

  #move(record: OrderRecord, from: string, to: string): void {
    const container = record.order.container.id;
    const place = this.#placeOfContainer.get(container);
    assert(place === from, `container ${container} is at ${place}, expected ${from}`);
    this.#placeOfContainer.set(container, to);
  }

  #close(record: Mutable<OrderRecord>, nowMs: number): void {
    record.closedMs = nowMs;
    record.waiting = null;
    this.#open.splice(indexOfSeq(this.#open, record.seq), 1);
    this.#closed.push(record.order.id);
    while (this.#closed.length - this.#closedHead > this.#options.closedOrdersMax) this.#forgetOldest();
    if (this.#closedHead > 1024 && this.#closedHead * 2 > this.#closed.length) {
      this.#closed = this.#closed.slice(this.#closedHead);
      this.#closedHead = 0;
    }
  }

  #forgetOldest(): void {
    const id = this.#closed[this.#closedHead++]!;
    const container = this.#records.get(id)?.order.container.id;
    this.#records.delete(id);
    // A later order may have moved the container on: then its place is still that order's business.
    if (container === undefined || this.#orderOfContainer.get(container) !== id) return;
    this.#orderOfContainer.delete(container);
    this.#placeOfContainer.delete(container);
  }

  #emit(record: OrderRecord, event: OrderEventMessage["event"], place: string, reason: string): void {
    const { id: container, commodity, lengthFt, laden } = record.order.container;
    this.#events.push({
      order: record.order.id,
      event,
      vehicle: record.vehicle,
      container,
      place,
      reason,
      ...(event === "accepted" ? { load: { commodity, lengthFt, laden } } : {}),
    });
  }
}

/** Index of the record with this `seq` in a list that rises by `seq`. */
function indexOfSeq(records: readonly OrderRecord[], seq: number): number {
  let low = 0;
  let high = records.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (records[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  assert(records[low]?.seq === seq, `open order ${seq} is in the list`);
  return low;
}

const stationPlace = (station: string): string => `station:${station}`;
const vehiclePlace = (vehicle: string): string => `vehicle:${vehicle}`;
const isPriority = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 9;

function refusal(kind: RefusalReason, order: string, detail: string): OrderRefusal {
  return { kind, order, detail };
}
