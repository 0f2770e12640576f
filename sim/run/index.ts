export { InProcessLink } from "./in-process-link.ts";
export { type ProgressView, progressView, type RunProgress } from "./progress.ts";
export { registerRun } from "./run-command.ts";
export { type RunOptions, runScenario } from "./run-scenario.ts";
export { Simulation, type SimulationOptions } from "./simulation.ts";
