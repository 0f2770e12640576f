import { expect, test } from "vitest";
import { type LoopClock, startTickLoop } from "./tick-loop.ts";

/** A clock that goes on when it is told, and while a tick works. */
class ManualClock implements LoopClock {
  #nowMs = 5000;
  #alarm: { atMs: number; ring: () => void } | null = null;

  now(): number {
    return this.#nowMs;
  }
  alarm(ms: number, ring: () => void): () => void {
    this.#alarm = { atMs: this.#nowMs + ms, ring };
    return () => {
      this.#alarm = null;
    };
  }
  work(ms: number): void {
    this.#nowMs += ms;
  }
  /** Lets time pass; alarms ring `lateMs` after their time. */
  pass(ms: number, lateMs = 0): void {
    const endMs = this.#nowMs + ms;
    while (this.#alarm !== null && this.#alarm.atMs + lateMs <= endMs) {
      const { atMs, ring } = this.#alarm;
      this.#alarm = null;
      this.#nowMs = Math.max(this.#nowMs, atMs + lateMs);
      ring();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }
}

function loopOf(busyMs: (n: number) => number = () => 0) {
  const clock = new ManualClock();
  const startMs = clock.now();
  const beganMs: number[] = [];
  const skipped: number[] = [];
  const errors: unknown[] = [];
  const loop = startTickLoop({
    tickMs: 100,
    clock,
    tick() {
      beganMs.push(clock.now() - startMs);
      clock.work(busyMs(beganMs.length));
    },
    onSkip: (ms) => void skipped.push(ms),
    onError: (error) => void errors.push(error),
  });
  return { clock, loop, beganMs, skipped, errors };
}

test("ticks keep their distances although each alarm rings late: no drift", () => {
  const { clock, loop, beganMs } = loopOf();
  clock.pass(1000, 3);
  expect(beganMs).toEqual([103, 203, 303, 403, 503, 603, 703, 803, 903]);
  expect([loop.ticksLate, loop.latenessMs.max]).toEqual([0, 3]);
});

test("after a tick that took too long those behind it follow at once, and their lateness is measured", () => {
  const { clock, loop, beganMs } = loopOf((n) => (n === 2 ? 250 : 0));
  clock.pass(700);
  expect(beganMs).toEqual([100, 200, 450, 450, 500, 600, 700]);
  expect([loop.ticksLate, loop.latenessMs.max, loop.stepMs.max]).toEqual([1, 150, 250]);
});

test("what cannot be caught up with is skipped and told, and the ticks go on from there", () => {
  const { clock, loop, beganMs, skipped } = loopOf();
  clock.pass(100);
  clock.work(60_030); // the machine was asleep
  clock.pass(200);
  expect(skipped).toEqual([59_900]);
  expect(beganMs).toEqual([100, 60_130, 60_200, 60_300]);
  expect(clock.now() - loop.startMs).toBe(430);
});

test("stopped it ticks no more; a tick that throws stops it and is told", () => {
  const one = loopOf();
  one.clock.pass(100);
  one.loop.stop();
  one.clock.pass(1000);
  expect(one.beganMs).toEqual([100]);
  const two = loopOf(() => {
    throw new Error("broken invariant");
  });
  two.clock.pass(1000);
  expect(two.errors).toEqual([new Error("broken invariant")]);
  expect(two.beganMs).toEqual([100]);
});
