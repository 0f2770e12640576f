import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MUTANTS } from "./index.ts";
import { planted } from "./mutant.ts";

const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

test("each has a name of its own and a test file", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.filter((mutant) => !existsSync(pathOf(mutant.test)))).toEqual([]);
});

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  "%s can be planted in the sources as they are",
  (_, mutant) => {
    for (const { file } of mutant.edits) {
      const text = readFileSync(pathOf(file), "utf8");
      expect(planted(text, file, mutant)).not.toBe(text);
    }
  },
);

test("one whose place has changed says so", () => {
  const stale = { name: "stale", test: "", edits: [{ file: "a.ts", find: "x", replace: "y" }] };
  expect(() => planted("x x", "a.ts", stale)).toThrow("mutant stale: a.ts holds 2 times, not once: x");
  expect(() => planted("", "a.ts", stale)).toThrow("holds 0 times");
  expect(planted("x", "b.ts", stale)).toBe("x");
});
