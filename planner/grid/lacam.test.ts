import { describe, expect, test } from "vitest";
import { prng } from "../prng.ts";
import { DistanceTables } from "./distance-tables.ts";
import { leastLoss } from "./exhaustive.fixture.ts";
import { gridOf } from "./grid-map.ts";
import { type Instance, randomInstance } from "./instance.ts";
import { Lacam } from "./lacam.ts";
import { lowerBounds, solutionCosts } from "./solution.ts";
import { solutionFault } from "./validate-solution.ts";

/** Agents a to e on the free cells of a picture; their goals are the capitals. `*`: free, nobody's. */
function instanceOf(picture: string): Instance {
  const rows = picture.trim().split(/\s+/);
  const map = gridOf("picture", rows[0]!.length, rows.length, (x, y) => rows[y]![x] !== "#");
  const cellsOf = (letters: string): number[] =>
    [...letters].map((letter) => rows.join("").indexOf(letter)).filter((cell) => cell >= 0);
  const starts = Int32Array.from(cellsOf("abcde"), (cell) => map.vertexOf[cell]!);
  const goals = Int32Array.from(cellsOf("ABCDE"), (cell) => map.vertexOf[cell]!);
  return { map, starts, goals };
}

function tinyInstance(seed: number): Instance {
  const random = prng(seed);
  for (;;) {
    const [width, height] = [2 + (random.nextUint32() % 3), 1 + (random.nextUint32() % 3)];
    const map = gridOf("tiny", width, height, () => random.nextFloat() < 0.75);
    const agents = 1 + (random.nextUint32() % 3);
    if (map.vertexCount > agents && map.vertexCount <= 9) return randomInstance(map, agents, random.nextUint32());
  }
}

const seeds = Array.from({ length: 5000 }, (_, i) => i + 1);

describe("LaCAM*", () => {
  test("5,000 tiny instances: solvable where the exhaustive solver says so, and optimal when run to the end", () => {
    let solvable = 0;
    for (const seed of seeds) {
      const instance = tinyInstance(seed);
      const expected = leastLoss(instance);
      const tables = new DistanceTables(instance.map);
      if (lowerBounds(instance, tables).sumOfCosts === Number.POSITIVE_INFINITY) {
        expect(expected, `seed ${seed}`).toBeNull();
        continue;
      }
      const lacam = new Lacam(instance, tables, seed % 2 === 0 ? { seed } : { seed, guidance: { window: 4 } });
      const status = lacam.run({ expansionsMax: 10_000_000, improve: true });
      expect(status, `seed ${seed}`).toBe(expected === null ? "unsolvable" : "optimal");
      if (expected === null) continue;
      solvable++;
      const solution = lacam.solution()!;
      expect(solutionFault(instance, solution), `seed ${seed}`).toBeNull();
      expect(lacam.loss, `seed ${seed}`).toBe(expected);
      expect(solutionCosts(solution, instance.goals).sumOfLoss, `seed ${seed}`).toBe(expected);
    }
    expect(solvable).toBeGreaterThan(2000);
    expect(solvable).toBeLessThan(4950);
  });

  test("two agents swap at a branch of a corridor", () => {
    const instance = instanceOf("aB**bA #####*#".replace("#####*#", "####*#"));
    const lacam = new Lacam(instance, new DistanceTables(instance.map), { seed: 1 });
    expect(lacam.run({ expansionsMax: 1000 })).toBe("solved");
    expect(solutionFault(instance, lacam.solution()!)).toBeNull();
  });

  test("two agents in a corridor without a branch: unsolvable, and not merely out of budget", () => {
    const instance = instanceOf("aB**bA");
    const tables = new DistanceTables(instance.map);
    expect(new Lacam(instance, tables, { seed: 1 }).run({ expansionsMax: 10_000 })).toBe("unsolvable");
    expect(new Lacam(instance, tables, { seed: 1 }).run({ expansionsMax: 3 })).toBe("budget-spent");
  });

  test("a bound on nodes ends the search as full", () => {
    const instance = instanceOf("aB**bA");
    const lacam = new Lacam(instance, new DistanceTables(instance.map), { seed: 1, nodesMax: 4 });
    expect(lacam.run({ expansionsMax: 10_000 })).toBe("full");
  });

  test("stopping after every expansion changes nothing", () => {
    const map = gridOf("open", 12, 12, (x, y) => x % 3 !== 1 || y % 3 !== 1);
    const instance = randomInstance(map, 40, 3);
    const whole = new Lacam(instance, new DistanceTables(map), { seed: 5 });
    expect(whole.run({ expansionsMax: 1_000_000 })).toBe("solved");
    const cut = new Lacam(instance, new DistanceTables(map), { seed: 5 });
    while (cut.run({ expansionsMax: 1 }) === "budget-spent");
    expect(cut.solution()).toEqual(whole.solution());
  });

  test("agents that move while it searches arrive: the search is re-rooted where they are", () => {
    const map = gridOf("open", 10, 10, (x, y) => x % 3 !== 1 || y % 3 !== 1);
    for (let seed = 1; seed <= 30; seed++) {
      const instance = randomInstance(map, 25, seed);
      const lacam = new Lacam(instance, new DistanceTables(map), { seed });
      const walked = [instance.starts];
      for (let t = 0; t < 500 && walked.at(-1)!.join() !== instance.goals.join(); t++) {
        lacam.run({ expansionsMax: 3 });
        const way = lacam.wayToClosest();
        expect(Array.from(way.vertices.subarray(0, 25))).toEqual(Array.from(walked.at(-1)!));
        if (way.makespan === 0) continue;
        const next = way.vertices.slice(25, 50);
        lacam.reroot(next);
        walked.push(next);
      }
      const vertices = Int32Array.from(walked.flatMap((configuration) => Array.from(configuration)));
      const solution = { agents: 25, makespan: walked.length - 1, vertices };
      expect(solutionFault(instance, solution), `seed ${seed}`).toBeNull();
    }
  });

  test("a re-rooted search still ends optimal from its new root", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const instance = tinyInstance(seed);
      const tables = new DistanceTables(instance.map);
      if (leastLoss(instance) === null) continue;
      const lacam = new Lacam(instance, tables, { seed });
      lacam.run({ expansionsMax: 4 });
      const way = lacam.wayToClosest();
      if (way.makespan === 0) continue;
      const root = way.vertices.slice(way.agents, 2 * way.agents);
      lacam.reroot(root);
      expect(lacam.run({ expansionsMax: 10_000_000, improve: true })).toBe("optimal");
      expect(lacam.loss, `seed ${seed}`).toBe(leastLoss({ ...instance, starts: root }));
    }
  });

  test("an agent without a way, and a root that was never met, are refused", () => {
    const instance = instanceOf("a#A");
    expect(() => new Lacam(instance, new DistanceTables(instance.map), { seed: 1 })).toThrow("agent 0 has no way");
    const other = instanceOf("a*A");
    const lacam = new Lacam(other, new DistanceTables(other.map), { seed: 1 });
    expect(() => lacam.reroot(other.goals)).toThrow("no configuration that the search has met");
  });
});
