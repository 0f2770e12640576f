import { describe, expect, test } from "vitest";
import { gridOf } from "../grid-map.ts";
import { Admission } from "./admission.ts";
import {
  parseLeagueAgents,
  parseLeagueMap,
  parseLeagueProblem,
  parseLeagueTasks,
  parseStarts,
  parseTasks,
  startsText,
  tasksText,
} from "./lifelong-files.ts";
import { NearestTasks, randomGoals, randomStarts, StreamTasks } from "./task-sources.ts";

const row = gridOf("row", 8, 1, () => true);

describe("a fixed stream", () => {
  test("the k-th task of agent r of N is entry k * N + r; one where it stands is skipped; arrival ends it", () => {
    const tasks = new StreamTasks(Int32Array.of(3, 4, 5, 6, 7), 2);
    tasks.advance(Int32Array.of(3, 0));
    expect([...tasks.goals]).toEqual([5, 4]);
    tasks.advance(Int32Array.of(4, 1));
    expect([[...tasks.goals], tasks.finished]).toEqual([[5, 4], 0]);
    tasks.advance(Int32Array.of(5, 4));
    expect([[...tasks.goals], tasks.finished]).toEqual([[7, 6], 2]);
    tasks.advance(Int32Array.of(7, 4));
    expect([[...tasks.goals], tasks.finished]).toEqual([[4, 6], 3]);
  });

  test("one goal alone is no stream", () => {
    expect(() => new StreamTasks(Int32Array.of(2, 2), 1)).toThrow("at least two different goals");
    expect(() => new StreamTasks(new Int32Array(0), 1)).toThrow("at least two different goals");
  });
});

test("several errands: the nearest open task, its errands in order, the next one known when one has ended", () => {
  const errands = { firstErrand: Int32Array.of(0, 2, 3, 4), errands: Int32Array.of(6, 0, 2, 7), openMax: 2 };
  const tasks = new NearestTasks(row, errands, 1);
  tasks.advance(Int32Array.of(3));
  expect([[...tasks.goals], tasks.finished]).toEqual([[2], 0]);
  tasks.advance(Int32Array.of(2));
  expect([[...tasks.goals], tasks.finished]).toEqual([[6], 1]);
  tasks.advance(Int32Array.of(6));
  expect([[...tasks.goals], tasks.finished]).toEqual([[0], 1]);
  tasks.advance(Int32Array.of(0));
  expect([[...tasks.goals], tasks.finished]).toEqual([[6], 2]);
});

test("admission: so many agents have goals; who has ended a task makes room for who has waited longest", () => {
  const admission = new Admission(4, 2);
  admission.update(Int32Array.of(10, 11, 12, 13));
  expect([...admission.goals]).toEqual([10, 11, -1, -1]);
  admission.update(Int32Array.of(10, 21, 12, 13));
  expect([...admission.goals]).toEqual([10, -1, 12, -1]);
  admission.update(Int32Array.of(20, 21, 22, 13));
  expect([...admission.goals]).toEqual([-1, 21, -1, 13]);
  const open = new Admission(2, 9);
  open.update(Int32Array.of(1, 2));
  open.update(Int32Array.of(3, 4));
  expect([...open.goals]).toEqual([3, 4]);
});

describe("files", () => {
  const map = gridOf("m.map", 4, 3, (x, y) => x !== 1 || y !== 1);

  test("drawn starts and goals are within the largest part, repeat for a seed, and come back from their files", () => {
    const parted = gridOf("parted", 6, 2, (x) => x !== 2);
    const starts = randomStarts(parted, 6, 3);
    expect(new Set(starts).size).toBe(6);
    expect([...starts].every((vertex) => parted.cellOf[vertex]! % 6 > 2)).toBe(true);
    expect(randomStarts(parted, 6, 3)).toEqual(starts);
    expect(() => randomStarts(parted, 7, 3)).toThrow("has 6 cells, 7 agents do not fit");
    const goals = randomGoals(parted, 20, 3);
    expect([...goals].every((vertex) => parted.cellOf[vertex]! % 6 > 2)).toBe(true);
    expect(parseStarts(startsText(parted, starts), "s", parted, 6)).toEqual(starts);
    expect(parseTasks(tasksText(parted, goals), "t", parted)).toEqual(goals);
  });

  const header = "agent id,row,col\n";
  test.each([
    ["0,0,0\n", 1, 's.csv:1: found "0,0,0", expected "agent id,row,col"'],
    [`${header}0,0,0\n`, 2, "s.csv:2: the file holds 1 agents, 2 are asked for"],
    [`${header}0,0\n`, 1, 's.csv:2: found "0,0", expected "0,<row>,<column>"'],
    [`${header}1,0,0\n`, 1, 's.csv:2: found "1,0,0"'],
    [`${header}0,3,0\n`, 1, "s.csv:2: row 3, column 0 is outside m.map, 4 x 3"],
    [`${header}0,1,1\n`, 1, "s.csv:2: agent 0 starts on an obstacle of m.map: column 1, row 1"],
    [`${header}0,0,2\n1,0,2\n`, 2, "s.csv:3: agents 0 and 1 start in the same cell"],
  ])("wrong starts %j", (text, agents, message) => {
    expect(() => parseStarts(text, "s.csv", map, agents)).toThrow(message);
  });

  test.each([
    ["5\n", 't.csv:1: found "5", expected "targets"'],
    ["targets\n", "t.csv:1: the file holds no task"],
    ["targets\n0\nx\n", 't.csv:3: found "x", expected one cell'],
    ["targets\n12\n", "t.csv:2: a goal in cell 12, but m.map has 4 x 3 cells"],
    ["targets\n5\n", "t.csv:2: a goal on an obstacle of m.map: column 1, row 1"],
  ])("wrong tasks %j", (text, message) => {
    expect(() => parseTasks(text, "t.csv", map)).toThrow(message);
  });

  test("the league's files: emitters, comments, errands", () => {
    const league = parseLeagueMap("type octile\nheight 1\nwidth 4\nmap\nE.S@\n", "l.map");
    expect(league.vertexCount).toBe(3);
    expect([...parseLeagueAgents("# version\n2\n2\n0\n", "a", league, 2)]).toEqual([2, 0]);
    const { firstErrand, errands } = parseLeagueTasks("# version\n2\n0,1\n2\n", "t", league);
    expect([[...firstErrand], [...errands]]).toEqual([
      [0, 2, 3],
      [0, 1, 2],
    ]);
    expect(() => parseLeagueTasks("3\n0,1\n", "t", league)).toThrow("t:2: 1 lines, line 1 says 3");
    expect(() => parseLeagueTasks("1\n0,3\n", "t", league)).toThrow("t:2: an errand on an obstacle");
    expect(() => parseLeagueAgents("2\n0\n0\n", "a", league, 2)).toThrow("a:3: agents 0 and 1 start in the same cell");
    expect(() => parseLeagueAgents("1\n0\n", "a", league, 2)).toThrow("holds 1 agents, 2 are asked for");
  });

  test("the league's problem: every key is looked at", () => {
    const good = { mapFile: "m", agentFile: "a", taskFile: "t", teamSize: 3, numTasksReveal: 1.5, version: "x" };
    expect(parseLeagueProblem(JSON.stringify(good), "p.json")).toMatchObject({ teamSize: 3, tasksReveal: 1.5 });
    for (const key of ["mapFile", "agentFile", "taskFile", "teamSize", "numTasksReveal"]) {
      const text = JSON.stringify({ ...good, [key]: -1 });
      expect(() => parseLeagueProblem(text, "p.json")).toThrow(`p.json:1: "${key}" is -1, expected`);
    }
    expect(() => parseLeagueProblem("{", "p.json")).toThrow("p.json:1: is no JSON");
  });
});
