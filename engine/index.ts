export * from "./engine.ts";
export * from "./messages.ts";
export * from "./snapshot.ts";
export type { Engine, EngineOptions, VehicleWorld } from "./world.ts";
export { ENGINE_DEFAULTS } from "./world.ts";
