/** Ground held and plans in force at one moment: what `/reservations` and `/plans` add up to. */
import type { RecordedPlan, RecordedReservation, TimedMessage } from "./messages.ts";

/** The whole state, to start from at a keyframe. Messages are shared, never changed. */
export interface GroundSnapshot {
  readonly grants: readonly RecordedReservation[];
  readonly plans: readonly RecordedPlan[];
}

export class Ground {
  readonly #grants = new Map<string, Map<string, RecordedReservation>>();
  readonly #plans = new Map<string, RecordedPlan>();
  /** Grows with each change, so that drawings can tell whether they are still right. */
  version = 0;

  apply(message: TimedMessage): void {
    if (message.topic === "/reservations") this.#reserve(message.message);
    else if (message.topic === "/plans") {
      this.#plans.set(message.message.vehicle, message.message);
      this.version++;
    }
  }

  restore(snapshot: GroundSnapshot): void {
    this.#grants.clear();
    this.#plans.clear();
    for (const grant of snapshot.grants) this.#reserve(grant);
    for (const plan of snapshot.plans) this.#plans.set(plan.vehicle, plan);
    this.version++;
  }

  snapshot(): GroundSnapshot {
    return {
      grants: [...this.#grants.values()].flatMap((held) => [...held.values()]),
      plans: [...this.#plans.values()],
    };
  }

  /** Held by a vehicle now. */
  grantsOf(vehicle: string): Iterable<RecordedReservation> {
    return this.#grants.get(vehicle)?.values() ?? [];
  }

  planOf(vehicle: string): RecordedPlan | undefined {
    return this.#plans.get(vehicle);
  }

  #reserve(reservation: RecordedReservation): void {
    let held = this.#grants.get(reservation.vehicle);
    if (held === undefined) {
      held = new Map();
      this.#grants.set(reservation.vehicle, held);
    }
    const key = `${reservation.kind} ${reservation.resource}`;
    if (reservation.event === "granted") held.set(key, reservation);
    else held.delete(key);
    this.version++;
  }
}
