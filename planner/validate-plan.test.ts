import { expect, test } from "vitest";
import { prng } from "./prng.ts";
import { knownSite, RandomBook } from "./random-book.fixture.ts";
import type { TrafficBook, Visit } from "./traffic/types.ts";
import { type PlanRule, validatePlans } from "./validate-plan.ts";

/** Four vehicles on a strip between two ends, each with a task at the other end. */
function sound(): TrafficBook {
  const random = prng(5);
  const made = new RandomBook(
    knownSite("strip", 1, (_, seed) => prng(seed)),
    4,
    random,
  );
  for (let vehicle = 0; vehicle < made.book.vehicles.length; vehicle++) {
    for (let tries = 0; tries < 5; tries++) {
      const stops = made.randomStops(vehicle, random).map((stop) => ({
        ...stop,
        jobs: stop.jobs.map((job) => ({ ...job, station: 0 })),
      }));
      if (made.plan(vehicle, stops, 300).kind === "planned") break;
    }
  }
  return made.book;
}

/** The first two uses of one resource by two vehicles that `wanted` accepts. */
function pair<T>(tables: readonly (readonly T[])[], wanted: (a: T, b: T, table: number) => boolean): readonly [T, T] {
  for (const [table, uses] of tables.entries()) {
    for (let i = 0; i < uses.length; i++) {
      for (let j = i + 1; j < uses.length; j++) if (wanted(uses[i]!, uses[j]!, table)) return [uses[i]!, uses[j]!];
    }
  }
  throw new Error("the plans have no such two uses");
}

const isPocket = (book: TrafficBook, visit: Visit): boolean => book.graph.stands[visit.stand]!.kind === "pocket";
const standClear = (visit: Visit) => visit.depart!.clears.find((clear) => clear.area < 0)!;

test("sound plans have no breach", () => {
  const book = sound();
  expect(book.vehicles.filter((traffic) => traffic!.steps.length > 0).length).toBeGreaterThanOrEqual(3);
  expect(validatePlans(book)).toEqual([]);
});

const wrong: readonly (readonly [string, PlanRule, (book: TrafficBook) => readonly number[]])[] = [
  [
    "the other side is granted before the first has left",
    "area-sides",
    (book) => {
      const [a, b] = pair(book.areaUses, (x, y) => x.step.vehicle !== y.step.vehicle && x.side !== y.side);
      a.ms = b.step.grantMs + 1;
      return [a.step.vehicle, b.step.vehicle];
    },
  ],
  [
    "a follower leaves an area before the one ahead of it",
    "area-sides",
    (book) => {
      const [a, b] = pair(book.areaUses, (x, y) => x.step.vehicle !== y.step.vehicle && x.side === y.side);
      a.ms = b.ms + 1;
      return [a.step.vehicle, b.step.vehicle];
    },
  ],
  [
    "a place is entered before it is left",
    "place",
    (book) => {
      const [a, b] = pair(book.standUses, (x, y) => x.vehicle !== y.vehicle && !isPocket(book, x) && x.depart !== null);
      standClear(a).ms = b.arrive!.grantMs + 1;
      return [a.vehicle, b.vehicle];
    },
  ],
  [
    "one overtakes another in a pocket",
    "pocket-order",
    (book) => {
      const [a, b] = pair(book.standUses, (x, y) => x.vehicle !== y.vehicle && isPocket(book, x));
      a.arrive!.grantMs = b.arrive!.grantMs + 1;
      return [a.vehicle, b.vehicle];
    },
  ],
  [
    "one more is let onto a pocket than fits",
    "pocket-room",
    (book) => {
      const [a, b] = pair(book.standUses, (x, y, stand) => {
        return x.vehicle !== y.vehicle && isPocket(book, x) && y.order - x.order === book.capacity[stand];
      });
      standClear(a).ms = b.arrive!.clears[0]!.ms + 1;
      return [a.vehicle, b.vehicle];
    },
  ],
  [
    "a leg is granted before the one before it",
    "route",
    (book) => {
      const steps = book.vehicles[0]!.steps;
      steps[1]!.grantMs = steps[0]!.grantMs - 1;
      return [0];
    },
  ],
  [
    "a leg is left out",
    "route",
    (book) => {
      const { steps, visits } = book.vehicles[0]!;
      steps.splice(1, 1);
      visits.splice(2, 1);
      return [0];
    },
  ],
  [
    "a leg says nothing of an area that it passes",
    "route",
    (book) => {
      const step = book.vehicles[0]!.steps[0]!;
      (step.clears as unknown[]).pop();
      return [0];
    },
  ],
  [
    "a leg is driven in a millisecond",
    "least-duration",
    (book) => {
      const step = book.vehicles[0]!.steps[0]!;
      for (const clear of step.clears) clear.ms = step.grantMs + 1;
      return [0];
    },
  ],
  [
    "a job takes no time",
    "least-duration",
    (book) => {
      const visit = book.vehicles[0]!.visits.find((each) => each.services.length > 0 && each.arrive !== null)!;
      visit.services[0]!.endMs = visit.arrive!.grantMs + 1;
      return [0];
    },
  ],
  [
    "a plan ends on the road",
    "haven",
    (book) => {
      const { steps, visits } = book.vehicles[0]!;
      steps.pop();
      visits.pop();
      visits.at(-1)!.depart = null;
      return [0];
    },
  ],
  [
    "somebody is ordered behind the end of a plan",
    "haven",
    (book) => {
      const last = book.vehicles[0]!.visits.at(-1)!;
      const other = { ...book.vehicles[1]!.visits[0]!, order: last.order + 1 };
      book.standUses[last.stand]!.push(other);
      return [0, 1];
    },
  ],
  [
    "two jobs of one crew at once",
    "server",
    (book) => {
      const [a, b] = pair(book.jobs, (x, y) => x.vehicle !== y.vehicle);
      a.endMs = b.endMs;
      return [a.vehicle, b.vehicle];
    },
  ],
  [
    "a use is missing from its order",
    "orders",
    (book) => {
      const uses = book.areaUses.find((each) => each.length > 0)!;
      return [uses.pop()!.step.vehicle];
    },
  ],
];

test.each(wrong)("%s: %s", (_, rule, spoil) => {
  const book = sound();
  const vehicles = spoil(book);
  const named = validatePlans(book).filter((breach) => breach.rule === rule);
  expect(named.map((breach) => breach.vehicles)).toContainEqual(vehicles);
});
