/**
 * Every interleaving of the events of a book, by depth-first search over its states. An adversary picks what happens
 * next: a grant that nothing holds back, a tail that clears ground, a job that ends. The orders stay; what is checked
 * is that they never let two in where one may be, and never leave the fleet without a next event.
 */
import { NONE } from "./leg-graph.ts";
import {
  grantedSteps,
  keepsJobOrder,
  restoreClear,
  restoreJob,
  restoreVisit,
  setCleared,
  setGranted,
  setServiceEnded,
} from "./traffic/book.ts";
import { grantWait } from "./traffic/grants.ts";
import { fitsBehindBlocked, retime, undoneEvents } from "./traffic/retime.ts";
import type { Clear, Service, Step, TrafficBook, VehicleTraffic } from "./traffic/types.ts";

/** Something that may happen next. */
export type Move =
  | { readonly kind: "G"; readonly step: Step }
  | { readonly kind: "C"; readonly clear: Clear }
  | { readonly kind: "S"; readonly service: Service };

export interface ModelCheckResult {
  readonly states: number;
  /** Null, or what was wrong in some state. */
  readonly fault: string | null;
}

/** What a vehicle has next on its way: its next grant, its next clear, its next job. */
function nextOf(traffic: VehicleTraffic): { step: Step | null; clear: Clear | null; service: Service | null } {
  const granted = grantedSteps(traffic);
  const step = traffic.steps[granted] ?? null;
  let clear: Clear | null = null;
  for (let k = 0; k < granted && clear === null; k++) {
    const own = traffic.steps[k]!;
    clear = own.clears[own.cleared] ?? null;
  }
  const service = traffic.visits[granted]!.services.find((each) => !each.done) ?? null;
  return { step, clear, service };
}

/** It stands at the stop line of the stand at which its granted part ends: nobody is before it there. */
function standsAtEnd(book: TrafficBook, traffic: VehicleTraffic): boolean {
  const granted = grantedSteps(traffic);
  for (let k = 0; k < granted; k++) {
    const step = traffic.steps[k]!;
    if (step.cleared < step.clears.length) return false;
  }
  const base = traffic.visits[granted]!;
  for (let i = 0; i < base.order; i++) {
    if (book.standUses[base.stand]![i]!.vehicle !== traffic.index) return false;
  }
  return true;
}

/** Whether a tail can get there at all: it does not pass one that is ahead of it on the same lanes. */
function canClear(book: TrafficBook, clear: Clear): boolean {
  const { step } = clear;
  if (clear.area === NONE) {
    return book.graph.stands[step.from.stand]!.kind === "place" || isFirst(book, step.from.stand, step);
  }
  for (let i = 0; i < clear.order; i++) {
    const other = book.areaUses[clear.area]![i]!;
    if (other.step.vehicle !== step.vehicle && other.step.leg === step.leg) return false;
  }
  return true;
}

/** Whether a tail gets there however slow those ahead of it are. */
function surelyClears(book: TrafficBook, clear: Clear): boolean {
  const { step } = clear;
  if (!canClear(book, clear) || !fitsBehindBlocked(book, step.to)) return false;
  const { to } = step;
  if (book.graph.stands[to.stand]!.kind === "pocket" && to.order >= book.capacity[to.stand]!) return false;
  if (clear.area === NONE) return true;
  for (let i = 0; i < clear.order; i++) {
    const other = book.areaUses[clear.area]![i]!;
    if (other.step.vehicle !== step.vehicle && other.side === clear.side) return false;
  }
  return true;
}

function isFirst(book: TrafficBook, stand: number, step: Step): boolean {
  for (let i = 0; i < step.from.order; i++) if (book.standUses[stand]![i]!.vehicle !== step.vehicle) return false;
  return true;
}

/** Everything that may happen next. */
export function possibleMoves(book: TrafficBook): Move[] {
  const moves: Move[] = [];
  for (const traffic of book.vehicles) {
    if (traffic === null || traffic.blocked) continue;
    const { step, clear, service } = nextOf(traffic);
    if (step !== null && service === null && grantWait(book, step) === null) moves.push({ kind: "G", step });
    if (clear !== null && canClear(book, clear)) moves.push({ kind: "C", clear });
    if (service !== null && mayEnd(book, traffic, service)) moves.push({ kind: "S", service });
  }
  return moves;
}

function mayEnd(book: TrafficBook, traffic: VehicleTraffic, service: Service): boolean {
  return standsAtEnd(book, traffic) && !(keepsJobOrder(book, service) && service.order > 0);
}

/** Some event comes whatever else does not: a grant to one at its stop line, a tail with a free way, a job. */
function somethingMustHappen(book: TrafficBook): boolean {
  for (const traffic of book.vehicles) {
    if (traffic === null || traffic.blocked) continue;
    const { step, clear, service } = nextOf(traffic);
    if (clear !== null && surelyClears(book, clear)) return true;
    if (service !== null && mayEnd(book, traffic, service)) return true;
    if (step !== null && service === null && standsAtEnd(book, traffic) && grantWait(book, step) === null) return true;
  }
  return false;
}

function isOver(book: TrafficBook): boolean {
  return book.vehicles.every((traffic) => {
    if (traffic === null) return true;
    return traffic.steps.length === 0 && traffic.visits[0]!.services.every((service) => service.done);
  });
}

/** Makes a move happen. @returns takes it back, with every order as it was */
export function apply(book: TrafficBook, move: Move): () => void {
  if (move.kind === "G") {
    const { step } = move;
    const { grantMs } = step;
    setGranted(book, step);
    return () => {
      step.granted = false;
      step.grantMs = grantMs;
    };
  }
  if (move.kind === "S") {
    const { service } = move;
    const { endMs, order, started } = service;
    const ordered = keepsJobOrder(book, service);
    service.started = true;
    setServiceEnded(book, service);
    return () => {
      service.done = false;
      service.started = started;
      service.endMs = endMs;
      if (ordered) restoreJob(book, service, order);
    };
  }
  const { clear } = move;
  const { ms, order, step } = clear;
  const traffic = book.vehicles[step.vehicle]!;
  const visits = [...traffic.visits];
  const steps = [...traffic.steps];
  const standOrder = step.from.order;
  setCleared(book, clear);
  return () => {
    traffic.visits = visits;
    traffic.steps = steps;
    step.cleared--;
    clear.done = false;
    clear.ms = ms;
    if (clear.area === NONE) restoreVisit(book, step.from, standOrder);
    else restoreClear(book, clear, order);
  };
}

/** How many events a vehicle has left, of each kind: with fixed orders that is its state. */
function leftOf(traffic: VehicleTraffic): { grants: number; clears: number; jobs: number } {
  let grants = 0;
  let clears = 0;
  for (const step of traffic.steps) {
    if (!step.granted) grants++;
    clears += step.clears.length - step.cleared;
  }
  let jobs = 0;
  for (const visit of traffic.visits) for (const service of visit.services) if (!service.done) jobs++;
  return { grants, clears, jobs };
}

function keyOf(book: TrafficBook): string {
  return book.vehicles
    .map((traffic) => {
      if (traffic === null) return "";
      const { grants, clears, jobs } = leftOf(traffic);
      return `${grants}.${clears}.${jobs}`;
    })
    .join(" ");
}

/** An upper bound of the number of states that a book can get into. */
export function statesMax(book: TrafficBook): number {
  let product = 1;
  for (const traffic of book.vehicles) {
    if (traffic === null) continue;
    const { grants, clears, jobs } = leftOf(traffic);
    product *= (grants + 1) * (clears + 1) * (jobs + 1);
  }
  return product;
}

/** Two sides in an area, two vehicles in a place, or more in a pocket than fit: what no state may show. */
export function exclusionFault(book: TrafficBook): string | null {
  const { areas, stands } = book.graph;
  for (let area = 0; area < book.areaUses.length; area++) {
    const uses = book.areaUses[area]!;
    for (let j = 1; j < uses.length; j++) {
      const later = uses[j]!;
      if (!later.step.granted) continue;
      for (let i = 0; i < j; i++) {
        const earlier = uses[i]!;
        if (!earlier.step.granted || earlier.side === later.side || earlier.step.vehicle === later.step.vehicle)
          continue;
        return `vehicles ${earlier.step.vehicle} and ${later.step.vehicle} are on both sides of ${areas[area]!.name}`;
      }
    }
  }
  for (let stand = 0; stand < book.standUses.length; stand++) {
    const { id, kind } = stands[stand]!;
    let inside = 0;
    let last: number = NONE;
    for (const visit of book.standUses[stand]!) {
      if (visit.arrive !== null && !visit.arrive.granted) continue;
      if (kind === "place" && last !== NONE && last !== visit.vehicle)
        return `vehicles ${last} and ${visit.vehicle} are in ${id}`;
      last = visit.vehicle;
      if (visit.depart === null || !visit.depart.granted) inside++;
    }
    if (inside > book.capacity[stand]!)
      return `${inside} vehicles end on ${id}, which has room for ${book.capacity[stand]}`;
  }
  return null;
}

/** An event that depends on no blocked vehicle, by the labels that the book would give in this state; or null. */
function freeOfBlocks(book: TrafficBook): string | null {
  const events: Parameters<typeof undoneEvents>[1] = [];
  for (const traffic of book.vehicles) if (traffic !== null) undoneEvents(traffic, events);
  const settled = retime(book);
  let free: string | null = settled ? null : "labels do not settle";
  for (const { step, clear, service, ms } of events) {
    const label = step?.grantMs ?? clear?.ms ?? service!.endMs;
    const vehicle = (step ?? clear?.step ?? service!).vehicle;
    if (label !== Number.POSITIVE_INFINITY) free ??= `an event of vehicle ${vehicle} is expected`;
    if (step !== null) step.grantMs = ms;
    else if (clear !== null) clear.ms = ms;
    else service!.endMs = ms;
  }
  return free;
}

/** Goes through every state that can be reached. The book is as it was afterwards, unless there is a fault. */
export function checkAllInterleavings(book: TrafficBook): ModelCheckResult {
  const seen = new Set<string>([keyOf(book)]);
  const visit = (): string | null => {
    const fault = exclusionFault(book);
    if (fault !== null) return fault;
    if (!somethingMustHappen(book) && !isOver(book)) {
      const free = freeOfBlocks(book);
      if (free !== null) return `nothing can happen any more, but ${free}: ${keyOf(book)}`;
    }
    for (const move of possibleMoves(book)) {
      const undo = apply(book, move);
      const key = keyOf(book);
      if (!seen.has(key)) {
        seen.add(key);
        const found = visit();
        if (found !== null) return found;
      }
      undo();
    }
    return null;
  };
  const fault = visit();
  return { states: seen.size, fault };
}
