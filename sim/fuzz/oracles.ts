/** What is watched from outside at every tick: footprints, ground, and who holds what by the engine's own messages. */
import type { Engine, EngineOutput } from "../../engine/index.ts";
import type { SimVehicle } from "../vehicle/index.ts";
import { overlap, placeRectangle, type Rectangle } from "../verify/geometry.ts";

/** Rounding of positions in messages, metres. */
const ROUNDING_M = 1e-3;

/** A rule that was broken. */
export interface Fault {
  readonly rule: string;
  readonly text: string;
}

/** True footprints of all vehicles, two by two. */
export class FootprintOracle {
  readonly #vehicles: readonly SimVehicle[];
  readonly #rectangles: readonly Rectangle[];

  constructor(vehicles: readonly SimVehicle[]) {
    this.#vehicles = vehicles;
    this.#rectangles = vehicles.map(() => new Float64Array(8));
  }

  look(): Fault | null {
    const boxes = this.#rectangles;
    this.#vehicles.forEach((vehicle, i) => {
      placeRectangle(boxes[i]!, vehicle.pose(), vehicle.type.lengthM, vehicle.type.widthM);
    });
    for (let i = 0; i < boxes.length; i++) {
      for (let j = i + 1; j < boxes.length; j++) {
        if (!overlap(boxes[i]!, boxes[j]!)) continue;
        const [a, b] = [this.#vehicles[i]!, this.#vehicles[j]!];
        const at = (v: SimVehicle): string => `${v.id} on ${v.laneId} at ${v.s.toFixed(2)} m`;
        return { rule: "overlap", text: `${at(a)} and ${at(b)}` };
      }
    }
    return null;
  }
}

interface Held {
  fromM: number;
  toM: number;
}

/** Follows /reservations messages: one side of an area, one vehicle in a place, disjoint metres of a lane. */
export class GroundOracle {
  /** [area] vehicle -> [side, number of grants held]. */
  readonly #areas = new Map<string, Map<string, { side: string; count: number }>>();
  readonly #places = new Map<string, string>();
  readonly #lanes = new Map<string, Map<string, Held>>();

  take(outputs: readonly EngineOutput[]): Fault | null {
    for (const output of outputs) {
      if (output.kind !== "reservation") continue;
      const { vehicle, resource, kind, side, fromM, toM, event } = output.message;
      if (kind === "lane") {
        const fault = this.#takeLane(vehicle, resource, event === "granted" ? { fromM, toM } : null);
        if (fault !== null) return fault;
      } else if (kind === "area") {
        const users = this.#areas.get(resource) ?? new Map();
        this.#areas.set(resource, users);
        const own = users.get(vehicle);
        if (event === "granted") {
          for (const [other, use] of users) {
            if (other === vehicle || use.side === side) continue;
            return {
              rule: "area",
              text: `${vehicle} is granted ${resource} from ${side} while ${other} holds ${use.side}`,
            };
          }
          users.set(vehicle, { side, count: (own?.count ?? 0) + 1 });
        } else if (own === undefined)
          return { rule: "area", text: `${vehicle} clears ${resource} that it does not hold` };
        else if (--own.count === 0) users.delete(vehicle);
      } else if (event === "granted") {
        const other = this.#places.get(resource);
        if (other !== undefined && other !== vehicle) {
          return { rule: "place", text: `${vehicle} is granted ${resource} where ${other} is` };
        }
        this.#places.set(resource, vehicle);
      } else if (this.#places.get(resource) === vehicle) this.#places.delete(resource);
    }
    return null;
  }

  #takeLane(vehicle: string, lane: string, held: Held | null): Fault | null {
    const users = this.#lanes.get(lane) ?? new Map<string, Held>();
    this.#lanes.set(lane, users);
    if (held === null) {
      users.delete(vehicle);
      return null;
    }
    users.set(vehicle, held);
    for (const [other, { fromM, toM }] of users) {
      if (other === vehicle || toM <= held.fromM + ROUNDING_M || held.toM <= fromM + ROUNDING_M) continue;
      const metres = `[${held.fromM.toFixed(2)}, ${held.toM.toFixed(2)}] and [${fromM.toFixed(2)}, ${toM.toFixed(2)}]`;
      return { rule: "lane", text: `${vehicle} and ${other} hold metres ${metres} of ${lane}` };
    }
    return null;
  }

  /** Areas that somebody holds. */
  heldAreas(): string[] {
    return [...this.#areas]
      .filter(([, users]) => users.size > 0)
      .map(([area, users]) => `${area} by ${[...users.keys()]}`);
  }
}

/** A4: every vehicle can stop within its base; a base never shrinks and never goes past what is granted. */
export class BaseOracle {
  readonly #engine: Engine;
  readonly #vehicles: ReadonlyMap<string, SimVehicle>;
  readonly #baseEndM: number[] = [];

  constructor(engine: Engine, vehicles: readonly SimVehicle[]) {
    this.#engine = engine;
    this.#vehicles = new Map(vehicles.map((vehicle) => [vehicle.id, vehicle]));
  }

  look(): Fault | null {
    for (const world of this.#engine.vehicles) {
      const vehicle = this.#vehicles.get(world.id)!;
      const brakingM = (vehicle.v * vehicle.v) / (2 * vehicle.type.serviceDecelerationMps2);
      const before = this.#baseEndM[world.index] ?? 0;
      this.#baseEndM[world.index] = world.baseEndM;
      if (world.baseEndM < before - 1e-9) {
        return { rule: "A4", text: `the base of ${world.id} shrank from ${before} to ${world.baseEndM}` };
      }
      if (world.baseEndM > world.grantedEndM + 1e-6) {
        return {
          rule: "A4",
          text: `the base of ${world.id} ends at ${world.baseEndM}, its grants at ${world.grantedEndM}`,
        };
      }
      if (world.positionM + brakingM > world.baseEndM + 0.01) {
        const room = `${(world.baseEndM - world.positionM).toFixed(3)} m`;
        return { rule: "A4", text: `${world.id} at ${vehicle.v.toFixed(2)} m/s has ${room} left of its base` };
      }
    }
    return null;
  }
}
