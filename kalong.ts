/** The `kalong` command: registers each folder's commands and nothing else. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { register as registerBench } from "./bench/command.ts";
import { register as registerLifelong } from "./bench/lifelong/command.ts";
import { register as registerMapf } from "./bench/mapf/command.ts";
import { judgeError, runCommandLine, runtimeProblem } from "./command-line.ts";
import { register as registerConfig } from "./config/command.ts";
import { register as registerGateway } from "./fleet-gateway/command.ts";
import { register as registerSim } from "./sim/command.ts";

const HELP_END = `
Start here:
  kalong doctor                         what this machine lacks, and the fix for each
  kalong <command> --help               the options of one command

Exit codes: 0 done, 1 a check failed, 2 bad input, 3 internal error.
Results go to standard output, progress to standard error. With --json a command prints one JSON document.`;

function buildProgram(): Command {
  const manifest = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as {
    readonly version: string;
    readonly description: string;
  };
  const program = new Command("kalong")
    .description(`${manifest.description}.`)
    .version(manifest.version, "-V, --version", "print the version")
    .option("--debug", "print the stack of an internal error")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP_END)
    .configureHelp({ sortSubcommands: true, showGlobalOptions: true });
  for (const register of [registerSim, registerGateway, registerConfig, registerBench, registerMapf, registerLifelong])
    register(program);
  return program;
}

function endInternally(error: unknown): never {
  const { code, text } = judgeError(error, process.argv.includes("--debug"));
  process.stderr.write(text);
  process.exit(code);
}

const problem = runtimeProblem(process.versions.node);
if (problem === null) {
  process.on("uncaughtException", endInternally);
  // The reader of a pipe (`| head`) may leave early; that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    endInternally(error);
  });
  process.exitCode = await runCommandLine(buildProgram(), process.argv);
} else {
  process.stderr.write(`kalong: ${problem}\n`);
  process.exitCode = 2;
}
