import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "out/**", "runs/**", "data/**", "viz/dist/**"],
    // Two cores is the smallest machine that runs this; threads start faster than processes.
    pool: "threads",
    maxWorkers: 2,
    // A guard against what hangs, not a measure: the machine may be busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ["default", "./tools/totals-reporter.ts"],
  },
});
