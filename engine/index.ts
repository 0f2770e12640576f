export * from "./engine.ts";
export { EVENTS, type EventCode } from "./events.ts";
export { co2AndCost, KPI_ASSUMPTIONS, type Kpi, type KpiAssumptions } from "./kpi/index.ts";
export * from "./messages.ts";
export { kpis } from "./observe.ts";
export * from "./snapshot.ts";
export { type VehicleWaitFact, waitWords } from "./waits.ts";
export type { Engine, EngineOptions, VehicleWorld } from "./world.ts";
export { ENGINE_DEFAULTS } from "./world.ts";
