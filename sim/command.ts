import type { Command } from "commander";
import { registerCompare } from "./compare/compare-command.ts";
import { registerFuzz } from "./fuzz/fuzz-command.ts";
import { registerLive } from "./live/index.ts";
import { registerRun } from "./run/index.ts";
import { registerVerify } from "./verify-command.ts";

/** Registers the commands of this folder. */
export function register(program: Command): void {
  registerRun(program);
  registerLive(program);
  registerVerify(program);
  registerCompare(program);
  registerFuzz(program);
}
