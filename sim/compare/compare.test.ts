import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRunRecorder, type RunSummary } from "../../fleet-gateway/index.ts";
import { type Item, messagesOf, record, soundRun, summaryOf } from "../synthetic-run.fixture.ts";
import { registerCompare } from "./compare-command.ts";
import { compareRuns } from "./compare-runs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kalong-compare-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function writeRun(
  name: string,
  change: { items?: (items: Item[]) => Item[]; summary?: Partial<RunSummary> } = {},
): Promise<string> {
  const path = join(folder, name);
  mkdirSync(path);
  const run = soundRun();
  const items = messagesOf(run);
  const recorder = createRunRecorder(join(path, "run.mcap"));
  record(recorder, change.items?.(items) ?? items);
  await recorder.close();
  writeFileSync(join(path, "summary.json"), JSON.stringify({ ...summaryOf(run), digest: "d1", ...change.summary }));
  return path;
}

describe("compareRuns", () => {
  test("two runs of one course are the same", async () => {
    const comparison = await compareRuns(await writeRun("a"), await writeRun("b"));
    expect(comparison).toMatchObject({ sameDigest: true, recordingsCompared: true, firstDifference: null });
    expect(comparison.figures.every(({ difference }) => difference === null || difference === 0)).toBe(true);
  });

  test("figures stand side by side with their differences", async () => {
    const a = await writeRun("a");
    const b = await writeRun("b", {
      summary: { digest: "d2", leadTimeS: { p50: 116, p95: 145 }, costPerContainer: 3 },
    });
    const comparison = await compareRuns(a, join(b, "summary.json"));
    expect(comparison.sameDigest).toBe(false);
    const of = (name: string) => comparison.figures.find(({ figure }) => figure === name);
    expect(of("leadTimeS.p50")).toEqual({ figure: "leadTimeS.p50", a: 145, b: 116, difference: -29, percent: -20 });
    expect(of("costPerContainer")).toMatchObject({ a: null, b: 3, difference: null, percent: null });
    expect(of("collisions")).toMatchObject({ difference: 0, percent: null });
  });

  test("the first message that differs is told with its time", async () => {
    const b = await writeRun("b", {
      items: (items) =>
        items.map((item) =>
          item.t === 90 && item.topic === "/reservations"
            ? { ...item, message: { ...item.message, vehicle: "V9" } }
            : item,
        ),
    });
    const { firstDifference } = await compareRuns(await writeRun("a"), b);
    expect(firstDifference).toMatchObject({ t: 90, a: { topic: "/reservations" }, b: { topic: "/reservations" } });
    expect(firstDifference!.a!.json).toContain('"vehicle":"V1"');
    expect(firstDifference!.b!.json).toContain('"vehicle":"V9"');
  });

  test("one that ends earlier, and one without a recording", async () => {
    const a = await writeRun("a");
    const b = await writeRun("b", { items: (items) => items.filter(({ t }) => t <= 100) });
    const comparison = await compareRuns(a, b);
    expect(comparison.firstDifference).toMatchObject({ t: 100.5, b: null });
    rmSync(join(b, "run.mcap"));
    expect(await compareRuns(a, b)).toMatchObject({ recordingsCompared: false, firstDifference: null });
  });
});

describe("kalong compare", () => {
  async function command(...args: string[]): Promise<{ out: string; code: number }> {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      const program = new Command().exitOverride();
      registerCompare(program);
      process.exitCode = 0;
      await program.parseAsync(["node", "kalong", "compare", ...args]);
      return { out: write.mock.calls.join(""), code: Number(process.exitCode) };
    } finally {
      write.mockRestore();
      process.exitCode = 0;
    }
  }

  test("prints a table and the verdict; --same makes a difference a failure", async () => {
    const a = await writeRun("a");
    const same = await writeRun("same");
    const other = await writeRun("other", { summary: { digest: "d2", containersPerDay: 594 } });
    expect((await command(a, same)).out).toContain("The digests are equal");
    expect((await command(a, same, "--same")).code).toBe(0);
    const differs = await command(a, other, "--same");
    expect(differs.out).toMatch(/containersPerDay +540 +594 +\+54 +\+10 %/);
    expect(differs.out).toContain("The digests differ. The recordings are the same, message for message.");
    expect(differs.code).toBe(1);
    expect((await command(a, other)).code).toBe(0);
    expect(JSON.parse((await command(a, other, "--json")).out)).toMatchObject({ sameDigest: false });
  });

  test("refuses what is no run", async () => {
    const a = await writeRun("a");
    await expect(command(a, join(folder, "none"))).rejects.toMatchObject({ exitCode: 2 });
    mkdirSync(join(folder, "empty"));
    await expect(command(join(folder, "empty"), a)).rejects.toMatchObject({ exitCode: 2 });
    writeFileSync(join(folder, "empty", "summary.json"), '{"scenario": 3}');
    await expect(command(join(folder, "empty"), a)).rejects.toThrow(/is no run's summary: scenario/);
  });
});
