/** The last phase: what the tick looks like from outside. */
import type { Engine } from "./world.ts";

export function observe(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (vehicle.state?.driving === true) vehicle.waitingSinceMs = engine.nowMs;
  }
}
