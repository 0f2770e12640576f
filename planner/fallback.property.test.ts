import { expect, test } from "vitest";
import { apply, possibleMoves } from "./model-check.fixture.ts";
import { fork, prng } from "./prng.ts";
import { below, knownSite, RandomBook } from "./random-book.fixture.ts";
import { SMALL_SITE_KINDS } from "./small-sites.ts";
import { checkBook } from "./traffic/assertions.ts";
import { isAtRest } from "./traffic/book.ts";
import { validatePlans } from "./validate-plan.ts";

const CASES = 240;
const MEETING = ["strip", "crossing", "dead-ends", "roundabout"];

test("P10: on a well-formed site a vehicle at rest always gets a plan, with no search at all", () => {
  let plans = 0;
  let meeting = 0;
  for (let seed = 0; seed < CASES; seed++) {
    const random = prng(seed);
    const kind =
      random.nextFloat() < 0.6
        ? MEETING[below(random, MEETING.length)]!
        : SMALL_SITE_KINDS[below(random, SMALL_SITE_KINDS.length)]!;
    if (MEETING.includes(kind)) meeting++;
    const site = knownSite(kind as (typeof SMALL_SITE_KINDS)[number], below(random, 3), (name, number) =>
      fork(prng(number), name),
    );
    const made = new RandomBook(site, 2 + below(random, 3), random);
    const { book } = made;
    for (let event = 0; event < 150; event++) {
      book.nowMs += below(random, 10_000);
      made.retime();
      if (random.nextFloat() < 0.1) {
        const vehicle = below(random, book.vehicles.length);
        if (isAtRest(book.vehicles[vehicle]!)) {
          const stops = made.randomStops(vehicle, random);
          const result = made.plan(vehicle, stops, 0);
          expect(result, `seed ${seed}, event ${event}, ${kind}, vehicle ${vehicle}`).toMatchObject({
            kind: "planned",
            by: "fallback",
          });
          plans++;
          const where = `seed ${seed}, event ${event}, ${kind}`;
          expect(checkBook(book, { labels: true }), where).toEqual([]);
          expect(validatePlans(book), where).toEqual([]);
        }
      }
      const moves = possibleMoves(book);
      if (moves.length > 0) apply(book, moves[below(random, moves.length)]!);
    }
  }
  console.log(`P10: ${CASES} cases, ${meeting} with opposing or crossing traffic: ${plans} plans without search`);
  expect(meeting / CASES).toBeGreaterThanOrEqual(0.5);
  expect(plans).toBeGreaterThan(CASES);
});
