/**
 * Labels from nothing: T(v) = max(now, T(u) + w(u, v)) in one pass in the graph's own order, over the graph that
 * `precedenceOf` builds. For judging the labels of a book, which are kept up to date from what they were before; so
 * the rules of what never happens are written down here once more.
 */
import type { PrecedenceEvent, PrecedenceGraph } from "./precedence.ts";
import type { TrafficBook, Visit } from "./types.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** @returns label of each event at `book.labelsMs`, ms; null where the graph has a cycle */
export function freshLabels(book: TrafficBook, graph: PrecedenceGraph): ReadonlyMap<PrecedenceEvent, number> | null {
  const order = inOrder(graph);
  if (order === null) return null;
  const labels = new Map<PrecedenceEvent, number>();
  for (const event of order) labels.set(event, freshLabel(book, graph, event, labels));
  return labels;
}

/** Events such that each comes after those before it, and after those that decide whether it ever happens. */
function inOrder(graph: PrecedenceGraph): readonly PrecedenceEvent[] | null {
  const open = new Map<PrecedenceEvent, number>();
  const followers = new Map<PrecedenceEvent, PrecedenceEvent[]>(graph.events.map((event) => [event, []]));
  for (const event of graph.events) {
    const needs = [...event.before.map((each) => each.event), ...outside(graph, event), ...tailOf(graph, event)];
    open.set(event, needs.length);
    for (const need of needs) followers.get(need)!.push(event);
  }
  const order = graph.events.filter((event) => open.get(event) === 0);
  // The list grows while it is gone through.
  for (const event of order) {
    for (const follower of followers.get(event)!) {
      open.set(follower, open.get(follower)! - 1);
      if (open.get(follower) === 0) order.push(follower);
    }
  }
  return order.length === graph.events.length ? order : null;
}

function freshLabel(
  book: TrafficBook,
  graph: PrecedenceGraph,
  event: PrecedenceEvent,
  labels: ReadonlyMap<PrecedenceEvent, number>,
): number {
  const nowMs = book.labelsMs;
  const isNever = (other: PrecedenceEvent): boolean => labels.get(other) === NEVER;
  if (book.vehicles[event.vehicle]!.blocked || event.endless !== null) return NEVER;
  if (outside(graph, event).some(isNever) || tailOf(graph, event).some(isNever)) return NEVER;
  const { step, clear, service } = event;
  let earliestMs = Math.max(nowMs, event.earliestMs);
  for (const { event: earlier, weightMs } of event.before) {
    earliestMs = Math.max(earliestMs, labels.get(earlier)! + weightMs);
  }
  if (service !== null) {
    if (service.station >= 0 && book.stationOut[service.station] === 1) return NEVER;
    // How long a job that has begun still takes is told from outside.
    if (service.started) return Math.max(nowMs + 1, service.endMs === NEVER ? 0 : service.endMs);
    return earliestMs + service.durationMs;
  }
  if (clear !== null) {
    if (clear.step.granted && !hasRoom(book, clear.step.to)) return NEVER;
    return Math.max(nowMs + 1, earliestMs);
  }
  if (book.closedLeg[step!.leg] === 1 || !hasRoom(book, step!.to)) return NEVER;
  return Math.max(earliestMs, step!.readyMs);
}

/**
 * Events of others before the C's of a leg: if one never happens, a leg that is not granted is not to be entered, and
 * who is granted it is stuck somewhere in it.
 */
function outside(graph: PrecedenceGraph, event: PrecedenceEvent): PrecedenceEvent[] {
  const step = event.step ?? event.clear?.step;
  if (step === undefined || (event.clear !== null && !step.granted)) return [];
  const found: PrecedenceEvent[] = [];
  for (const clear of step.clears) {
    for (const { event: earlier } of graph.clearOf.get(clear)?.before ?? []) {
      if (earlier.step !== step && earlier.clear?.step !== step) found.push(earlier);
    }
  }
  return found;
}

/** The last C of the leg to a job: who is stuck in it never gets there. */
function tailOf(graph: PrecedenceGraph, event: PrecedenceEvent): PrecedenceEvent[] {
  const last = event.service?.started === true ? undefined : event.service?.visit.arrive?.clears.at(-1);
  const tail = last === undefined ? undefined : graph.clearOf.get(last);
  return tail === undefined ? [] : [tail];
}

/**
 * Behind one that stands blocked in a pocket there is room for as many lengths with gap as lie behind its tail; if it is
 * granted onto the pocket and not in it yet, or goes through it, for nobody.
 */
function hasRoom(book: TrafficBook, visit: Visit): boolean {
  if (book.graph.stands[visit.stand]!.kind === "place") return true;
  const ahead = book.standUses[visit.stand]!.slice(0, visit.order);
  return ahead.every((other, i) => {
    const traffic = book.vehicles[other.vehicle]!;
    const ungranted = other.arrive !== null && !other.arrive.granted;
    if (!traffic.blocked || ungranted) return true;
    if (traffic.visits[0] !== other) return false;
    const wanted = ahead.length - i;
    return traffic.blockedAtM - wanted * book.slotM >= -1e-6;
  });
}
