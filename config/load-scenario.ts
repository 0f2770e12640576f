import { dirname, resolve } from "node:path";
import type { Bay, Distribution, Station, VehicleType } from "../planner/index.ts";
import { resolveFile } from "./built-in.ts";
import { FileError, parseFile, readJson } from "./file-error.ts";
import { type LoadedSite, loadSite } from "./load-site.ts";
import { loadVehicle } from "./load-vehicle-type.ts";
import { readRecordedOrders } from "./recorded-orders.ts";
import { type Demand, type Scenario, type ScenarioFile, type ScenarioVehicle, scenarioFileSchema } from "./scenario.ts";

/**
 * Loads a scenario with its site, vehicle types and recorded orders, and checks every name in it against the site.
 * @param idOrPath built-in id or path of a JSON file
 * @throws FileError
 */
export function loadScenario(idOrPath: string): Scenario {
  const path = resolveFile("scenario", idOrPath);
  const file = parseFile(path, readJson(path), scenarioFileSchema);
  const folder = dirname(path);
  const site = withServices(path, file, loadSite(file.site, folder));
  const loaded = file.vehicles.map((group) => loadVehicle(group.type, folder));
  const types = loaded.map(({ type }) => type);
  const demand = demandOf(path, file, site);
  checkPassRules(path, file, site);
  const vehicles = fleetOf(path, file, site, types);
  checkEvents(path, file, site, vehicles);
  return {
    id: file.id,
    description: file.description ?? "",
    site,
    vehicleTypes: types.filter((type, i) => types.findIndex((other) => other.type === type.type) === i),
    vehicles,
    physics: file.physics,
    vehiclePhysics: Object.fromEntries(loaded.map(({ type, physics }) => [type.type, physics])),
    demand,
    passRules: file.passRules,
    positioning: file.services.positioning,
    targets: file.targets,
    events: file.events,
    durationS: file.durationS,
    seed: file.seed,
  };
}

/** The havens of a site in the order in which vehicles are put into them: parking before chargers, sides in turn. */
export function startBays(site: LoadedSite, type: VehicleType): string[] {
  const bays = (role: Station["role"], side: Station["side"]): Bay[] =>
    site.stations
      .filter(
        (station) => station.resting && station.role === role && station.side === side && sharesMode(station, type),
      )
      .flatMap((station) => station.bays);
  return (["parking", "charger"] as const).flatMap((role) => {
    const sides = [bays(role, "vn"), bays(role, "cn")];
    const most = Math.max(...sides.map((list) => list.length));
    return Array.from({ length: most }, (_, i) => sides.flatMap((list) => list[i]?.id ?? [])).flat();
  });
}

function sharesMode(station: Station, type: VehicleType): boolean {
  return station.modes.some((mode) => type.modes.includes(mode));
}

function withServices(path: string, file: ScenarioFile, site: LoadedSite): LoadedSite {
  const { roles, stations } = file.services;
  for (const id of Object.keys(stations)) {
    const station = site.stations.find((candidate) => candidate.id === id);
    if (station === undefined || station.service === null)
      throw new FileError(
        path,
        `services.stations.${id}`,
        "a station without a service or unknown",
        `a station with a service on site ${site.id}`,
      );
  }
  const service = (station: Station): Distribution | null => {
    if (station.service === null) return null;
    return (
      stations[station.id] ?? (roles as Partial<Record<Station["role"], Distribution>>)[station.role] ?? station.service
    );
  };
  return { ...site, stations: site.stations.map((station) => ({ ...station, service: service(station) })) };
}

function fleetOf(path: string, file: ScenarioFile, site: LoadedSite, types: readonly VehicleType[]): ScenarioVehicle[] {
  const vehicles: ScenarioVehicle[] = [];
  const taken = new Set<string>();
  const ids = new Set<string>();
  const total = file.vehicles.reduce((sum, group) => sum + (group.count ?? group.list?.length ?? 0), 0);
  const width = Math.max(2, String(total).length);
  file.vehicles.forEach((group, g) => {
    const type = types[g]!;
    const havens = startBays(site, type);
    group.list?.forEach((vehicle, i) => {
      const at = `vehicles[${g}].list[${i}]`;
      if (!havens.includes(vehicle.startBay))
        throw new FileError(
          path,
          `${at}.startBay`,
          JSON.stringify(vehicle.startBay),
          `a haven of site ${site.id}: ${shortList(havens)}`,
        );
      if (taken.has(vehicle.startBay))
        throw new FileError(
          path,
          `${at}.startBay`,
          `${JSON.stringify(vehicle.startBay)} again`,
          "one vehicle in a bay",
        );
      if (ids.has(vehicle.id))
        throw new FileError(path, `${at}.id`, `${JSON.stringify(vehicle.id)} again`, "each vehicle id once");
      taken.add(vehicle.startBay);
      ids.add(vehicle.id);
      vehicles.push({ id: vehicle.id, type: type.type, startBay: vehicle.startBay });
    });
  });
  file.vehicles.forEach((group, g) => {
    if (group.count === undefined) return;
    const type = types[g]!;
    const free = startBays(site, type).filter((bay) => !taken.has(bay));
    if (free.length < group.count)
      throw new FileError(
        path,
        `vehicles[${g}].count`,
        `${group.count}`,
        `at most ${free.length}, the free havens of site ${site.id} for type ${type.type}`,
      );
    let number = 0;
    for (const bay of free.slice(0, group.count)) {
      do number += 1;
      while (ids.has(vehicleId(number, width)));
      const id = vehicleId(number, width);
      ids.add(id);
      taken.add(bay);
      vehicles.push({ id, type: type.type, startBay: bay });
    }
  });
  return vehicles;
}

function vehicleId(number: number, width: number): string {
  return `V${String(number).padStart(width, "0")}`;
}

function demandOf(path: string, file: ScenarioFile, site: LoadedSite): Demand {
  const cranes = site.stations.filter((station) => station.role === "crane");
  const ids = cranes.map((crane) => crane.id);
  if (file.demand.kind === "recorded") {
    const csv = resolve(dirname(path), file.demand.csv);
    const orders = readRecordedOrders(csv);
    for (const order of orders) {
      for (const [key, id] of [["from", order.from] as const, ["to", order.to] as const])
        if (!ids.includes(id))
          throw new FileError(
            csv,
            `order ${order.id}, column ${key}`,
            JSON.stringify(id),
            `a crane of site ${site.id}: ${shortList(ids)}`,
          );
      for (const stop of order.via)
        if (!site.stations.some((station) => station.role === stop.role && station.side === stop.side))
          throw new FileError(
            csv,
            `order ${order.id}, column via`,
            `${stop.side}-${stop.role}`,
            `a station of that role on that side of site ${site.id}`,
          );
    }
    return { kind: "recorded", orders };
  }
  const named = file.demand.cranes;
  named?.forEach((id, i) => {
    if (!ids.includes(id))
      throw new FileError(
        path,
        `demand.cranes[${i}]`,
        JSON.stringify(id),
        `a crane of site ${site.id}: ${shortList(ids)}`,
      );
  });
  for (const side of ["vn", "cn"] as const)
    if (!cranes.some((crane) => crane.side === side && (named?.includes(crane.id) ?? true)))
      throw new FileError(
        path,
        named === undefined ? "site" : "demand.cranes",
        `no crane on side ${side}`,
        "a crane on either side",
      );
  return file.demand;
}

function checkPassRules(path: string, file: ScenarioFile, site: LoadedSite): void {
  file.passRules.forEach((rule, i) => {
    if (site.stations.some((station) => station.role === rule.role && station.side === rule.side)) return;
    throw new FileError(
      path,
      `passRules[${i}]`,
      `the role ${rule.role} on side ${rule.side}`,
      `a station of that role on that side of site ${site.id}`,
    );
  });
}

function checkEvents(path: string, file: ScenarioFile, site: LoadedSite, vehicles: readonly ScenarioVehicle[]): void {
  const lanes = site.lanes.map((lane) => lane.id);
  const stations = site.stations.map((station) => station.id);
  const known = (at: string, id: string, ids: readonly string[], what: string) => {
    if (!ids.includes(id))
      throw new FileError(path, at, JSON.stringify(id), `a ${what} of this scenario: ${shortList(ids)}`);
  };
  file.events.forEach((event, i) => {
    const at = `events[${i}]`;
    if (event.kind === "lane-closed") known(`${at}.lane`, event.lane, lanes, "lane");
    else if (event.kind === "station-out") known(`${at}.station`, event.station, stations, "station");
    else if (event.kind === "speed-limit")
      event.lanes?.forEach((lane, k) => {
        known(`${at}.lanes[${k}]`, lane, lanes, "lane");
      });
    else
      known(
        `${at}.vehicle`,
        event.vehicle,
        vehicles.map((vehicle) => vehicle.id),
        "vehicle",
      );
  });
}

function shortList(ids: readonly string[]): string {
  const shown = 8;
  return ids.length <= shown ? ids.join(", ") : `${ids.slice(0, shown).join(", ")} and ${ids.length - shown} more`;
}
