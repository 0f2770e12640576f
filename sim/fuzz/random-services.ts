import type { Prng } from "../../planner/index.ts";
import type { ServiceHost } from "../vehicle/index.ts";

/** Mean of a usual service, and least of one that drags on, ms. */
const USUAL_MS = 20_000;
const LONG_MS = 120_000;
const LONGEST_MS = 600_000;
const LONG_SHARE = 0.05;

/** Serves each request at once, for a time drawn from an exponential distribution with a heavy tail (Pareto, shape 1). */
export function randomServices(random: Prng): ServiceHost & { readonly busyUntilMs: number } {
  const endMs = new Map<number, number>();
  const charging = new Set<number>();
  let last = 0;
  const host = {
    busyUntilMs: 0,
    request: ({ action }, atMs) => {
      const u = 1 - random.nextFloat();
      const long = random.nextFloat() < LONG_SHARE;
      const takesMs = long ? Math.min(LONGEST_MS, LONG_MS / u) : 2_000 - USUAL_MS * Math.log(u);
      endMs.set(++last, atMs + Math.round(takesMs));
      if (action.actionType === "startCharging") charging.add(last);
      else host.busyUntilMs = Math.max(host.busyUntilMs, atMs + takesMs);
      return { kind: "taken", ticket: last };
    },
    progress: (ticket, nowMs) => (endMs.get(ticket)! <= nowMs ? "done" : "serving"),
    withdraw: (ticket) => charging.delete(ticket),
  } satisfies ServiceHost & { busyUntilMs: number };
  return host;
}
