/**
 * The edges of the precedence graph, read off the orders of the resources: for an event, everything that must come
 * before it. Five kinds: route, resource (area, place, server), lane, room; each names its rule.
 */
import { NONE } from "../leg-graph.ts";
import { CLEAR_TO_GRANT_MS, keepsJobOrder, LEAST_MS, standClear } from "./book.ts";
import type { Clear, Service, Step, TrafficBook, Visit } from "./types.ts";

/** The resource that two vehicles meet over is an area for "area" (other side) and "follow" (same side), else a stand or a station. */
export type EdgeKind = "route" | "area" | "follow" | "place" | "server" | "lane" | "room";

/** Of what kind an event is; `vehicle` is whose. */
export interface EventRef {
  readonly event: "grant" | "clear" | "end";
  readonly vehicle: number;
  readonly step: Step | null;
  readonly clear: Clear | null;
  readonly service: Service | null;
}

/**
 * Called for each predecessor u of an event v.
 * @param ms       label of u (or when it happened)
 * @param weightMs least time from u to v
 * @param done     u has happened
 * @param vehicle  whose event u is
 * @param resource stand, area or station over which the two meet, NONE on the route
 */
export type PredecessorVisitor = (
  ms: number,
  weightMs: number,
  done: boolean,
  vehicle: number,
  kind: EdgeKind,
  resource: number,
) => void;

function departOf(visit: Visit, meet: PredecessorVisitor, kind: EdgeKind): void {
  const step = visit.depart;
  if (step === null) meet(Number.POSITIVE_INFINITY, LEAST_MS, false, visit.vehicle, kind, visit.stand);
  else meet(step.grantMs, LEAST_MS, step.granted, visit.vehicle, kind, visit.stand);
}

function clearOf(visit: Visit, meet: PredecessorVisitor, kind: EdgeKind, weightMs: number): void {
  const clear = standClear(visit);
  if (clear === null) meet(Number.POSITIVE_INFINITY, weightMs, false, visit.vehicle, kind, visit.stand);
  else meet(clear.ms, weightMs, clear.done, visit.vehicle, kind, visit.stand);
}

/** Predecessors of G(step). */
export function beforeGrant(book: TrafficBook, step: Step, meet: PredecessorVisitor): void {
  const from = step.from;
  const services = from.services;
  if (services.length > 0) {
    const last = services[services.length - 1]!;
    meet(last.endMs, step.afterMs, last.done, step.vehicle, "route", NONE);
  } else if (from.arrive !== null) {
    meet(from.arrive.grantMs, step.afterMs, from.arrive.granted, step.vehicle, "route", NONE);
  }
  const graph = book.graph;
  if (graph.stands[from.stand]!.kind === "pocket" && from.order > 0) {
    departOf(book.standUses[from.stand]![from.order - 1]!, meet, "lane");
  }
  const to = step.to;
  const users = book.standUses[to.stand]!;
  if (to.order > 0) {
    const ahead = users[to.order - 1]!;
    if (graph.stands[to.stand]!.kind === "place") {
      clearOf(ahead, meet, "place", CLEAR_TO_GRANT_MS);
    } else {
      if (ahead.arrive !== null) {
        meet(ahead.arrive.grantMs, LEAST_MS, ahead.arrive.granted, ahead.vehicle, "lane", to.stand);
      }
      const gone = to.order - book.capacity[to.stand]!;
      if (gone >= 0) departOf(users[gone]!, meet, "room");
    }
  }
  for (const clear of step.clears) {
    if (clear.area !== NONE && !clear.done) beforeGrantInArea(book, clear, meet);
  }
}

/** Of an area: the last use of the same side before, and all of the run of the other side before it. */
function beforeGrantInArea(book: TrafficBook, clear: Clear, meet: PredecessorVisitor): void {
  const uses = book.areaUses[clear.area]!;
  const vehicle = clear.step.vehicle;
  let same = false;
  let others = false;
  for (let i = clear.order - 1; i >= 0; i--) {
    const use = uses[i]!;
    if (use.step.vehicle === vehicle) continue;
    if (use.side === clear.side) {
      if (others) return;
      if (!same) {
        same = true;
        meet(use.step.grantMs, LEAST_MS, use.step.granted, use.step.vehicle, "follow", clear.area);
      }
    } else {
      others = true;
      meet(use.ms, CLEAR_TO_GRANT_MS, use.done, use.step.vehicle, "area", clear.area);
    }
  }
}

/** Predecessors of C(clear). */
export function beforeClear(book: TrafficBook, clear: Clear, meet: PredecessorVisitor): void {
  const step = clear.step;
  meet(step.grantMs, clear.afterMs, step.granted, step.vehicle, "route", NONE);
  const at = step.clears.indexOf(clear);
  if (at > 0) {
    const previous = step.clears[at - 1]!;
    meet(previous.ms, 0, previous.done, step.vehicle, "route", NONE);
  }
  beforeClearOutside(book, clear, at === step.cleared, meet);
}

/**
 * Predecessors of C(clear) that are no event of its own leg.
 * @param first it is the first undone one of its leg: the room edge holds for all of them, and they follow one another
 */
export function beforeClearOutside(book: TrafficBook, clear: Clear, first: boolean, meet: PredecessorVisitor): void {
  const step = clear.step;
  if (first) {
    const arrive = step.from.arrive;
    if (arrive !== null && arrive.clears.length > 0) {
      const previous = arrive.clears[arrive.clears.length - 1]!;
      meet(previous.ms, 0, previous.done, step.vehicle, "route", NONE);
    }
    const to = step.to;
    const gone = to.order - book.capacity[to.stand]!;
    if (gone >= 0 && book.graph.stands[to.stand]!.kind === "pocket") {
      clearOf(book.standUses[to.stand]![gone]!, meet, "room", LEAST_MS);
    }
  }
  if (clear.area === NONE) {
    const from = step.from;
    if (from.order > 0 && book.graph.stands[from.stand]!.kind === "pocket") {
      clearOf(book.standUses[from.stand]![from.order - 1]!, meet, "lane", LEAST_MS);
    }
    return;
  }
  const uses = book.areaUses[clear.area]!;
  for (let i = clear.order - 1; i >= 0; i--) {
    const use = uses[i]!;
    if (use.step.vehicle === step.vehicle || use.side !== clear.side) continue;
    meet(use.ms, LEAST_MS, use.done, use.step.vehicle, "follow", clear.area);
    return;
  }
}

/** Predecessors of the *start* of a service; its end follows after its duration. */
export function beforeService(book: TrafficBook, service: Service, meet: PredecessorVisitor): void {
  const visit = service.visit;
  const at = visit.services.indexOf(service);
  if (at > 0) {
    const previous = visit.services[at - 1]!;
    meet(previous.endMs, 0, previous.done, service.vehicle, "route", NONE);
  } else if (visit.arrive !== null) {
    meet(visit.arrive.grantMs, visit.arrive.arriveAfterMs, visit.arrive.granted, service.vehicle, "route", NONE);
  }
  if (visit.order > 0 && book.graph.stands[visit.stand]!.kind === "pocket") {
    departOf(book.standUses[visit.stand]![visit.order - 1]!, meet, "lane");
  }
  if (keepsJobOrder(book, service) && service.order > 0) {
    const previous = book.jobs[service.station]![service.order - 1]!;
    meet(previous.endMs, LEAST_MS, previous.done, previous.vehicle, "server", service.station);
  }
}
