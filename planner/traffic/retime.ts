/**
 * Labels: T(v) = max(now, T(u) + w(u, v)) over the precedence graph, Infinity behind a block source. One pass in the
 * order of the old labels is enough while nothing but delays happens (labels grow along every edge); after a block or
 * a repair the pass is repeated until nothing changes, which an acyclic graph reaches.
 */
import { LEAST_MS } from "./book.ts";
import { beforeClear, beforeClearOutside, beforeGrant, beforeService } from "./edges.ts";
import type { Clear, Service, Step, TrafficBook, VehicleTraffic, Visit } from "./types.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Label of G of an ungranted leg, from the labels that its predecessors have now. */
export function grantLabel(book: TrafficBook, step: Step): number {
  if (book.vehicles[step.vehicle]!.blocked || book.closedLeg[step.leg] === 1) return NEVER;
  if (!fitsBehindBlocked(book, step.to)) return NEVER;
  let label = Math.max(book.nowMs, step.readyMs);
  beforeGrant(book, step, (ms, weightMs) => {
    if (ms + weightMs > label) label = ms + weightMs;
  });
  if (label === NEVER) return NEVER;
  // A leg from which the tail would never clear is not to be entered.
  for (let i = 0; i < step.clears.length; i++) {
    beforeClearOutside(book, step.clears[i]!, i === 0, (ms, _weightMs, done) => {
      if (!done && ms === NEVER) label = NEVER;
    });
  }
  return label;
}

/** Label of an undone C. */
export function clearLabel(book: TrafficBook, clear: Clear): number {
  const step = clear.step;
  if (book.vehicles[step.vehicle]!.blocked) return NEVER;
  let label = book.nowMs + LEAST_MS;
  beforeClear(book, clear, (ms, weightMs) => {
    if (ms + weightMs > label) label = ms + weightMs;
  });
  // Stuck anywhere in the leg is stuck in all of it; so is who has no room behind one that stands blocked ahead.
  if (label !== NEVER && step.granted) {
    if (!fitsBehindBlocked(book, step.to)) return NEVER;
    for (let i = step.cleared; i < step.clears.length; i++) {
      beforeClearOutside(book, step.clears[i]!, i === step.cleared, (ms, _weightMs, done) => {
        if (!done && ms === NEVER) label = NEVER;
      });
    }
  }
  return label;
}

/** Label of an undone S. */
export function endLabel(book: TrafficBook, service: Service): number {
  if (book.vehicles[service.vehicle]!.blocked) return NEVER;
  if (service.station >= 0 && book.stationOut[service.station] === 1) return NEVER;
  if (service.started) return Math.max(service.endMs === NEVER ? book.nowMs : service.endMs, book.nowMs + LEAST_MS);
  const arrive = service.visit.arrive;
  if (arrive?.granted === true) {
    const last = arrive.clears[arrive.clears.length - 1];
    if (last !== undefined && !last.done && last.ms === NEVER) return NEVER;
  }
  let start = book.nowMs;
  beforeService(book, service, (ms, weightMs) => {
    if (ms + weightMs > start) start = ms + weightMs;
  });
  return start + service.durationMs;
}

/**
 * Behind a vehicle that stands blocked in a pocket only as many fit as the metres behind its tail hold; where it is
 * granted onto the pocket but stands before it, nobody does (it could not be passed).
 */
export function fitsBehindBlocked(book: TrafficBook, visit: Visit): boolean {
  const stand = book.graph.stands[visit.stand]!;
  if (stand.kind !== "pocket") return true;
  const uses = book.standUses[visit.stand]!;
  for (let i = 0; i < visit.order; i++) {
    const other = uses[i]!;
    const traffic = book.vehicles[other.vehicle]!;
    if (!traffic.blocked) continue;
    if (other.arrive !== null && !other.arrive.granted) continue;
    if (other !== traffic.visits[0]) return false;
    const behind = Math.floor((traffic.blockedAtM - book.slotM) / book.slotM + 1e-9) + 1;
    if (!(visit.order - i <= behind)) return false;
  }
  return true;
}

interface Labelled {
  ms: number;
  readonly step: Step | null;
  readonly clear: Clear | null;
  readonly service: Service | null;
}

/** Undone events of a plan in travel order. */
export function undoneEvents(traffic: VehicleTraffic, into: Labelled[]): void {
  const { visits, steps } = traffic;
  for (let k = 0; k < visits.length; k++) {
    for (const service of visits[k]!.services) {
      if (!service.done) into.push({ ms: service.endMs, step: null, clear: null, service });
    }
    const step = steps[k];
    if (step === undefined) break;
    if (!step.granted) into.push({ ms: step.grantMs, step, clear: null, service: null });
    for (let i = step.cleared; i < step.clears.length; i++) {
      const clear = step.clears[i]!;
      into.push({ ms: clear.ms, step: null, clear, service: null });
    }
  }
}

/**
 * Gives every undone event its label.
 * @returns false if labels did not settle within as many passes as there are events: the graph has a cycle
 */
export function retime(book: TrafficBook): boolean {
  book.labelsMs = book.nowMs;
  const events: Labelled[] = [];
  for (const traffic of book.vehicles) if (traffic !== null) undoneEvents(traffic, events);
  // Stable: equal labels keep vehicle and travel order.
  events.sort((a, b) => (a.ms === b.ms ? 0 : a.ms - b.ms));
  for (let pass = 0; pass <= events.length + 1; pass++) {
    let changed = false;
    for (const event of events) if (relabel(book, event)) changed = true;
    if (!changed) return true;
  }
  return false;
}

function relabel(book: TrafficBook, event: Labelled): boolean {
  const { step, clear, service } = event;
  if (step !== null) {
    const label = grantLabel(book, step);
    if (label === step.grantMs) return false;
    step.grantMs = label;
    return true;
  }
  if (clear !== null) {
    const label = clearLabel(book, clear);
    if (label === clear.ms) return false;
    clear.ms = label;
    return true;
  }
  const label = endLabel(book, service!);
  if (label === service!.endMs) return false;
  service!.endMs = label;
  return true;
}
