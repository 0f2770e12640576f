import type { OrderAction } from "../../engine/index.ts";
import type { VehicleType } from "../../planner/index.ts";

/** What stands on a vehicle: one container, or nothing. */
export class Load {
  containers: readonly string[] = [];
  massKg = 0;
  readonly #type: VehicleType;

  constructor(type: VehicleType) {
    this.#type = type;
  }

  get laden(): boolean {
    return this.containers.length > 0;
  }

  get grossKg(): number {
    return this.#type.massEmptyKg + this.massKg;
  }

  /** Why a pick or a drop cannot be done, or null. */
  objection(action: OrderAction): string | null {
    const container = action.parameters.container;
    if (typeof container !== "string") return `${action.actionType} names no container`;
    if (action.actionType === "drop") {
      return this.containers.includes(container) ? null : `container ${container} is not on board`;
    }
    if (this.laden) return `container ${this.containers[0]} is on board already`;
    const mass = action.parameters.massKg;
    if (typeof mass !== "number" || !(mass > 0)) return `pick of ${container} does not say its massKg`;
    if (mass > this.#type.payloadMaxKg) {
      return `container ${container} weighs ${mass} kg, the vehicle carries ${this.#type.payloadMaxKg} kg`;
    }
    return null;
  }

  /** Does what a pick or a drop says; `objection` has said null. */
  handle(action: OrderAction): void {
    if (action.actionType === "pick") {
      this.containers = [String(action.parameters.container)];
      this.massKg = Number(action.parameters.massKg);
    } else {
      this.containers = [];
      this.massKg = 0;
    }
  }
}
