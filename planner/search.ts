/**
 * Safe-interval search for one vehicle: from where its granted part ends, past all stops of its task, to a haven.
 *
 * A state is (stops done, stand, place in the stand's order); the vehicle stands there. A move is a run: a drive over
 * any number of legs at full speed to the next stop, departing at the earliest time at which each resource on it has
 * room in its order (`windows.ts`). So waiting happens standing, at stop lines and in places only. Best first by
 * time + least free-flow time left, which is exact when nobody else is on the road.
 * Safe interval path planning: Phillips and Likhachev, ICRA 2011; on orders of resources instead of time windows of
 * cells, so that nobody else's order or time changes. The search is bounded by expansions; the fallback plan
 * (`fallback.ts`) covers what it does not find.
 */
import FlatQueue from "flatqueue";
import type { FreeFlow } from "./free-flow.ts";
import { NONE } from "./leg-graph.ts";
import { computeRun, type Flight, type Run, type RunNode, type RunTable } from "./runs.ts";
import type { PlannedService, PlannedStep, PlannedTail } from "./traffic/adopt.ts";
import { isFreeHaven } from "./traffic/book.ts";
import type { TrafficBook } from "./traffic/types.ts";
import { firstClearOf, leaveBounds, pushArea, pushJob, pushPlace, pushPocket, type Slot } from "./windows.ts";

/** A job at a stop. */
export interface StopJob {
  readonly station: number;
  readonly job: string;
  readonly durationMs: number;
  /** Load state after it. */
  readonly ladenAfter: boolean;
}

/** One stop of a task: jobs at any one of some stands. */
export interface Stop {
  readonly stands: readonly number[];
  readonly jobs: readonly StopJob[];
}

export interface PlanQuery {
  readonly vehicle: number;
  /** Stand at which the granted part ends. */
  readonly stand: number;
  /** Uses of that stand by others that are before the vehicle's own. */
  readonly position: number;
  /** When it stands there with its fixed jobs done, ms. */
  readonly readyMs: number;
  readonly laden: boolean;
  /** It drives towards the stand and need not stop there; null: it stands there or is going to. */
  readonly flight: Flight | null;
  readonly stops: readonly Stop[];
  /** Havens at which the plan may end, with a cost in ms each (0 for the best); those taken by others are passed over. */
  readonly havens: readonly { readonly stand: number; readonly costMs: number }[];
}

export interface SearchOptions {
  /** Node expansions. */
  readonly expansionsMax: number;
  /** A run is not followed further than this beyond the least time to the goal, ms. */
  readonly detourMs: number;
  readonly legsPerRunMax: number;
  /** How many departures of one run are tried, each behind one more use of its last stand. */
  readonly windowsMax: number;
}

export const SEARCH_DEFAULTS: SearchOptions = {
  expansionsMax: 1000,
  detourMs: 90_000,
  legsPerRunMax: 48,
  windowsMax: 2,
};

export type SearchResult =
  | { readonly kind: "plan"; readonly tail: PlannedTail; readonly endMs: number; readonly expansions: number }
  | { readonly kind: "no-route" }
  | { readonly kind: "budget-spent"; readonly expansions: number };

interface Node {
  readonly stop: number;
  readonly stand: number;
  readonly position: number;
  readonly readyMs: number;
  readonly latestOffMs: number;
  readonly laden: boolean;
  readonly parent: Node | null;
  readonly run: Run | null;
  readonly departMs: number;
  readonly services: readonly PlannedService[];
  readonly haven: boolean;
  /** The run that led here began on the move. */
  readonly flying: boolean;
}

const NEVER = Number.POSITIVE_INFINITY;
/** Weight of the time left: a little over 1, so that of equally good plans the one that is further on is followed. */
const PROGRESS = 1.002;
/** A departure later than this is no plan. */
const HORIZON_MS = 48 * 3_600_000;

export function searchPlan(
  book: TrafficBook,
  runs: RunTable,
  flow: FreeFlow,
  query: PlanQuery,
  options: SearchOptions = SEARCH_DEFAULTS,
): SearchResult {
  const { graph } = book;
  const left = remaining(flow, query, book);
  const stops = query.stops.length;
  const isStop: Uint8Array[] = query.stops.map((stop) => {
    const mask = new Uint8Array(graph.stands.length);
    for (const stand of stop.stands) mask[stand] = 1;
    return mask;
  });
  const havenCost = new Float64Array(graph.stands.length).fill(NEVER);
  for (const haven of query.havens) {
    if (isFreeHaven(book, haven.stand, query.vehicle)) havenCost[haven.stand] = haven.costMs;
  }
  const open = new FlatQueue<Node>();
  const best = new Map<number, number>();
  const push = (node: Node): void => {
    const rest = node.haven ? havenCost[node.stand]! : left[node.stop]![node.stand]!;
    const f = node.readyMs + rest * PROGRESS;
    if (f === NEVER || node.readyMs - query.readyMs > HORIZON_MS) return;
    const key =
      ((node.stop * 2 + (node.haven ? 1 : 0)) * graph.stands.length + node.stand) * 64 + Math.min(63, node.position);
    const known = best.get(key);
    if (known !== undefined && known <= node.readyMs) return;
    best.set(key, node.readyMs);
    open.push(node, f);
  };
  // Jobs that can be done where the vehicle stands come first, at no drive at all.
  let start: Node = {
    stop: 0,
    stand: query.stand,
    position: query.position,
    readyMs: query.readyMs,
    latestOffMs: NEVER,
    laden: query.laden,
    parent: null,
    run: null,
    departMs: 0,
    services: [],
    haven: false,
    flying: false,
  };
  const origin = start;
  push(start);
  while (start.stop < stops && isStop[start.stop]![query.stand] === 1) {
    const served = serve(book, query, start.stop, start.readyMs);
    if (served === null) break;
    start = {
      ...start,
      stop: start.stop + 1,
      readyMs: served.readyMs,
      laden: served.laden,
      services: [...start.services, ...served.services],
    };
    push(start);
  }
  if (stops === start.stop && Number.isFinite(havenCost[query.stand]!) && query.position === 0)
    push({ ...start, haven: true });

  let expansions = 0;
  const slot: Slot = { position: 0, latestOffMs: NEVER };
  while (open.length > 0) {
    const node = open.pop()!;
    if (node.haven) {
      return { kind: "plan", tail: tailOf(query, node), endMs: node.readyMs, expansions };
    }
    if (++expansions > options.expansionsMax) return { kind: "budget-spent", expansions };
    const table = left[node.stop]!;
    const limit = table[node.stand]! + options.detourMs;
    const laden = node.laden;
    const walk = (at: RunNode, driven: number): void => {
      const standHere = at.legs.length === 0 ? node.stand : graph.legs[at.legs[at.legs.length - 1]!]!.to;
      for (const leg of graph.legsOut[standHere]!) {
        if (book.closedLeg[leg] === 1) continue;
        const to = graph.legs[leg]!.to;
        const total = driven + flow.legMs(leg, laden);
        if (!(total + table[to]! <= limit)) continue;
        const place = graph.stands[to]!.kind === "place";
        const goal = node.stop < stops && isStop[node.stop]![to] === 1;
        const haven = node.stop === stops && havenCost[to]! < NEVER;
        if (place && !goal && !haven) continue;
        const next = runs.extend(at, leg);
        arriveAt(next, to, place, goal, haven);
        if (
          !place &&
          !(goal && query.stops[node.stop]!.stands.length === 1) &&
          next.legs.length < options.legsPerRunMax
        ) {
          walk(next, total);
        }
      }
    };
    const arriveAt = (at: RunNode, to: number, place: boolean, goal: boolean, haven: boolean): void => {
      if (node === origin && query.flight !== null) fly(at, to, place, goal, haven, query.flight);
      const run = runs.run(at, laden);
      const [earliest, latest] = leaveBounds(book, query.vehicle, node.stand, node.position, run.standClearMs[0]!);
      let from = Math.max(node.readyMs, earliest);
      const until = Math.min(latest, node.latestOffMs);
      let lastPosition = -1;
      for (let window = 0; window < options.windowsMax; window++) {
        if (from > until) return;
        const departMs = earliestDeparture(book, query.vehicle, run, to, haven, from, until, slot);
        if (departMs > until || departMs === NEVER) return;
        if (slot.position === lastPosition) return;
        lastPosition = slot.position;
        const position = slot.position;
        reach(run, departMs, to, place, goal, haven, false);
        const nextUse = book.standUses[to]![position];
        if (nextUse === undefined || place) return;
        from = departMs + 1;
        // Behind the next use of the last stand, or not at all.
        const on = nextUse.arrive === null ? 0 : nextUse.arrive.grantMs;
        from = Math.max(from, on - run.grantMs[run.grantMs.length - 1]! + 1);
        if (!Number.isFinite(from)) return;
      }
    };
    /** The run as it goes on from where the vehicle is, if nothing makes it stop or slow down. */
    const fly = (at: RunNode, to: number, place: boolean, goal: boolean, haven: boolean, flight: Flight): void => {
      const run = computeRun(graph, runs.type, at.legs, laden, flight);
      const [earliest, latest] = leaveBounds(book, query.vehicle, node.stand, node.position, run.standClearMs[0]!);
      const now = book.nowMs;
      if (earliest > now + run.grantMs[0]! || latest < now + run.grantMs[0]!) return;
      if (earliestDeparture(book, query.vehicle, run, to, haven, now, now, slot) !== now) return;
      reach(run, now, to, place, goal, haven, true);
    };
    /** Adds the states in which the run can end; where `slot` says. */
    const reach = (
      run: Run,
      departMs: number,
      to: number,
      place: boolean,
      goal: boolean,
      haven: boolean,
      flying: boolean,
    ): void => {
      const { position, latestOffMs } = slot;
      const arriveMs = departMs + run.arriveMs;
      const base = { stand: to, position, latestOffMs, parent: node, run, departMs, flying };
      const standMs = Math.max(arriveMs, headway(book, query.vehicle, to, position, place));
      if (haven) {
        push({ ...base, stop: node.stop, readyMs: arriveMs, laden, services: [], haven: true });
      } else if (goal) {
        const served = serveFrom(book, query, node.stop, standMs, to, isStop);
        if (served !== null && served.readyMs <= latestOffMs) {
          push({ ...base, ...served, haven: false });
          const ends = served.stop === stops && place && latestOffMs === NEVER && havenCost[to]! < NEVER;
          if (ends) push({ ...base, ...served, haven: true });
        }
      }
      if (!place && standMs <= latestOffMs && isContested(book, query.vehicle, to, standMs)) {
        push({ ...base, stop: node.stop, readyMs: standMs, laden, services: [], haven: false });
      }
    };
    walk(runs.root(node.stand, laden), 0);
  }
  return expansions === 0 || best.size <= 1 ? { kind: "no-route" } : { kind: "budget-spent", expansions };
}

/**
 * Somebody else uses what lies behind a stop line at `atMs` or later: only then can it be worth waiting there. Where
 * nobody does, waiting at a later stop line is as good.
 */
function isContested(book: TrafficBook, vehicle: number, stand: number, atMs: number): boolean {
  for (const index of book.graph.legsOut[stand]!) {
    const leg = book.graph.legs[index]!;
    for (const visit of book.standUses[leg.to]!) {
      if (visit.vehicle === vehicle) continue;
      const depart = visit.depart;
      if (depart === null || depart.clears[depart.clears.length - 1]!.ms >= atMs) return true;
    }
    for (const use of leg.uses) {
      for (const other of book.areaUses[use.area]!) {
        if (other.step.vehicle !== vehicle && other.ms >= atMs) return true;
      }
    }
  }
  return false;
}

/** When the vehicle really stands at a pocket's stop line: those ahead have left it. */
function headway(book: TrafficBook, vehicle: number, stand: number, position: number, place: boolean): number {
  if (place || position === 0) return 0;
  let at = position;
  for (const use of book.standUses[stand]!) {
    if (use.vehicle === vehicle) continue;
    if (--at > 0) continue;
    const clear = use.depart?.clears.find((candidate) => candidate.area === NONE);
    return clear === undefined ? NEVER : clear.ms;
  }
  return 0;
}

/** Earliest departure in [from, until] at which every use of the run fits; NEVER where there is none. */
function earliestDeparture(
  book: TrafficBook,
  vehicle: number,
  run: Run,
  to: number,
  last: boolean,
  from: number,
  until: number,
  slot: Slot,
): number {
  const { graph } = book;
  const legs = run.legs;
  let departure = from;
  for (;;) {
    const before = departure;
    for (let k = 0; k < legs.length; k++) {
      const uses = graph.legs[legs[k]!]!.uses;
      const grantMs = run.grantMs[k]!;
      const clears = run.areaClearMs[k]!;
      for (let i = 0; i < uses.length; i++) {
        const use = uses[i]!;
        const order = book.areaUses[use.area]!;
        if (order.length === 0) continue;
        departure = pushArea(order, vehicle, use.side, grantMs, clears[i]!, departure);
      }
      if (departure > until) return NEVER;
      if (k + 1 < legs.length) {
        const stand = graph.legs[legs[k]!]!.to;
        if (book.standUses[stand]!.length > 0) {
          departure = pushPocket(
            book,
            vehicle,
            stand,
            grantMs,
            firstClearOf(run, k),
            run.grantMs[k + 1]!,
            run.standClearMs[k + 1]!,
            true,
            departure,
            slot,
          );
        }
      }
      if (departure > until) return NEVER;
    }
    const k = legs.length - 1;
    if (graph.stands[to]!.kind === "place") {
      departure = pushPlace(book, vehicle, to, run.grantMs[k]!, run.arriveMs, last, departure, slot);
    } else {
      departure = pushPocket(
        book,
        vehicle,
        to,
        run.grantMs[k]!,
        firstClearOf(run, k),
        run.arriveMs,
        run.arriveMs,
        false,
        departure,
        slot,
      );
    }
    if (departure > until) return NEVER;
    if (departure === before) return departure;
  }
}

interface Served {
  readonly stop: number;
  readonly readyMs: number;
  readonly laden: boolean;
  readonly services: readonly PlannedService[];
}

/** The jobs of one stop, begun at `atMs` or later. */
function serve(book: TrafficBook, query: PlanQuery, stop: number, atMs: number): Served | null {
  let at = atMs;
  let laden = query.laden;
  const services: PlannedService[] = [];
  for (const job of query.stops[stop]!.jobs) {
    if (job.station !== NONE && book.stationOut[job.station] === 1) return null;
    const ordered = job.station !== NONE && book.ordered[job.station] === 1;
    const start = ordered ? pushJob(book.jobs[job.station]!, job.durationMs, at) : at;
    if (start === NEVER) return null;
    at = start + job.durationMs;
    laden = job.ladenAfter;
    services.push({ station: job.station, job: job.job, durationMs: job.durationMs, endMs: at });
  }
  return { stop: stop + 1, readyMs: at, laden, services };
}

/** Like `serve`, with the stops after it that have the same stand among theirs done in the same stay. */
function serveFrom(
  book: TrafficBook,
  query: PlanQuery,
  stop: number,
  atMs: number,
  stand: number,
  isStop: readonly Uint8Array[],
): Served | null {
  let served = serve(book, query, stop, atMs);
  while (served !== null && served.stop < query.stops.length && isStop[served.stop]![stand] === 1) {
    const more = serve(book, query, served.stop, served.readyMs);
    if (more === null) break;
    served = { ...more, services: [...served.services, ...more.services] };
  }
  return served;
}

/** [stop][stand] least ms from leaving the stand to the end of the plan. */
function remaining(flow: FreeFlow, query: PlanQuery, book: TrafficBook): Float64Array[] {
  const { graph } = flow;
  const stops = query.stops.length;
  const result: Float64Array[] = new Array(stops + 1);
  const ladenAt: boolean[] = [query.laden];
  for (const stop of query.stops) {
    const jobs = stop.jobs;
    ladenAt.push(jobs.length > 0 ? jobs[jobs.length - 1]!.ladenAfter : ladenAt[ladenAt.length - 1]!);
  }
  const toEnd = new Float64Array(graph.stands.length).fill(NEVER);
  for (const haven of query.havens) {
    if (!isFreeHaven(book, haven.stand, query.vehicle)) continue;
    const table = flow.toGoal(haven.stand, ladenAt[stops]!);
    for (let s = 0; s < toEnd.length; s++) toEnd[s] = Math.min(toEnd[s]!, table[s]! + haven.costMs);
  }
  result[stops] = toEnd;
  for (let i = stops - 1; i >= 0; i--) {
    const stop = query.stops[i]!;
    const after = result[i + 1]!;
    let jobsMs = 0;
    for (const job of stop.jobs) jobsMs += job.durationMs;
    const table = new Float64Array(graph.stands.length).fill(NEVER);
    for (const stand of stop.stands) {
      const rest = after[stand]! + jobsMs;
      if (!Number.isFinite(rest)) continue;
      const way = flow.toGoal(stand, ladenAt[i]!);
      for (let s = 0; s < table.length; s++) table[s] = Math.min(table[s]!, way[s]! + rest);
    }
    result[i] = table;
  }
  return result;
}

/** Legs, times and least durations of the plan that ends in `node`. */
function tailOf(query: PlanQuery, end: Node): PlannedTail {
  const nodes: Node[] = [];
  for (let node: Node | null = end; node !== null; node = node.parent) nodes.push(node);
  nodes.reverse();
  const steps: PlannedStep[] = [];
  for (const node of nodes) {
    const run = node.run;
    if (run === null) continue;
    for (let k = 0; k < run.legs.length; k++) {
      const lastLeg = k === run.legs.length - 1;
      const grant = run.grantMs[k]!;
      const nextGrant = lastLeg ? run.arriveMs : run.grantMs[k + 1]!;
      steps.push({
        leg: run.legs[k]!,
        laden: run.laden,
        grantMs: node.departMs + grant,
        // Least time from the event before: 0 after standing, else from grant to grant.
        readyMs: k === 0 && node.flying ? node.departMs + grant : 0,
        afterMs: k === 0 ? (node.flying ? 1 : 0) : grant - run.grantMs[k - 1]!,
        arriveAfterMs: nextGrant - grant,
        standClearAfterMs: run.standClearMs[k]! - grant,
        areaClearAfterMs: run.areaClearMs[k]!.map((ms) => ms - grant),
        services: lastLeg ? node.services : [],
      });
    }
  }
  // A leg that starts from a stand without jobs follows the arrival there.
  for (let i = 1; i < steps.length; i++) {
    if (steps[i]!.afterMs === 0 && steps[i - 1]!.services.length === 0) {
      steps[i] = { ...steps[i]!, afterMs: steps[i - 1]!.arriveAfterMs };
    }
  }
  const root = nodes.find((node) => node.run !== null);
  const first = root === undefined ? end : root.parent!;
  return { vehicle: query.vehicle, baseServices: first.services, steps };
}
