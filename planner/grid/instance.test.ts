import { describe, expect, test } from "vitest";
import { GridFileError, parseMap } from "./grid-map.ts";
import { parseScenario, randomInstance } from "./instance.ts";

const map = parseMap("type octile\nheight 2\nwidth 3\nmap\n.@.\n...\n", "m.map");
const lines = ["version 1", "0 m.map 3 2 0 0 2 0 4", "0\tm.map\t3\t2\t2\t0\t0\t1\t3", "1 m.map 3 2 1 1 1 1 0", ""];
const scenario = lines.join("\n");

describe("parseScenario", () => {
  test("takes the first agents of the file", () => {
    const { starts, goals } = parseScenario(scenario, "m.scen", map, 2);
    expect(Array.from(starts, (vertex) => map.cellOf[vertex])).toEqual([0, 2]);
    expect(Array.from(goals, (vertex) => map.cellOf[vertex])).toEqual([2, 3]);
  });

  const wrong: readonly (readonly [string, string, number, string])[] = [
    ["no version", scenario.replace("version", "v"), 1, "s:1: "],
    ["more agents than lines", scenario, 4, "s:4: the scenario holds 3 agents, 4 are asked for"],
    ["a line too short", scenario.replace(" 2 0 4", ""), 1, "s:2: found"],
    ["a coordinate that is no number", scenario.replace("2 0 4", "x 0 4"), 1, "s:2: found"],
    ["another map's size", scenario.replace("3 2 0 0", "4 2 0 0"), 1, "s:2: is for a map of 4 x 2"],
    ["a start on an obstacle", scenario.replace("3 2 0 0", "3 2 1 0"), 1, "s:2: the start (1,0) is on an obstacle"],
    ["a goal outside", scenario.replace("2 0 4", "3 0 4"), 1, "s:2: the goal (3,0) is outside the map"],
    [
      "two agents on one start",
      scenario.replace("3 2 1 1 1 1", "3 2 0 0 1 1"),
      3,
      "s:4: two agents on one start: (0,0)",
    ],
    ["two agents on one goal", scenario.replace("1 1 1 1 0", "1 1 2 0 0"), 3, "s:4: two agents on one goal: (2,0)"],
  ];
  test.each(wrong)("%s is an error with its line", (_, text, agents, message) => {
    expect(() => parseScenario(text, "s", map, agents)).toThrow(GridFileError);
    expect(() => parseScenario(text, "s", map, agents)).toThrow(message);
  });
});

describe("randomInstance", () => {
  test("distinct starts, distinct goals, the same for the same seed", () => {
    const { starts, goals } = randomInstance(map, 5, 7);
    expect(new Set(starts).size).toBe(5);
    expect(new Set(goals).size).toBe(5);
    expect(randomInstance(map, 5, 7).starts).toEqual(starts);
    expect(() => randomInstance(map, 6, 7)).toThrow("6 agents on 5 free cells");
  });
});
