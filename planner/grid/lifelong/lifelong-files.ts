/** Readers and writers of lifelong instances: starts and task streams as CSV, and the League of Robot Runners' files. */
import { GridFileError, type GridMap, parseMap } from "../grid-map.ts";
import type { ErrandTasks } from "./task-sources.ts";

const STARTS_HEADER = "agent id,row,col";
const TASKS_HEADER = "targets";

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  return lines;
}

/** Whole numbers of a line that holds nothing else, or null. */
function numbersOf(line: string): readonly number[] | null {
  const words = line.split(",").map((word) => word.trim());
  return words.every((word) => /^\d+$/.test(word)) ? words.map(Number) : null;
}

function vertexAt(map: GridMap, cell: number, name: string, line: number, what: string): number {
  const { width, height } = map;
  if (cell >= width * height) {
    throw new GridFileError(name, line, `${what} in cell ${cell}, but ${map.name} has ${width} x ${height} cells`);
  }
  const vertex = map.vertexOf[cell]!;
  if (vertex < 0) {
    const place = `column ${cell % width}, row ${Math.floor(cell / width)}`;
    throw new GridFileError(name, line, `${what} on an obstacle of ${map.name}: ${place}`);
  }
  return vertex;
}

function takeStart(taken: Int32Array, vertex: number, agent: number, name: string, line: number): void {
  if (taken[vertex] !== -1) {
    throw new GridFileError(name, line, `agents ${taken[vertex]} and ${agent} start in the same cell`);
  }
  taken[vertex] = agent;
}

function enough(found: number, agents: number, name: string, line: number): void {
  if (found < agents) throw new GridFileError(name, line, `the file holds ${found} agents, ${agents} are asked for`);
}

/**
 * Start vertices of the first `agents` lines: `agent id,row,col`, ids from 0 in order.
 * @throws {GridFileError} with the line: an obstacle, two agents in one cell, fewer lines than agents
 */
export function parseStarts(text: string, name: string, map: GridMap, agents: number): Int32Array {
  const lines = linesOf(text);
  if (lines[0]?.trim() !== STARTS_HEADER) {
    throw new GridFileError(name, 1, `found "${lines[0] ?? ""}", expected "${STARTS_HEADER}"`);
  }
  enough(lines.length - 1, agents, name, lines.length);
  const starts = new Int32Array(agents);
  const taken = new Int32Array(map.vertexCount).fill(-1);
  for (let agent = 0; agent < agents; agent++) {
    const line = agent + 2;
    const numbers = numbersOf(lines[agent + 1]!);
    if (numbers === null || numbers.length !== 3 || numbers[0] !== agent) {
      throw new GridFileError(name, line, `found "${lines[agent + 1]}", expected "${agent},<row>,<column>"`);
    }
    const [, row, column] = numbers as [number, number, number];
    const { width, height } = map;
    if (row >= height || column >= width) {
      throw new GridFileError(name, line, `row ${row}, column ${column} is outside ${map.name}, ${width} x ${height}`);
    }
    starts[agent] = vertexAt(map, row * width + column, name, line, `agent ${agent} starts`);
    takeStart(taken, starts[agent]!, agent, name, line);
  }
  return starts;
}

/**
 * Goal vertices of a task stream: `targets`, then one cell (row * width + column) a line.
 * @throws {GridFileError} with the line: an obstacle, a cell outside, no task
 */
export function parseTasks(text: string, name: string, map: GridMap): Int32Array {
  const lines = linesOf(text);
  if (lines[0]?.trim() !== TASKS_HEADER) {
    throw new GridFileError(name, 1, `found "${lines[0] ?? ""}", expected "${TASKS_HEADER}"`);
  }
  if (lines.length < 2) throw new GridFileError(name, 1, "the file holds no task");
  return Int32Array.from({ length: lines.length - 1 }, (_, i) => {
    const numbers = numbersOf(lines[i + 1]!);
    if (numbers === null || numbers.length !== 1) {
      throw new GridFileError(name, i + 2, `found "${lines[i + 1]}", expected one cell: row * width + column`);
    }
    return vertexAt(map, numbers[0]!, name, i + 2, "a goal");
  });
}

/** The text that `parseStarts` reads. */
export function startsText(map: GridMap, vertices: Int32Array): string {
  const rows = Array.from(vertices, (vertex, agent) => {
    const cell = map.cellOf[vertex]!;
    return `${agent},${Math.floor(cell / map.width)},${cell % map.width}\n`;
  });
  return `${STARTS_HEADER}\n${rows.join("")}`;
}

/** The text that `parseTasks` reads. */
export function tasksText(map: GridMap, goals: Int32Array): string {
  return `${TASKS_HEADER}\n${Array.from(goals, (vertex) => `${map.cellOf[vertex]}\n`).join("")}`;
}

/** What the JSON file of a League of Robot Runners instance names; paths are relative to it. */
export interface LeagueProblem {
  readonly mapFile: string;
  readonly agentFile: string;
  readonly taskFile: string;
  readonly teamSize: number;
  /** Tasks known at a time, per agent. */
  readonly tasksReveal: number;
}

/** @throws {GridFileError} naming the key */
export function parseLeagueProblem(text: string, name: string): LeagueProblem {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new GridFileError(name, 1, `is no JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== "object" || parsed === null) throw new GridFileError(name, 1, "expected a JSON object");
  const entries = new Map<string, unknown>(Object.entries(parsed));
  const file = (key: string): string => {
    const value = entries.get(key);
    if (typeof value === "string" && value !== "") return value;
    throw new GridFileError(name, 1, `"${key}" is ${JSON.stringify(value)}, expected the name of a file`);
  };
  const number = (key: string, isGood: (value: number) => boolean, expected: string): number => {
    const value = entries.get(key);
    if (typeof value === "number" && isGood(value)) return value;
    throw new GridFileError(name, 1, `"${key}" is ${JSON.stringify(value)}, expected ${expected}`);
  };
  return {
    mapFile: file("mapFile"),
    agentFile: file("agentFile"),
    taskFile: file("taskFile"),
    teamSize: number("teamSize", (value) => Number.isInteger(value) && value > 0, "an integer above 0"),
    tasksReveal: number("numTasksReveal", (value) => value >= 1, "a number, at least 1"),
  };
}

/** A league map marks emitters by E; agents stand on them as elsewhere. */
export function parseLeagueMap(text: string, name: string): GridMap {
  const lines = text.split(/\r?\n/);
  return parseMap(lines.map((line, i) => (i < 4 ? line : line.replaceAll("E", "."))).join("\n"), name);
}

/** Lines without comments, each with its number in the file. */
function leagueLines(text: string): readonly (readonly [line: number, text: string])[] {
  return linesOf(text)
    .map((line, i) => [i + 1, line.trim()] as const)
    .filter(([, line]) => line !== "" && !line.startsWith("#"));
}

function leagueCount(lines: readonly (readonly [number, string])[], name: string): number {
  const [line, text] = lines[0] ?? [1, ""];
  if (!/^\d+$/.test(text)) throw new GridFileError(name, line, `found "${text}", expected how many lines follow`);
  const count = Number(text);
  if (lines.length - 1 < count) {
    throw new GridFileError(name, lines[lines.length - 1]![0], `${lines.length - 1} lines, line ${line} says ${count}`);
  }
  return count;
}

/**
 * Start vertices of the first `agents` agents: how many, then one cell a line.
 * @throws {GridFileError} with the line
 */
export function parseLeagueAgents(text: string, name: string, map: GridMap, agents: number): Int32Array {
  const lines = leagueLines(text);
  enough(leagueCount(lines, name), agents, name, lines[0]![0]);
  const taken = new Int32Array(map.vertexCount).fill(-1);
  return Int32Array.from({ length: agents }, (_, agent) => {
    const [line, cell] = lines[agent + 1]!;
    if (!/^\d+$/.test(cell)) throw new GridFileError(name, line, `found "${cell}", expected a cell`);
    const vertex = vertexAt(map, Number(cell), name, line, `agent ${agent} starts`);
    takeStart(taken, vertex, agent, name, line);
    return vertex;
  });
}

/**
 * Tasks: how many, then one a line, its errands' cells between commas.
 * @throws {GridFileError} with the line
 */
export function parseLeagueTasks(text: string, name: string, map: GridMap): Omit<ErrandTasks, "openMax"> {
  const lines = leagueLines(text);
  const count = leagueCount(lines, name);
  if (count === 0) throw new GridFileError(name, lines[0]![0], "the file holds no task");
  const firstErrand = new Int32Array(count + 1);
  const errands: number[] = [];
  for (let task = 0; task < count; task++) {
    const [line, row] = lines[task + 1]!;
    const cells = numbersOf(row);
    if (cells === null) throw new GridFileError(name, line, `found "${row}", expected cells between commas`);
    for (const cell of cells) errands.push(vertexAt(map, cell, name, line, "an errand"));
    firstErrand[task + 1] = errands.length;
  }
  return { firstErrand, errands: Int32Array.from(errands) };
}
