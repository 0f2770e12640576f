import { expect, test } from "vitest";
import { DrawnBook, STAND_CLEAR_MS } from "./drawn-book.fixture.ts";
import { type Prng, prng } from "./prng.ts";
import { CLEAR_TO_GRANT_MS, LEAST_MS } from "./traffic/book.ts";
import type { Clear, Service } from "./traffic/types.ts";
import { leaveBounds, pushArea, pushJob, pushPlace, pushPocket, type Slot } from "./windows.ts";

const below = (random: Prng, limit: number): number => Math.floor(random.nextFloat() * limit);

/** Uses of an area in order; each side follows one another, the other side comes when all have left. */
function drawUses(random: Prng): Clear[] {
  const uses: Clear[] = [];
  let grantMs = 500;
  let allLeftMs = 0;
  let lastClearMs = 0;
  let side: 0 | 1 = 0;
  for (let i = below(random, 5); i >= 0; i--) {
    if (random.nextFloat() < 0.5) {
      side = side === 0 ? 1 : 0;
      grantMs = allLeftMs + CLEAR_TO_GRANT_MS;
    }
    grantMs += 1 + below(random, 2_000);
    const clearMs = Math.max(grantMs + 100 + below(random, 1_500), lastClearMs + LEAST_MS);
    allLeftMs = Math.max(allLeftMs, clearMs);
    lastClearMs = clearMs;
    const step = { vehicle: i + 1, granted: false, grantMs };
    uses.push({ step, side, ms: clearMs } as unknown as Clear);
  }
  return uses;
}

test("the departure through an area is the first at which the passage fits before or behind every use", () => {
  let waited = 0;
  for (let seed = 0; seed < 400; seed++) {
    const random = prng(seed);
    const uses = drawUses(random);
    const side = below(random, 2) as 0 | 1;
    const grantMs = below(random, 800);
    const clearMs = grantMs + 100 + below(random, 1_000);
    const from = below(random, 3_000);
    const fits = (departMs: number): boolean =>
      uses.every((use) => {
        const [g, c] = [departMs + grantMs, departMs + clearMs];
        if (use.side !== side) {
          return g >= use.ms + CLEAR_TO_GRANT_MS || c + CLEAR_TO_GRANT_MS <= use.step.grantMs;
        }
        const behind = g >= use.step.grantMs + LEAST_MS && c >= use.ms + LEAST_MS;
        return behind || (g + LEAST_MS <= use.step.grantMs && c + LEAST_MS <= use.ms);
      });
    let first = from;
    while (!fits(first)) first++;
    if (first > from) waited++;
    // One pass may have to be repeated: what moves it behind one use may move it into the next.
    let departMs = from;
    for (let before = -1; before !== departMs; ) {
      before = departMs;
      departMs = pushArea(uses, 0, side, grantMs, clearMs, departMs);
    }
    expect(departMs, `seed ${seed}`).toBe(first);
  }
  expect(waited).toBeGreaterThan(100);
});

test("a job begins as soon as it fits among the station's jobs", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = prng(seed);
    let at = 0;
    const jobs = Array.from({ length: below(random, 5) }, () => {
      at += below(random, 1_500);
      const durationMs = 100 + below(random, 900);
      at += durationMs + LEAST_MS;
      return { durationMs, endMs: at - LEAST_MS, started: false } as unknown as Service;
    });
    const durationMs = 1 + below(random, 800);
    const from = below(random, 3_000);
    const fits = (start: number): boolean =>
      jobs.every((job) => {
        return start >= job.endMs + LEAST_MS || start + durationMs + LEAST_MS <= job.endMs - job.durationMs;
      });
    let first = from;
    while (!fits(first)) first++;
    expect(pushJob(jobs, durationMs, from), `seed ${seed}`).toBe(first);
  }
});

/** Departures of a drive to a stand that the insertion takes, tried one by one. */
function firstTaken(make: () => DrawnBook, vehicle: number, way: (departMs: number) => string, from: number): number {
  for (let departMs = from; departMs < 60_000; departMs++) {
    if (make().plan(vehicle, way(departMs)) === null) return departMs;
  }
  return Number.NaN;
}

/** 0, 1 and 2 stay on lane L one behind the other; 3 comes to it as well. */
function fullLane(fit: number): DrawnBook {
  const havens = ["a", "b", "c", "d"];
  const drawn = new DrawnBook({
    havens,
    lanes: { L: fit },
    legs: havens.flatMap((haven) => [`${haven} L`, `L ${haven}`]),
  });
  drawn.plan(0, "L@2000 a@6000");
  drawn.plan(1, fit === 1 ? "L@9000 b@11000" : "L@5000 b@11000");
  drawn.plan(2, "L@15000 c@30000");
  drawn.retime(0);
  return drawn;
}

const freeSlot = (): Slot => ({ position: -1, latestOffMs: 0 });

test.each([1, 2, 3])(
  "a lane with room for %d: a drive onto it fits at the first moment that insertion takes",
  (fit) => {
    const stayMs = 700;
    for (const from of [0, 3000, 6500, 12_000, 14_500, 16_000]) {
      const drawn = fullLane(fit);
      const slot = freeSlot();
      const lane = drawn.stand("L");
      // It goes on without a stop: off the lane so long after it is granted onto it.
      const found = pushPocket(
        drawn.book,
        3,
        lane,
        0,
        STAND_CLEAR_MS,
        stayMs,
        stayMs + STAND_CLEAR_MS,
        true,
        from,
        slot,
      );
      const taken = firstTaken(
        () => fullLane(fit),
        3,
        (ms) => `L@${ms} d@${ms + stayMs}`,
        from,
      );
      // The search also keeps the look-ahead behind the tail ahead, which insertion leaves to the times of the events.
      expect(found, `from ${from}`).toBeGreaterThanOrEqual(taken);
      expect(drawn.plan(3, `L@${found} d@${found + stayMs}`), `from ${from}`).toBeNull();
      expect(drawn.order("L").indexOf(3), `from ${from}`).toBe(slot.position);
    }
  },
);

test("a stop on a lane may last until the ones behind are to leave it, or need its room", () => {
  for (const [fit, from, latestMs] of [
    // Before 0, with room for 0 only when it is gone.
    [1, 0, 2000 - LEAST_MS],
    // Before 0 and 1, of whom the second needs its room.
    [2, 0, 5000 - LEAST_MS],
    // With room for all, before 0 leaves.
    [4, 0, 6000 - LEAST_MS],
  ] as const) {
    const drawn = fullLane(fit);
    const slot = freeSlot();
    expect(pushPocket(drawn.book, 3, drawn.stand("L"), 0, STAND_CLEAR_MS, 100, 100, false, from, slot)).toBe(from);
    expect(slot).toEqual({ position: 0, latestOffMs: latestMs });
  }
});

test("a place is entered when it is left, and left in time for whoever comes next", () => {
  const legs = ["a P", "P a", "b P", "P b", "c P", "P c"];
  const drawn = new DrawnBook({ havens: ["a", "b", "c"], places: ["P"], legs });
  drawn.plan(0, "P@3000 a@5000");
  drawn.plan(1, "P@20000 b@25000");
  drawn.retime(0);
  const push = (from: number, clearMs: number): [number, Slot] => {
    const slot = freeSlot();
    return [pushPlace(drawn.book, 2, drawn.stand("P"), 0, clearMs, false, from, slot), slot];
  };
  const leftMs = 5000 + STAND_CLEAR_MS + CLEAR_TO_GRANT_MS;
  expect(push(0, 1000)).toEqual([0, { position: 0, latestOffMs: 3000 - CLEAR_TO_GRANT_MS }]);
  expect(push(2000, 1000)).toEqual([leftMs, { position: 1, latestOffMs: 20_000 - CLEAR_TO_GRANT_MS }]);
  // To stay for good it comes behind all.
  const slot = freeSlot();
  const last = pushPlace(drawn.book, 2, drawn.stand("P"), 0, 1000, true, 0, slot);
  expect([last, slot.position]).toEqual([25_000 + STAND_CLEAR_MS + CLEAR_TO_GRANT_MS, 2]);
  // Insertion moves a plan that wants in earlier to the same moment.
  expect(drawn.plan(2, "P@3000 c@9000")).toBeNull();
  expect(drawn.step(2).grantMs).toBe(leftMs);
});

test("who rests where another is ordered in behind it leaves in time for that one", () => {
  const drawn = new DrawnBook({ havens: ["a", "b", "c"], fleet: 2, legs: ["a c", "c a", "b a"] });
  expect(drawn.plan(0, "c@1000")).toBeNull();
  expect(drawn.plan(1, "a@8000")).toBeNull();
  expect(leaveBounds(drawn.book, 0, drawn.stand("a"), 0, STAND_CLEAR_MS)).toEqual([
    0,
    8000 - CLEAR_TO_GRANT_MS - STAND_CLEAR_MS,
  ]);
  expect(leaveBounds(drawn.book, 1, drawn.stand("b"), 0, STAND_CLEAR_MS)).toEqual([0, Number.POSITIVE_INFINITY]);
});

test("on a lane one leaves behind the one ahead, and before the one behind, or whoever needs its room", () => {
  const drawn = fullLane(2);
  const bounds = leaveBounds(drawn.book, 1, drawn.stand("L"), 1, STAND_CLEAR_MS);
  expect(bounds).toEqual([6000 + LEAST_MS, 30_000 - LEAST_MS]);
  expect(leaveBounds(drawn.book, 0, drawn.stand("L"), 0, STAND_CLEAR_MS)).toEqual([0, 11_000 - LEAST_MS]);
});
