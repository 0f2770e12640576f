import { NONE } from "../leg-graph.ts";
import { beforeGrant, beforeService, type EdgeKind } from "./edges.ts";
import { grantLabel } from "./retime.ts";
import type { Service, Step, TrafficBook } from "./types.ts";

/** What holds a grant or a job back: somebody's event over a resource, or a block source. */
export interface Wait {
  readonly vehicle: number;
  readonly kind: EdgeKind | "blocked";
  /** Stand, area or station; NONE on the route or for a block. */
  readonly resource: number;
}

/** The first undone predecessor of an ungranted leg, or null: it may be granted. */
export function grantWait(book: TrafficBook, step: Step): Wait | null {
  let wait: Wait | null = null;
  beforeGrant(book, step, (_ms, _weightMs, done, vehicle, kind, resource) => {
    if (!done && (wait === null || wait.vehicle === step.vehicle)) wait = { vehicle, kind, resource };
  });
  if (wait !== null) return wait;
  // Labels of Infinity come from block sources and closures, which the graph knows but edges do not show.
  if (grantLabel(book, step) === Number.POSITIVE_INFINITY)
    return { vehicle: step.vehicle, kind: "blocked", resource: NONE };
  return null;
}

/** The first undone predecessor of a job's start, or null: it may begin (its vehicle stands at the stop line). */
export function serviceWait(book: TrafficBook, service: Service): Wait | null {
  let wait: Wait | null = null;
  if (service.station !== NONE && book.stationOut[service.station] === 1) {
    return { vehicle: service.vehicle, kind: "blocked", resource: service.station };
  }
  beforeService(book, service, (_ms, _weightMs, done, vehicle, kind, resource) => {
    if (!done && wait === null) wait = { vehicle, kind, resource };
  });
  return wait;
}
