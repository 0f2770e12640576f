/** One run of a scenario, recorded, judged by the verifier, and measured from its recording. The files are removed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scenario } from "../../config/index.ts";
import { type RunSummary, readRecording } from "../../fleet-gateway/index.ts";
import { boundOfScenario, runScenario, verifyFile } from "../../sim/index.ts";
import { threadCpuMs } from "../kernel.ts";
import { BorderCrossings } from "./border-crossings.ts";
import { type OrderEvent, pickUpWaits, quantile } from "./pick-up-waits.ts";

/** What was measured of a run. */
export interface MeasuredRun {
  readonly seed: number;
  readonly summary: Pick<RunSummary, "simulatedS" | "orders" | "containersPerDay" | "shieldStops" | "digest">;
  /** As many as the run itself counted or the verifier found, whichever is more. */
  readonly collisions: number;
  readonly deadlocks: number;
  /** Rules that the verifier found broken, with how often: "R3 (2)". */
  readonly broken: readonly string[];
  readonly waitP95S: number;
  readonly waitMaxS: number;
  /** Passages of the border, laden and empty, both directions. */
  readonly crossingsPerHour: number;
  /** Upper bound of scenario and length of run. */
  readonly bound: { readonly perDay: number; readonly crossingsPerHour: number };
  /** Simulated seconds a CPU second of the main thread, recording included, verifying not. */
  readonly speed: number;
}

export async function measureRun(scenario: Scenario, seed: number, hours: number): Promise<MeasuredRun> {
  const outDir = mkdtempSync(join(tmpdir(), "kalong-bench-"));
  const recording = join(outDir, "run.mcap");
  try {
    const startMs = threadCpuMs();
    const summary = await runScenario(scenario, { seed, hours, outDir });
    const speed = summary.simulatedS / ((threadCpuMs() - startMs) / 1000);
    const report = await verifyFile(recording);
    const orders: OrderEvent[] = [];
    let crossings = new BorderCrossings([]);
    const topics = ["/site", "/vehicles", "/orders"] as const;
    for await (const read of readRecording(recording, { topics, validate: false })) {
      if (read.topic === "/site") crossings = new BorderCrossings(read.message.border);
      else if (read.topic === "/vehicles") crossings.take(read.message.vehicles);
      else if (read.topic === "/orders") orders.push(read.message);
    }
    const waits = pickUpWaits(orders, summary.simulatedS);
    const { perDay, crossingsPerHour } = boundOfScenario(scenario, summary.simulatedS);
    return {
      seed,
      summary,
      collisions: Math.max(summary.collisions, report.collisions),
      deadlocks: Math.max(summary.deadlocks, report.deadlocks),
      broken: report.rules.filter((rule) => rule.violations > 0).map((rule) => `${rule.id} (${rule.violations})`),
      waitP95S: quantile(waits, 0.95),
      waitMaxS: waits.at(-1) ?? 0,
      crossingsPerHour: crossings.count / (summary.simulatedS / 3600),
      bound: { perDay, crossingsPerHour },
      speed,
    };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
