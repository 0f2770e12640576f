import { expect, test } from "vitest";
import { fork, prng } from "../prng.ts";
import { below, knownSite, RandomBook } from "../random-book.fixture.ts";
import { type BookRule, bookText, checkBook } from "./assertions.ts";
import { OVERTAKEN_MAX } from "./book.ts";
import { grantWait } from "./grants.ts";
import type { TrafficBook } from "./types.ts";

function planned(seed: number): RandomBook {
  const random = prng(seed);
  const made = new RandomBook(
    knownSite("strip", 1, (_, number) => prng(number)),
    4,
    random,
  );
  for (let vehicle = 0; vehicle < made.book.vehicles.length; vehicle++) {
    for (let tries = 0; tries < 5; tries++) {
      if (made.plan(vehicle, made.randomStops(vehicle, random), 300).kind === "planned") break;
    }
  }
  return made;
}

const rules = (book: TrafficBook): BookRule[] => checkBook(book, { labels: true }).map((breach) => breach.rule);

test("a book of sound plans breaks nothing", () => {
  expect(rules(planned(5).book)).toEqual([]);
});

/** Two uses of one area from different sides by different vehicles. */
function opposing(book: TrafficBook) {
  for (const uses of book.areaUses) {
    for (const later of uses) {
      const earlier = uses.find((use) => use.order < later.order && use.side !== later.side);
      if (earlier !== undefined && earlier.step.vehicle !== later.step.vehicle) return { uses, earlier, later };
    }
  }
  throw new Error("no two plans meet");
}

const broken: readonly (readonly [BookRule, string, (book: TrafficBook) => void])[] = [
  [
    "A1",
    "a leg is expected before it can come, though nobody is before it",
    (book) => {
      const first = book.vehicles.map((traffic) => traffic!.steps[0]!).find((step) => grantWait(book, step) === null)!;
      first.readyMs = first.grantMs + 1;
    },
  ],
  [
    "A1",
    "a leg is expected never though nothing is blocked",
    (book) => {
      book.vehicles[0]!.steps.at(-1)!.grantMs = Number.POSITIVE_INFINITY;
    },
  ],
  [
    "A10",
    "a leg behind one that is blocked is expected",
    (book) => {
      opposing(book).earlier.step.granted = true;
      book.vehicles[opposing(book).earlier.step.vehicle]!.blocked = true;
    },
  ],
  [
    "A1",
    "a clear is expected after the grant that waits for it",
    (book) => {
      const { earlier, later } = opposing(book);
      earlier.ms = later.step.grantMs + 1;
    },
  ],
  [
    "A2",
    "a use says that it stands elsewhere in its order",
    (book) => {
      opposing(book).later.order = 0;
    },
  ],
  [
    "A2",
    "a leg is granted before one that is ordered before it",
    (book) => {
      opposing(book).later.step.granted = true;
    },
  ],
  [
    "A3",
    "both sides of an area are granted",
    (book) => {
      const { earlier, later } = opposing(book);
      earlier.step.granted = true;
      later.step.granted = true;
    },
  ],
  [
    "A5",
    "a plan ends on the road",
    (book) => {
      const traffic = book.vehicles[0]!;
      traffic.steps.pop();
      traffic.visits.pop();
    },
  ],
  [
    "A6",
    "more are granted onto a pocket than fit",
    (book) => {
      const uses = book.standUses.find((each, stand) => {
        return book.graph.stands[stand]!.kind === "pocket" && each.length > book.capacity[stand]!;
      })!;
      for (const visit of uses) visit.arrive!.granted = true;
    },
  ],
  [
    "A7",
    "a leg is held back though nobody is before it and nothing is blocked",
    (book) => {
      const first = book.vehicles.map((traffic) => traffic!.steps[0]!).find((step) => grantWait(book, step) === null)!;
      first.readyMs = Number.POSITIVE_INFINITY;
    },
  ],
  [
    "A7",
    "a leg may be granted though another vehicle is before it",
    (book) => {
      const { later } = opposing(book);
      const steps = book.vehicles[later.step.vehicle]!.steps;
      for (const step of steps) for (const clear of step.clears) clear.done = true;
      // It is its vehicle's next leg, and what it uses says that it is over.
      for (const step of steps.slice(0, steps.indexOf(later.step))) step.granted = true;
      later.step.from.order = 0;
      later.step.to.order = 0;
    },
  ],
  [
    "A8",
    "two vehicles wait for each other",
    (book) => {
      const { uses, earlier, later } = opposing(book);
      uses[earlier.order] = later;
      uses[later.order] = earlier;
      [earlier.order, later.order] = [later.order, earlier.order];
    },
  ],
  [
    "A9",
    "a leg was overtaken too often",
    (book) => {
      book.vehicles[0]!.steps[0]!.overtaken = OVERTAKEN_MAX + 1;
    },
  ],
  [
    "A10",
    "a finite time behind one that never comes",
    (book) => {
      opposing(book).earlier.ms = Number.POSITIVE_INFINITY;
    },
  ],
];

test.each(broken)("%s: %s", (rule, _, spoil) => {
  const { book } = planned(5);
  spoil(book);
  expect(rules(book)).toContain(rule);
});

test("A11: a plan that is not taken leaves no trace", () => {
  let refused = 0;
  for (let seed = 0; seed < 20; seed++) {
    const made = planned(seed);
    const random = fork(prng(seed), "more");
    for (let i = 0; i < 12; i++) {
      const vehicle = below(random, made.book.vehicles.length);
      const before = bookText(made.book);
      const stops = made.randomStops(vehicle, random);
      // Nobody can get there: it is the end of another vehicle's plan.
      const taken = made.book.vehicles[(vehicle + 1) % made.book.vehicles.length]!.visits.at(-1)!.stand;
      const result = made.plan(vehicle, [...stops, { stands: [taken], jobs: [] }], i % 2 === 0 ? 0 : 200);
      if (result.kind === "planned") continue;
      refused++;
      expect(bookText(made.book), `seed ${seed}, try ${i}`).toBe(before);
    }
  }
  expect(refused).toBeGreaterThan(100);
});
