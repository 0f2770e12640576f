export { drawServiceS } from "./draw-service.ts";
export { Stations, type StationsOptions } from "./stations.ts";
