/**
 * The plan that always exists: the shortest way through the stops to a free haven, stop and go, each leg after the last
 * use of everything on it. One pass over the route. For a vehicle at rest on a well-formed site it is accepted whatever
 * the traffic, unless something on it is blocked (well-formed instances and token passing: Ma et al., AAMAS 2017).
 */
import type { FreeFlow } from "./free-flow.ts";
import { NONE } from "./leg-graph.ts";
import type { RunTable } from "./runs.ts";
import type { PlanQuery } from "./search.ts";
import type { PlannedService, PlannedStep, PlannedTail } from "./traffic/adopt.ts";
import { CLEAR_TO_GRANT_MS, isFreeHaven, LEAST_MS, standClear } from "./traffic/book.ts";
import type { TrafficBook } from "./traffic/types.ts";

/** @returns null where there is no way, or where a blocked vehicle holds something on it */
export function fallbackPlan(book: TrafficBook, runs: RunTable, flow: FreeFlow, query: PlanQuery): PlannedTail | null {
  let at = query.stand;
  let ms = query.readyMs;
  let laden = query.laden;
  const baseServices: PlannedService[] = [];
  const steps: PlannedStep[] = [];
  const drive = (goal: number): boolean => {
    const route = flow.route(at, goal, laden);
    if (route === null) return false;
    for (const index of route) {
      const run = runs.runOver([index], laden);
      const grantMs = afterAll(book, query.vehicle, index, ms);
      if (!Number.isFinite(grantMs)) return false;
      const last = steps[steps.length - 1];
      steps.push({
        leg: index,
        laden,
        grantMs,
        readyMs: 0,
        afterMs: last === undefined || last.services.length > 0 ? 0 : last.arriveAfterMs,
        arriveAfterMs: run.arriveMs,
        standClearAfterMs: run.standClearMs[0]!,
        areaClearAfterMs: run.areaClearMs[0]!,
        services: [],
      });
      ms = grantMs + run.arriveMs;
    }
    at = goal;
    return true;
  };
  for (const stop of query.stops) {
    const stand = nearest(flow, at, stop.stands, laden);
    if (stand === NONE || (stand !== at && !drive(stand))) return null;
    const services: PlannedService[] = [];
    for (const job of stop.jobs) {
      if (job.station !== NONE) {
        if (book.stationOut[job.station] === 1) return null;
        for (const other of book.jobs[job.station]!) ms = Math.max(ms, finite(other.endMs) + LEAST_MS);
      }
      ms += job.durationMs;
      laden = job.ladenAfter;
      services.push({ station: job.station, job: job.job, durationMs: job.durationMs, endMs: ms });
    }
    const step = steps.pop();
    if (step === undefined) baseServices.push(...services);
    else steps.push({ ...step, services: [...step.services, ...services] });
  }
  const free = query.havens.filter((haven) => isFreeHaven(book, haven.stand, query.vehicle));
  if (free.some((haven) => haven.stand === at)) return { vehicle: query.vehicle, baseServices, steps };
  const haven = nearest(
    flow,
    at,
    free.map((candidate) => candidate.stand),
    laden,
  );
  if (haven === NONE || !drive(haven)) return null;
  return { vehicle: query.vehicle, baseServices, steps };
}

function nearest(flow: FreeFlow, from: number, stands: readonly number[], laden: boolean): number {
  let best = NONE;
  let least = Number.POSITIVE_INFINITY;
  for (const stand of stands) {
    const ms = flow.toGoal(stand, laden)[from]!;
    if (ms < least) {
      least = ms;
      best = stand;
    }
  }
  return best;
}

/** Uses that are never reached stay behind the new one; they count for nothing. */
function finite(ms: number): number {
  return Number.isFinite(ms) ? ms : Number.NEGATIVE_INFINITY;
}

/** Earliest grant >= `ms` of a leg that comes after every finite use of everything on it; Infinity where one that is granted never clears. */
function afterAll(book: TrafficBook, vehicle: number, index: number, ms: number): number {
  const leg = book.graph.legs[index]!;
  let at = ms;
  for (const use of leg.uses) {
    for (const other of book.areaUses[use.area]!) {
      if (other.step.vehicle === vehicle) continue;
      if (!Number.isFinite(other.ms) && other.step.granted) return Number.POSITIVE_INFINITY;
      at = Math.max(at, finite(other.ms) + CLEAR_TO_GRANT_MS);
    }
  }
  for (const stand of [leg.from, leg.to]) {
    for (const visit of book.standUses[stand]!) {
      if (visit.vehicle === vehicle) continue;
      if (stand === leg.from && visit.order > 0 && isBehindOwn(book, vehicle, stand, visit.order)) continue;
      const clear = standClear(visit);
      const arrived = visit.arrive === null || visit.arrive.granted;
      if (clear === null) return Number.POSITIVE_INFINITY;
      if (!Number.isFinite(clear.ms) && arrived) return Number.POSITIVE_INFINITY;
      at = Math.max(at, finite(clear.ms) + CLEAR_TO_GRANT_MS, finite(visit.depart!.grantMs) + LEAST_MS);
    }
  }
  return at;
}

function isBehindOwn(book: TrafficBook, vehicle: number, stand: number, order: number): boolean {
  const uses = book.standUses[stand]!;
  for (let i = 0; i < order; i++) if (uses[i]!.vehicle === vehicle) return true;
  return false;
}
