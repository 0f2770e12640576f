import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { afterEach, describe, expect, test, vi } from "vitest";
import { judgeError, runCommandLine, runtimeProblem } from "./command-line.ts";

/** Runs `kalong` with these words on a program with one command that throws what it is told to. */
async function run(words: readonly string[], thrown?: unknown): Promise<{ code: number; stderr: string }> {
  let stderr = "";
  const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    stderr += String(chunk);
    return true;
  });
  const program = new Command("kalong").option("--debug").configureOutput({
    writeErr: (text) => void process.stderr.write(text),
    writeOut: () => {},
  });
  program
    .command("go")
    .argument("<site>")
    .option("--hours <h>")
    .action(() => {
      if (thrown !== undefined) throw thrown;
    });
  const code = await runCommandLine(program, ["node", "kalong", ...words]);
  write.mockRestore();
  return { code, stderr };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("exit codes", () => {
  test("0 for a command that ends, and for help", async () => {
    expect(await run(["go", "a"])).toEqual({ code: 0, stderr: "" });
    expect((await run(["go", "--help"])).code).toBe(0);
  });

  test("2 for what is no command, no option, or lacks an argument, each named", async () => {
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["gone"], "unknown command 'gone'"],
      [["go", "a", "--hour", "1"], "unknown option '--hour'"],
      [["go"], "missing required argument 'site'"],
      [["go", "a", "--hours"], "argument missing"],
      [[], "Usage: kalong"],
    ];
    for (const [words, complaint] of wrong) {
      const { code, stderr } = await run(words);
      expect([words, code]).toEqual([words, 2]);
      expect(stderr).toContain(complaint);
    }
  });

  test("1 and 2 for errors that carry them, told by their message", async () => {
    const bad = Object.assign(new Error("site.geojson: lane b: found nothing"), { exitCode: 2 });
    expect(await run(["go", "a"], bad)).toEqual({ code: 2, stderr: "kalong: site.geojson: lane b: found nothing\n" });
    expect((await run(["go", "a"], Object.assign(new Error("no"), { exitCode: 1 }))).code).toBe(1);
    expect((await run(["go", "a"], Object.assign(new Error("no"), { exitCode: 7 }))).code).toBe(3);
  });

  test("3 for anything else, with the stack only when asked for", async () => {
    const short = await run(["go", "a"], new Error("lost the thread"));
    expect(short.code).toBe(3);
    expect(short.stderr).toMatch(/^kalong: internal error: lost the thread \(run again with --debug[^\n]*\n$/);
    const long = await run(["go", "a", "--debug"], new Error("lost the thread"));
    expect(long.code).toBe(3);
    expect(long.stderr).toContain("command-line.test.ts");
    expect(judgeError("text", false).text).toContain("internal error: text");
  });
});

test("an older runtime is told so in one line with the fix", () => {
  expect(runtimeProblem("24.0.0")).toBeNull();
  expect(runtimeProblem("26.1.0")).toBeNull();
  expect(runtimeProblem("22.18.0")).toMatch(/^Node 22\.18\.0 is too old, .*npm ci.*$/);
});

test("the real command knows its version and its commands, and refuses others", () => {
  const kalong = (...words: readonly string[]) =>
    spawnSync(process.execPath, ["kalong.ts", ...words], { cwd: import.meta.dirname, encoding: "utf8" });
  expect(kalong("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(kalong("--help").stdout).toMatch(/bench .*\n[\s\S]*doctor .*\n[\s\S]*Exit codes: 0 done/);
  const unknown = kalong("fly");
  expect([unknown.status, unknown.stdout]).toEqual([2, ""]);
  expect(unknown.stderr).toContain("unknown command 'fly'");
});
