import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommandLine } from "../../command-line.ts";
import { register } from "./command.ts";
import { lifelongSuite } from "./suite.ts";

let folder = "";
const MAP = "type octile\nheight 4\nwidth 5\nmap\n.....\n.@.@.\n.....\n.....\n";
const STARTS = "agent id,row,col\n0,0,0\n1,0,4\n2,3,2\n";
const LEAGUE = {
  mapFile: "maps/l.map",
  agentFile: "l.agents",
  taskFile: "l.tasks",
  teamSize: 2,
  numTasksReveal: 1.5,
  version: "2024 LoRR",
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kalong-lifelong-"));
  writeFileSync(join(folder, "m.map"), MAP);
  writeFileSync(join(folder, "z.map.gz"), gzipSync(MAP));
  writeFileSync(join(folder, "starts.csv.gz"), gzipSync(STARTS));
  writeFileSync(join(folder, "tasks.csv"), "targets\n4\n0\n14\n15\n12\n");
  writeFileSync(join(folder, "obstacle.csv"), "targets\n4\n6\n");
  writeFileSync(join(folder, "l.json"), JSON.stringify({ ...LEAGUE, mapFile: "l.map" }));
  writeFileSync(join(folder, "l.map.gz"), gzipSync(MAP.replace(".....", "E...E")));
  writeFileSync(join(folder, "l.agents"), "# version for LoRR 2024\n2\n0\n4\n");
  writeFileSync(join(folder, "l.tasks.gz"), gzipSync("# version for LoRR 2024\n3\n2,10\n14\n0,4,12\n"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const path = (name: string): string => join(folder, name);

async function lifelong(...words: readonly string[]): Promise<{ code: number; out: string; error: string }> {
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
  const code = await runCommandLine(program, ["node", "kalong", "lifelong", ...words]);
  vi.restoreAllMocks();
  return { code, out, error };
}

describe("kalong lifelong", () => {
  test("files as they are or gzipped: equal answers; the solution holds every step", async () => {
    const rest = ["--agents", "3", "--steps", "30", "--node-budget", "500", "--json", "--starts", path("starts.csv")];
    const plain = await lifelong(path("m.map"), ...rest, "--tasks", path("tasks.csv"), "--out", path("s.txt"));
    const packed = await lifelong(path("z.map.gz"), ...rest, "--tasks", path("tasks.csv"));
    const [a, b] = [JSON.parse(plain.out), JSON.parse(packed.out)];
    expect([plain.code, packed.code, a.checksum]).toEqual([0, 0, b.checksum]);
    expect(a).toMatchObject({ agents: 3, steps: 30, motion: "pebble", seed: 1 });
    expect(a.tasksFinished).toBeGreaterThan(3);
    expect(a.throughputPerStep).toBeCloseTo(a.tasksFinished / 30, 12);
    for (const key of ["p50", "p99", "max"]) expect(a.stepMs[key]).toBeGreaterThan(0);
    const lines = readFileSync(path("s.txt"), "utf8").trimEnd().split("\n");
    expect([lines.length, lines[0]]).toEqual([31, "0:(0,0),(4,0),(2,3)"]);
    expect(lines[30]).toMatch(/^30:(\(\d,\d\),?){3}$/);
  });

  test("drawn starts and goals: written, read again, the same run", async () => {
    const rest = ["--agents", "5", "--steps", "20", "--node-budget", "500", "--seed", "4", "--json"];
    const files = ["--write-starts", path("w.csv"), "--write-tasks", path("t.csv")];
    const drawn = await lifelong(path("m.map"), ...rest, ...files);
    const read = await lifelong(path("m.map"), ...rest, "--starts", path("w.csv"), "--tasks", path("t.csv"));
    expect(JSON.parse(read.out).checksum).toBe(JSON.parse(drawn.out).checksum);
    const other = await lifelong(path("m.map"), ...rest.with(5, "501"), "--seed", "5");
    expect(JSON.parse(other.out).checksum).not.toBe(JSON.parse(drawn.out).checksum);
  });

  test("a league instance: rotation unless asked otherwise, its files found beside it, gzipped or not", async () => {
    const { code, out } = await lifelong(
      path("l.json"),
      "--agents",
      "2",
      "--steps",
      "60",
      "--node-budget",
      "500",
      "--json",
    );
    expect([code, JSON.parse(out).motion]).toEqual([0, "rotation"]);
    expect(JSON.parse(out).tasksFinished).toBeGreaterThan(2);
  });

  test.each([
    [["m.map", "--agents", "19"], "largest connected part has 18 cells, 19 agents do not fit"],
    [["m.map", "--agents", "4", "--starts", "starts.csv"], "starts.csv:4: the file holds 3 agents, 4 are asked for"],
    [["m.map", "--agents", "2", "--tasks", "obstacle.csv"], "obstacle.csv:3: a goal on an obstacle of m.map"],
    [["m.map", "--agents", "2", "--tasks", "absent.csv"], "absent.csv: cannot be read"],
    [["l.json", "--agents", "3"], "the instance is for 2 agents, 3 are asked for"],
    [["l.json", "--agents", "2", "--tasks", "tasks.csv"], "names its own starts and tasks"],
    [["m.map", "--agents", "0"], "expected an integer from 1"],
    [["m.map", "--agents", "2", "--motion", "fly"], "Allowed choices are pebble, rotation"],
    [["m.map", "--agents", "2", "--step-budget", "5", "--node-budget", "5"], "give --step-budget or --node-budget"],
  ])("%j: exit code 2", async (words, message) => {
    const isFile = /\.(map|json|csv)$/;
    const { code, error, out } = await lifelong(
      ...words.map((word) => (isFile.test(word) ? path(word) : word)),
      "--steps",
      "3",
    );
    expect([code, out]).toEqual([2, ""]);
    expect(error).toContain(message);
  });
});

describe("the suite", () => {
  const said: string[] = [];
  const context = { say: (line: string) => void said.push(line) };

  test("quick: both motions, all planners, the window ahead of PIBT; twice the same checksum", async () => {
    const first = await lifelongSuite.run("quick", context);
    expect(first.failures).toEqual([]);
    expect(first.rows.map((row) => row.name)).toContain("scattered/90 rotation window");
    expect((await lifelongSuite.run("quick", context)).checksum).toBe(first.checksum);
  });

  test("without the public files it says which folder it looked for", async () => {
    await expect(lifelongSuite.run("standard", { ...context, dataFolder: folder })).rejects.toThrow(
      'found no folder "lifelong"',
    );
  });
});
