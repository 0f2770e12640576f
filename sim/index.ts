/** The physical world of a run: vehicles, stations, demand, and the runs themselves. */
export { createDemand, type DemandSource } from "./demand/index.ts";
export { type RunOptions, runScenario, Simulation, type SimulationOptions } from "./run/index.ts";
export { Stations } from "./stations/index.ts";
export { LaneMap, type ServiceHost, SimVehicle, type VehicleOptions } from "./vehicle/index.ts";
