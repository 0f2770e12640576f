import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommandLine } from "../../command-line.ts";
import { register } from "./command.ts";
import { median } from "./measure-instance.ts";
import { PUBLISHED } from "./published.ts";
import { mapfSuite } from "./suite.ts";

let folder = "";
const MAP = "type octile\nheight 3\nwidth 4\nmap\n....\n.@..\n....\n";
const SCENARIO = "version 1\n0 m.map 4 3 0 0 3 0 3\n0 m.map 4 3 3 0 0 0 3\n0 m.map 4 3 0 2 3 2 3\n";
const CORRIDOR = "type octile\nheight 1\nwidth 4\nmap\n....\n";
const SWAP = "version 1\n0 c.map 4 1 0 0 3 0 3\n0 c.map 4 1 3 0 0 0 3\n";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kalong-mapf-"));
  const files: Readonly<Record<string, string>> = {
    "m.map": MAP,
    "m.scen": SCENARIO,
    "c.map": CORRIDOR,
    "c.scen": SWAP,
    "ragged.map": MAP.replace(".@..", ".@."),
    "obstacle.scen": SCENARIO.replace("4 3 0 0 3 0", "4 3 1 1 3 0"),
    "twice.scen": SCENARIO.replace("4 3 3 0 0 0", "4 3 0 0 0 0"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "z.map.gz"), gzipSync(MAP));
  writeFileSync(join(folder, "z.scen.gz"), gzipSync(SCENARIO));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function mapf(map: string, scen: string, ...options: readonly string[]): Promise<Outcome> {
  let [out, error] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    error += String(text);
    return true;
  });
  const program = new Command("kalong");
  register(program);
  process.exitCode = undefined;
  const words = ["node", "kalong", "mapf", join(folder, map), join(folder, scen), ...options];
  const code = await runCommandLine(program, words);
  vi.restoreAllMocks();
  process.exitCode = undefined;
  return { code, out, error };
}

describe("kalong mapf", () => {
  test("writes the plan, and one JSON document; the same for the same seed and budget", async () => {
    const file = join(folder, "plan.txt");
    const options = ["--agents", "3", "--node-budget", "20000", "--seed", "5", "--json", "--out", file];
    const first = await mapf("m.map", "m.scen", ...options);
    expect([first.code, first.error]).toEqual([0, ""]);
    const document = JSON.parse(first.out);
    expect(document).toMatchObject({ solved: true, status: "solved", agents: 3, lowerBoundSumOfCosts: 9 });
    expect(document.sumOfLoss).toBeLessThanOrEqual(document.initialSumOfLoss);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    expect(lines[0]).toBe("0:(0,0),(3,0),(0,2)");
    expect(lines.at(-1)).toBe(`${document.makespan}:(3,0),(0,0),(3,2)`);
    expect(lines).toHaveLength(document.makespan + 1);
    const again = JSON.parse((await mapf("m.map", "m.scen", ...options)).out);
    expect([again.checksum, again.sumOfLoss, again.nodes]).toEqual([
      document.checksum,
      document.sumOfLoss,
      document.nodes,
    ]);
  });

  test("reads gzipped files, with their names or without .gz; prints the figures", async () => {
    for (const end of ["", ".gz"]) {
      const result = await mapf(`z.map${end}`, `z.scen${end}`, "--agents", "2", "--time-limit", "0.05");
      expect([result.code, result.error]).toEqual([0, ""]);
      expect(result.out).toContain("2 agents, solved: makespan");
    }
  });

  test("two threads and a node budget: the same answer again, and a valid one", async () => {
    const options = ["--agents", "2", "--node-budget", "30000", "--threads", "2", "--json"];
    const first = await mapf("m.map", "m.scen", ...options);
    expect([first.code, first.error]).toEqual([0, ""]);
    const again = await mapf("m.map", "m.scen", ...options);
    expect(JSON.parse(again.out).checksum).toBe(JSON.parse(first.out).checksum);
    expect(JSON.parse(first.out)).toMatchObject({ solved: true, threads: 2 });
  });

  test("an unsolvable instance and a spent budget are told apart", async () => {
    const unsolvable = await mapf("c.map", "c.scen", "--agents", "2", "--json");
    expect([unsolvable.code, JSON.parse(unsolvable.out).status]).toEqual([1, "unsolvable"]);
    const spent = await mapf("c.map", "c.scen", "--agents", "2", "--node-budget", "6");
    expect([spent.code, spent.out]).toEqual([1, expect.stringContaining("the node budget is spent")]);
    const late = await mapf("c.map", "c.scen", "--agents", "2", "--time-limit", "0.000001");
    expect([late.code, late.out]).toEqual([1, expect.stringContaining("timed out")]);
  });

  const wrong: readonly (readonly [string, readonly [string, string, ...string[]], string])[] = [
    ["a map that is not rectangular", ["ragged.map", "m.scen", "--agents", "1"], "not rectangular"],
    [
      "a start on an obstacle",
      ["m.map", "obstacle.scen", "--agents", "1"],
      "obstacle.scen:2: the start (1,1) is on an",
    ],
    ["two agents on one start", ["m.map", "twice.scen", "--agents", "2"], "two agents on one start"],
    ["more agents than the scenario holds", ["m.map", "m.scen", "--agents", "4"], "the scenario holds 3 agents"],
    ["a scenario of another map", ["m.map", "c.scen", "--agents", "1"], "is for a map of 4 x 1"],
    ["a file that is not there", ["none.map", "m.scen", "--agents", "1"], "none.map: cannot be read"],
    ["a file that is no gzip", ["m.map", "plan.gz", "--agents", "1"], "plan.gz: cannot be read"],
    [
      "a folder to write into that is not there",
      ["m.map", "m.scen", "--agents", "1", "--node-budget", "9", "--out", "/none/a"],
      "/none/a: cannot be written",
    ],
    ["no number of agents", ["m.map", "m.scen"], "--agents"],
    ["agents that are no number", ["m.map", "m.scen", "--agents", "x"], "expected an integer"],
    ["both limits", ["m.map", "m.scen", "--agents", "1", "--time-limit", "1", "--node-budget", "1"], "not both"],
  ];
  test.each(wrong)("%s: exit code 2 and a sentence", async (_, words, sentence) => {
    writeFileSync(join(folder, "plan.gz"), "no gzip");
    const result = await mapf(...words);
    expect(result.code).toBe(2);
    expect(result.error).toContain(sentence);
  });
});

describe("suite mapf", () => {
  test("quick: small maps of our own, the same checksum every time", async () => {
    const said: string[] = [];
    const context = { say: (line: string) => void said.push(line) };
    const first = await mapfSuite.run("quick", context);
    expect(first.failures).toEqual([]);
    expect(first.rows.length).toBe(6);
    for (const row of first.rows) expect(row.value, row.name).toBeGreaterThanOrEqual(1);
    expect((await mapfSuite.run("quick", context)).checksum).toBe(first.checksum);
  });

  test("a folder without the public files is bad input", async () => {
    const run = mapfSuite.run("standard", { say: () => {}, dataFolder: folder });
    await expect(run).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining("--data DIR") });
  });

  test("no published instance is named twice; medians of odd and even counts", () => {
    const names = PUBLISHED.map(({ map, agents }) => `${map}/${agents}`);
    expect(new Set(names).size).toBe(names.length);
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2]);
  });
});
