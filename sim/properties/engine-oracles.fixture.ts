/** What is watched of the engine's decisions: that nothing but the graph holds a grant back, and what replanning costs. */
import type { Engine } from "../../engine/index.ts";
import { grantedSteps, grantWait, lookaheadM, type Step } from "../../planner/index.ts";
import type { Fault } from "../fuzz/oracles.ts";

/** Ticks between two looks. */
const LOOK_EVERY_TICKS = 8;
/** The delivery of what was picked up is postponed by replanning by no more than this in total: the bound D, ms. */
export const POSTPONED_MAX_MS = 15 * 60_000;

type VehicleWorld = Engine["vehicles"][number];

/**
 * A7: a leg whose stop line is in reach and before which the graph has nothing left is granted within two ticks, and who
 * waits for another vehicle names a resource which that one uses before it.
 */
export class WaitOracle {
  readonly #engine: Engine;
  #mayGo: readonly Step[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Once a tick, at its end. */
  look(): Fault | null {
    const { tick, vehicles } = this.#engine;
    const since = this.#mayGo;
    this.#mayGo = [];
    if (tick % LOOK_EVERY_TICKS === 1) {
      for (const step of since) {
        const vehicle = vehicles[step.vehicle]!;
        if (this.#freeLeg(vehicle) !== step) continue;
        return { rule: "A7", text: `${vehicle.id} is not granted leg ${step.leg}, before which nothing is left` };
      }
    }
    if (tick % LOOK_EVERY_TICKS !== 0) return null;
    this.#mayGo = vehicles.flatMap((vehicle) => this.#freeLeg(vehicle) ?? []);
    for (const vehicle of vehicles) {
      const fault = this.#namesWrongly(vehicle);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** Its next leg, if it is in reach and nothing is before it. */
  #freeLeg(vehicle: VehicleWorld): Step | null {
    const { broken, silent, paused, shielded, state } = vehicle;
    if (broken || silent || paused || shielded || state?.operatingMode !== "AUTOMATIC") return null;
    const { book, options } = this.#engine;
    const traffic = book.vehicles[vehicle.index]!;
    const step = traffic.steps[grantedSteps(traffic)];
    if (step === undefined) return null;
    const leftM = vehicle.grantedEndM - vehicle.positionM;
    if (leftM > lookaheadM(options.type, vehicle.speedMps)) return null;
    return grantWait(book, step) === null ? step : null;
  }

  #namesWrongly(vehicle: VehicleWorld): Fault | null {
    const { wait } = vehicle;
    if (wait?.code !== "precedence" && wait?.code !== "room") return null;
    const other = this.#engine.vehicleById.get(wait.vehicle)?.index;
    const says = `${vehicle.id} waits for ${wait.vehicle} (${wait.code} ${wait.resource})`;
    const users = this.#usersOf(wait.resource);
    if (users === null) return { rule: "A7", text: `${says}, which the site does not have` };
    // Nobody is named where it waits for an event of its own.
    if (other === undefined)
      return wait.vehicle === "" ? null : { rule: "A7", text: `${says}, which the fleet does not have` };
    const [first, self] = [users.indexOf(other), users.lastIndexOf(vehicle.index)];
    if (first >= 0 && first < self) return null;
    return { rule: "A7", text: `${says}, which is used by ${users.join(", ")} in this order` };
  }

  /** Vehicles in the order of a resource. */
  #usersOf(resource: string): readonly number[] | null {
    const { book, options } = this.#engine;
    const { areas, stands } = options.graph;
    const area = areas.findIndex((each) => each.name === resource);
    if (area >= 0) return book.areaUses[area]!.map((use) => use.step.vehicle);
    const stand = stands.findIndex((each) => each.id === resource);
    if (stand >= 0) return book.standUses[stand]!.map((use) => use.vehicle);
    return resource === "" ? [] : null;
  }
}

/** A9: what replanning postpones the delivery of a picked-up order by, in total, stays below D. */
export class PostponementOracle {
  readonly #engine: Engine;
  readonly #planId: number[] = [];
  /** [order] expected end of its delivery as of the last tick, and the sum of postponements, ms. */
  readonly #endMs = new Map<string, number>();
  readonly #sumMs = new Map<string, number>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param byPerson orders whose destination a person has just changed: what that costs is not counted */
  look(byPerson: ReadonlySet<string> = new Set()): Fault | null {
    for (const traffic of this.#engine.book.vehicles) {
      if (traffic === null) continue;
      const before = this.#planId[traffic.index];
      this.#planId[traffic.index] = traffic.planId;
      const order = this.#engine.orders.loadOf(this.#engine.vehicles[traffic.index]!.id)?.order.id;
      if (order === undefined) continue;
      const endMs = endOf(traffic.visits, `drop:${order}`);
      const knownMs = this.#endMs.get(order);
      if (endMs === null) continue;
      this.#endMs.set(order, endMs);
      if (knownMs === undefined || before === traffic.planId || byPerson.has(order)) continue;
      if (!Number.isFinite(knownMs) || endMs <= knownMs) continue;
      const sumMs = (this.#sumMs.get(order) ?? 0) + endMs - knownMs;
      this.#sumMs.set(order, sumMs);
      if (sumMs > POSTPONED_MAX_MS) return { rule: "A9", text: `${order} was postponed by ${sumMs / 1000} s in total` };
    }
    return null;
  }
}

type Visits = NonNullable<Engine["book"]["vehicles"][number]>["visits"];

/** Expected end of a job in a plan, or null where the plan has it not. */
function endOf(visits: Visits, job: string): number | null {
  for (const { services } of visits) for (const service of services) if (service.job === job) return service.endMs;
  return null;
}
