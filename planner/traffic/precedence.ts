/**
 * The precedence graph, built from the orders of the resources alone and with every pair of uses, apart from the edges
 * that grants and labels are read from: for judging those.
 */
import { NONE } from "../leg-graph.ts";
import { CLEAR_TO_GRANT_MS, LEAST_MS } from "./book.ts";
import type { Clear, Service, Step, TrafficBook, VehicleTraffic, Visit } from "./types.ts";

/** An event that has not happened. */
export interface PrecedenceEvent {
  readonly kind: "G" | "C" | "S";
  readonly vehicle: number;
  readonly step: Step | null;
  readonly clear: Clear | null;
  readonly service: Service | null;
  /** Undone events that must come before it, with the resource over which they meet. */
  readonly before: { readonly event: PrecedenceEvent; readonly resource: string; readonly weightMs: number }[];
  /** For the sake of what has happened before it, it (S: its start) is not before this time, ms. */
  earliestMs: number;
  /** Somebody's stay that has no end must be over before it. */
  endless: Visit | null;
}

export interface PrecedenceGraph {
  readonly events: readonly PrecedenceEvent[];
  readonly grantOf: ReadonlyMap<Step, PrecedenceEvent>;
  readonly clearOf: ReadonlyMap<Clear, PrecedenceEvent>;
  readonly endOf: ReadonlyMap<Service, PrecedenceEvent>;
}

/** An event by what it is an event of: undone, or done at its label. */
type Cause = { readonly step: Step } | { readonly clear: Clear } | { readonly service: Service };

/** Every undone event with every undone event before it. */
export function precedenceOf(book: TrafficBook): PrecedenceGraph {
  const builder = new Builder();
  for (const traffic of book.vehicles) if (traffic !== null) builder.addEvents(traffic);
  for (const traffic of book.vehicles) if (traffic !== null) joinRoute(builder, traffic);
  book.standUses.forEach((uses, stand) => {
    const { id, kind } = book.graph.stands[stand]!;
    const joinPair = kind === "place" ? joinInPlace : joinInPocket;
    uses.forEach((later, j) => {
      for (let i = 0; i < j; i++) joinPair(builder, uses[i]!, later, id, j - i >= book.capacity[stand]!);
    });
  });
  book.areaUses.forEach((uses, area) => {
    const { name } = book.graph.areas[area]!;
    uses.forEach((later, j) => {
      for (let i = 0; i < j; i++) joinInArea(builder, uses[i]!, later, name);
    });
  });
  book.jobs.forEach((jobs, station) => {
    jobs.forEach((later, j) => {
      for (let i = 0; i < j; i++)
        builder.join({ service: later }, { service: jobs[i]! }, `station ${station}`, LEAST_MS);
    });
  });
  return builder;
}

class Builder implements PrecedenceGraph {
  readonly events: PrecedenceEvent[] = [];
  readonly grantOf = new Map<Step, PrecedenceEvent>();
  readonly clearOf = new Map<Clear, PrecedenceEvent>();
  readonly endOf = new Map<Service, PrecedenceEvent>();

  addEvents(traffic: VehicleTraffic): void {
    const { index } = traffic;
    traffic.visits.forEach((visit, k) => {
      for (const service of visit.services) {
        if (!service.done) this.endOf.set(service, this.#add("S", index, { service }));
      }
      const step = traffic.steps[k];
      if (step === undefined) return;
      if (!step.granted) this.grantOf.set(step, this.#add("G", index, { step }));
      for (const clear of step.clears) if (!clear.done) this.clearOf.set(clear, this.#add("C", index, { clear }));
    });
  }

  #add(kind: "G" | "C" | "S", vehicle: number, part: Partial<PrecedenceEvent>): PrecedenceEvent {
    const none = { step: null, clear: null, service: null, endless: null, earliestMs: Number.NEGATIVE_INFINITY };
    const event = { kind, vehicle, ...none, ...part, before: [] };
    this.events.push(event);
    return event;
  }

  #eventOf(cause: Cause): PrecedenceEvent | undefined {
    if ("step" in cause) return this.grantOf.get(cause.step);
    return "clear" in cause ? this.clearOf.get(cause.clear) : this.endOf.get(cause.service);
  }

  join(later: Cause | null, earlier: Cause | null, resource: string, weightMs: number): void {
    if (later === null || earlier === null) return;
    const event = this.#eventOf(later);
    if (event === undefined) return;
    const before = this.#eventOf(earlier);
    if (before === undefined) event.earliestMs = Math.max(event.earliestMs, labelOf(earlier) + weightMs);
    else event.before.push({ event: before, resource, weightMs });
  }

  /** A later use waits for the end of a stay that has none. */
  endless(later: Step | null, stay: Visit): void {
    const event = later === null ? undefined : this.grantOf.get(later);
    if (event !== undefined) event.endless = stay;
  }
}

/** When an event is expected, or when it happened, ms. */
export function labelOf(cause: Cause): number {
  if ("step" in cause) return cause.step.grantMs;
  return "clear" in cause ? cause.clear.ms : cause.service.endMs;
}

const grant = (step: Step | null): Cause | null => (step === null ? null : { step });

/** The moment at which the stand of a visit is clear again. */
function leaving(visit: Visit): Cause | null {
  const clear = visit.depart?.clears.find((each) => each.area === NONE);
  return clear === undefined ? null : { clear };
}

function joinRoute(builder: Builder, traffic: VehicleTraffic): void {
  let tail: Clear | null = null;
  traffic.visits.forEach((visit, k) => {
    // A place's services follow the arrival; the next leg follows the last of them, or the arrival.
    let standing: Cause | null = grant(visit.arrive);
    let weightMs = visit.arrive?.arriveAfterMs ?? 0;
    for (const service of visit.services) {
      builder.join({ service }, standing, "", weightMs);
      standing = { service };
      weightMs = 0;
    }
    const step = traffic.steps[k];
    if (step === undefined) return;
    builder.join({ step }, standing, "", step.afterMs);
    for (const clear of step.clears) {
      builder.join({ clear }, { step }, "", clear.afterMs);
      if (tail !== null) builder.join({ clear }, { clear: tail }, "", 0);
      tail = clear;
    }
  });
}

/** One vehicle in a place; it may come back once it has left. */
function joinInPlace(builder: Builder, earlier: Visit, later: Visit, id: string): void {
  const left = leaving(earlier);
  builder.join(grant(later.arrive), left, id, CLEAR_TO_GRANT_MS);
  if (left === null) builder.endless(later.arrive, earlier);
}

/**
 * A pocket: on, off and clear in one order, and not more than fit. A vehicle's own stays follow its route.
 * @param full the later one has no room before the earlier one is gone
 */
function joinInPocket(builder: Builder, earlier: Visit, later: Visit, id: string, full: boolean): void {
  if (earlier.vehicle === later.vehicle) return;
  const off = grant(earlier.depart);
  const left = leaving(earlier);
  builder.join(grant(later.arrive), grant(earlier.arrive), id, LEAST_MS);
  builder.join(grant(later.depart), off, id, LEAST_MS);
  builder.join(leaving(later), left, id, LEAST_MS);
  for (const service of later.services) builder.join({ service }, off, id, LEAST_MS);
  if (earlier.depart === null) builder.endless(later.depart, earlier);
  if (!full) return;
  builder.join(grant(later.arrive), off, id, LEAST_MS);
  if (earlier.depart === null) builder.endless(later.arrive, earlier);
  for (const clear of later.arrive?.clears ?? []) builder.join({ clear }, left, id, LEAST_MS);
}

function joinInArea(builder: Builder, earlier: Clear, later: Clear, name: string): void {
  if (earlier.step.vehicle === later.step.vehicle) return;
  if (earlier.side !== later.side) {
    builder.join({ step: later.step }, { clear: earlier }, name, CLEAR_TO_GRANT_MS);
    return;
  }
  builder.join({ step: later.step }, { step: earlier.step }, name, LEAST_MS);
  builder.join({ clear: later }, { clear: earlier }, name, LEAST_MS);
}
