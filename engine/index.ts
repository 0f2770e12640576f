export * from "./engine.ts";
export type { EventCode } from "./events.ts";
export { co2AndCost, type Kpi, type KpiAssumptions } from "./kpi/index.ts";
export * from "./messages.ts";
export { kpis } from "./observe.ts";
export * from "./snapshot.ts";
export { type VehicleWaitFact, waitWords } from "./waits.ts";
export type { Engine, EngineOptions, VehicleWorld } from "./world.ts";
