import { expect, test } from "vitest";
import { fork, prng } from "./prng.ts";
import { knownSite, RandomBook } from "./random-book.fixture.ts";
import { SEARCH_DEFAULTS, searchPlan } from "./search.ts";
import { SMALL_SITE_KINDS } from "./small-sites.ts";
import { openPlan } from "./traffic/adopt.ts";

const JOB_MS = 10_000;
const DEEP = { ...SEARCH_DEFAULTS, expansionsMax: 50_000 };

/** Every way over legs that passes no stand twice and no place. */
function waysBetween(made: RandomBook, from: number, to: number): number[][] {
  const { graph } = made.book;
  const ways: number[][] = [];
  const walk = (at: number, legs: number[], passed: ReadonlySet<number>): void => {
    for (const leg of graph.legsOut[at]!) {
      const next = graph.legs[leg]!.to;
      if (next === to) ways.push([...legs, leg]);
      else if (!passed.has(next) && graph.stands[next]!.kind === "pocket") {
        walk(next, [...legs, leg], new Set([...passed, next]));
      }
    }
  };
  walk(from, [], new Set([from]));
  return ways;
}

test.each(SMALL_SITE_KINDS)(
  "alone on a %s the plan is the fastest of all ways to a place and on to a haven",
  (kind) => {
    const made = new RandomBook(
      knownSite(kind, 0, (name, seed) => fork(prng(seed), name)),
      1,
      prng(1),
    );
    const { book } = made;
    const start = book.vehicles[0]!.visits[0]!.stand;
    const least = (from: number, to: number): number => {
      const times = waysBetween(made, from, to).map((legs) => made.runs.runOver(legs, false).arriveMs);
      return Math.min(...times);
    };
    const goals = book.graph.stands.filter((stand) => stand.kind === "place" && stand.index !== start);
    for (const { index: goal } of goals) {
      const opened = openPlan(book, 0);
      const found = searchPlan(
        book,
        made.runs,
        made.flow,
        {
          vehicle: 0,
          stand: start,
          position: 0,
          readyMs: 0,
          laden: false,
          flight: null,
          stops: [{ stands: [goal], jobs: [{ station: -1, job: "job", durationMs: JOB_MS, ladenAfter: false }] }],
          havens: made.havens.map((stand) => ({ stand, costMs: 0 })),
        },
        DEEP,
      );
      opened.restore();
      const onward = made.havens.map((haven) => (haven === goal ? 0 : least(goal, haven)));
      const best = least(start, goal) + JOB_MS + Math.min(...onward);
      expect(found).toMatchObject({ kind: "plan", endMs: best });
    }
  },
);
