export { registerLive } from "./command.ts";
export { type LiveOptions, type RunningLive, startLive } from "./start-live.ts";
export { type LiveVehicles, type LiveVehiclesOptions, startLiveVehicles } from "./start-vehicles.ts";
