export { registerRun } from "./run-command.ts";
export { type RunOptions, runScenario } from "./run-scenario.ts";
