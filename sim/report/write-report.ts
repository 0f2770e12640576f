import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunSummary, readRecording, runSummarySchema } from "../../fleet-gateway/index.ts";
import { collect } from "./collect.ts";
import { reportPage } from "./page.ts";

/**
 * Writes `report.html` into a run's folder from its `run.mcap` and `summary.json`.
 * @returns the report's path
 * @throws an error with exitCode 2 when the recording is missing or broken; ZodError when the summary is not one
 */
export async function writeReport(folder: string): Promise<string> {
  const summary: RunSummary = runSummarySchema.parse(JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")));
  const topics = ["/site", "/vehicles", "/orders", "/events"] as const;
  const data = await collect(readRecording(join(folder, "run.mcap"), { topics, validate: false }));
  const path = join(folder, "report.html");
  writeFileSync(path, reportPage(summary, data));
  return path;
}
