import { expect, test } from "vitest";
import { gridOf } from "../grid-map.ts";
import { stepProblem } from "./check-step.ts";

const map = gridOf("room", 4, 3, (x, y) => x !== 1 || y !== 1);
const at = (x: number, y: number): number => map.vertexOf[y * map.width + x]!;
const facing = (x: number, y: number, heading: number): number => 4 * at(x, y) + heading;
const [EAST, SOUTH, WEST, NORTH] = [0, 1, 2, 3] as const;

test("pebbles: what is allowed", () => {
  const from = Int32Array.of(at(0, 0), at(1, 0), at(2, 0));
  expect(stepProblem(map, "pebble", from, from)).toBeNull();
  expect(stepProblem(map, "pebble", from, Int32Array.of(at(1, 0), at(2, 0), at(2, 1)))).toBeNull();
  const ring = Int32Array.of(at(2, 0), at(3, 0), at(3, 1), at(2, 1));
  expect(stepProblem(map, "pebble", ring, Int32Array.of(at(3, 0), at(3, 1), at(2, 1), at(2, 0)))).toBeNull();
});

test.each([
  ["agent-count", [at(0, 0)], [at(0, 0), at(1, 0)], "2 states for 1 agents"],
  ["illegal-move", [at(0, 0)], [at(2, 0)], "agent 0 cannot get from (0,0) to (2,0)"],
  ["illegal-move", [at(3, 0)], [at(0, 1)], "agent 0 cannot get from (3,0) to (0,1)"],
  ["illegal-move", [at(0, 0)], [-1], "agent 0 cannot get"],
  ["vertex-conflict", [at(0, 0), at(2, 0)], [at(1, 0), at(1, 0)], "agents 0 and 1 are both at (1,0)"],
  ["swap-conflict", [at(0, 0), at(1, 0)], [at(1, 0), at(0, 0)], "agents 0 and 1 change places"],
])("pebbles: %s", (rule, from, to, what) => {
  const problem = stepProblem(map, "pebble", Int32Array.from(from), Int32Array.from(to));
  expect(problem?.rule).toBe(rule);
  expect(problem?.what).toContain(what);
});

test("agents that turn: forward, a quarter turn either way, a wait, and nothing else", () => {
  const start = facing(2, 0, EAST);
  const may = (to: number): boolean => stepProblem(map, "rotation", Int32Array.of(start), Int32Array.of(to)) === null;
  expect([start, facing(3, 0, EAST), facing(2, 0, SOUTH), facing(2, 0, NORTH)].every(may)).toBe(true);
  const wrong = [facing(2, 0, WEST), facing(1, 0, EAST), facing(2, 1, SOUTH), facing(2, 1, EAST), facing(3, 0, SOUTH)];
  expect(wrong.some(may)).toBe(false);
  const facingEachOther = Int32Array.of(facing(2, 0, EAST), facing(3, 0, WEST));
  const exchanged = Int32Array.of(facing(3, 0, EAST), facing(2, 0, WEST));
  expect(stepProblem(map, "rotation", facingEachOther, exchanged)?.rule).toBe("swap-conflict");
});
