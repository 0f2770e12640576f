export { Stations, type StationsOptions } from "./stations.ts";
