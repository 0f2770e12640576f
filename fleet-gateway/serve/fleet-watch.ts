import type { Connection, EngineInput, VehicleState } from "../../engine/index.ts";
import type { LegGraph, Site } from "../../planner/index.ts";
import type { ListedVehicle } from "./fleet-file.ts";

/** A vehicle stands in a bay if it is this near to it, metres. */
const IN_BAY_M = 3;
/** A refused admission is tried again after so long. */
const RETRY_MS = 5_000;

export interface WatchedVehicle {
  readonly listed: ListedVehicle;
  connection: Connection | "UNKNOWN";
  state: VehicleState | null;
  /** Run time of its last state, ms. */
  stateMs: number;
  /** The engine has it in its fleet. */
  admitted: boolean;
  /** Why it is not admitted, for people; told when it changes. */
  obstacle: string;
  triedMs: number;
}

interface Haven {
  readonly bay: string;
  readonly x: number;
  readonly y: number;
}

/**
 * The listed vehicles between the link and the engine. The engine takes a vehicle in a bay where it may rest; so one that
 * comes online is admitted where it stands, and of one that stands elsewhere, or loaded, a person is told what to do.
 */
export class FleetWatch {
  readonly vehicles: readonly WatchedVehicle[];
  readonly #byId: ReadonlyMap<string, WatchedVehicle>;
  readonly #havens: readonly Haven[];
  readonly #tell: (vehicle: string, obstacle: string) => void;

  /** @param tell told when the reason why a vehicle is not admitted changes */
  constructor(
    fleet: readonly ListedVehicle[],
    site: Site,
    graph: LegGraph,
    tell: (vehicle: string, obstacle: string) => void,
  ) {
    this.vehicles = fleet.map((listed) => ({
      listed,
      connection: "UNKNOWN",
      state: null,
      stateMs: Number.NEGATIVE_INFINITY,
      admitted: false,
      obstacle: "",
      triedMs: Number.NEGATIVE_INFINITY,
    }));
    this.#byId = new Map(this.vehicles.map((vehicle) => [vehicle.listed.id, vehicle]));
    this.#havens = site.stations.flatMap((station, s) =>
      station.bays.flatMap((bay, b) => {
        const stand = graph.stands[graph.standOfBay[s]?.[b] ?? -1];
        return stand?.haven === true ? [{ bay: bay.id, x: bay.x, y: bay.y }] : [];
      }),
    );
    this.#tell = tell;
  }

  get(id: string): WatchedVehicle | undefined {
    return this.#byId.get(id);
  }

  /** A state came. @returns the input for the engine, or null while it does not know the vehicle */
  state(state: VehicleState, nowMs: number): EngineInput | null {
    const vehicle = this.#byId.get(state.vehicle);
    if (vehicle === undefined) return null;
    vehicle.state = state;
    vehicle.stateMs = nowMs;
    return vehicle.admitted ? { kind: "vehicle-state", state } : null;
  }

  connection(id: string, connection: Connection): EngineInput | null {
    const vehicle = this.#byId.get(id);
    if (vehicle === undefined) return null;
    vehicle.connection = connection;
    return vehicle.admitted ? { kind: "connection", vehicle: id, connection } : null;
  }

  /** The admissions to be asked of the engine now. */
  admissions(nowMs: number): EngineInput[] {
    const inputs: EngineInput[] = [];
    for (const vehicle of this.vehicles) {
      if (vehicle.admitted || vehicle.connection !== "ONLINE" || vehicle.state === null) continue;
      if (nowMs - vehicle.triedMs < RETRY_MS) continue;
      vehicle.triedMs = nowMs;
      const bay = this.#bayOf(vehicle.state);
      const obstacle = obstacleOf(vehicle.state, bay);
      if (obstacle !== "" && obstacle !== vehicle.obstacle) this.#tell(vehicle.listed.id, obstacle);
      vehicle.obstacle = obstacle;
      if (obstacle !== "" || bay === null) continue;
      inputs.push({ kind: "admit-vehicle", vehicle: vehicle.listed.id, type: vehicle.listed.type, bay });
    }
    return inputs;
  }

  /** The engine has taken a vehicle in: what is known of it follows. */
  admitted(id: string): EngineInput[] {
    const vehicle = this.#byId.get(id);
    if (vehicle === undefined || vehicle.admitted) return [];
    vehicle.admitted = true;
    const inputs: EngineInput[] = [];
    if (vehicle.connection !== "UNKNOWN")
      inputs.push({ kind: "connection", vehicle: id, connection: vehicle.connection });
    if (vehicle.state !== null) inputs.push({ kind: "vehicle-state", state: vehicle.state });
    return inputs;
  }

  #bayOf({ x, y }: VehicleState): string | null {
    let best: Haven | null = null;
    let bestM = IN_BAY_M;
    for (const haven of this.#havens) {
      const distanceM = Math.hypot(haven.x - x, haven.y - y);
      if (distanceM < bestM) {
        best = haven;
        bestM = distanceM;
      }
    }
    return best?.bay ?? null;
  }
}

function obstacleOf(state: VehicleState, bay: string | null): string {
  if (state.operatingMode !== "AUTOMATIC" && state.operatingMode !== "SEMIAUTOMATIC") {
    return `is in mode ${state.operatingMode}: switch it to AUTOMATIC`;
  }
  if (state.driving) return "drives: it is taken in when it stands";
  if (bay === null)
    return `stands at (${state.x.toFixed(1)}, ${state.y.toFixed(1)}), in no bay where it may rest: drive it into one`;
  if (state.loads.length > 0) return `carries ${state.loads.join(", ")}: unload it first`;
  return "";
}
