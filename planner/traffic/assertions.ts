/**
 * What must hold of a book at every tick (A1 to A3, A5 to A8, A10, and of A9 the bound of overtaking). The precedence
 * graph is built once more for it (`precedence.ts`), and so are the labels (`fresh-labels.ts`), so that it also judges
 * the edges that grants and labels are read from. A4 needs the vehicles' true motion and is watched where that is known;
 * A11, that a refused plan leaves no trace, is `bookText` before and after.
 */
import { NONE } from "../leg-graph.ts";
import { OVERTAKEN_MAX } from "./book.ts";
import { freshLabels } from "./fresh-labels.ts";
import { grantWait } from "./grants.ts";
import { labelOf, type PrecedenceEvent, type PrecedenceGraph, precedenceOf } from "./precedence.ts";
import type { TrafficBook } from "./types.ts";

export type BookRule = "A1" | "A2" | "A3" | "A5" | "A6" | "A7" | "A8" | "A9" | "A10";

/** A broken assertion. */
export interface BookBreach {
  readonly rule: BookRule;
  readonly resource: string;
  readonly vehicles: readonly number[];
  readonly text: string;
}

export interface CheckOptions {
  /** Labels are fresh: they are judged too (A1, A10). */
  readonly labels: boolean;
}

type Say = (rule: BookRule, resource: string, vehicles: readonly number[], text: string) => void;

/** @returns every breach; empty for a sound book */
export function checkBook(book: TrafficBook, options: CheckOptions = { labels: false }): readonly BookBreach[] {
  const breaches: BookBreach[] = [];
  const say: Say = (rule, resource, vehicles, text) => breaches.push({ rule, resource, vehicles, text });
  checkPrefixes(book, say);
  checkExclusion(book, say);
  checkEnds(book, say);
  const graph = precedenceOf(book);
  checkGraph(book, graph, say);
  checkWaits(book, graph, say);
  if (options.labels) checkLabels(book, graph, say);
  for (const traffic of book.vehicles) {
    for (const step of traffic?.steps ?? []) {
      if (step.overtaken > OVERTAKEN_MAX) say("A9", "", [step.vehicle], `overtaken ${step.overtaken} times`);
    }
  }
  return breaches;
}

// ---------------------------------------------------------------- A2, A3, A5, A6

/** A2: uses say where they stand in their order, and those granted come first. */
function checkPrefixes(book: TrafficBook, say: Say): void {
  const check = <T extends { readonly order: number }>(
    uses: readonly T[],
    name: string,
    granted: (use: T) => boolean,
    vehicle: (use: T) => number,
  ): void => {
    let ahead: T | null = null;
    uses.forEach((use, i) => {
      if (use.order !== i) say("A2", name, [vehicle(use)], `number ${i} of the order says ${use.order}`);
      if (!granted(use)) ahead ??= use;
      else if (ahead !== null && vehicle(ahead) !== vehicle(use)) {
        say("A2", name, [vehicle(ahead), vehicle(use)], "granted behind one that is not");
      }
    });
  };
  const { stands, areas } = book.graph;
  book.standUses.forEach((uses, i) => {
    check(
      uses,
      stands[i]!.id,
      (visit) => visit.arrive === null || visit.arrive.granted,
      (visit) => visit.vehicle,
    );
  });
  book.areaUses.forEach((uses, i) => {
    check(
      uses,
      areas[i]!.name,
      (clear) => clear.step.granted,
      (clear) => clear.step.vehicle,
    );
  });
  book.jobs.forEach((jobs, i) => {
    check(
      jobs,
      `station ${i}`,
      (service) => service.started,
      (service) => service.vehicle,
    );
  });
}

/** A3: one side in an area, one vehicle in a place. A6: those whose grants end in a pocket fit into it. */
function checkExclusion(book: TrafficBook, say: Say): void {
  const { stands, areas } = book.graph;
  book.areaUses.forEach((uses, area) => {
    const held = uses.filter((use) => use.step.granted);
    for (const use of held) {
      const other = held.find((each) => each.side !== use.side && each.step.vehicle !== use.step.vehicle);
      if (other === undefined || other.order < use.order) continue;
      say("A3", areas[area]!.name, [use.step.vehicle, other.step.vehicle], "both sides are granted");
    }
  });
  book.standUses.forEach((uses, stand) => {
    const inside = uses.filter((visit) => visit.arrive === null || visit.arrive.granted);
    const vehicles = inside.map((visit) => visit.vehicle);
    if (stands[stand]!.kind === "place") {
      if (new Set(vehicles).size > 1) say("A3", stands[stand]!.id, vehicles, "a place granted to several");
      return;
    }
    const ending = inside.filter((visit) => visit.depart === null || !visit.depart.granted);
    if (ending.length <= book.capacity[stand]!) return;
    const text = `room for ${book.capacity[stand]}, ${ending.length} are granted onto it and not off it`;
    say("A6", stands[stand]!.id, vehicles, text);
  });
}

/** A5: every plan ends in a haven of its own, for good, and nobody is ordered behind it. */
function checkEnds(book: TrafficBook, say: Say): void {
  const owner = new Map<number, number>();
  for (const traffic of book.vehicles) {
    if (traffic === null) continue;
    const last = traffic.visits[traffic.visits.length - 1]!;
    const { id, haven } = book.graph.stands[last.stand]!;
    if (!haven || last.depart !== null) say("A5", id, [traffic.index], "the plan does not end in a haven");
    const other = owner.get(last.stand);
    if (other !== undefined) say("A5", id, [other, traffic.index], "two plans end in one haven");
    owner.set(last.stand, traffic.index);
    const behind = book.standUses[last.stand]!.at(-1);
    if (behind !== last)
      say("A5", id, [traffic.index, behind?.vehicle ?? NONE], "the end of a plan is not the last use");
  }
}

// ---------------------------------------------------------------- A7, A8

/** A8: the graph has no cycle, and no event waits for a stay without end; so there is always one that can happen. */
function checkGraph(book: TrafficBook, graph: PrecedenceGraph, say: Say): void {
  for (const event of graph.events) {
    if (event.endless === null) continue;
    const { id } = book.graph.stands[event.endless.stand]!;
    say("A5", id, [event.endless.vehicle, event.vehicle], "waits for the end of a stay that has none");
  }
  const open = new Map<PrecedenceEvent, number>();
  const followers = new Map<PrecedenceEvent, PrecedenceEvent[]>();
  const free: PrecedenceEvent[] = [];
  for (const event of graph.events) {
    open.set(event, event.before.length);
    if (event.before.length === 0) free.push(event);
    for (const { event: earlier } of event.before) {
      const list = followers.get(earlier);
      if (list === undefined) followers.set(earlier, [event]);
      else list.push(event);
    }
  }
  let reached = 0;
  for (let event = free.pop(); event !== undefined; event = free.pop()) {
    reached++;
    for (const later of followers.get(event) ?? []) {
      const left = open.get(later)! - 1;
      open.set(later, left);
      if (left === 0) free.push(later);
    }
  }
  if (reached === graph.events.length) return;
  const cycle = cycleAmong(graph.events.filter((event) => open.get(event)! > 0));
  const names = cycle.map(({ event, resource }) => `${event.kind} of vehicle ${event.vehicle} (${resource})`);
  const vehicles = [...new Set(cycle.map(({ event }) => event.vehicle))];
  say("A8", "", vehicles, `a cycle: ${names.join(" waits for ")}`);
}

/** One cycle among events each of which has one of them before it. */
function cycleAmong(stuck: readonly PrecedenceEvent[]): { event: PrecedenceEvent; resource: string }[] {
  const among = new Set(stuck);
  const way: { event: PrecedenceEvent; resource: string }[] = [];
  const at = new Map<PrecedenceEvent, number>();
  let event = stuck[0]!;
  while (!at.has(event)) {
    at.set(event, way.length);
    const next = event.before.find((each) => among.has(each.event))!;
    way.push({ event, resource: next.resource });
    event = next.event;
  }
  return way.slice(at.get(event));
}

/** A7: a vehicle's next leg is held back by undone events before it and by block sources, and by nothing else. */
function checkWaits(book: TrafficBook, graph: PrecedenceGraph, say: Say): void {
  const sources =
    book.vehicles.some((traffic) => traffic?.blocked === true) ||
    book.closedLeg.includes(1) ||
    book.stationOut.includes(1);
  for (const traffic of book.vehicles) {
    const step = traffic?.steps.find((each) => !each.granted);
    if (traffic === null || traffic === undefined || step === undefined) continue;
    const event = graph.grantOf.get(step)!;
    const wait = grantWait(book, step);
    const own = event.before.length > 0 || event.endless !== null;
    if (wait === null ? own : !own && !sources) {
      const first = event.before[0];
      const says =
        wait === null ? "may be granted" : `waits for vehicle ${wait.vehicle} (${wait.kind} ${wait.resource})`;
      const has =
        first === undefined ? "nothing" : `${first.event.kind} of vehicle ${first.event.vehicle} (${first.resource})`;
      say("A7", first?.resource ?? "", [traffic.index], `leg ${step.leg} ${says}, but before it is ${has}`);
    }
  }
}

// ---------------------------------------------------------------- A1, A10

/**
 * A1: labels do not fall along an edge, and are what a pass from nothing gives. A10: what depends on something that
 * never happens never happens.
 */
function checkLabels(book: TrafficBook, graph: PrecedenceGraph, say: Say): void {
  const labels = freshLabels(book, graph);
  for (const event of graph.events) {
    const label = labelOfEvent(event);
    for (const { event: earlier, resource } of event.before) {
      const before = labelOfEvent(earlier);
      if (before <= label) continue;
      const rule = Number.isFinite(before) ? "A1" : "A10";
      const text = `${earlier.kind} at ${before} is before ${event.kind} at ${label}`;
      say(rule, resource, [earlier.vehicle, event.vehicle], text);
    }
    const fresh = labels?.get(event) ?? label;
    if (fresh === label) continue;
    const rule = Number.isFinite(fresh) ? "A1" : "A10";
    say(rule, "", [event.vehicle], `${event.kind} is expected at ${label}, a pass from nothing says ${fresh}`);
  }
}

function labelOfEvent(event: PrecedenceEvent): number {
  const { step, clear, service } = event;
  if (step !== null) return labelOf({ step });
  return clear !== null ? labelOf({ clear }) : labelOf({ service: service! });
}

// ---------------------------------------------------------------- A11

/** Everything that a book says of plans, orders and labels, for comparing two moments. */
export function bookText(book: TrafficBook): string {
  const lines: string[] = [];
  for (const traffic of book.vehicles) {
    if (traffic === null) continue;
    lines.push(`vehicle ${traffic.index} plan ${traffic.planId}`);
    traffic.visits.forEach((visit, k) => {
      const jobs = visit.services.map((each) => `${each.job}:${each.endMs}:${each.order}:${each.started}:${each.done}`);
      lines.push(` stand ${visit.stand} number ${visit.order} jobs ${jobs.join(" ")}`);
      const step = traffic.steps[k];
      if (step === undefined) return;
      if (visit.depart !== step) lines.push(" departs otherwise");
      const clears = step.clears.map((each) => `${each.area}/${each.side}:${each.order}:${each.ms}:${each.done}`);
      lines.push(` leg ${step.leg} at ${step.grantMs} ${step.granted} clears ${clears.join(" ")}`);
    });
  }
  const of = (uses: readonly { readonly vehicle: number }[]): string => uses.map((use) => use.vehicle).join(",");
  lines.push(`stands ${book.standUses.map(of).join(" ")}`);
  lines.push(`areas ${book.areaUses.map((uses) => of(uses.map((use) => use.step))).join(" ")}`);
  lines.push(`jobs ${book.jobs.map(of).join(" ")}`);
  return lines.join("\n");
}
