/**
 * Upper bound on the containers a day that a site, a fleet and a demand can do: the least of several bounds, from the
 * layout, the vehicle type, the service times at their means and the released mix alone. Nothing of a run is used.
 *
 * Every bound has one form: n containers take at least so much of something (`least-use.ts`) of which a run of H has only
 * so much. With τ seconds of a vehicle and w kWh a container (`vehicle-time.ts`), N vehicles, charge power P, auxiliaries A
 * (drawn while not charging), E kWh that each may take from its first charge, and K seconds of charging in all:
 *
 *   fleet                 n·τ <= N·H
 *   fleet with charging   n·τ + K <= N·H  and  n·w + A·(N·H − K) <= N·E + P·K,  so  n·(τ·(P + A) + w) <= N·(H·P + E)
 *   chargers              the second with K <= chargers · H
 *   stations, lanes       visits and crossings (`capacity.ts`)
 *
 * A run over a day, which starts with full batteries, can so do more than the same fleet year in, year out (E = 0).
 *
 * What is left out makes the bound larger, never smaller: waiting, other vehicles, reaction times, ways to chargers, how
 * orders come. Two things it does not see can let a run exceed it, both below 1 % for a day: the scatter of sampled
 * service times and mixes, and its two ends (a fleet that starts and ends where it suits saves up to one empty crossing
 * a vehicle).
 */
import type { Demand, Scenario } from "../../config/index.ts";
import { compileLegs, type LegGraph, meanServiceS, type Site, type VehicleType } from "../../planner/index.ts";
import { laneResources, type Resource, stationResources } from "./capacity.ts";
import { type DemandClass, demandMix } from "./demand-mix.ts";
import { leastUse } from "./least-use.ts";
import { type LeastEfforts, leastEfforts, northSurplus, sideOf } from "./vehicle-time.ts";

/** From which orders the dispatcher can choose. */
export type Choice =
  /** None: what is released is served, in the released mix. */
  | { readonly kind: "none" }
  /** So many released orders wait at any time, and are left at the end. */
  | { readonly kind: "stock"; readonly orders: number }
  /** So many orders are released in the run; a fleet that could do more serves them in the released mix. */
  | { readonly kind: "released"; readonly orders: number };

export interface BoundInputs {
  readonly graph: LegGraph;
  readonly site: Site;
  readonly type: VehicleType;
  readonly vehicles: number;
  readonly classes: readonly DemandClass[];
  /** Seconds, once for each stop in a crane bay. */
  readonly positioningS: number;
  /** Length of the run, seconds. */
  readonly horizonS: number;
  readonly choice: Choice;
  /**
   * "free": energy costs no time (swap, charging under the crane). Else the fleet charges at the site's chargers and may
   * take `firstChargeKwh` a vehicle from what it starts with; 0 is the steady state.
   */
  readonly energy: "free" | { readonly firstChargeKwh: number };
}

export interface UpperBound {
  /** Containers a day, both directions together. */
  readonly perDay: number;
  /** What limits it: "fleet", "fleet with charging", "chargers", or the name of stations or lanes. */
  readonly limitedBy: string;
  /** Each bound by name, the least first. */
  readonly limits: readonly { readonly name: string; readonly perDay: number }[];
  /** Least mean round trip (two crossings) in the released mix, without charging, seconds. */
  readonly cycleS: number;
  /** Crossings of the border an hour, laden and empty, both directions together, at `perDay` in the released mix. */
  readonly crossingsPerHour: number;
}

const DAY_S = 86_400;
const HOUR_S = 3600;
/** Beyond any fleet: so many containers a second are no limit. */
const RATE_MAX = 1000;

/** Time of vehicles and, where they charge at a plug, energy. */
function fleetResources(inputs: BoundInputs, efforts: LeastEfforts): readonly Resource[] {
  const { vehicles, type, energy, site } = inputs;
  const { container, emptyCrossing } = efforts;
  const time: Resource = {
    name: "fleet",
    perContainer: container.map((effort) => effort.seconds),
    perEmptyCrossing: emptyCrossing.seconds,
    supply: (seconds) => vehicles * seconds,
  };
  if (energy === "free") return [time];
  const powerKw = type.battery.chargePowerKw;
  const auxiliaryKw = type.consumption.auxiliaryKw;
  const both = (effort: { readonly seconds: number; readonly kwh: number }): number =>
    (effort.seconds / HOUR_S) * (powerKw + auxiliaryKw) + effort.kwh;
  const chargers = site.stations
    .filter((station) => station.role === "charger")
    .reduce((sum, station) => sum + station.bays.length, 0);
  const chargerKw = chargers * (powerKw + auxiliaryKw) - vehicles * auxiliaryKw;
  return [
    time,
    {
      name: "fleet with charging",
      perContainer: container.map(both),
      perEmptyCrossing: both(emptyCrossing),
      supply: (seconds) => vehicles * ((seconds / HOUR_S) * powerKw + energy.firstChargeKwh),
    },
    {
      name: "chargers",
      perContainer: container.map((effort) => effort.kwh),
      perEmptyCrossing: emptyCrossing.kwh,
      supply: (seconds) => Math.max(0, vehicles * energy.firstChargeKwh + (seconds / HOUR_S) * chargerKw),
    },
  ];
}

/** Largest n for which `fits` holds, to nine digits; `fits` holds from 0 up to some n. */
function largest(most: number, fits: (n: number) => boolean): number {
  if (fits(most)) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = most;
  while (high - low > 1e-9 * Math.max(1, low)) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The bound for one vehicle type.
 * @throws Error where the demand is empty, or a container of it has no way or names a station that the site has not
 */
export function upperBound(inputs: BoundInputs): UpperBound {
  const { graph, site, type, classes, positioningS, horizonS, choice } = inputs;
  if (classes.length === 0) throw new Error("a demand without containers has no bound");
  const efforts = leastEfforts(graph, site, type, classes, positioningS);
  const surplus = northSurplus(site, classes);
  const weights = classes.map((each) => each.weight);
  const signs = classes.map((each) => ((sideOf(site, each.from) === "vn") === surplus > 0 ? 1 : -1));
  const releasedFor = (n: number): number => {
    if (choice.kind === "none") return n;
    return choice.kind === "stock" ? n + choice.orders : Math.max(n, choice.orders);
  };
  const resources = [
    ...fleetResources(inputs, efforts),
    ...stationResources(graph, site, type, classes),
    ...laneResources(graph, site, type, classes),
  ];
  const limits = resources
    .map(({ name, perContainer, perEmptyCrossing, supply }) => {
      const least = leastUse({ weights, signs, perContainer, perEmptyCrossing });
      const inRun = largest(RATE_MAX * horizonS, (n) => least(n, releasedFor(n)) <= supply(horizonS));
      return { name, perDay: (inRun * DAY_S) / horizonS };
    })
    .sort((a, b) => a.perDay - b.perDay);
  const lowest = limits[0]!;
  const crossings = 1 + Math.abs(surplus);
  const tauS =
    efforts.container.reduce((sum, effort, k) => sum + weights[k]! * effort.seconds, 0) +
    Math.abs(surplus) * efforts.emptyCrossing.seconds;
  return {
    perDay: lowest.perDay,
    limitedBy: lowest.name,
    limits,
    cycleS: (2 * tauS) / crossings,
    crossingsPerHour: (lowest.perDay / 24) * crossings,
  };
}

/** Orders among which a run of `horizonS` can choose. */
function choiceOf(demand: Demand, horizonS: number): Choice {
  if (demand.kind === "saturated") return { kind: "stock", orders: demand.waitingOrdersMin };
  if (demand.kind === "recorded") return { kind: "released", orders: demand.orders.length };
  const perDay = demand.directions.reduce((sum, direction) => sum + direction.ordersPerDay, 0);
  return { kind: "released", orders: (perDay * horizonS) / DAY_S };
}

/**
 * The bound for a scenario: its fleet charges at the site's plugs and starts with full batteries. Faults, closures and
 * orders that are too few are left out: they only lower what can be done. Where there are several vehicle types, all
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
      horizonS,
      choice: choiceOf(scenario.demand, horizonS),
      energy: { firstChargeKwh: (type.battery.fullSoc - type.battery.reserveSoc) * type.battery.capacityKwh },
    }),
  );
  return bounds.reduce((most, each) => (each.perDay > most.perDay ? each : most));
}
