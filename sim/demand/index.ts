export { createDemand, type DemandScenario, type DemandSource } from "./demand.ts";
