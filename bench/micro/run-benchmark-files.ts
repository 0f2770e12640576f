/**
 * The micro suite: every `*.bench.ts` beside the code that it times. Such a file exports `bench(): Benchmark.Suite`; the
 * function of each of its benchmarks returns its answer, which goes into the checksum.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import Benchmark from "benchmark";
import { checksum } from "../checksum.ts";
import type { Row, Size, Suite, SuiteContext, SuiteResult } from "../suite.ts";

const PROJECT_FOLDER = fileURLToPath(new URL("../..", import.meta.url));
const SKIPPED_FOLDERS = new Set(["node_modules", ".git", "out", "data", "runs", "coverage", "dist"]);

/** Seconds for each benchmark and least number of samples. */
const EFFORT: Readonly<Record<Size, { readonly maxTime: number; readonly minSamples: number }>> = {
  quick: { maxTime: 0.02, minSamples: 2 },
  standard: { maxTime: 1, minSamples: 20 },
  full: { maxTime: 5, minSamples: 50 },
};

/** Paths from `folder` of all benchmark files below it, sorted. */
export function benchmarkFiles(folder: string): readonly string[] {
  const files: string[] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) visit(path);
      else if (entry.name.endsWith(".bench.ts")) files.push(path);
    }
  };
  visit("");
  return files.sort();
}

/** Runs the benchmarks of one suite, one after another. @throws Error when one throws, or returns no answer */
export function runBenchmarks(suite: Benchmark.Suite, prefix: string, size: Size): { rows: Row[]; answers: unknown[] } {
  const rows: Row[] = [];
  const answers: unknown[] = [];
  suite.forEach((benchmark: Benchmark) => {
    const name = `${prefix}: ${benchmark.name ?? "unnamed"}`;
    const answer: unknown = typeof benchmark.fn === "function" ? benchmark.fn() : undefined;
    if (answer === undefined) {
      throw new Error(`${name} returns nothing: return the answer, so that a faster wrong one shows in the checksum`);
    }
    answers.push([name, answer]);
    const effort = EFFORT[size];
    const timed = benchmark.clone({
      ...effort,
      ...(size === "quick" ? { minTime: effort.maxTime / 2 } : {}),
      async: false,
    });
    timed.run({ async: false });
    if (timed.error !== undefined) throw new Error(`${name}: ${String(timed.error)}`);
    const samples = timed.stats.sample.length;
    rows.push({ name, value: timed.hz, unit: "ops/s", note: `± ${timed.stats.rme.toFixed(1)} %, ${samples} samples` });
  });
  return { rows, answers };
}

async function run(size: Size, context: SuiteContext, folder = PROJECT_FOLDER): Promise<SuiteResult> {
  const rows: Row[] = [];
  const answers: unknown[] = [];
  for (const file of benchmarkFiles(folder)) {
    context.say(file);
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { readonly bench?: () => unknown };
    const suite = module.bench?.();
    if (!(suite instanceof Benchmark.Suite)) throw new Error(`${file} exports no bench(): Benchmark.Suite`);
    const result = runBenchmarks(suite, file.replace(/\.bench\.ts$/, ""), size);
    rows.push(...result.rows);
    answers.push(...result.answers);
  }
  return { rows, checksum: checksum(answers), failures: [] };
}

export const microSuite: Suite = {
  name: "micro",
  what: "every Benchmark.js suite that lies beside the code it times",
  run: (size, context) => run(size, context),
};
