import type { StaticRoute, StaticRoutes } from "./static-routes.ts";

/** Which bays can be reached and left, seen from one bay of the site's largest connected part. */
export interface Reachability {
  /** The bay from which ways are counted. */
  readonly reference: string;
  readonly bays: number;
  /** Bays to which no way leads from the reference. */
  readonly unreachable: readonly string[];
  /** Bays from which no way leads to the reference. */
  readonly withoutWayOut: readonly string[];
  /** The longest of the shortest ways from and to the reference. */
  readonly farthest: StaticRoute | null;
}

/**
 * Looks for a way from a reference bay to each bay and back. The reference is the first bay that is joined both ways
 * to at least half of the others; if there is none, the one that is joined to most.
 * @returns null where the site has no bay for the type
 */
export function reachability(routes: StaticRoutes): Reachability | null {
  let best: Reachability | null = null;
  for (const reference of routes.bays) {
    const report = from(routes, reference);
    const lost = report.unreachable.length + report.withoutWayOut.length;
    if (best === null || lost < best.unreachable.length + best.withoutWayOut.length) best = report;
    if (lost <= report.bays) break;
  }
  return best;
}

function from(routes: StaticRoutes, reference: string): Reachability {
  const unreachable: string[] = [];
  const withoutWayOut: string[] = [];
  let farthest: StaticRoute | null = null;
  for (const bay of routes.bays) {
    if (bay === reference) continue;
    const there = routes.route(reference, bay);
    const back = routes.route(bay, reference);
    if (there === null) unreachable.push(bay);
    if (back === null) withoutWayOut.push(bay);
    for (const route of [there, back])
      if (route !== null && (farthest === null || route.lengthM > farthest.lengthM)) farthest = route;
  }
  return { reference, bays: routes.bays.length, unreachable, withoutWayOut, farthest };
}
