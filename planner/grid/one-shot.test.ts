import { describe, expect, test } from "vitest";
import { prng } from "../prng.ts";
import { DistanceTables } from "./distance-tables.ts";
import { type GridMap, gridOf } from "./grid-map.ts";
import { type Instance, randomInstance } from "./instance.ts";
import { IntervalSearch } from "./interval-search.ts";
import { Lacam } from "./lacam.ts";
import { OneShot } from "./one-shot.ts";
import { Refinement } from "./refinement.ts";
import { lowerBounds, solutionCosts } from "./solution.ts";
import { Timetable } from "./timetable.ts";
import { solutionFault } from "./validate-solution.ts";

/** Shelves two cells wide with aisles of one, as in a warehouse. */
const warehouse = gridOf("shelves", 24, 16, (x, y) => x % 6 === 0 || x % 6 === 5 || y % 3 === 0);
/** A comb of dead ends: agents must let each other pass on their goals. */
const comb = gridOf("comb", 16, 6, (x, y) => y === 5 || x % 2 === 0);
const open = gridOf("open", 10, 10, (x, y) => x % 3 !== 1 || y % 3 !== 1);

function firstPlan(instance: Instance, tables: DistanceTables): Refinement {
  const lacam = new Lacam(instance, tables, { seed: 1 });
  expect(lacam.run({ expansionsMax: 1_000_000 })).toBe("solved");
  return new Refinement(instance, tables, lacam.solution()!, 1);
}

describe("Refinement", () => {
  test.each([
    ["shelves", warehouse, 60],
    ["comb", comb, 12],
    ["open", open, 50],
  ] as const)("%s: every stage is valid, counts its loss right, and never gets dearer", (_, map, agents) => {
    for (let seed = 1; seed <= 4; seed++) {
      const instance = randomInstance(map, agents, seed);
      const tables = new DistanceTables(map);
      const refinement = firstPlan(instance, tables);
      const first = refinement.loss;
      let last = first;
      for (let i = 0; i < 40; i++) {
        refinement.run({ expansionsMax: 1500 });
        const solution = refinement.solution();
        expect(solutionFault(instance, solution), `seed ${seed}`).toBeNull();
        expect(solutionCosts(solution, instance.goals).sumOfLoss, `seed ${seed}`).toBe(refinement.loss);
        expect(refinement.loss).toBeLessThanOrEqual(last);
        last = refinement.loss;
      }
      expect(last, `seed ${seed}`).toBeLessThan(first);
      expect(last).toBeGreaterThanOrEqual(lowerBounds(instance, tables).sumOfCosts);
    }
  });
});

describe("shared rounds", () => {
  test("refinements that merge each other's logs stay in one state, which is valid and never dearer", () => {
    let merged = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const instance = randomInstance(warehouse, 60, seed);
      const tables = new DistanceTables(warehouse);
      const lacam = new Lacam(instance, tables, { seed });
      expect(lacam.run({ expansionsMax: 100_000 })).toBe("solved");
      const team = [1, 2, 3].map((member) => new Refinement(instance, tables, lacam.solution()!, member));
      const logs = team.map(() => new Int32Array(1 << 16));
      for (let round = 0; round < 12; round++) {
        const before = team[0]!.loss;
        const alone = team.map((each, i) => {
          each.beginShared(logs[i]!);
          each.run({ expansionsMax: 4000 });
          return each.loss;
        });
        const lengths = team.map((each) => each.endShared());
        for (const each of team) {
          expect(each.loss, `seed ${seed}`).toBe(before);
          for (const [i, log] of logs.entries()) each.merge(log, lengths[i]!);
        }
        const solution = team[0]!.solution();
        expect(solutionFault(instance, solution), `seed ${seed}, round ${round}`).toBeNull();
        expect(solutionCosts(solution, instance.goals).sumOfLoss).toBe(team[0]!.loss);
        for (const each of team) expect(each.solution()).toEqual(solution);
        // Whoever is merged first loses nothing of its work, and the others can only add to it.
        expect(team[0]!.loss).toBeLessThanOrEqual(alone[0]!);
        if (team[0]!.loss < Math.min(...alone)) merged++;
      }
    }
    expect(merged).toBeGreaterThan(5);
  });

  test("a log too short for any change is refused, a full one ends the run", () => {
    const instance = randomInstance(open, 30, 1);
    const refinement = firstPlan(instance, new DistanceTables(open));
    expect(() => refinement.beginShared(new Int32Array(10))).toThrow("holds no change");
    refinement.beginShared(new Int32Array(3000));
    refinement.run({ expansionsMax: 1e9 });
    expect(refinement.endShared()).toBeLessThanOrEqual(3000);
  });
});

/** The least loss of one agent among given paths, by Dijkstra over (vertex, timestep): the oracle of the search. */
function leastLossAmong(
  map: GridMap,
  timetable: Timetable,
  start: number,
  goal: number,
  costMax: number,
): number | null {
  let costs = new Map<number, number>([[start, 0]]);
  if (!timetable.isFree(start, 0)) return null;
  for (let t = 1; t < timetable.horizon; t++) {
    const next = new Map<number, number>();
    for (const [vertex, cost] of costs) {
      for (const to of [vertex, ...map.neighbours.subarray(4 * vertex, 4 * vertex + 4)]) {
        if (to < 0 || !timetable.isFree(to, t) || (to !== vertex && timetable.isCrossed(to, vertex, t))) continue;
        const through = cost + (vertex === goal && to === goal ? 0 : 1);
        if (through < (next.get(to) ?? Number.POSITIVE_INFINITY)) next.set(to, through);
      }
    }
    costs = next;
  }
  const cost = costs.get(goal) ?? Number.POSITIVE_INFINITY;
  return cost <= costMax ? cost : null;
}

describe("IntervalSearch", () => {
  test("finds a path wherever there is one, of the least loss or a little more, and never collides", () => {
    let found = 0;
    let dearer = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = prng(seed);
      const map = [open, comb, warehouse][seed % 3]!;
      const instance = randomInstance(map, 14, seed);
      const tables = new DistanceTables(map);
      const lacam = new Lacam(instance, tables, { seed });
      expect(lacam.run({ expansionsMax: 100_000 })).toBe("solved");
      const solution = lacam.solution()!;
      const horizon = solution.makespan + 1;
      const timetable = new Timetable(map.vertexCount, 14, horizon);
      const left = random.nextUint32() % 14;
      for (let agent = 0; agent < 14; agent++) {
        if (agent === left) continue;
        const path = Int32Array.from({ length: horizon }, (_, t) => solution.vertices[t * 14 + agent]!);
        let arrival = horizon - 1;
        while (arrival > 0 && path[arrival - 1] === path[arrival]) arrival--;
        expect(timetable.firstCollision(path, 0, arrival)).toBe(-1);
        timetable.add(agent, path, 0, arrival);
        expect(timetable.firstCollision(path, 0, arrival)).toBe(0);
      }
      const search = new IntervalSearch(map, timetable);
      const [start, goal] = [instance.starts[left]!, instance.goals[left]!];
      const expected = leastLossAmong(map, timetable, start, goal, horizon - 1);
      const isFound = search.find(start, tables.table(goal), horizon - 1);
      expect(isFound, `seed ${seed}`).toBe(expected !== null);
      if (expected === null) continue;
      found++;
      expect(search.cost, `seed ${seed}`).toBeGreaterThanOrEqual(expected);
      if (search.cost > expected) dearer++;
      expect(timetable.firstCollision(search.path, 0, search.arrival), `seed ${seed}`).toBe(-1);
    }
    expect(found).toBeGreaterThan(250);
    // The goal is left at the first or at the last moment, not in between; that is nearly always right.
    expect(dearer).toBeLessThan(found / 50);
  });
});

describe("OneShot", () => {
  test("seed and node budget give one answer, in whatever portions", () => {
    const instance = randomInstance(warehouse, 60, 2);
    const whole = new OneShot(instance, new DistanceTables(warehouse), { seed: 3 });
    expect(whole.run({ nodesMax: 300_000 })).toBe("solved");
    const again = new OneShot(instance, new DistanceTables(warehouse), { seed: 3 });
    expect(again.run({ nodesMax: 300_000 })).toBe("solved");
    expect(again.solution()).toEqual(whole.solution());
    expect(whole.stage).toBe("refining");
    expect(whole.loss).toBeLessThan(whole.firstLoss);
    expect(solutionFault(instance, whole.solution()!)).toBeNull();
    const other = new OneShot(instance, new DistanceTables(warehouse), { seed: 4 });
    other.run({ nodesMax: 300_000 });
    expect(other.solution()).not.toEqual(whole.solution());
  });

  test("a guided plan is better than a plain one where agents are many", () => {
    for (const seed of [1, 2, 3]) {
      const instance = randomInstance(warehouse, 90, seed);
      const tables = new DistanceTables(warehouse);
      const plain = new Lacam(instance, tables, { seed });
      const guided = new Lacam(instance, tables, { seed, guidance: {} });
      expect(plain.run({ expansionsMax: 100_000 })).toBe("solved");
      expect(guided.run({ expansionsMax: 100_000 })).toBe("solved");
      expect(solutionFault(instance, guided.solution()!)).toBeNull();
      expect(guided.loss).toBeLessThan(0.9 * plain.loss);
    }
  });

  test("unsolvable, out of budget and solved are told apart", () => {
    const parted = gridOf("parted", 5, 1, (x) => x !== 2);
    const instance = { map: parted, starts: Int32Array.of(0), goals: Int32Array.of(3) };
    expect(new OneShot(instance, new DistanceTables(parted), { seed: 1 }).run({ nodesMax: 100 })).toBe("unsolvable");
    const many = randomInstance(warehouse, 60, 2);
    expect(new OneShot(many, new DistanceTables(warehouse), { seed: 1 }).run({ nodesMax: 100 })).toBe("budget-spent");
    const rest = { map: parted, starts: Int32Array.of(0, 1), goals: Int32Array.of(0, 1) };
    const resting = new OneShot(rest, new DistanceTables(parted), { seed: 1 });
    expect(resting.run({ nodesMax: 100 })).toBe("solved");
    expect([resting.loss, resting.solution()!.makespan]).toEqual([0, 0]);
  });
});
