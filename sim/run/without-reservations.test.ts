import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { verifyFile } from "../verify-command.ts";
import { runScenario } from "./run-scenario.ts";

const outDir = mkdtempSync(join(tmpdir(), "kalong-unreserved-"));
afterAll(() => rmSync(outDir, { recursive: true }));

test("one bridge lane in both directions without reservations: the checks report it", async () => {
  const scenario = loadScenario("contraflow");
  const summary = await runScenario(scenario, { hours: 0.5, outDir, engine: { reservations: false } });
  const report = await verifyFile(join(outDir, "run.mcap"));
  const broken = report.rules.filter((rule) => rule.violations > 0).map((rule) => `${rule.id} (${rule.violations})`);
  console.log(
    `contraflow without reservations: ${report.collisions} collisions, ${summary.shieldStops} shield stops, ` +
      `${summary.orders.delivered} delivered, broken ${broken.join(", ")}`,
  );
  // Two vehicles nose to nose: either they touch, or the shield holds them and nobody gets through any more.
  expect(report.collisions > 0 || (summary.shieldStops > 0 && summary.orders.delivered === 0)).toBe(true);
  expect(broken).not.toEqual([]);
});
