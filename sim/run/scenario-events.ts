import type { Scenario } from "../../config/index.ts";
import type { EngineInput } from "../../engine/index.ts";
import type { Stations } from "../stations/index.ts";
import type { LaneMap, SimVehicle } from "../vehicle/index.ts";
import type { InProcessLink } from "./in-process-link.ts";

/** What the events of a scenario act on. */
export interface EventTargets {
  readonly vehicles: ReadonlyMap<string, SimVehicle>;
  readonly map: LaneMap;
  readonly stations: Stations;
  readonly link: InProcessLink;
}

interface Change {
  readonly atMs: number;
  readonly apply: (targets: EventTargets, nowMs: number) => readonly EngineInput[];
}

/** The events of a scenario in order of time, each with its beginning and its end. */
export class ScenarioEvents {
  readonly #changes: readonly Change[];
  #next = 0;

  constructor(events: Scenario["events"]) {
    const limits = new Set<SpeedLimit>();
    const changes = events.flatMap((event): Change[] => [
      { atMs: Math.round(event.fromS * 1000), apply: (targets, nowMs) => begin(event, targets, nowMs, limits) },
      { atMs: Math.round(event.toS * 1000), apply: (targets, nowMs) => end(event, targets, nowMs, limits) },
    ]);
    this.#changes = changes.sort((a, b) => a.atMs - b.atMs);
  }

  /** Lets everything happen that is due, and returns what the engine is told of it. */
  advance(nowMs: number, targets: EventTargets): EngineInput[] {
    const inputs: EngineInput[] = [];
    while (this.#next < this.#changes.length && this.#changes[this.#next]!.atMs <= nowMs) {
      inputs.push(...this.#changes[this.#next]!.apply(targets, nowMs));
      this.#next++;
    }
    return inputs;
  }
}

type Event = Scenario["events"][number];
type SpeedLimit = Extract<Event, { kind: "speed-limit" }>;

function begin(event: Event, targets: EventTargets, nowMs: number, limits: Set<SpeedLimit>): readonly EngineInput[] {
  switch (event.kind) {
    case "lane-closed":
      return [{ kind: "close-lane", lane: event.lane }];
    case "station-out":
      targets.stations.setOut(event.station, true, nowMs);
      return [{ kind: "station-out", station: event.station }];
    case "vehicle-broken":
      targets.vehicles.get(event.vehicle)!.breakDown("breakdown", "broken down, as the scenario says");
      return [{ kind: "vehicle-broken", vehicle: event.vehicle }];
    case "link-lost":
      targets.link.setUp(event.vehicle, false);
      return [];
    case "speed-limit":
      limits.add(event);
      setCaps(limits, targets);
      return [];
  }
}

function end(event: Event, targets: EventTargets, nowMs: number, limits: Set<SpeedLimit>): readonly EngineInput[] {
  switch (event.kind) {
    case "lane-closed":
      return [{ kind: "open-lane", lane: event.lane }];
    case "station-out":
      targets.stations.setOut(event.station, false, nowMs);
      return [{ kind: "station-in", station: event.station }];
    case "vehicle-broken":
      targets.vehicles.get(event.vehicle)!.repair();
      return [{ kind: "vehicle-repaired", vehicle: event.vehicle }];
    case "link-lost":
      targets.link.setUp(event.vehicle, true);
      return [];
    case "speed-limit":
      limits.delete(event);
      setCaps(limits, targets);
      return [];
  }
}

/** Sets each lane's temporary limit to the lowest that holds now. */
function setCaps(active: ReadonlySet<SpeedLimit>, { map, vehicles }: EventTargets): void {
  for (let lane = 0; lane < map.lanes.laneCount; lane++) {
    const id = map.lanes.laneId[lane]!.replace(/~$/, "");
    let mps = Number.POSITIVE_INFINITY;
    for (const { lanes, limitMps } of active)
      if (lanes === undefined || lanes.includes(id)) mps = Math.min(mps, limitMps);
    map.setCap(lane, mps);
  }
  for (const vehicle of vehicles.values()) vehicle.limitsChanged();
}
