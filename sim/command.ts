import type { Command } from "commander";
import { registerRun } from "./run/index.ts";
import { registerVerify } from "./verify-command.ts";

/** Registers the commands of this folder. */
export function register(program: Command): void {
  registerRun(program);
  registerVerify(program);
}
