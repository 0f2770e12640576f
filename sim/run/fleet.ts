import { FileError, type Scenario } from "../../config/index.ts";
import { fork, type LegGraph, type Prng, prng, type VehicleType } from "../../planner/index.ts";
import { Conditions, LaneCurves } from "../physics/index.ts";
import type { Stations } from "../stations/index.ts";
import { type LaneMap, type MotionSample, SimVehicle } from "../vehicle/index.ts";

/**
 * The one vehicle type of a scenario, for which ground and legs are compiled.
 * @throws FileError for a fleet of several types
 */
export function fleetType(scenario: Scenario): VehicleType {
  const [type, ...more] = scenario.vehicleTypes;
  if (type === undefined || more.length > 0) {
    const found = scenario.vehicleTypes.map((each) => each.type).join(", ");
    throw new FileError(scenario.id, "vehicles", `the vehicle types ${found}`, "vehicles of one type");
  }
  return type;
}

/**
 * The simulated vehicles of a scenario, in its order, each standing in its start bay with a full battery.
 * @param random     what full physics draws; each vehicle has a stream of its own
 * @param conditions the weather that full physics feels
 */
export function buildFleet(
  scenario: Scenario,
  graph: LegGraph,
  map: LaneMap,
  stations: Stations,
  onMotion: (vehicle: number, sample: MotionSample) => void,
  random: Prng = prng(scenario.seed),
  conditions: Conditions = new Conditions(),
): SimVehicle[] {
  const type = fleetType(scenario);
  const parameters = scenario.physics === "full" ? scenario.vehiclePhysics[type.type]! : null;
  const curves = new LaneCurves(graph.lanes);
  return scenario.vehicles.map(
    ({ id, startBay }, index) =>
      new SimVehicle({
        id,
        type,
        map,
        start: standAt(scenario, graph, startBay),
        soc: type.battery.fullSoc,
        services: stations,
        physics: parameters === null ? null : { parameters, conditions, curves, random: fork(random, id) },
        onMotion: (sample) => onMotion(index, sample),
      }),
  );
}

function standAt(scenario: Scenario, graph: LegGraph, bayId: string): { lane: string; s: number } {
  for (const [s, station] of scenario.site.stations.entries()) {
    const b = station.bays.findIndex((bay) => bay.id === bayId);
    const stand = b < 0 ? undefined : graph.stands[graph.standOfBay[s]?.[b] ?? -1];
    if (stand !== undefined) return { lane: graph.lanes.laneId[stand.stopLane]!, s: stand.stopM };
  }
  throw new FileError(
    scenario.id,
    "vehicles",
    `the start bay ${bayId}`,
    `a bay of site ${scenario.site.id} that vehicles can use`,
  );
}
