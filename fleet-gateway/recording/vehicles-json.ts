/**
 * `/vehicles` as JSON text. Nearly all bytes of a recording are these messages, so they are put together by hand:
 * about three times as fast as rounding into objects and JSON.stringify, with the same result.
 */
import type { VehicleSample } from "./messages.ts";

/** Ids repeat for the whole run: their JSON form is made once. Bounded, because container and order ids do not end. */
const quotedMax = 10_000;

export class VehiclesJson {
  readonly #quoted = new Map<string, string>();

  /** @param timeMs run time in whole milliseconds */
  message(timeMs: number, vehicles: readonly VehicleSample[]): string {
    let json = `{"t":${timeMs / 1000},"vehicles":[`;
    for (let i = 0; i < vehicles.length; i++) {
      if (i > 0) json += ",";
      json += this.#sample(vehicles[i]!);
    }
    return `${json}]}`;
  }

  #sample(vehicle: VehicleSample): string {
    return (
      `{"id":${this.#quote(vehicle.id)},"type":${this.#quote(vehicle.type)},` +
      `"x":${round(vehicle.x, 1e4, "x", vehicle)},"y":${round(vehicle.y, 1e4, "y", vehicle)},` +
      `"theta":${round(vehicle.theta, 1e5, "theta", vehicle)},` +
      `"v":${round(vehicle.v, 1e4, "v", vehicle)},"a":${round(vehicle.a, 1e4, "a", vehicle)},` +
      `"lane":${this.#quote(vehicle.lane)},"s":${round(vehicle.s, 1e4, "s", vehicle)},` +
      `"laden":${vehicle.laden},"containers":${this.#list(vehicle.containers)},` +
      `"soc":${round(vehicle.soc, 1e5, "soc", vehicle)},"state":"${vehicle.state}",` +
      `"node":${this.#quote(vehicle.node)},"order":${this.#quote(vehicle.order)},` +
      `"waitingFor":${this.#list(vehicle.waitingFor)}}`
    );
  }

  #list(ids: readonly string[]): string {
    if (ids.length === 0) return "[]";
    let json = "[";
    for (let i = 0; i < ids.length; i++) json += (i > 0 ? "," : "") + this.#quote(ids[i]!);
    return `${json}]`;
  }

  #quote(id: string): string {
    let quoted = this.#quoted.get(id);
    if (quoted === undefined) {
      quoted = JSON.stringify(id);
      if (this.#quoted.size >= quotedMax) this.#quoted.clear();
      this.#quoted.set(id, quoted);
    }
    return quoted;
  }
}

/** Rounds to 1 / scale. Infinity and NaN have no JSON form: they are a fault of whoever gave them. */
function round(value: number, scale: number, field: string, vehicle: VehicleSample): number {
  const scaled = Math.round(value * scale) / scale;
  if (!Number.isFinite(scaled))
    throw new RangeError(`vehicle ${vehicle.id}: ${field} is ${value}, expected a finite number`);
  return scaled;
}
