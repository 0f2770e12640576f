import { describe, expect, test } from "vitest";
import { DeadlockDetector, type WaitFact } from "./detect-deadlock.ts";

/** A standing vehicle with a task, written "0>1": 0 waits for 1. "0": for nobody. */
function facts(waits: string, over: Partial<WaitFact> = {}): WaitFact[] {
  return waits.split(" ").map((word) => {
    const [index, waitsFor] = word.split(">").map(Number);
    return {
      index: index!,
      waitsFor: waitsFor ?? -1,
      moved: false,
      hasTask: true,
      fault: false,
      explained: false,
      ...over,
    };
  });
}

/** Runs from second to second; `at` gives the facts that hold from a second on. @returns "<second> <reason> <vehicles>" */
function check(seconds: number, at: Readonly<Record<number, readonly WaitFact[]>>, expected: readonly string[]) {
  const detector = new DeadlockDetector({ vehiclesMax: 8 });
  const found: string[] = [];
  let now: readonly WaitFact[] = [];
  for (let s = 0; s <= seconds; s++) {
    now = at[s] ?? now;
    for (const episode of detector.update(s * 1000, now))
      found.push(`${episode.atMs / 1000} ${episode.reason} ${episode.vehicles}`);
  }
  expect(found).toEqual(expected);
}

describe("cycles", () => {
  test("counted once when a member has not moved for 60 s", () => {
    check(500, { 0: facts("0>1 1>2 2>0") }, ["60 cycle 0,1,2"]);
    check(59, { 0: facts("0>1 1>2 2>0") }, []);
  });

  test("a chain without a cycle is none; a chain that runs into one adds none", () => {
    check(800, { 0: facts("0>1 1>2 2") }, []);
    check(800, { 0: facts("3>0 4>3 0>1 1>0") }, ["60 cycle 0,1"]);
  });

  test("two cycles are two; one that dissolves and comes again is two", () => {
    check(300, { 0: facts("0>1 1>0 2>3 3>2") }, ["60 cycle 0,1", "60 cycle 2,3"]);
    check(300, { 0: facts("0>1 1>0"), 100: facts("0>1 1"), 200: facts("0>1 1>0") }, ["60 cycle 0,1", "200 cycle 0,1"]);
  });

  test("a cycle whose members change stays one episode", () => {
    check(300, { 0: facts("0>1 1>0 2>0"), 100: facts("0>2 2>1 1>0"), 200: facts("2>1 1>2 0>1") }, ["60 cycle 0,1"]);
  });

  test("a cycle does not count while all move, rest without a task, or are at fault; one stuck member is enough", () => {
    check(300, { 0: facts("0>1 1>0", { moved: true }) }, []);
    check(300, { 0: facts("0>1 1>0", { hasTask: false }) }, []);
    check(300, { 0: facts("0>1 1>0", { fault: true }) }, []);
    check(300, { 0: [...facts("0>1", { fault: true }), ...facts("1>0")] }, ["60 cycle 0,1"]);
  });

  test("someone who waits on himself is a cycle of one", () => {
    check(100, { 0: facts("3>3") }, ["60 cycle 3"]);
  });
});

describe("waits", () => {
  test("more than 15 min without explanation is one episode, until it moves", () => {
    check(2500, { 0: facts("0"), 1000: facts("0", { moved: true }), 1001: facts("0") }, [
      "901 unexplained-wait 0",
      "1901 unexplained-wait 0",
    ]);
  });

  test.each<[string, Partial<WaitFact>]>([
    ["explained", { explained: true }],
    ["without a task", { hasTask: false }],
    ["at fault", { fault: true }],
  ])("%s: none", (_, over) => {
    check(2000, { 0: facts("0", over) }, []);
  });

  test("an explanation in between starts the wait anew", () => {
    check(1600, { 0: facts("0"), 800: facts("0", { explained: true }), 801: facts("0") }, []);
  });
});
