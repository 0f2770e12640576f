/** `kalong run`: a scenario in virtual time. */
import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { loadScenario } from "../../config/index.ts";
import { writeReport } from "../report/write-report.ts";
import { progressView } from "./progress.ts";
import { runFailures } from "./run-failures.ts";
import { runScenario } from "./run-scenario.ts";
import { summaryTable } from "./summary-table.ts";

interface RunArguments {
  readonly hours?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly record: boolean;
  readonly recordHz?: number;
  readonly json?: boolean;
}

export function registerRun(program: Command): void {
  program
    .command("run")
    .description("run a scenario faster than real time; writes run.mcap, summary.json and report.html")
    .argument("<scenario>", "built-in id, or path of a scenario file")
    .option("--hours <h>", "hours of run time (default: the scenario's)", positive)
    .option("--seed <n>", "seed of everything random (default: the scenario's)", seedNumber)
    .option("--out <dir>", "folder for the results (default: out/<scenario>-<seed>)")
    .option("--no-record", "write no recording and no report")
    .option("--record-hz <f>", "samples of all vehicles in a second of run time (default 2)", positive)
    .option("--json", "print the summary as JSON")
    .action(async (name: string, options: RunArguments) => {
      const scenario = loadScenario(name);
      const seed = options.seed ?? scenario.seed;
      const outDir = resolve(options.out ?? join("out", `${scenario.id}-${seed}`));
      const progress = progressView(process.stderr);
      const summary = await runScenario(scenario, {
        seed,
        outDir,
        record: options.record,
        ...(options.hours === undefined ? {} : { hours: options.hours }),
        ...(options.recordHz === undefined ? {} : { recordHz: options.recordHz }),
        onProgress: (at) => progress.show(at),
      }).finally(() => progress.end());
      if (options.record) await writeReport(outDir);
      process.stdout.write(options.json === true ? `${JSON.stringify(summary, null, 2)}\n` : summaryTable(summary));
      process.stderr.write(`results in ${outDir}\n`);
      const failures = runFailures(summary);
      for (const failure of failures) process.stderr.write(`kalong: ${failure}\n`);
      if (failures.length > 0) process.exitCode = 1;
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError(`found ${text}, expected a number above 0.`);
  return value;
}

function seedNumber(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff)) {
    throw new InvalidArgumentError(`found ${text}, expected an integer from 0 to ${0xffff_ffff}.`);
  }
  return value;
}
