/**
 * Plans one vehicle's task: search, insertion, and the fallback where the search finds nothing that fits. Whatever
 * happens, the vehicle has a plan that ends in a haven of its own afterwards: the new one or the old one.
 */
import { fallbackPlan } from "./fallback.ts";
import type { FreeFlow } from "./free-flow.ts";
import type { Flight, RunTable } from "./runs.ts";
import { type PlanQuery, SEARCH_DEFAULTS, type SearchOptions, type Stop, searchPlan } from "./search.ts";
import { type AdoptRefusal, adoptTail, openPlan } from "./traffic/adopt.ts";
import { grantedSteps, isAtRest } from "./traffic/book.ts";
import type { TrafficBook } from "./traffic/types.ts";

export interface TaskRequest {
  readonly vehicle: number;
  /** Load state after the jobs that stay at the end of the granted part. */
  readonly laden: boolean;
  /** It drives, and nothing makes it stop at the end of its granted part. */
  readonly flight: Flight | null;
  readonly stops: readonly Stop[];
  readonly havens: readonly { readonly stand: number; readonly costMs: number }[];
  /** Jobs at the stand where the granted part ends that belong to what goes on and stay in the plan. */
  readonly keepServices: number;
  /** Taken only if the plan ends earlier than this, ms: for replanning. */
  readonly endBeforeMs?: number;
}

export type TaskResult =
  | {
      readonly kind: "planned";
      readonly by: "search" | "fallback";
      readonly endMs: number;
      readonly expansions: number;
    }
  | {
      readonly kind: "kept";
      readonly why: "no-route" | "budget-spent" | "refused" | "no-better";
      readonly refusal: AdoptRefusal | null;
      readonly expansions: number;
    };

/** When the vehicle is ready to leave the stand at which its granted part ends, ms. */
export function readyAtEnd(book: TrafficBook, vehicle: number, keepServices: number): number {
  const traffic = book.vehicles[vehicle]!;
  const base = traffic.visits[grantedSteps(traffic)]!;
  let ready = book.nowMs;
  if (base.arrive !== null) ready = Math.max(ready, base.arrive.grantMs + base.arrive.arriveAfterMs);
  let keep = keepServices;
  base.services.forEach((service, i) => {
    if (service.started || service.done) keep = Math.max(keep, i + 1);
  });
  for (let i = 0; i < keep && i < base.services.length; i++) ready = Math.max(ready, base.services[i]!.endMs);
  return ready;
}

export function planTask(
  book: TrafficBook,
  runs: RunTable,
  flow: FreeFlow,
  request: TaskRequest,
  options: SearchOptions = SEARCH_DEFAULTS,
): TaskResult {
  const traffic = book.vehicles[request.vehicle]!;
  const atRest = isAtRest(traffic);
  const readyMs = readyAtEnd(book, request.vehicle, request.keepServices);
  const opened = openPlan(book, request.vehicle, request.keepServices);
  const base = opened.base;
  let position = 0;
  for (let i = 0; i < base.order; i++) {
    if (book.standUses[base.stand]![i]!.vehicle !== request.vehicle) position++;
  }
  const query: PlanQuery = {
    vehicle: request.vehicle,
    stand: base.stand,
    position,
    readyMs,
    laden: request.laden,
    flight: request.flight,
    stops: request.stops,
    havens: request.havens,
  };
  const found = Number.isFinite(readyMs)
    ? searchPlan(book, runs, flow, query, options)
    : ({ kind: "no-route" } as const);
  const expansions = found.kind === "no-route" ? 0 : found.expansions;
  let refusal: AdoptRefusal | null = null;
  if (found.kind === "plan") {
    if (request.endBeforeMs !== undefined && found.endMs >= request.endBeforeMs) {
      opened.restore();
      return { kind: "kept", why: "no-better", refusal: null, expansions };
    }
    refusal = adoptTail(book, found.tail, opened);
    if (refusal === null) return { kind: "planned", by: "search", endMs: found.endMs, expansions };
  }
  if (atRest || request.endBeforeMs === undefined) {
    const tail = fallbackPlan(book, runs, flow, query);
    if (tail !== null) {
      const refused = adoptTail(book, tail, opened);
      if (refused === null) {
        const last = traffic.steps[traffic.steps.length - 1];
        const endMs = last === undefined ? readyMs : last.grantMs + last.arriveAfterMs;
        return { kind: "planned", by: "fallback", endMs, expansions };
      }
      refusal = refused;
    }
  }
  opened.restore();
  const why = found.kind === "plan" ? "refused" : found.kind;
  return { kind: "kept", why, refusal, expansions };
}
