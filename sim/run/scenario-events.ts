import type { Scenario } from "../../config/index.ts";
import type { EngineEvent, EngineInput } from "../../engine/index.ts";
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

/** What the engine is told, and what the recording is told that the engine does not see. */
interface Happening {
  readonly inputs: readonly EngineInput[];
  readonly events: readonly EngineEvent[];
}

interface Change {
  readonly atMs: number;
  readonly apply: (targets: EventTargets, nowMs: number) => Happening;
}

type Event = Scenario["events"][number];
type SpeedLimit = Extract<Event, { kind: "speed-limit" }>;

/** The events of a scenario in order of time, each with its beginning and its end. */
export class ScenarioEvents {
  readonly #changes: readonly Change[];
  #next = 0;

  constructor(events: Scenario["events"]) {
    const limits = new Set<SpeedLimit>();
    const changes = events.flatMap((event): Change[] => [
      { atMs: Math.round(event.fromS * 1000), apply: (targets, nowMs) => change(event, true, targets, nowMs, limits) },
      { atMs: Math.round(event.toS * 1000), apply: (targets, nowMs) => change(event, false, targets, nowMs, limits) },
    ]);
    this.#changes = changes.sort((a, b) => a.atMs - b.atMs);
  }

  /** Lets everything happen that is due. */
  advance(nowMs: number, targets: EventTargets): { inputs: EngineInput[]; events: EngineEvent[] } {
    const inputs: EngineInput[] = [];
    const events: EngineEvent[] = [];
    while (this.#next < this.#changes.length && this.#changes[this.#next]!.atMs <= nowMs) {
      const happening = this.#changes[this.#next]!.apply(targets, nowMs);
      inputs.push(...happening.inputs);
      events.push(...happening.events);
      this.#next++;
    }
    return { inputs, events };
  }
}

/** An event of the scenario begins or ends. Vehicles say of themselves that they are broken or not heard. */
function change(
  event: Event,
  begins: boolean,
  targets: EventTargets,
  nowMs: number,
  limits: Set<SpeedLimit>,
): Happening {
  switch (event.kind) {
    case "lane-closed": {
      const { lane } = event;
      return { inputs: [{ kind: begins ? "close-lane" : "open-lane", lane }], events: [] };
    }
    case "station-out": {
      const { station } = event;
      targets.stations.setOut(station, begins, nowMs);
      return { inputs: [{ kind: begins ? "station-out" : "station-in", station }], events: [] };
    }
    case "vehicle-broken": {
      const vehicle = targets.vehicles.get(event.vehicle)!;
      if (begins) vehicle.breakDown("breakdown", "broken down, as the scenario says");
      else vehicle.repair();
      return { inputs: [{ kind: begins ? "vehicle-broken" : "vehicle-repaired", vehicle: vehicle.id }], events: [] };
    }
    case "link-lost": {
      targets.link.setUp(event.vehicle, !begins);
      return { inputs: [], events: [] };
    }
    case "speed-limit": {
      if (begins) limits.add(event);
      else limits.delete(event);
      setCaps(limits, targets);
      const code = begins ? "speed-limited" : "speed-limit-lifted";
      return { inputs: [], events: [{ code, vehicle: null, data: { limitMps: event.limitMps } }] };
    }
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
