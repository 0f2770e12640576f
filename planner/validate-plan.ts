/**
 * Judges all plans of a book from their times and orders alone. It shares no code with what makes them: the rules are
 * written down here once more, pair by pair, in the plainest way. Times are the labels of events, ms; an event that
 * has happened has the time at which it did. Labels must be fresh (`retime`), else late events look like breaches.
 */
import type { LegGraph } from "./leg-graph.ts";
import type { Clear, Service, Step, TrafficBook, VehicleTraffic, Visit } from "./traffic/types.ts";

export type PlanRule =
  /** Two sides of an area in it at once, or followers of one side out of order. */
  | "area-sides"
  /** A place entered before the vehicle before has left it. */
  | "place"
  /** Vehicles enter, leave or clear a pocket in another order than theirs in it. */
  | "pocket-order"
  /** More vehicles are let onto a pocket than fit. */
  | "pocket-room"
  /** Legs that do not join, or events of one vehicle out of order. */
  | "route"
  /** Something takes less time than it can. */
  | "least-duration"
  /** A plan ends in no haven, in another's, or somebody is ordered behind its end. */
  | "haven"
  /** Two jobs of one server at once. */
  | "server"
  /** What a plan uses and what the orders of the resources hold differ. */
  | "orders";

/** A broken rule. */
export interface PlanBreach {
  readonly rule: PlanRule;
  /** Area, stand or station by its name; "" on the route. */
  readonly resource: string;
  readonly vehicles: readonly number[];
  readonly text: string;
}

/** @returns every breach, by resource; empty for plans that are sound */
export function validatePlans(book: TrafficBook): readonly PlanBreach[] {
  const breaches: PlanBreach[] = [];
  const say: Say = (rule, resource, vehicles, text) => breaches.push({ rule, resource, vehicles, text });
  for (const traffic of book.vehicles) {
    if (traffic === null) continue;
    judgeRoute(book.graph, traffic, say);
    judgeHaven(book, traffic, say);
  }
  judgeAreas(book, say);
  judgeStands(book, say);
  judgeJobs(book, say);
  judgeTables(book, say);
  return breaches;
}

type Say = (rule: PlanRule, resource: string, vehicles: readonly number[], text: string) => void;

/** Labels are rounded to whole milliseconds, down for a grant and up for a clear. */
const ROUNDING_MS = 2;

/** `first` is not after `second`. What never happens comes after everything else. */
function inOrder(first: number, second: number): boolean {
  return first <= second;
}

function standClearMs(visit: Visit): number {
  const clear = visit.depart?.clears.find((each) => each.area < 0);
  return clear === undefined ? Number.POSITIVE_INFINITY : clear.ms;
}

function departMs(visit: Visit): number {
  return visit.depart === null ? Number.POSITIVE_INFINITY : visit.depart.grantMs;
}

/** When it was or will be let onto the stand; one that began there always was. */
function arriveMs(visit: Visit): number {
  return visit.arrive === null ? Number.NEGATIVE_INFINITY : visit.arrive.grantMs;
}

// ---------------------------------------------------------------- one vehicle

function judgeRoute(graph: LegGraph, traffic: VehicleTraffic, say: Say): void {
  const { index, visits, steps } = traffic;
  const wrong = (text: string): void => say("route", "", [index], text);
  if (visits.length !== steps.length + 1) wrong(`${steps.length} legs between ${visits.length} stands`);
  let ungranted = false;
  steps.forEach((step, k) => {
    const leg = graph.legs[step.leg]!;
    const [from, to] = [visits[k], visits[k + 1]];
    if (step.from !== from || step.to !== to || leg.from !== from.stand || leg.to !== to?.stand) {
      wrong(`leg ${step.leg} does not join its stands`);
    }
    if (step.granted && ungranted) wrong(`leg ${step.leg} is granted, the one before it is not`);
    ungranted ||= !step.granted;
    judgeUses(leg, step, say);
    judgeTimes(graph, step, steps[k - 1] ?? null, say);
  });
  for (const visit of visits) judgeServices(graph, visit, say);
}

/** A leg's clears are its stand's and one of each of its areas, in travel order. */
function judgeUses(leg: LegGraph["legs"][number], step: Step, say: Say): void {
  const wanted = [`-1 at ${leg.fromClearM}`, ...leg.uses.map((use) => `${use.area}/${use.side} at ${use.leaveM}`)];
  const found = step.clears.map((each) =>
    each.area < 0 ? `-1 at ${each.positionM}` : `${each.area}/${each.side} at ${each.positionM}`,
  );
  if (wanted.sort().join() !== found.sort().join()) {
    say("route", "", [step.vehicle], `leg ${step.leg} clears ${found.join(", ")}, its ground is ${wanted.join(", ")}`);
  }
  step.clears.forEach((clear, i) => {
    const before = step.clears[i - 1];
    if (before !== undefined && before.positionM > clear.positionM) {
      say("route", "", [step.vehicle], `leg ${step.leg} clears against its travel`);
    }
    if (clear.done !== i < step.cleared)
      say("route", "", [step.vehicle], `leg ${step.leg} counts ${step.cleared} clears`);
  });
}

function judgeTimes(graph: LegGraph, step: Step, before: Step | null, say: Say): void {
  const { vehicle, grantMs, clears } = step;
  const wrong = (text: string): void => say("route", "", [vehicle], `leg ${step.leg}: ${text}`);
  if (before !== null) {
    if (!inOrder(before.grantMs, grantMs)) wrong(`granted at ${grantMs}, the leg before at ${before.grantMs}`);
    const tail = before.clears.at(-1);
    const first = clears[0];
    if (tail !== undefined && first !== undefined && !inOrder(tail.ms, first.ms)) {
      wrong(`cleared at ${first.ms}, the leg before at ${tail.ms}`);
    }
  }
  for (const service of step.from.services) {
    if (!inOrder(service.endMs, grantMs)) wrong(`granted at ${grantMs}, served until ${service.endMs}`);
  }
  const fastest = fastestMps(graph, step);
  clears.forEach((clear, i) => {
    const previous = clears[i - 1];
    if (previous !== undefined && !inOrder(previous.ms, clear.ms)) wrong(`clears at ${previous.ms}, then ${clear.ms}`);
    const leastMs = Math.floor((clear.positionM / fastest) * 1000);
    // What has happened took the time that it took.
    if (!clear.done && clear.ms - grantMs < leastMs - ROUNDING_MS) {
      const text = `leg ${step.leg}: ${clear.positionM.toFixed(1)} m in ${clear.ms - grantMs} ms, at best ${leastMs}`;
      say("least-duration", areaName(graph, clear), [vehicle], text);
    }
  });
}

function fastestMps(graph: LegGraph, step: Step): number {
  let fastest = 0;
  for (const limit of graph.legs[step.leg]!.limitMps) fastest = Math.max(fastest, limit);
  return fastest;
}

function judgeServices(graph: LegGraph, visit: Visit, say: Say): void {
  const { arrive } = visit;
  let freeMs = Number.NEGATIVE_INFINITY;
  if (arrive !== null) freeMs = arrive.grantMs + (graph.legs[arrive.leg]!.lengthM / fastestMps(graph, arrive)) * 1000;
  for (const service of visit.services) {
    // What is over has taken the time that it took, and the vehicle was there.
    if (service.done) {
      freeMs = service.endMs;
      continue;
    }
    const leastMs = service.started ? 0 : service.durationMs;
    if (service.endMs < Math.floor(freeMs) + leastMs - ROUNDING_MS) {
      const text = `${service.job} ends at ${service.endMs}, it cannot begin before ${Math.floor(freeMs)}`;
      say("least-duration", graph.stands[visit.stand]!.id, [visit.vehicle], text);
    }
    freeMs = Math.max(freeMs, service.endMs);
  }
}

function judgeHaven(book: TrafficBook, traffic: VehicleTraffic, say: Say): void {
  const last = traffic.visits.at(-1)!;
  const stand = book.graph.stands[last.stand]!;
  if (!stand.haven) say("haven", stand.id, [traffic.index], "the plan ends in no haven");
  if (last.depart !== null) say("haven", stand.id, [traffic.index], "the plan's last use has an end");
  for (const other of book.standUses[last.stand]!) {
    if (other.vehicle === traffic.index) continue;
    if (other.depart === null) {
      say("haven", stand.id, [traffic.index, other.vehicle], "two plans end in one haven");
    } else if (other.order > last.order) {
      say("haven", stand.id, [traffic.index, other.vehicle], "somebody is ordered behind the end of a plan");
    }
  }
}

// ---------------------------------------------------------------- two vehicles

function areaName(graph: LegGraph, clear: Clear): string {
  return clear.area < 0 ? graph.stands[clear.step.from.stand]!.id : graph.areas[clear.area]!.name;
}

function judgeAreas(book: TrafficBook, say: Say): void {
  book.areaUses.forEach((uses, area) => {
    const { name } = book.graph.areas[area]!;
    uses.forEach((later, j) => {
      for (let i = 0; i < j; i++) {
        const earlier = uses[i]!;
        const vehicles = [earlier.step.vehicle, later.step.vehicle];
        if (vehicles[0] === vehicles[1]) continue;
        if (earlier.side !== later.side) {
          if (inOrder(earlier.ms, later.step.grantMs)) continue;
          say(
            "area-sides",
            name,
            vehicles,
            `entered at ${later.step.grantMs}, left by the other side at ${earlier.ms}`,
          );
        } else if (!inOrder(earlier.step.grantMs, later.step.grantMs) || !inOrder(earlier.ms, later.ms)) {
          const times = `[${earlier.step.grantMs}, ${earlier.ms}] before [${later.step.grantMs}, ${later.ms}]`;
          say("area-sides", name, vehicles, `one side, but ${times}`);
        }
      }
    });
  });
}

function judgeStands(book: TrafficBook, say: Say): void {
  book.standUses.forEach((uses, index) => {
    const stand = book.graph.stands[index]!;
    const room = book.capacity[index]!;
    uses.forEach((later, j) => {
      for (let i = 0; i < j; i++) {
        const earlier = uses[i]!;
        const vehicles = [earlier.vehicle, later.vehicle];
        // What its tail has left already says nothing of the pocket that it goes to.
        const firstClearMs = later.arrive?.clears.find((clear) => !clear.done)?.ms ?? Number.POSITIVE_INFINITY;
        if (stand.kind === "place") {
          if (inOrder(standClearMs(earlier), arriveMs(later))) continue;
          say("place", stand.id, vehicles, `entered at ${arriveMs(later)}, left at ${standClearMs(earlier)}`);
          continue;
        }
        const inTurn =
          inOrder(arriveMs(earlier), arriveMs(later)) &&
          inOrder(departMs(earlier), departMs(later)) &&
          inOrder(standClearMs(earlier), standClearMs(later));
        if (!inTurn && vehicles[0] !== vehicles[1]) {
          const on = `on at ${arriveMs(earlier)} and ${arriveMs(later)}`;
          const off = `off at ${departMs(earlier)} and ${departMs(later)}`;
          const clear = `clear at ${standClearMs(earlier)} and ${standClearMs(later)}`;
          say("pocket-order", stand.id, vehicles, `${on}, ${off}, ${clear}`);
        }
        if (j - i !== room) continue;
        if (!inOrder(departMs(earlier), arriveMs(later)) || !inOrder(standClearMs(earlier), firstClearMs)) {
          const gone = `off at ${departMs(earlier)}, clear at ${standClearMs(earlier)}`;
          const text = `room for ${room}: ${gone}; the next on at ${arriveMs(later)}, its first clear at ${firstClearMs}`;
          say("pocket-room", stand.id, vehicles, text);
        }
      }
    });
  });
}

/** Jobs of a station with several bays; of one with a single bay the stand's order is the jobs' order. */
function judgeJobs(book: TrafficBook, say: Say): void {
  book.jobs.forEach((jobs, station) => {
    jobs.forEach((later, j) => {
      for (let i = 0; i < j; i++) {
        const earlier = jobs[i]!;
        if (inOrder(earlier.endMs, later.endMs - later.durationMs) || later.endMs === Number.POSITIVE_INFINITY)
          continue;
        const text = `${earlier.job} ends at ${earlier.endMs}, ${later.job} begins at ${later.endMs - later.durationMs}`;
        say("server", `station ${station}`, [earlier.vehicle, later.vehicle], text);
      }
    });
  });
}

// ---------------------------------------------------------------- plans against orders

/** Every use that is not over stands in its resource's order once, where it says, and nothing else stands there. */
function judgeTables(book: TrafficBook, say: Say): void {
  const visits = new Set<Visit>();
  const clears = new Set<Clear>();
  const jobs = new Set<Service>();
  for (const traffic of book.vehicles) {
    if (traffic === null) continue;
    traffic.visits.forEach((visit, k) => {
      const left = traffic.steps[k]?.clears.find((clear) => clear.area < 0)?.done === true;
      if (!left) visits.add(visit);
      for (const service of visit.services) {
        if (!service.done && service.station >= 0 && book.ordered[service.station] === 1) jobs.add(service);
      }
    });
    for (const step of traffic.steps) {
      for (const clear of step.clears) if (clear.area >= 0 && !clear.done) clears.add(clear);
    }
  }
  const compare = <T extends { readonly order: number }>(
    tables: readonly (readonly T[])[],
    planned: ReadonlySet<T>,
    home: (use: T) => number,
    vehicleOf: (use: T) => number,
    nameOf: (table: number) => string,
  ): void => {
    let count = 0;
    tables.forEach((uses, table) => {
      uses.forEach((use, i) => {
        if (use.order !== i)
          say("orders", nameOf(table), [vehicleOf(use)], `use ${i} says that it is number ${use.order}`);
        if (!planned.has(use) || home(use) !== table) {
          say("orders", nameOf(table), [vehicleOf(use)], `use ${i} is in no plan`);
        } else count++;
      });
    });
    if (count === planned.size) return;
    for (const use of planned) {
      if (tables[home(use)]!.filter((other) => other === use).length === 1) continue;
      say("orders", nameOf(home(use)), [vehicleOf(use)], "a use of its plan is not in the order once");
    }
  };
  const { stands, areas } = book.graph;
  const ofStep = (clear: Clear): number => clear.step.vehicle;
  compare(
    book.standUses,
    visits,
    (each) => each.stand,
    (each) => each.vehicle,
    (stand) => stands[stand]!.id,
  );
  compare(
    book.areaUses,
    clears,
    (each) => each.area,
    ofStep,
    (area) => areas[area]!.name,
  );
  compare(
    book.jobs,
    jobs,
    (each) => each.station,
    (each) => each.vehicle,
    (station) => `station ${station}`,
  );
}
