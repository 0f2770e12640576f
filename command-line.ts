/** Runs a commander program: every way in which a command can end becomes one sentence and an exit code. */
import { type Command, CommanderError } from "commander";

const NODE_MAJOR_MIN = 24;

/** @returns the sentence that tells how to get a runtime that works, or null where `version` ("24.1.0") does */
export function runtimeProblem(version: string): string | null {
  if (Number.parseInt(version, 10) >= NODE_MAJOR_MIN) return null;
  return `Node ${version} is too old, Node ${NODE_MAJOR_MIN} is needed: run 'npm ci' in the project's folder and start Kalong with 'npx kalong', which uses the Node ${NODE_MAJOR_MIN} that npm installed.`;
}

/** Bad usage of a subcommand must end here as well: commander copies these settings only to commands made afterwards. */
function settleSubcommands(command: Command): void {
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command);
    sub.exitOverride();
    settleSubcommands(sub);
  }
}

/**
 * Exit code of what a command threw, and the words for standard error. Bad usage: 2 (commander has said it already). An
 * error that carries `exitCode` 1 or 2 (a failed check, bad input) is told by its message. Anything else is internal: 3.
 */
export function judgeError(error: unknown, debug: boolean): { readonly code: number; readonly text: string } {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, text: "" };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && "exitCode" in error && (error.exitCode === 1 || error.exitCode === 2)) {
    return { code: error.exitCode, text: `kalong: ${message}\n` };
  }
  const hint = debug ? "" : " (run again with --debug for the stack, and report it)";
  const stack = debug && error instanceof Error ? `${error.stack}\n` : "";
  return { code: 3, text: `kalong: internal error: ${message}${hint}\n${stack}` };
}

/**
 * Parses `argv` (as in process.argv) and runs its command.
 * @returns the exit code: 0 done, 1 a check failed, 2 bad input, 3 internal error
 */
export async function runCommandLine(program: Command, argv: readonly string[]): Promise<number> {
  program.exitOverride();
  settleSubcommands(program);
  if (argv.length <= 2) {
    program.outputHelp({ error: true });
    return 2;
  }
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const { code, text } = judgeError(error, argv.includes("--debug"));
    process.stderr.write(text);
    return code;
  }
}
