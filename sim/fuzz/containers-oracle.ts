import type { EngineOutput, TransportOrder } from "../../engine/index.ts";
import type { SimVehicle } from "../vehicle/index.ts";
import type { Fault } from "./oracles.ts";

/** Where a container truly is: at its pick-up, on a vehicle (its id), or set down. */
type Whereabouts = { readonly at: "source" } | { readonly at: "vehicle"; readonly id: string } | { readonly at: "end" };

/**
 * A container is at exactly one place, is picked up and set down once, and what the engine says of it has happened. Looks
 * at what the vehicles truly carry, tick by tick.
 */
export class ContainersOracle {
  readonly #vehicles: readonly SimVehicle[];
  readonly #where = new Map<string, Whereabouts>();
  readonly #orderOf = new Map<string, string>();

  constructor(vehicles: readonly SimVehicle[], orders: readonly TransportOrder[]) {
    this.#vehicles = vehicles;
    for (const order of orders) {
      this.#where.set(order.container.id, { at: "source" });
      this.#orderOf.set(order.id, order.container.id);
    }
  }

  /** @param outputs what the engine has just decided */
  look(outputs: readonly EngineOutput[]): Fault | null {
    const carried = new Map<string, string>();
    for (const vehicle of this.#vehicles) {
      for (const container of vehicle.load.containers) {
        const other = carried.get(container);
        if (other !== undefined) return fault(`${container} is on ${other} and on ${vehicle.id}`);
        carried.set(container, vehicle.id);
      }
    }
    for (const [container, where] of this.#where) {
      const carrier = carried.get(container);
      carried.delete(container);
      if (where.at === "source" && carrier !== undefined) this.#where.set(container, { at: "vehicle", id: carrier });
      else if (where.at === "vehicle" && carrier === undefined) this.#where.set(container, { at: "end" });
      else if (where.at === "vehicle" && carrier !== where.id)
        return fault(`${container} went from ${where.id} to ${carrier} without being set down`);
      else if (where.at === "end" && carrier !== undefined) return fault(`${carrier} picks up ${container} again`);
    }
    for (const [container, carrier] of carried) return fault(`${carrier} carries ${container}, of no order`);
    return this.#hold(outputs);
  }

  /** The engine's words against the truth; messages take time, so the truth may be ahead. */
  #hold(outputs: readonly EngineOutput[]): Fault | null {
    for (const output of outputs) {
      if (output.kind !== "order-event") continue;
      const { event, order, vehicle } = output.message;
      const where = this.#where.get(this.#orderOf.get(order) ?? "");
      if (where === undefined) continue;
      const words = `the engine says that ${order} is ${event} by ${vehicle}; its container is ${where.at === "vehicle" ? `on ${where.id}` : `at its ${where.at}`}`;
      if (event === "pickedUp" && where.at === "source") return fault(words);
      if (event === "delivered" && where.at !== "end") return fault(words);
    }
    return null;
  }
}

const fault = (text: string): Fault => ({ rule: "container", text });
