/**
 * When may a run depart? Each resource that the run uses answers with the earliest departure at or after a given one
 * at which its uses fit into the resource's order without moving anybody else: behind a use or before it, never mixed.
 * Asking all in turn until nobody objects gives the earliest departure of the run (safe-interval planning on orders).
 */
import type { Run } from "./runs.ts";
import { CLEAR_TO_GRANT_MS, LEAST_MS, standClear } from "./traffic/book.ts";
import type { Clear, Service, TrafficBook, Visit } from "./traffic/types.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Where the new use would stand in an order, and how long it may stay. */
export interface Slot {
  /** Uses before it. */
  position: number;
  /** Latest time at which the leg off the stand must be granted for the sake of those behind, ms. */
  latestOffMs: number;
}

/** Uses of a stand by others: a vehicle's own earlier stay is before it by the order of its route. */
function othersAt(book: TrafficBook, stand: number, vehicle: number): readonly Visit[] {
  const uses = book.standUses[stand]!;
  for (const use of uses) if (use.vehicle === vehicle) return uses.filter((visit) => visit.vehicle !== vehicle);
  return uses;
}

function departMs(visit: Visit): number {
  return visit.depart === null ? NEVER : visit.depart.grantMs;
}

function leaveMs(visit: Visit): number {
  const clear = standClear(visit);
  return clear === null ? NEVER : clear.ms;
}

function firstClearMs(visit: Visit): number {
  const arrive = visit.arrive!;
  const next = arrive.clears[arrive.cleared];
  return next === undefined ? arrive.grantMs : next.ms;
}

/** Earliest departure >= `at` for the passage of an area in which G is at `grantMs` and C at `clearMs` after it. */
export function pushArea(
  uses: readonly Clear[],
  vehicle: number,
  side: 0 | 1,
  grantMs: number,
  clearMs: number,
  at: number,
): number {
  let departure = at;
  for (const use of uses) {
    if (use.step.vehicle === vehicle) continue;
    const useGrant = use.step.granted ? -1 : use.step.grantMs;
    let behind: number;
    let before: number;
    if (use.side === side) {
      behind = Math.max(useGrant + LEAST_MS - grantMs, use.ms + LEAST_MS - clearMs);
      before = use.step.granted ? -NEVER : Math.min(useGrant - LEAST_MS - grantMs, use.ms - LEAST_MS - clearMs);
    } else {
      behind = use.ms + CLEAR_TO_GRANT_MS - grantMs;
      before = use.step.granted ? -NEVER : useGrant - CLEAR_TO_GRANT_MS - clearMs;
    }
    if (departure > before && departure < behind) departure = behind;
    if (departure === NEVER) return NEVER;
  }
  return departure;
}

/**
 * Earliest departure >= `at` for entering a pocket (grant `onMs` after departure, first C of the leg onto it
 * `firstMs`), and leaving it (`offMs`, `clearMs`); a run that stops there gives its earliest possible leaving.
 * @param passing  false: it stops there and may wait behind others, so only the order of entering counts ahead of it
 */
export function pushPocket(
  book: TrafficBook,
  vehicle: number,
  stand: number,
  onMs: number,
  firstMs: number,
  offMs: number,
  clearMs: number,
  passing: boolean,
  at: number,
  slot: Slot,
): number {
  const uses = othersAt(book, stand, vehicle);
  const capacity = book.capacity[stand]!;
  let departure = at;
  for (;;) {
    let position = 0;
    for (let i = 0; i < uses.length; i++) {
      const use = uses[i]!;
      const behind = behindInPocket(use, onMs, offMs, clearMs, passing);
      if (departure >= behind) {
        position = i + 1;
        continue;
      }
      if (departure <= beforeInPocket(use, onMs, offMs, clearMs)) break;
      departure = behind;
      if (departure === NEVER) return NEVER;
      position = i + 1;
    }
    const gone = position - capacity;
    if (gone >= 0) {
      const use = uses[gone]!;
      const need = Math.max(departMs(use) + LEAST_MS - onMs, leaveMs(use) + LEAST_MS - firstMs);
      if (need === NEVER) return NEVER;
      if (departure < need) {
        departure = need;
        continue;
      }
    }
    // Those behind keep their room: the use that must be gone for each of them may now be the new one.
    let latest = NEVER;
    let moved = false;
    for (let i = position; i < uses.length; i++) {
      const use = uses[i]!;
      const mustBeGone = i + 1 - capacity;
      if (i === position) latest = Math.min(latest, departMs(use) - LEAST_MS);
      if (mustBeGone > position) break;
      if (mustBeGone < 0) continue;
      const onOther = use.arrive!.grantMs;
      const firstOther = firstClearMs(use);
      let fits: boolean;
      if (mustBeGone === position) {
        fits = departure + offMs + LEAST_MS <= onOther && departure + clearMs + LEAST_MS <= firstOther;
        latest = Math.min(latest, onOther - LEAST_MS);
      } else {
        const ahead = uses[mustBeGone]!;
        fits = departMs(ahead) + LEAST_MS <= onOther && leaveMs(ahead) + LEAST_MS <= firstOther;
      }
      if (!fits) {
        departure = behindInPocket(use, onMs, offMs, clearMs, passing);
        if (departure === NEVER) return NEVER;
        moved = true;
        break;
      }
    }
    if (moved) continue;
    slot.position = position;
    slot.latestOffMs = latest;
    return departure;
  }
}

function behindInPocket(use: Visit, onMs: number, offMs: number, clearMs: number, passing: boolean): number {
  const on = use.arrive === null || use.arrive.granted ? -NEVER : use.arrive.grantMs + LEAST_MS - onMs;
  if (use.depart === null) return NEVER;
  if (!passing) return on;
  // The follower's look-ahead reaches the stop line when the tail ahead has left it: headway at the same point.
  const leave = leaveMs(use);
  return Math.max(on, use.depart.grantMs + LEAST_MS - offMs, leave - offMs, leave + LEAST_MS - clearMs);
}

function beforeInPocket(use: Visit, onMs: number, offMs: number, clearMs: number): number {
  if (use.arrive === null || use.arrive.granted) return -NEVER;
  const off = departMs(use);
  return Math.min(
    use.arrive.grantMs - LEAST_MS - onMs,
    off - LEAST_MS - offMs,
    off === NEVER ? NEVER : off - clearMs,
    leaveMs(use) - LEAST_MS - clearMs,
  );
}

/** Earliest departure >= `at` for entering a place (grant `onMs` after departure) that is left `clearMs` after it. */
export function pushPlace(
  book: TrafficBook,
  vehicle: number,
  stand: number,
  onMs: number,
  clearMs: number,
  last: boolean,
  at: number,
  slot: Slot,
): number {
  const uses = othersAt(book, stand, vehicle);
  let departure = at;
  slot.position = 0;
  slot.latestOffMs = NEVER;
  for (let i = 0; i < uses.length; i++) {
    const use = uses[i]!;
    const behind = leaveMs(use) + CLEAR_TO_GRANT_MS - onMs;
    const granted = use.arrive === null || use.arrive.granted;
    const before = granted || last ? -NEVER : use.arrive!.grantMs - CLEAR_TO_GRANT_MS - clearMs;
    if (departure <= before && departure < behind) {
      slot.latestOffMs = use.arrive!.grantMs - CLEAR_TO_GRANT_MS;
      return departure;
    }
    if (departure < behind) departure = behind;
    if (departure === NEVER) return NEVER;
    slot.position = i + 1;
  }
  return departure;
}

/**
 * Bounds that the stand being left sets: the vehicle is at `position` of its order.
 * @returns [earliest, latest] departure; the latest may be below the earliest
 */
export function leaveBounds(
  book: TrafficBook,
  vehicle: number,
  stand: number,
  position: number,
  clearMs: number,
): [number, number] {
  const uses = othersAt(book, stand, vehicle);
  const pocket = book.graph.stands[stand]!.kind === "pocket";
  let earliest = 0;
  let latest = NEVER;
  if (position > 0 && pocket) {
    const ahead = uses[position - 1]!;
    earliest = Math.max(departMs(ahead) + LEAST_MS, leaveMs(ahead) + LEAST_MS - clearMs);
  }
  for (let i = position; i < uses.length; i++) {
    const use = uses[i]!;
    if (!pocket) {
      latest = Math.min(latest, use.arrive!.grantMs - CLEAR_TO_GRANT_MS - clearMs);
      break;
    }
    if (i === position) {
      latest = Math.min(latest, departMs(use) - LEAST_MS, leaveMs(use) - LEAST_MS - clearMs);
    }
    if (i + 1 - book.capacity[stand]! === position) {
      latest = Math.min(latest, use.arrive!.grantMs - LEAST_MS, firstClearMs(use) - LEAST_MS - clearMs);
      break;
    }
  }
  return [earliest, latest];
}

/** Earliest start >= `at` of a job of `durationMs` among a station's jobs. */
export function pushJob(jobs: readonly Service[], durationMs: number, at: number): number {
  let start = at;
  for (const job of jobs) {
    const jobStart = job.endMs - job.durationMs;
    if (!job.started && start + durationMs + LEAST_MS <= jobStart) return start;
    if (start < job.endMs + LEAST_MS) start = job.endMs + LEAST_MS;
    if (start === NEVER) return NEVER;
  }
  return start;
}

/** First C of leg `k` of a run: the least of its clears. */
export function firstClearOf(run: Run, k: number): number {
  let least = run.standClearMs[k]!;
  for (const ms of run.areaClearMs[k]!) if (ms < least) least = ms;
  return least;
}
