import Benchmark from "benchmark";
import { expect, test } from "vitest";
import { checksum } from "./checksum.ts";
import { documentTable, runSuite } from "./frame.ts";
import { timeKernel } from "./kernel.ts";
import { benchmarkFiles, microSuite, runBenchmarks } from "./micro/run-benchmark-files.ts";
import type { Suite } from "./suite.ts";

const twoRows: Suite = {
  name: "two",
  what: "two rows",
  run: async (size) => ({
    rows: [
      { name: "plans", value: 12345.6, unit: "plans/s", note: size },
      { name: "p99", value: 0.5, unit: "ms" },
    ],
    checksum: checksum([1, 2]),
    failures: ["p99 0.5 ms, at most 0.4 ms"],
  }),
};

test("a document says what was measured, where, with what and against which kernel", async () => {
  const document = await runSuite(twoRows, "quick", "kalong bench two --quick", { say: () => {} });
  expect(document).toMatchObject({ suite: "two", size: "quick", node: process.versions.node });
  expect(document.commit).toMatch(/^([0-9a-f]{40}(-dirty)?|unknown)$/);
  expect(document.machine.cores).toBeGreaterThan(0);
  expect(document.kernel.cpuMs).toBeGreaterThan(1);
  const table = documentTable(document);
  expect(table).toContain("plans  12,346 plans/s  quick\n");
  expect(table).toContain("p99    0.5000 ms\n");
  expect(table).toContain("FAILED: p99 0.5 ms, at most 0.4 ms");
  expect(table).toContain(`checksum ${checksum([1, 2])}`);
});

test("the kernel's answer is the same on every machine", () => {
  expect(timeKernel(1)).toMatchObject({ expansions: 1_000_000, answer: 1_746_023_440 });
});

test("the checksum tells answers apart, typed arrays and infinities too", () => {
  const answers = [1, [1], new Int32Array([1, 2]), [1, 2, 3], Infinity, null, new Map([[1, 2]]), new Map(), "1"];
  expect(new Set(answers.map(checksum)).size).toBe(answers.length);
  expect(checksum(new Int32Array([1, 2]))).toBe(checksum([1, 2]));
});

test("micro runs the benchmarks of a file, and keeps their answers", () => {
  const suite = new Benchmark.Suite("sums")
    .add("loop", () => [1, 2, 3].reduce((sum, each) => sum + each, 0))
    .add("formula", () => 6);
  const { rows, answers } = runBenchmarks(suite, "planner/sums", "quick");
  expect(rows.map((row) => [row.name, row.unit])).toEqual([
    ["planner/sums: loop", "ops/s"],
    ["planner/sums: formula", "ops/s"],
  ]);
  for (const row of rows) expect(row.value).toBeGreaterThan(1000);
  expect(answers).toEqual([
    ["planner/sums: loop", 6],
    ["planner/sums: formula", 6],
  ]);
});

test("micro refuses a benchmark without an answer, and one that throws", () => {
  expect(() =>
    runBenchmarks(
      new Benchmark.Suite().add("idle", () => {}),
      "a",
      "quick",
    ),
  ).toThrow("a: idle returns nothing");
  const thrower = new Benchmark.Suite().add("bad", () => {
    throw new Error("no route");
  });
  expect(() => runBenchmarks(thrower, "a", "quick")).toThrow("no route");
});

test("every benchmark file of the project runs, and gives the same answers twice", async () => {
  const files = benchmarkFiles(`${import.meta.dirname}/..`);
  expect(files.length).toBeGreaterThan(0);
  const first = await microSuite.run("quick", { say: () => {} });
  for (const file of files) {
    const prefix = `${file.replace(/\.bench\.ts$/, "")}: `;
    expect(first.rows.filter((row) => row.name.startsWith(prefix)).length).toBeGreaterThan(0);
  }
  expect((await microSuite.run("quick", { say: () => {} })).checksum).toBe(first.checksum);
});
