import { describe, expect, test } from "vitest";
import { gridOf } from "./grid-map.ts";
import type { Instance } from "./instance.ts";
import { type Solution, solutionCosts, solutionText } from "./solution.ts";
import { type SolutionRule, solutionFault } from "./validate-solution.ts";

const map = gridOf("open", 3, 2, () => true);
const at = (x: number, y: number): number => map.vertexOf[y * 3 + x]!;
const instance: Instance = {
  map,
  starts: Int32Array.of(at(0, 0), at(2, 0)),
  goals: Int32Array.of(at(2, 0), at(0, 0)),
};

/** Steps of the two agents, as cells. */
function solutionOf(...steps: readonly (readonly [number, number, number, number])[]): Solution {
  const vertices = Int32Array.from(steps.flatMap(([ax, ay, bx, by]) => [at(ax, ay), at(bx, by)]));
  return { agents: 2, makespan: steps.length - 1, vertices };
}

describe("solutionFault", () => {
  test("a right solution has none; its costs and text", () => {
    const solution = solutionOf([0, 0, 2, 0], [0, 1, 1, 0], [1, 1, 0, 0], [2, 1, 0, 0], [2, 0, 0, 0]);
    expect(solutionFault(instance, solution)).toBeNull();
    expect(solutionCosts(solution, instance.goals)).toEqual({ makespan: 4, sumOfCosts: 6, sumOfLoss: 6 });
    expect(solutionText(solution, instance).split("\n")[1]).toBe("1:(0,1),(1,0)");
  });

  test("resting at the goal costs nothing, leaving it again does", () => {
    const solution = solutionOf([0, 0, 2, 0], [0, 1, 1, 0], [1, 1, 0, 0], [2, 1, 0, 1], [2, 0, 0, 0], [2, 0, 0, 0]);
    expect(solutionCosts(solution, instance.goals)).toEqual({ makespan: 5, sumOfCosts: 8, sumOfLoss: 8 });
  });

  const right = [
    [0, 0, 2, 0],
    [0, 1, 1, 0],
    [1, 1, 0, 0],
    [2, 1, 0, 0],
    [2, 0, 0, 0],
  ] as const;
  const wrong: readonly (readonly [SolutionRule, Solution, string])[] = [
    ["shape", { ...solutionOf(...right), makespan: 3 }, "one vertex an agent and timestep"],
    ["start", solutionOf([0, 1, 2, 0], ...right.slice(1)), "agent 0 starts on (0,1), expected (0,0)"],
    ["goal", solutionOf(...right.slice(0, 4)), "agent 0 ends on (2,1), expected (2,0)"],
    ["connectivity", solutionOf(right[0], right[1], [2, 1, 0, 0], right[4]), "agent 0 jumps from (0,1) to (2,1)"],
    ["vertex-conflict", solutionOf(right[0], [1, 0, 1, 0], ...right.slice(2)), "agents 0 and 1 are both on (1,0)"],
    ["swap-conflict", solutionOf(right[0], [1, 0, 2, 0], [2, 0, 1, 0], [2, 0, 0, 0]), "agents 0 and 1 exchange"],
  ];
  test.each(wrong)("%s", (rule, solution, message) => {
    const fault = solutionFault(instance, solution);
    expect(fault?.rule).toBe(rule);
    expect(fault?.message).toContain(message);
  });

  test("a vertex of no map", () => {
    const solution = solutionOf(...right);
    solution.vertices[4] = 99;
    expect(solutionFault(instance, solution)?.rule).toBe("connectivity");
  });

  test("three agents may go round in a circle", () => {
    const square = gridOf("square", 2, 2, () => true);
    const [a, b, c] = [square.vertexOf[0]!, square.vertexOf[1]!, square.vertexOf[3]!];
    const d = square.vertexOf[2]!;
    const round = { map: square, starts: Int32Array.of(a, b, c, d), goals: Int32Array.of(b, c, d, a) };
    const vertices = Int32Array.of(a, b, c, d, b, c, d, a);
    expect(solutionFault(round, { agents: 4, makespan: 1, vertices })).toBeNull();
  });
});
