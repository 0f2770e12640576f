import { expect, test } from "vitest";
import { type OrderEvent, pickUpWaits, quantile } from "./pick-up-waits.ts";
import { missedTargets, type PilotRun, pilotSuite } from "./pilot-suite.ts";

test("waits for pick-up: those that ended, those that have not, none of the cancelled", () => {
  const event = (t: number, order: string, what: string): OrderEvent => ({ t, order, event: what });
  const events = [
    event(0, "a", "accepted"),
    event(10, "b", "accepted"),
    event(20, "c", "accepted"),
    event(30, "a", "assigned"),
    event(40, "a", "pickedUp"),
    event(50, "c", "cancelled"),
    event(60, "a", "delivered"),
  ];
  expect(pickUpWaits(events, 100)).toEqual([40, 90]);
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.95), quantile([], 0.5)]).toEqual([2, 4, 0]);
});

const good: PilotRun = {
  seed: 3,
  summary: {
    orders: { accepted: 300, delivered: 290, waiting: 10, cancelled: 0 },
    collisions: 0,
    deadlocks: 0,
    shieldStops: 0,
    digest: "d",
  },
  waitP95S: 7200,
  waitMaxS: 14_400,
  speed: 500,
};

test("each target can be missed, and is then named with its seed", () => {
  expect(missedTargets(good)).toEqual([]);
  const withSummary = (change: Partial<PilotRun["summary"]>): PilotRun => ({
    ...good,
    summary: { ...good.summary, ...change },
  });
  const few = { accepted: 300, delivered: 284, waiting: 16, cancelled: 0 };
  const bad: readonly (readonly [PilotRun, string])[] = [
    [withSummary({ orders: few }), "seed 3: 284 of 300 delivered, at least 285"],
    [{ ...good, waitP95S: 7201 }, "seed 3: p95 of waiting for pick-up 120.0 min, at most 120 min"],
    [{ ...good, waitMaxS: 15_000 }, "seed 3: longest wait for pick-up 250.0 min, at most 240 min"],
    [withSummary({ collisions: 1 }), "seed 3: 1 collisions, none"],
    [withSummary({ deadlocks: 2 }), "seed 3: 2 deadlocks, none"],
    [withSummary({ shieldStops: 3 }), "seed 3: 3 shieldStops, none"],
    [{ ...good, speed: 499 }, "seed 3: 499 simulated s a CPU s, at least 500"],
  ];
  for (const [run, words] of bad) expect(missedTargets(run)).toEqual([words]);
});

test("quick: half an hour of seed 1 gives the same checksum twice", async () => {
  const context = { say: () => {} };
  const first = await pilotSuite.run("quick", context);
  expect(first.failures).toEqual([]);
  expect(first.rows.map((row) => row.value).every(Number.isFinite)).toBe(true);
  expect((await pilotSuite.run("quick", context)).checksum).toBe(first.checksum);
});
