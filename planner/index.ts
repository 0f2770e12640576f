export * from "./areas.ts";
export * from "./compile-legs.ts";
export { TooManyLegsError } from "./compile-legs-paths.ts";
export { isInLine } from "./compile-legs-stands.ts";
export * from "./fallback.ts";
export * from "./footprint.ts";
export * from "./free-flow.ts";
export * from "./grid/index.ts";
export * from "./lane-graph.ts";
export * from "./lane-graph-chains.ts";
export * from "./leg-graph.ts";
export * from "./plan-task.ts";
export * from "./prng.ts";
export { referenceVehicle } from "./reference-vehicle.ts";
export * from "./runs.ts";
export * from "./search.ts";
export * from "./site.ts";
export {
  type SmallSite,
  type SmallSiteKind,
  smallSite,
  smallSiteVehicle,
} from "./small-sites.ts";
export * from "./speed-profile.ts";
export * from "./traffic/adopt.ts";
export * from "./traffic/assertions.ts";
export * from "./traffic/book.ts";
export * from "./traffic/edges.ts";
export * from "./traffic/grants.ts";
export * from "./traffic/retime.ts";
export * from "./traffic/types.ts";
export * from "./validate-plan.ts";
export * from "./vehicle-type.ts";
export * from "./well-formed.ts";
export type { JoinedGround } from "./well-formed-ground.ts";
export type { WellFormedProblem, WellFormedRule } from "./well-formed-problem.ts";
