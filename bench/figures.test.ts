import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FIGURES_BEGIN, FIGURES_END, figuresTable, withFigures } from "./figures-table.ts";
import type { BenchDocument } from "./frame.ts";

const document: BenchDocument = {
  suite: "pilot",
  size: "standard",
  command: "npx kalong bench pilot --standard",
  machine: { cpu: "CPU", cores: 2, memoryGb: 8 },
  node: "24.0.0",
  commit: "0123456789abcdef0123456789abcdef01234567-dirty",
  cpuS: 1,
  wallS: 1,
  kernel: { cpuMs: 1, expansions: 1, ratio: 1 },
  rows: [
    { name: "containers delivered, least", value: 284, unit: "", target: "at least 285", note: "by seed: 284 290" },
    { name: "speed", value: 1234.5, unit: "simulated s a CPU s" },
  ],
  checksum: "c",
  failures: ["seed 1: containers delivered 284, at least 285"],
};

test("the table tells figure, target, where it was measured and what was missed", () => {
  expect(figuresTable([document]).split("\n")).toEqual([
    "| suite | figure | measured | target |",
    "| --- | --- | --- | --- |",
    "| pilot | containers delivered, least | 284 | at least 285 |",
    "| pilot | speed | 1,235 simulated s a CPU s |  |",
    "",
    "- `npx kalong bench pilot --standard` (CPU, 2 cores, Node 24.0.0, commit 0123456789ab and changes): " +
      "missed: seed 1: containers delivered 284, at least 285",
  ]);
});

test("a text without the marks is refused", () => {
  expect(withFigures(`a\n${FIGURES_BEGIN}\nold\n${FIGURES_END}\nb`, "new")).toBe(
    `a\n${FIGURES_BEGIN}\nnew\n${FIGURES_END}\nb`,
  );
  expect(() => withFigures("a", "new")).toThrow("lacks the marks");
});

test("the README's figures are those of the documents in docs/figures", () => {
  const root = join(import.meta.dirname, "..");
  const folder = join(root, "docs/figures");
  const inReadme = ["pilot", "saturated", "contraflow"];
  const files = existsSync(folder) ? readdirSync(folder) : [];
  expect(files.filter((file) => !inReadme.includes(file.replace(/\.json$/, "")))).toEqual([]);
  const documents = inReadme
    .filter((suite) => files.includes(`${suite}.json`))
    .map((suite) => JSON.parse(readFileSync(join(folder, `${suite}.json`), "utf8")) as BenchDocument);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(withFigures(readme, figuresTable(documents))).toBe(readme);
});
