/**
 * Upper bound on the containers a day that a site, a fleet and a demand can do: the least of three kinds of bounds, from
 * the layout, the vehicle type, the service times at their means and the released mix alone. Nothing of a run is used.
 *
 * Fleet. A container takes at least τ seconds of a vehicle (least free-flow drives, stations and lifts at their means:
 * `vehicle-time.ts`) and w kWh for driving. N vehicles have N·H vehicle-seconds in a run of H. Where they charge at a
 * plug, charging takes time away: with n containers, a charging time of K, charge power P, auxiliaries A (drawn while
 * not charging) and E the energy that each may take from its first charge,
 *
 *   time     n·τ + K <= N·H                 energy     n·w + A·(N·H − K) <= N·E + P·K
 *   hence    n <= N·H / τ    and    n <= N·(H·P + E) / (τ·(P + A) + w)
 *
 * so a run over a day, which starts with full batteries, can do more than the same fleet year in, year out (E = 0). The
 * chargers limit it too: K is at most chargers · H, so n·w + A·(N·H − K) <= N·E + P·chargers·H.
 *
 * Stations and lanes. What crosses the border passes its gates, scanners, cranes and lanes (`capacity.ts`).
 *
 * What the bound leaves out makes it larger, never smaller: waiting, other vehicles, reaction times, ways to chargers,
 * exceptions in the order in which containers come. A run of a day or more can exceed it only by the scatter of its
 * sampled service times and of its mix (below 1 % for a few hundred containers).
 */
import type { Scenario } from "../../config/index.ts";
import { compileLegs, type LegGraph, meanServiceS, type Site, type VehicleType } from "../../planner/index.ts";
import { laneCapacities, stationCapacities } from "./capacity.ts";
import { type DemandClass, demandMix } from "./demand-mix.ts";
import { leastVehicleTime } from "./vehicle-time.ts";

export interface BoundInputs {
  readonly graph: LegGraph;
  readonly site: Site;
  readonly type: VehicleType;
  readonly vehicles: number;
  readonly classes: readonly DemandClass[];
  /** Seconds, once for each stop in a crane bay. */
  readonly positioningS: number;
  /**
   * Where energy comes from. "free": it costs no time (swap, charging under the crane). "plug-in": at the site's
   * chargers, from `startSoc` at the start of a run of `horizonS`; Infinity for the steady state.
   */
  readonly energy: "free" | { readonly kind: "plug-in"; readonly horizonS: number; readonly startSoc: number };
}

export interface UpperBound {
  /** Containers a day, both directions together. */
  readonly perDay: number;
  /** What limits it: "fleet", "chargers", or the name of stations or lanes. */
  readonly limitedBy: string;
  /** Each bound by name, the least first. */
  readonly limits: readonly { readonly name: string; readonly perDay: number }[];
  /** Least mean round trip (two crossings) without charging, seconds. */
  readonly cycleS: number;
  /** Crossings of the border an hour, laden and empty, both directions together, at `perDay`. */
  readonly crossingsPerHour: number;
}

const DAY_S = 86_400;
const HOUR_S = 3600;

/** Containers a day by the fleet's time and, where it charges at a plug, by its energy. */
function fleetLimits(inputs: BoundInputs, tauS: number, driveKwh: number): { name: string; perDay: number }[] {
  const { vehicles, type, energy, site } = inputs;
  const byTime = { name: "fleet", perDay: (vehicles * DAY_S) / tauS };
  if (energy === "free") return [byTime];
  const { capacityKwh, reserveSoc, chargePowerKw } = type.battery;
  const auxiliaryKw = type.consumption.auxiliaryKw;
  // Energy of the first charge as a mean power over the run, kW a vehicle.
  const firstKw = ((energy.startSoc - reserveSoc) * capacityKwh * HOUR_S) / energy.horizonS;
  const tauH = tauS / HOUR_S;
  const charging = (vehicles * 24 * (chargePowerKw + firstKw)) / (tauH * (chargePowerKw + auxiliaryKw) + driveKwh);
  const chargers = site.stations
    .filter((station) => station.role === "charger")
    .reduce((sum, station) => sum + station.bays.length, 0);
  const supplyKw = vehicles * (firstKw - auxiliaryKw) + chargers * (chargePowerKw + auxiliaryKw);
  return [
    byTime,
    { name: "fleet with charging", perDay: charging },
    { name: "chargers", perDay: Math.max(0, (24 * supplyKw) / driveKwh) },
  ];
}

/**
 * The bound for one vehicle type.
 * @throws Error where the demand is empty or a container of it has no way
 */
export function upperBound(inputs: BoundInputs): UpperBound {
  const { graph, site, type, classes, positioningS } = inputs;
  if (classes.length === 0) throw new Error("a demand without containers has no bound");
  const least = leastVehicleTime(graph, site, type, classes, positioningS);
  const tauS = least.driveS + least.serviceS;
  const limits = [
    ...fleetLimits(inputs, tauS, least.driveKwh),
    ...stationCapacities(graph, site, type, classes),
    ...laneCapacities(graph, site, type, classes, least.crossings),
  ].sort((a, b) => a.perDay - b.perDay);
  const lowest = limits[0]!;
  return {
    perDay: lowest.perDay,
    limitedBy: lowest.name,
    limits,
    cycleS: (2 * tauS) / least.crossings,
    crossingsPerHour: (lowest.perDay / 24) * least.crossings,
  };
}

/**
 * The bound for a scenario: its fleet charges at the site's plugs and starts with full batteries. Faults, closures and
 * releases that fall short are left out: they only lower what can be done. Where there are several vehicle types, all
 * count as the one that gives the most.
 * @param horizonS length of the run, seconds
 * @param graphOf the compiled leg graph of a type, where the caller has it already
 */
export function boundOfScenario(
  scenario: Scenario,
  horizonS = scenario.durationS,
  graphOf: (type: VehicleType) => LegGraph = (type) => compileLegs(scenario.site, type),
): UpperBound {
  const classes = demandMix(scenario);
  const bounds = scenario.vehicleTypes.map((type) =>
    upperBound({
      graph: graphOf(type),
      site: scenario.site,
      type,
      vehicles: scenario.vehicles.length,
      classes,
      positioningS: meanServiceS(scenario.positioning),
      energy: { kind: "plug-in", horizonS, startSoc: type.battery.fullSoc },
    }),
  );
  return bounds.reduce((most, each) => (each.perDay > most.perDay ? each : most));
}
