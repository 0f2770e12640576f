import { expect, test } from "vitest";
import { type Prng, prng } from "./prng.ts";
import { CLEAR_TO_GRANT_MS, LEAST_MS } from "./traffic/book.ts";
import type { Clear, Service } from "./traffic/types.ts";
import { pushArea, pushJob } from "./windows.ts";

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
