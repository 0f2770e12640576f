/** `kalong bench`: one command for every suite. */
import { type Command, InvalidArgumentError } from "commander";
import { documentTable, runSuite } from "./frame.ts";
import { lifelongSuite } from "./lifelong/suite.ts";
import { mapfSuite } from "./mapf/suite.ts";
import { microSuite } from "./micro/run-benchmark-files.ts";
import { contraflowSuite, pilotSuite, saturatedSuite } from "./runs/suites.ts";
import { SIZES, type Size, type Suite } from "./suite.ts";

const SUITES: readonly Suite[] = [microSuite, pilotSuite, saturatedSuite, contraflowSuite, mapfSuite, lifelongSuite];

interface BenchOptions {
  readonly quick?: boolean;
  readonly standard?: boolean;
  readonly full?: boolean;
  readonly seeds?: number;
  readonly data?: string;
  readonly json?: boolean;
}

function seedsNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`found ${text}, expected an integer above 0.`);
}

function sizeOf(options: BenchOptions, command: Command): Size {
  const chosen = SIZES.filter((size) => options[size] === true);
  if (chosen.length > 1) {
    command.error(`error: give one size, not ${chosen.map((size) => `--${size}`).join(" and ")}`, { exitCode: 2 });
  }
  return chosen[0] ?? "standard";
}

/** Adds `kalong bench <suite>`. Exit code 1 when a target of the suite was missed. */
export function register(program: Command): void {
  program
    .command("bench")
    .summary("measure: run a benchmark suite")
    .description(
      "Runs a benchmark suite and prints its figures with machine, Node version, commit, command and a checksum of the answers.",
    )
    .argument("<suite>", SUITES.map((suite) => suite.name).join(", "))
    .option("--quick", "seconds: does it run at all")
    .option("--standard", "minutes: the figures that are told (default)")
    .option("--full", "as long as it takes")
    .option("--seeds <n>", "suites that run scenarios: only the first n seeds of the size", seedsNumber)
    .option("--data <dir>", "suites that read public files: the folder that holds them")
    .option("--json", "print one JSON document")
    .addHelpText("after", `\nSuites:\n${SUITES.map((suite) => `  ${suite.name.padEnd(10)} ${suite.what}`).join("\n")}`)
    .action(async (name: string, options: BenchOptions, command: Command) => {
      const suite = SUITES.find((each) => each.name === name);
      if (suite === undefined) {
        const names = SUITES.map((each) => each.name).join(", ");
        command.error(`error: no suite is named '${name}'. There are: ${names}.`, { exitCode: 2 });
      }
      const size = sizeOf(options, command);
      const say = (line: string): void => void process.stderr.write(`${line}\n`);
      const seeds = options.seeds === undefined ? {} : { seedsMax: options.seeds };
      const data = options.data === undefined ? {} : { dataFolder: options.data };
      const given = (["seeds", "data"] as const).filter((key) => options[key] !== undefined);
      const words = `kalong bench ${name} --${size}${given.map((key) => ` --${key} ${options[key]}`).join("")}`;
      const document = await runSuite(suite, size, words, { say, ...seeds, ...data });
      process.stdout.write(options.json === true ? `${JSON.stringify(document, null, 2)}\n` : documentTable(document));
      process.exitCode = document.failures.length === 0 ? 0 : 1;
    });
}
