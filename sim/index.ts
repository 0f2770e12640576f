/** The physical world of a run: vehicles, stations, demand; the runs themselves, their judge and their bound. */
export { type RunOptions, runScenario } from "./run/index.ts";
export { boundOfScenario, type UpperBound } from "./upper-bound/upper-bound.ts";
export type { VerifyReport } from "./verify/verify.ts";
export { verifyFile } from "./verify-command.ts";
