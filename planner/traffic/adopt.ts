/**
 * Inserting a plan: a new plan replaces the ungranted part of one vehicle's plan. It is taken only if it starts where
 * the granted part ends, ends in a haven of its own, and every edge that is new or changed, those of the neighbours
 * included, has T(u) + w <= T(v) with every T of the new plan finite. Labels then grow along every edge, so no cycle
 * can arise. Otherwise everything is put back as it was.
 */
import { NONE } from "../leg-graph.ts";
import {
  grantedSteps,
  insertClear,
  insertJob,
  insertVisit,
  keepsJobOrder,
  LEAST_MS,
  OVERTAKEN_MAX,
  removeClear,
  removeJob,
  removeVisit,
  restoreClear,
  restoreJob,
  restoreVisit,
} from "./book.ts";
import { beforeClear, beforeGrant, beforeService } from "./edges.ts";
import { clearLabel, endLabel, fitsBehindBlocked, grantLabel } from "./retime.ts";
import type { Clear, Service, Step, TrafficBook, Visit } from "./types.ts";

/** A job to be done while standing. */
export interface PlannedService {
  readonly station: number;
  readonly job: string;
  readonly durationMs: number;
  /** Planned end. */
  readonly endMs: number;
}

/** One leg of a proposed plan with its times (absolute ms) and least durations. */
export interface PlannedStep {
  readonly leg: number;
  readonly laden: boolean;
  readonly grantMs: number;
  /** The vehicle's own motion allows the grant from here on (absolute); 0 where `afterMs` says it all. */
  readonly readyMs: number;
  readonly afterMs: number;
  readonly arriveAfterMs: number;
  readonly standClearAfterMs: number;
  /** In the order of `Leg.uses`. */
  readonly areaClearAfterMs: readonly number[];
  /** Jobs at the stand that the leg leads to. */
  readonly services: readonly PlannedService[];
}

/** A plan for what follows the granted part. */
export interface PlannedTail {
  readonly vehicle: number;
  /** Jobs added at the stand where the granted part ends. */
  readonly baseServices: readonly PlannedService[];
  readonly steps: readonly PlannedStep[];
}

export type AdoptRefusal =
  | { readonly kind: "no-haven"; readonly stand: number }
  | { readonly kind: "haven-taken"; readonly stand: number; readonly vehicle: number }
  | { readonly kind: "starts-elsewhere"; readonly stand: number }
  | { readonly kind: "order"; readonly vehicle: number; readonly resource: number; readonly edge: string }
  | { readonly kind: "never"; readonly leg: number }
  | { readonly kind: "never-served"; readonly station: number }
  | { readonly kind: "overtaken"; readonly vehicle: number };

/** What has to be put back on a refusal. */
interface Removed {
  readonly visits: [Visit, number][];
  readonly clears: [Clear, number][];
  readonly jobs: [Service, number][];
}

/** Position of the first job of a visit that may still be replaced: those started or done stay. */
function fixedServices(visit: Visit): number {
  let fixed = 0;
  for (let i = 0; i < visit.services.length; i++) {
    if (visit.services[i]!.done || visit.services[i]!.started) fixed = i + 1;
  }
  return fixed;
}

/** The undone, unstarted jobs of the base visit that a new plan drops; `keep` of them stay. */
function cut(book: TrafficBook, visits: Visit[], steps: Step[], granted: number, keep: number): Removed {
  const removed: Removed = { visits: [], clears: [], jobs: [] };
  const dropJob = (service: Service): void => {
    if (!service.done && keepsJobOrder(book, service)) {
      removed.jobs.push([service, service.order]);
      removeJob(book, service);
    }
  };
  for (let k = steps.length - 1; k >= granted; k--) {
    const visit = visits[k + 1]!;
    for (const service of visit.services) dropJob(service);
    removed.visits.push([visit, visit.order]);
    removeVisit(book, visit);
    const clears = steps[k]!.clears;
    for (let i = clears.length - 1; i >= 0; i--) {
      const clear = clears[i]!;
      if (clear.area === NONE) continue;
      removed.clears.push([clear, clear.order]);
      removeClear(book, clear);
    }
  }
  const base = visits[granted]!;
  for (let i = base.services.length - 1; i >= keep; i--) dropJob(base.services[i]!);
  return removed;
}

/** Puts back what `cut` took, in reverse, so that every order is what it was. */
function putBack(book: TrafficBook, removed: Removed): void {
  for (let i = removed.jobs.length - 1; i >= 0; i--) restoreJob(book, removed.jobs[i]![0], removed.jobs[i]![1]);
  for (let i = removed.clears.length - 1; i >= 0; i--) {
    restoreClear(book, removed.clears[i]![0], removed.clears[i]![1]);
  }
  for (let i = removed.visits.length - 1; i >= 0; i--) {
    restoreVisit(book, removed.visits[i]![0], removed.visits[i]![1]);
  }
}

/** A vehicle's plan without its ungranted part, as searches see it; `restore` brings the part back. */
export interface OpenedPlan {
  readonly base: Visit;
  restore(): void;
}

/**
 * Takes the ungranted part of a vehicle's plan out of all orders, so that a search does not see it.
 * @param keepServices jobs at the base visit that stay (default: those started or done)
 */
export function openPlan(book: TrafficBook, vehicle: number, keepServices?: number): OpenedPlan {
  const traffic = book.vehicles[vehicle]!;
  const granted = grantedSteps(traffic);
  const base = traffic.visits[granted]!;
  const keep = Math.max(keepServices ?? 0, fixedServices(base));
  const { visits, steps } = traffic;
  const services = base.services;
  const depart = base.depart;
  const removed = cut(book, visits, steps, granted, keep);
  traffic.visits = visits.slice(0, granted + 1);
  traffic.steps = steps.slice(0, granted);
  base.services = services.slice(0, keep);
  base.depart = null;
  return {
    base,
    restore(): void {
      traffic.visits = visits;
      traffic.steps = steps;
      base.services = services;
      base.depart = depart;
      putBack(book, removed);
    },
  };
}

function makeService(visit: Visit, planned: PlannedService): Service {
  return {
    vehicle: visit.vehicle,
    visit,
    station: planned.station,
    job: planned.job,
    durationMs: planned.durationMs,
    endMs: planned.endMs,
    started: false,
    done: false,
    order: NONE,
  };
}

function makeStep(book: TrafficBook, from: Visit, planned: PlannedStep): Step {
  const leg = book.graph.legs[planned.leg]!;
  const to: Visit = { vehicle: from.vehicle, stand: leg.to, arrive: null, depart: null, services: [], order: 0 };
  const clears: Clear[] = [];
  const step: Step = {
    vehicle: from.vehicle,
    leg: planned.leg,
    from,
    to,
    laden: planned.laden,
    granted: false,
    waits: false,
    overtaken: 0,
    grantMs: planned.grantMs,
    readyMs: planned.readyMs,
    afterMs: Math.max(LEAST_MS, planned.afterMs),
    arriveAfterMs: planned.arriveAfterMs,
    clears,
    cleared: 0,
  };
  const clearAt = (area: number, side: 0 | 1, positionM: number, afterMs: number): void => {
    const wait = Math.max(LEAST_MS, afterMs);
    clears.push({ step, area, side, positionM, afterMs: wait, ms: planned.grantMs + wait, done: false, order: 0 });
  };
  clearAt(NONE, 0, leg.fromClearM, planned.standClearAfterMs);
  leg.uses.forEach((use, i) => {
    clearAt(use.area, use.side, use.leaveM, planned.areaClearAfterMs[i]!);
  });
  clears.sort((a, b) => a.positionM - b.positionM || a.area - b.area);
  from.depart = step;
  to.arrive = step;
  to.services = planned.services.map((service) => makeService(to, service));
  return step;
}

/**
 * Replaces the ungranted part of `tail.vehicle`'s plan.
 * @param opened the plan as `openPlan` left it; on a refusal it stays open, and `opened.restore()` brings it back
 * @returns null if taken
 */
export function adoptTail(book: TrafficBook, tail: PlannedTail, opened: OpenedPlan): AdoptRefusal | null {
  const traffic = book.vehicles[tail.vehicle]!;
  const base = opened.base;
  const { graph } = book;
  const keptServices = base.services.length;
  let at: Visit = base;
  const steps: Step[] = [];
  for (const planned of tail.steps) {
    if (graph.legs[planned.leg]!.from !== at.stand) {
      base.depart = null;
      return { kind: "starts-elsewhere", stand: at.stand };
    }
    const step = makeStep(book, at, planned);
    steps.push(step);
    at = step.to;
  }
  const undo = (): void => {
    base.depart = null;
    base.services.length = keptServices;
  };
  if (!graph.stands[at.stand]!.haven) {
    undo();
    return { kind: "no-haven", stand: at.stand };
  }
  for (const planned of tail.baseServices) base.services.push(makeService(base, planned));
  const services = [...base.services.slice(keptServices), ...steps.flatMap((step) => step.to.services)];
  for (const step of steps) {
    insertVisit(book, step.to);
    for (const clear of step.clears) if (clear.area !== NONE) insertClear(book, clear);
  }
  for (const service of services) if (keepsJobOrder(book, service)) insertJob(book, service);
  const overtaken = waitingBehind(book, steps);
  const refusal =
    settle(book, base.services.slice(keptServices), steps) ??
    checkAround(book, base, steps, services, at) ??
    checkOvertaken(overtaken);
  if (refusal !== null) {
    for (const service of services) if (keepsJobOrder(book, service)) removeJob(book, service);
    for (let k = steps.length - 1; k >= 0; k--) {
      for (const clear of steps[k]!.clears) if (clear.area !== NONE) removeClear(book, clear);
      removeVisit(book, steps[k]!.to);
    }
    undo();
    return refusal;
  }
  traffic.steps.push(...steps);
  for (const step of steps) traffic.visits.push(step.to);
  traffic.planId = book.nextPlanId++;
  for (const step of overtaken) step.overtaken++;
  return null;
}

/** Legs of others for which somebody stands waiting and that now have a new use before theirs. */
function waitingBehind(book: TrafficBook, steps: readonly Step[]): Set<Step> {
  const found = new Set<Step>();
  for (const step of steps) {
    const uses = book.standUses[step.to.stand]!;
    for (let i = step.to.order + 1; i < uses.length; i++) {
      const arrive = uses[i]!.arrive;
      if (arrive?.waits === true) found.add(arrive);
    }
    for (const clear of step.clears) {
      if (clear.area === NONE) continue;
      const order = book.areaUses[clear.area]!;
      for (let i = clear.order + 1; i < order.length; i++) if (order[i]!.step.waits) found.add(order[i]!.step);
    }
  }
  return found;
}

function checkOvertaken(overtaken: ReadonlySet<Step>): AdoptRefusal | null {
  for (const step of overtaken) {
    if (step.overtaken >= OVERTAKEN_MAX) return { kind: "overtaken", vehicle: step.vehicle };
  }
  return null;
}

/** Gives the new plan's own events their labels, in travel order; those of others stand still. */
function settle(book: TrafficBook, baseServices: readonly Service[], steps: readonly Step[]): AdoptRefusal | null {
  for (const service of baseServices) {
    service.endMs = endLabel(book, service);
    if (!Number.isFinite(service.endMs)) return { kind: "never-served", station: service.station };
  }
  for (const step of steps) {
    step.grantMs = Math.max(step.grantMs, grantLabel(book, step));
    if (!Number.isFinite(step.grantMs)) return { kind: "never", leg: step.leg };
    for (const clear of step.clears) {
      clear.ms = clearLabel(book, clear);
      if (!Number.isFinite(clear.ms)) return { kind: "never", leg: step.leg };
    }
    for (const service of step.to.services) {
      service.endMs = endLabel(book, service);
      if (!Number.isFinite(service.endMs)) return { kind: "never-served", station: service.station };
    }
  }
  return null;
}

/** Every edge into an event whose predecessors may have changed: all uses of the resources touched. */
function checkAround(
  book: TrafficBook,
  base: Visit,
  steps: readonly Step[],
  services: readonly Service[],
  last: Visit,
): AdoptRefusal | null {
  const uses = book.standUses[last.stand]!;
  if (uses[uses.length - 1] !== last) {
    return { kind: "haven-taken", stand: last.stand, vehicle: uses[uses.length - 1]!.vehicle };
  }
  const touched = new Set<Step>();
  const jobs = new Set<Service>(services);
  const touchStand = (stand: number): void => {
    for (const visit of book.standUses[stand]!) {
      if (visit.arrive !== null) touched.add(visit.arrive);
      if (visit.depart !== null) touched.add(visit.depart);
      for (const service of visit.services) if (!service.done) jobs.add(service);
    }
  };
  touchStand(base.stand);
  for (const step of steps) {
    touchStand(step.to.stand);
    for (const clear of step.clears) {
      if (clear.area !== NONE) for (const other of book.areaUses[clear.area]!) touched.add(other.step);
    }
  }
  for (const service of services) {
    if (keepsJobOrder(book, service)) for (const other of book.jobs[service.station]!) jobs.add(other);
  }
  for (const step of touched) {
    const refusal = checkStep(book, step);
    if (refusal !== null) return refusal;
  }
  for (const service of jobs) {
    const startMs = service.endMs - service.durationMs;
    let refusal: AdoptRefusal | null = null;
    beforeService(book, service, (ms, weightMs, done, _vehicle, kind, resource) => {
      if (done || (kind === "route" && service.visit.arrive?.granted === true)) return;
      if (service.started || ms + weightMs > startMs) {
        if (ms === Number.POSITIVE_INFINITY && service.endMs === ms) return;
        refusal = { kind: "order", vehicle: service.vehicle, resource, edge: kind };
      }
    });
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Checks all edges into the undone events of one leg. Infinity may follow Infinity only where it stood so before. */
function checkStep(book: TrafficBook, step: Step): AdoptRefusal | null {
  let refusal: AdoptRefusal | null = null;
  const refuse = (resource: number, edge: string): void => {
    refusal = { kind: "order", vehicle: step.vehicle, resource, edge };
  };
  beforeGrant(book, step, (ms, weightMs, done, _vehicle, kind, resource) => {
    if (done) return;
    if (step.granted) refuse(resource, kind);
    else if (ms + weightMs > step.grantMs) refuse(resource, kind);
  });
  if (refusal !== null) return refusal;
  if (!step.granted && Number.isFinite(step.grantMs) && !fitsBehindBlocked(book, step.to)) {
    return { kind: "order", vehicle: step.vehicle, resource: step.to.stand, edge: "room" };
  }
  for (let i = step.cleared; i < step.clears.length; i++) {
    const clear = step.clears[i]!;
    beforeClear(book, clear, (ms, weightMs, done, vehicle, kind, resource) => {
      if (!done && vehicle !== step.vehicle && ms + weightMs > clear.ms) refuse(resource, kind);
    });
    if (refusal !== null) return refusal;
  }
  return null;
}
