import { expect, test } from "vitest";
import { apply, checkAllInterleavings, possibleMoves, statesMax } from "./model-check.fixture.ts";
import { fork, type Prng, prng } from "./prng.ts";
import { below, knownSite, RandomBook } from "./random-book.fixture.ts";
import { SMALL_SITE_KINDS } from "./small-sites.ts";
import { isAtRest } from "./traffic/book.ts";

const BOOKS = 240;
/** A book with more states ahead of it than this is first driven on at random. */
const STATES_MAX = 150_000;
const SITES_PER_KIND = 3;

/** A fleet under way: plans were made at random moments of a random run, by the search or by the fallback. */
function bookUnderWay(seed: number): RandomBook {
  const random = prng(seed);
  const kind = SMALL_SITE_KINDS[below(random, SMALL_SITE_KINDS.length)]!;
  const site = knownSite(kind, below(random, SITES_PER_KIND), (name, number) => fork(prng(number), name));
  const made = new RandomBook(site, 2 + below(random, 2), random);
  const events = below(random, 120);
  for (let i = 0; i < events; i++) makeSomethingHappen(made, random, true);
  for (const traffic of made.book.vehicles) {
    if (traffic !== null && isAtRest(traffic)) giveTask(made, traffic.index, random);
  }
  while (statesMax(made.book) > STATES_MAX) makeSomethingHappen(made, random, false);
  return made;
}

function makeSomethingHappen(made: RandomBook, random: Prng, tasks: boolean): void {
  const { book } = made;
  book.nowMs += below(random, 10_000);
  made.retime();
  const vehicle = below(random, book.vehicles.length);
  if (tasks && random.nextFloat() < 0.15) giveTask(made, vehicle, random);
  const moves = possibleMoves(book);
  if (moves.length > 0) apply(book, moves[below(random, moves.length)]!);
  made.retime();
}

function giveTask(made: RandomBook, vehicle: number, random: Prng): void {
  made.plan(vehicle, made.randomStops(vehicle, random), random.nextFloat() < 0.3 ? 0 : 300);
}

test("P3: every interleaving of up to three vehicles keeps its ground apart and comes to an end", () => {
  let states = 0;
  let three = 0;
  for (let seed = 0; seed < BOOKS; seed++) {
    const { book, site } = bookUnderWay(seed);
    const result = checkAllInterleavings(book);
    expect(result.fault, `seed ${seed}, ${site.kind}`).toBeNull();
    states += result.states;
    if (book.vehicles.length === 3) three++;
  }
  console.log(`P3: ${states} states of ${BOOKS} books, ${three} with three vehicles, each with every interleaving`);
  expect(three).toBeGreaterThan(BOOKS / 4);
  expect(states).toBeGreaterThan(100_000);
});

/** One vehicle cannot move any more, wherever it is; the others look for plans around it. */
function blockOne(made: RandomBook, random: Prng): void {
  const { book } = made;
  const traffic = book.vehicles[below(random, book.vehicles.length)]!;
  const { rangeM } = book.graph.stands[traffic.visits[0]!.stand]!;
  const driving = traffic.steps[0]?.granted === true;
  traffic.blocked = true;
  // In the pocket it may stand anywhere; once granted off it, at the stop line or past it.
  traffic.blockedAtM = driving ? rangeM : random.nextFloat() * rangeM;
  made.retime();
  for (const other of book.vehicles) {
    const held = other?.steps.some((step) => !step.granted && step.grantMs === Number.POSITIVE_INFINITY) === true;
    if (other !== null && !other.blocked && held) made.plan(other.index, [], 300);
  }
}

test("P4: with one vehicle blocked for ever, everything that does not depend on it still happens, in every order", () => {
  let states = 0;
  for (let seed = 0; seed < BOOKS; seed++) {
    const made = bookUnderWay(seed);
    blockOne(made, fork(prng(seed), "block"));
    const result = checkAllInterleavings(made.book);
    expect(result.fault, `seed ${seed}, ${made.site.kind}`).toBeNull();
    states += result.states;
  }
  console.log(`P4: ${states} states of ${BOOKS} books with a blocked vehicle`);
  expect(states).toBeGreaterThan(10_000);
});
