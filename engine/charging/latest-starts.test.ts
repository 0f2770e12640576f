import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latestStarts } from "./latest-starts.ts";

describe("latest starts", () => {
  test("enough chargers: everyone at the last moment", () => {
    const jobs = [100, 100, 100].map((lastMs, index) => ({ index, lastMs, chargeMs: 50 }));
    expect(latestStarts(jobs, 3).map((job) => job.startMs)).toEqual([100, 100, 100]);
    expect(latestStarts(jobs, 0)).toEqual([]);
  });

  test("one charger for three: one after the other, the last at its last moment; ties by index", () => {
    const jobs = [0, 1, 2].map((index) => ({ index, lastMs: 100, chargeMs: 30 }));
    expect(latestStarts(jobs, 1).map((job) => [job.index, job.startMs])).toEqual([
      [2, 100],
      [1, 70],
      [0, 40],
    ]);
  });

  test("never late, never more at once than chargers; with one length no smaller first start is needed", () => {
    const job = fc.record({ lastMs: fc.nat({ max: 60 }) });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (deadlines, chargers) => {
        const jobs = deadlines.map(({ lastMs }, index) => ({ index, lastMs, chargeMs: 10 }));
        const starts = latestStarts(jobs, chargers);
        for (const a of starts) {
          expect(a.startMs).toBeLessThanOrEqual(a.lastMs);
          const during = starts.filter((b) => b.startMs <= a.startMs && a.startMs < b.startMs + 10);
          expect(during.length).toBeLessThanOrEqual(chargers);
        }
        // Lower bound on what any schedule needs: the k jobs with the first deadlines need k sessions on the chargers.
        const sorted = jobs.map((j) => j.lastMs).sort((a, b) => a - b);
        const needed = sorted.map((last, k) => last - 10 * Math.floor(k / chargers));
        const first = Math.min(...starts.map((s) => s.startMs), Number.POSITIVE_INFINITY);
        expect(first).toBeGreaterThanOrEqual(Math.min(...needed, Number.POSITIVE_INFINITY));
      }),
      { seed: 20_261_122, numRuns: 500, endOnFailure: true },
    );
  });
});
