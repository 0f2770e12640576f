export { resolveFile, scenarioIds, siteIds, vehicleTypeIds } from "./built-in.ts";
export { FileError } from "./file-error.ts";
export { loadScenario, startBays } from "./load-scenario.ts";
export { type LoadedSite, loadSite, siteOf } from "./load-site.ts";
export { loadVehicleType } from "./load-vehicle-type.ts";
export { type GeoFrame, toLocal, toLonLat } from "./projection.ts";
export type {
  Demand,
  Direction,
  Goods,
  PassRule,
  ProfileDemand,
  RecordedDemand,
  SaturatedDemand,
  Scenario,
  ScenarioEvent,
  ScenarioFile,
  ScenarioVehicle,
} from "./scenario.ts";
export type { SiteFeature, SiteFile } from "./site-file.ts";
export { defaultVehiclePhysics, type VehiclePhysics } from "./vehicle-physics.ts";
