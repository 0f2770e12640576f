import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prng } from "../../prng.ts";
import { type GridMap, gridOf } from "../grid-map.ts";
import { FAR, GuideSearch, STEP_COST } from "./guide-tables.ts";
import type { LifelongPlanner } from "./lifelong-planner.ts";
import { gridMotionOf, type MotionKind } from "./motion.ts";
import { EpibtPlanner, PibtPlanner } from "./pibt-planners.ts";
import { InvalidStepError, LifelongRun } from "./simulate.ts";
import { randomGoals, randomStarts, StreamTasks } from "./task-sources.ts";
import { WindowPlanner, windowPlannerOptions } from "./window-planner.ts";

const KINDS: readonly MotionKind[] = ["pebble", "rotation"];
const FILLS = ["ahead", "operations"] as const;

/** A map with obstacles from a seed; its largest part is where agents live. */
function randomMap(seed: number, width: number, height: number, blocked: number): GridMap {
  const random = prng(seed);
  return gridOf(`seed ${seed}`, width, height, (x, y) => (x === 0 && y < 2) || random.nextFloat() >= blocked);
}

interface Case {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly blocked: number;
  readonly crowd: number;
  readonly steps: number;
}

const cases = fc.record({
  seed: fc.nat(2 ** 31),
  width: fc.integer({ min: 3, max: 14 }),
  height: fc.integer({ min: 3, max: 14 }),
  blocked: fc.constantFrom(0, 0.15, 0.3),
  crowd: fc.constantFrom(0.1, 0.4, 0.8, 1),
  steps: fc.integer({ min: 5, max: 40 }),
});

/** Cells of the map's largest part, as the refusal of too many agents tells it. */
function largestPart(map: GridMap): number {
  try {
    return randomStarts(map, map.vertexCount, 1).length;
  } catch (error) {
    return Number(/has (\d+) cells/.exec((error as Error).message)?.[1]);
  }
}

type MakePlanner = (motion: ReturnType<typeof gridMotionOf>, starts: Int32Array, seed: number) => LifelongPlanner;

/** Runs a case; the run judges every step itself. @returns where all were after each step, and the tasks done */
function play(each: Case, kind: MotionKind, make: MakePlanner, activeMax?: number): readonly [string, number] {
  const map = randomMap(each.seed, each.width, each.height, each.blocked);
  const room = largestPart(map);
  const agents = Math.max(1, Math.floor(each.crowd * room));
  const starts = randomStarts(map, agents, each.seed).map((vertex) => (kind === "pebble" ? vertex : 4 * vertex));
  const goals = randomGoals(map, 200, each.seed);
  if (goals.every((goal) => goal === goals[0])) return ["", 0];
  const tasks = new StreamTasks(goals, agents);
  const planner = make(gridMotionOf(map, kind), starts, each.seed);
  const active = activeMax === undefined ? {} : { activeMax };
  const run = new LifelongRun({ map, motion: kind, starts, tasks, planner, ...active });
  const seen: string[] = [];
  for (let step = 0; step < each.steps; step++) {
    run.step({ nodes: 2000 });
    seen.push(run.states.join());
  }
  return [seen.join("\n"), run.tasksFinished];
}

const windowOn =
  (fill: (typeof FILLS)[number]): MakePlanner =>
  (motion, starts, seed) =>
    new WindowPlanner(motion, starts, {
      ...windowPlannerOptions(motion, starts.length, seed),
      fill,
      windowSteps: fill === "operations" ? 3 : 9,
      contraryCost: 1,
      nearFirst: fill === "operations",
    });

const PLANNERS = {
  pibt: (motion, starts, seed) => new PibtPlanner(motion, starts, seed),
  epibt: (motion, starts) => new EpibtPlanner(motion, starts),
  "window ahead": windowOn("ahead"),
  "window operations": windowOn("operations"),
} satisfies Readonly<Record<string, MakePlanner>>;

describe.each(Object.entries(PLANNERS))("%s", (_, make) => {
  test.each(KINDS)("%s: no step breaks a rule, however crowded; equal seeds give equal answers", (kind) => {
    fc.assert(
      fc.property(cases, (each) => {
        expect(play(each, kind, make)).toEqual(play(each, kind, make));
      }),
      { numRuns: 12 },
    );
  });

  test.each(KINDS)("%s: with admission control too", (kind) => {
    fc.assert(
      fc.property(cases, (each) => {
        play(each, kind, make, 3);
      }),
      { numRuns: 6 },
    );
  });
});

test("a planner's wrong step is not counted but thrown, with its step and its agents", () => {
  const map = gridOf("row", 4, 1, () => true);
  const wrong: LifelongPlanner = { step: () => Int32Array.of(1, 0) };
  const tasks = new StreamTasks(Int32Array.of(3, 2), 2);
  const run = new LifelongRun({ map, motion: "pebble", starts: Int32Array.of(0, 1), tasks, planner: wrong });
  const budget = { nodes: 1 };
  expect(() => run.step(budget)).toThrow(InvalidStepError);
  expect(() => run.step(budget)).toThrow("step 0: agents 0 and 1 change places between (0,0) and (1,0)");
});

test("the window does more than its baselines where it is crowded", () => {
  const each = { seed: 11, width: 14, height: 14, blocked: 0.15, crowd: 0.4, steps: 60 };
  for (const kind of KINDS) {
    const [, pibt] = play(each, kind, PLANNERS.pibt);
    const [, window] = play(each, kind, (motion, starts, seed) => {
      return new WindowPlanner(motion, starts, windowPlannerOptions(motion, starts.length, seed));
    });
    expect(window).toBeGreaterThan(1.15 * pibt);
  }
});

test("one agent alone takes a shortest way, in both models", () => {
  const map = gridOf("hall", 9, 7, () => true);
  for (const [kind, steps] of [
    ["pebble", 14],
    ["rotation", 15],
  ] as const) {
    const motion = gridMotionOf(map, kind);
    const start = map.vertexOf[0]!;
    const starts = Int32Array.of(start << motion.vertexShift);
    const tasks = new StreamTasks(Int32Array.of(map.vertexOf[9 * 6 + 8]!, start), 1);
    const planner = new WindowPlanner(motion, starts, windowPlannerOptions(motion, 1, 1));
    const run = new LifelongRun({ map, motion: kind, starts, tasks, planner });
    for (let step = 0; step < steps; step++) {
      expect(run.tasksFinished).toBe(0);
      run.step({ nodes: 10_000 });
    }
    expect(run.tasksFinished).toBe(1);
  }
});

test("cost-to-go tables agree with relaxation until nothing changes, weights drawn at random", () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(...KINDS), (each, kind) => {
      const map = randomMap(each.seed, each.width, each.height, each.blocked);
      const motion = gridMotionOf(map, kind);
      const { actionCount, next, stateCount, vertexShift } = motion;
      const random = prng(each.seed);
      const weights = Uint8Array.from(
        { length: stateCount * actionCount },
        () => STEP_COST + (random.nextUint32() % 9),
      );
      const table = new Uint16Array(stateCount);
      const goal = random.nextUint32() % map.vertexCount;
      new GuideSearch(motion).fill(table, goal, weights);
      const expected = Int32Array.from({ length: stateCount }, (_, state) => (state >> vertexShift === goal ? 0 : FAR));
      for (let hasChanged = true; hasChanged; ) {
        hasChanged = false;
        for (let i = 0; i < next.length; i++) {
          const state = Math.floor(i / actionCount);
          if (next[i]! < 0) continue;
          const cost = expected[next[i]!]! + weights[i]!;
          if (cost >= expected[state]!) continue;
          expected[state] = cost;
          hasChanged = true;
        }
      }
      expect([...table]).toEqual([...expected]);
    }),
    { numRuns: 40 },
  );
});
