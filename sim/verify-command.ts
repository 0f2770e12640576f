/** `kalong verify`: judges a recording; the judging itself is in verify/. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { type RunSummary, readRecording, runSummarySchema } from "../fleet-gateway/index.ts";
import { clock, metresText } from "./verify/rules.ts";
import { type VerifyReport, verifyRecording } from "./verify/verify.ts";

/** A file that cannot be used, as a sentence for people; exit code 2. */
class BadInput extends Error {
  readonly exitCode = 2;
}

export function registerVerify(program: Command): void {
  program
    .command("verify")
    .description("re-check every invariant of a run from its recording alone")
    .argument("<recording>", "run.mcap; the files of its later days and summary.json are found beside it")
    .option("--summary <file>", "the run's summary.json, if it is elsewhere")
    .option("--json", "print the report as JSON")
    .action(async (recording: string, options: { summary?: string; json?: boolean }) => {
      const report = await verifyFile(recording, options.summary ?? null, (t) => {
        if (process.stderr.isTTY) process.stderr.write(`\rverified to ${clock(t)} `);
      });
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
      process.stdout.write(
        options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(recording, report),
      );
      if (!report.ok) process.exitCode = 1;
    });
}

/**
 * Judges a recording file with its summary.json (beside it unless named; absent: judged without).
 * @throws an error with exitCode 2 and a sentence for people when a file is missing, broken or foreign
 */
export async function verifyFile(
  recording: string,
  summaryPath: string | null = null,
  onTime: (t: number) => void = () => {},
): Promise<VerifyReport> {
  const beside = join(dirname(recording), "summary.json");
  const path = summaryPath ?? (existsSync(beside) ? beside : null);
  return verifyRecording(readRecording(recording), path === null ? null : readSummary(path), onTime);
}

/** @throws an error with exitCode 2 when the file is no summary */
export function readSummary(path: string): RunSummary {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new BadInput(`Cannot read ${path}: ${(error as Error).message}; expected a run's summary.json`);
  }
  const result = runSummarySchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new BadInput(`${path} is no run's summary: ${issue.path.join(".") || "the whole"}: ${issue.message}`);
}

function reportText(recording: string, report: VerifyReport): string {
  const { checked } = report;
  const at = report.minSeparationAt;
  const least =
    at === null
      ? "no two vehicles came within 10 m"
      : `${metresText(report.minSeparationM!)} between ${at.vehicles.join(" and ")} at ${clock(at.t)}`;
  const lines = [
    `${recording}: ${clock(report.simulatedS)} of run time, ${report.vehicles} vehicles, ${report.delivered} containers delivered`,
    `looked at ${checked.samples} samples, ${checked.reservations} reservations, ${checked.footprintPairs} pairs of footprints, ${checked.conflicts} conflicts of lanes`,
    `least separation: ${least}`,
    "",
    ...report.rules.map(
      ({ id, sentence, violations }) =>
        `${violations === 0 ? "ok    " : "BROKEN"} ${id.padEnd(3)} ${sentence}${violations > 0 ? ` (${violations} times)` : ""}`,
    ),
    "",
    ...report.violations.map((violation) => violation.sentence),
    report.ok ? "No rule is broken." : `${report.rules.reduce((sum, rule) => sum + rule.violations, 0)} breaches.`,
  ];
  return `${lines.join("\n")}\n`;
}
