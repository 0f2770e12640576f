/** The gateway's commands. */
import type { Command } from "commander";
import { registerServe } from "./serve/command.ts";
import { registerReplay } from "./viewer/replay-command.ts";

export function register(program: Command): void {
  registerReplay(program);
  registerServe(program);
}
