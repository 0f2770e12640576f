import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "out/**", "runs/**", "data/**", "viz/dist/**"],
    // Two cores is the smallest machine that runs this; threads start faster than processes.
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./tools/totals-reporter.ts"],
  },
});
