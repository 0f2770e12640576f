export * from "./check-step.ts";
export * from "./lifelong-files.ts";
export type { LifelongPlanner, StepBudget } from "./lifelong-planner.ts";
export { gridMotionOf, type MotionKind } from "./motion.ts";
export * from "./pibt-planners.ts";
export * from "./simulate.ts";
export * from "./task-sources.ts";
export { AGENTS_MAX as LIFELONG_AGENTS_MAX } from "./window.ts";
export { WindowPlanner, type WindowPlannerOptions, windowPlannerOptions } from "./window-planner.ts";
