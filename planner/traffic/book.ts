import { type LegGraph, NONE } from "../leg-graph.ts";
import type { Site } from "../site.ts";
import type { VehicleType } from "../vehicle-type.ts";
import type { Clear, Service, Step, TrafficBook, VehicleTraffic, Visit } from "./types.ts";

/** From a tail seen clear to the grant that waited for it: one report and one tick, ms. */
export const CLEAR_TO_GRANT_MS = 200;
/** How often a vehicle that stands waiting for a leg may be overtaken there: the bound K. */
export const OVERTAKEN_MAX = 5;
/** Every edge of the precedence graph takes at least this long, so labels grow along it and no cycle can arise. */
export const LEAST_MS = 1;

/** An empty book. `graph` was compiled for `type`; `vehiclesMax` bounds the fleet. */
export function createBook(site: Site, graph: LegGraph, type: VehicleType, vehiclesMax: number): TrafficBook {
  const slotM = type.lengthM + type.standstillGapM;
  return {
    graph,
    slotM,
    capacity: Int32Array.from(graph.stands, (stand) =>
      stand.kind === "place" ? 1 : 1 + Math.floor(stand.rangeM / slotM + 1e-9),
    ),
    standUses: graph.stands.map(() => []),
    areaUses: graph.areas.map(() => []),
    jobs: site.stations.map(() => []),
    ordered: Uint8Array.from(site.stations, (station) => (station.bays.length > 1 && station.service !== null ? 1 : 0)),
    closedLeg: new Uint8Array(graph.legs.length),
    stationOut: new Uint8Array(site.stations.length),
    vehicles: new Array<VehicleTraffic | null>(vehiclesMax).fill(null),
    nowMs: 0,
    labelsMs: 0,
    nextPlanId: 1,
  };
}

/**
 * Puts a vehicle at rest into a free haven.
 * @returns false where the stand is no haven or somebody uses it
 */
export function admitVehicle(book: TrafficBook, vehicle: number, stand: number): boolean {
  if (book.graph.stands[stand]!.haven !== true || book.standUses[stand]!.length > 0) return false;
  if (book.vehicles[vehicle] !== null) return false;
  const visit: Visit = { vehicle, stand, arrive: null, depart: null, services: [], order: 0 };
  book.standUses[stand]!.push(visit);
  book.vehicles[vehicle] = {
    index: vehicle,
    visits: [visit],
    steps: [],
    planId: book.nextPlanId++,
    blocked: false,
    blockedAtM: Number.NaN,
  };
  return true;
}

/** The moment at which the stand of a visit is clear again, or null while the plan ends there. */
export function standClear(visit: Visit): Clear | null {
  const step = visit.depart;
  if (step === null) return null;
  for (const clear of step.clears) if (clear.area === NONE) return clear;
  throw new Error(`leg ${step.leg} has no clear of its stand`);
}

/** At rest: plan finished, last use without C, every service ended. */
export function isAtRest(traffic: VehicleTraffic): boolean {
  return traffic.steps.length === 0 && traffic.visits[0]!.services.every((service) => service.done);
}

/** How many legs at the front of the plan are granted. */
export function grantedSteps(traffic: VehicleTraffic): number {
  let count = 0;
  while (count < traffic.steps.length && traffic.steps[count]!.granted) count++;
  return count;
}

/** A haven whose last use has a C, that has no use, or that only this vehicle uses. */
export function isFreeHaven(book: TrafficBook, stand: number, vehicle: number): boolean {
  if (!book.graph.stands[stand]!.haven) return false;
  const uses = book.standUses[stand]!;
  const last = uses[uses.length - 1];
  return last === undefined || last.depart !== null || last.vehicle === vehicle;
}

/** A server's jobs keep an order of their own where its bays do not force one. */
export function keepsJobOrder(book: TrafficBook, service: Service): boolean {
  return service.station !== NONE && book.ordered[service.station] === 1;
}

function renumber(list: { order: number }[], from: number): void {
  for (let i = from; i < list.length; i++) list[i]!.order = i;
}

function insertAt<T extends { order: number }>(list: T[], item: T, position: number): void {
  list.splice(position, 0, item);
  renumber(list, position);
}

function removeFrom<T extends { order: number }>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at < 0) throw new Error("a use is missing from its resource's order");
  list.splice(at, 1);
  renumber(list, at);
}

/** Puts a visit into its stand's order: behind all granted ones and all that are granted earlier. */
export function insertVisit(book: TrafficBook, visit: Visit): void {
  const uses = book.standUses[visit.stand]!;
  const grantMs = visit.arrive!.grantMs;
  let at = uses.length;
  while (at > 0) {
    const before = uses[at - 1]!;
    if (before.arrive === null || before.arrive.granted || before.arrive.grantMs <= grantMs) break;
    at--;
  }
  insertAt(uses, visit, at);
}

/** Puts a leg's use of an area into the area's order, by the time of the grant. */
export function insertClear(book: TrafficBook, clear: Clear): void {
  const uses = book.areaUses[clear.area]!;
  let at = uses.length;
  while (at > 0) {
    const before = uses[at - 1]!.step;
    if (before.granted || before.vehicle === clear.step.vehicle || before.grantMs <= clear.step.grantMs) break;
    at--;
  }
  insertAt(uses, clear, at);
}

/** Puts a job into its station's order, by its start. */
export function insertJob(book: TrafficBook, service: Service): void {
  const jobs = book.jobs[service.station]!;
  let at = jobs.length;
  while (at > 0) {
    const before = jobs[at - 1]!;
    if (before.started || before.endMs - before.durationMs <= service.endMs - service.durationMs) break;
    at--;
  }
  insertAt(jobs, service, at);
}

export function removeVisit(book: TrafficBook, visit: Visit): void {
  removeFrom(book.standUses[visit.stand]!, visit);
}

export function removeClear(book: TrafficBook, clear: Clear): void {
  removeFrom(book.areaUses[clear.area]!, clear);
}

export function removeJob(book: TrafficBook, service: Service): void {
  removeFrom(book.jobs[service.station]!, service);
}

/** Puts something back to the position that it had. */
export function restoreVisit(book: TrafficBook, visit: Visit, position: number): void {
  insertAt(book.standUses[visit.stand]!, visit, position);
}

export function restoreClear(book: TrafficBook, clear: Clear, position: number): void {
  insertAt(book.areaUses[clear.area]!, clear, position);
}

export function restoreJob(book: TrafficBook, service: Service, position: number): void {
  insertAt(book.jobs[service.station]!, service, position);
}

/** G has happened: the leg is the vehicle's. */
export function setGranted(book: TrafficBook, step: Step): void {
  step.granted = true;
  step.grantMs = book.nowMs;
}

/** C has happened: gives the ground back; with the stand's C the vehicle's stay there is over. */
export function setCleared(book: TrafficBook, clear: Clear): void {
  const step = clear.step;
  if (step.clears[step.cleared] !== clear) throw new Error("clears come in travel order");
  clear.done = true;
  clear.ms = book.nowMs;
  step.cleared++;
  if (clear.area === NONE) removeVisit(book, step.from);
  else removeClear(book, clear);
  const traffic = book.vehicles[step.vehicle]!;
  while (traffic.steps.length > 0 && traffic.steps[0]!.cleared === traffic.steps[0]!.clears.length) {
    traffic.steps.shift();
    traffic.visits.shift();
  }
}

export function setServiceStarted(book: TrafficBook, service: Service): void {
  service.started = true;
  service.endMs = book.nowMs + service.durationMs;
}

/** Takes out a job that has not begun and that nobody wants any more: labels only get earlier. */
export function dropService(book: TrafficBook, service: Service): void {
  if (keepsJobOrder(book, service)) removeJob(book, service);
  service.visit.services = service.visit.services.filter((other) => other !== service);
}

/** S has happened. */
export function setServiceEnded(book: TrafficBook, service: Service): void {
  service.done = true;
  service.endMs = book.nowMs;
  if (keepsJobOrder(book, service)) removeJob(book, service);
}
