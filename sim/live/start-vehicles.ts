import {
  connectRosVehicle,
  connectVehicle,
  InputError,
  type RosNode,
  rosTime,
  startTickLoop,
  type VehicleClient,
} from "../../fleet-gateway/index.ts";
import { type Distribution, fork, type LegGraph, prng, type Site, type VehicleType } from "../../planner/index.ts";
import { Stations } from "../stations/index.ts";
import { LaneMap, SimVehicle } from "../vehicle/index.ts";
import { factsheetOf } from "./factsheet.ts";

export interface LiveVehiclesOptions {
  readonly site: Site;
  readonly type: VehicleType;
  readonly graph: LegGraph;
  readonly vehicles: readonly { readonly id: string; readonly startBay: string }[];
  readonly positioning: Distribution;
  readonly brokerUrl: string;
  readonly protocolVersion?: 4 | 5;
  readonly seed: number;
  /** Something that came to a vehicle and was not taken. */
  readonly onReport: (vehicle: string, code: string, reason: string) => void;
  readonly onFailure: (error: unknown) => void;
  /** Vehicles that are ROS nodes instead of MQTT clients; `startMs`: ROS time at which the vehicles' clock begins. */
  readonly ros2?: { readonly vehicles: readonly string[]; readonly node: RosNode; readonly startMs: number };
}

export interface LiveVehicles {
  readonly vehicles: readonly SimVehicle[];
  readonly clients: readonly VehicleClient[];
  stop(): Promise<void>;
}

/** Vehicles move, and say so, this often. */
const STEP_MS = 100;
/** A state is sent at least this often though nothing has changed. */
const STATE_INTERVAL_MS = 1000;
const CONNECT_MS = 5_000;

/**
 * Simulated vehicles in real time, each an MQTT client of its own that speaks VDA 5050. They share the stations of the
 * site, as real vehicles do. The vehicles are those of runs in virtual time; only clock and wire differ.
 * @throws InputError if the broker does not answer
 */
export async function startLiveVehicles(options: LiveVehiclesOptions): Promise<LiveVehicles> {
  const { site, type, graph } = options;
  const map = new LaneMap(graph.lanes);
  const random = fork(prng(options.seed), "stations");
  const stations = new Stations({ site, random, positioning: options.positioning });
  const vehicles = options.vehicles.map(
    ({ id, startBay }) =>
      new SimVehicle({
        id,
        type,
        map,
        start: startOf(site, graph, startBay),
        soc: type.battery.fullSoc,
        services: stations,
      }),
  );
  // The vehicles' clock is that of their motion: a state's timestamp is the time at which the vehicle was there.
  const epochMs = Date.now();
  let nowMs = 0;
  const factsheet = factsheetOf(type, STATE_INTERVAL_MS);
  const { ros2 } = options;
  const clients = vehicles.map((vehicle) => {
    const onReport = (code: string, reason: string): void => options.onReport(vehicle.id, code, reason);
    if (ros2?.vehicles.includes(vehicle.id) === true) {
      return connectRosVehicle({
        node: ros2.node,
        vehicle: vehicle.id,
        mapId: site.id,
        controller: vehicle,
        stamp: () => rosTime(ros2.startMs + nowMs),
        nowMs: () => performance.now(),
        onReport,
      });
    }
    return connectVehicle({
      url: options.brokerUrl,
      ...(options.protocolVersion === undefined ? {} : { protocolVersion: options.protocolVersion }),
      vehicle: vehicle.id,
      manufacturer: "kalong",
      serialNumber: vehicle.id,
      mapId: site.id,
      controller: vehicle,
      clock: () => epochMs + nowMs,
      factsheet,
      decelerationMps2: type.serviceDecelerationMps2,
      stateIntervalMs: STATE_INTERVAL_MS,
      onReport,
    });
  });
  const loop = startTickLoop({
    tickMs: STEP_MS,
    tick() {
      nowMs += STEP_MS;
      for (const vehicle of vehicles) vehicle.advance(nowMs);
      for (const client of clients) client.publishState();
    },
    onSkip() {},
    onError: options.onFailure,
  });
  async function stop(): Promise<void> {
    loop.stop();
    await Promise.all(clients.map((client) => client.close()));
  }
  const online = Promise.all(clients.map((client) => client.ready)).then(() => true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CONNECT_MS);
  });
  const answered = await Promise.race([online, late]);
  clearTimeout(timer);
  if (!answered) {
    await stop();
    throw new InputError(`No MQTT broker answers at ${options.brokerUrl}. Start one, or give another --broker.`);
  }
  return { vehicles, clients, stop };
}

function startOf(site: Site, graph: LegGraph, bayId: string): { lane: string; s: number } {
  for (const [s, station] of site.stations.entries()) {
    const b = station.bays.findIndex((bay) => bay.id === bayId);
    const stand = b < 0 ? undefined : graph.stands[graph.standOfBay[s]?.[b] ?? -1];
    if (stand !== undefined) return { lane: graph.lanes.laneId[stand.stopLane]!, s: stand.stopM };
  }
  throw new InputError(`Bay ${bayId} is none of site ${site.id} that vehicles can use.`);
}
