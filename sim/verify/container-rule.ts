/** R7: containers are conserved, and each accepted order comes to a lawful end. */
import type { RecordedOrderEvent, VehicleSample } from "../../fleet-gateway/index.ts";
import type { Findings } from "./rules.ts";

type Phase = "accepted" | "assigned" | "pickedUp" | "delivered" | "cancelled";

interface OrderRecord {
  readonly container: string;
  readonly acceptedAt: number;
  phase: Phase;
  vehicle: string | null;
  waitingReason: string;
}

/** Events that may come in each phase. `waiting` changes no phase; a cancelled order's container may still be put down. */
const lawful: Readonly<Record<Phase, readonly RecordedOrderEvent["event"][]>> = {
  accepted: ["assigned", "waiting", "cancelled"],
  assigned: ["assigned", "waiting", "cancelled", "pickedUp", "atStation"],
  pickedUp: ["atStation", "waiting", "cancelled", "delivered"],
  delivered: [],
  cancelled: [],
};

/** A vehicle's report and the order's event of one lift may be this far apart. */
const liftSlackS = 5;
/** An order accepted this shortly before the end need not have been looked at. */
const endSlackS = 60;

export class ContainerRule {
  readonly #findings: Findings;
  readonly #orders = new Map<string, OrderRecord>();
  /** Containers by the orders' events: on which vehicle. */
  readonly #onVehicle = new Map<string, string>();
  readonly #ofVehicle = new Map<string, Set<string>>();
  /** By the vehicles' own word. */
  readonly #seenOn = new Map<string, string>();
  readonly #lastList = new Map<string, readonly string[]>();
  readonly #mismatchSince = new Map<string, number>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get accepted(): number {
    return this.#orders.size;
  }

  count(phase: Phase): number {
    let count = 0;
    for (const order of this.#orders.values()) if (order.phase === phase) count++;
    return count;
  }

  apply(message: RecordedOrderEvent): void {
    const { t, order: id, event, vehicle } = message;
    const vehicles = vehicle === null ? [] : [vehicle];
    const say = (key: string, what: string): void =>
      this.#findings.add("R7", t, vehicles, `${id} ${key}`, `order ${id} ${what}`);
    const order = this.#orders.get(id);
    if (event === "accepted") {
      if (order !== undefined) say("accepted", "is accepted a second time");
      else
        this.#orders.set(id, {
          container: message.container,
          acceptedAt: t,
          phase: "accepted",
          vehicle: null,
          waitingReason: "",
        });
      return;
    }
    if (order === undefined) {
      say("unknown", `is ${event} but was never accepted`);
      return;
    }
    if (!lawful[order.phase].includes(event)) say(event, `is ${event} after it was ${order.phase}`);
    if (message.container !== order.container) {
      say("container", `is about container ${message.container} now, it was ${order.container}`);
    }
    order.waitingReason = event === "waiting" ? message.reason : "";
    if (event === "assigned") {
      order.phase = order.phase === "pickedUp" ? "pickedUp" : "assigned";
      order.vehicle = vehicle;
    } else if (event === "pickedUp") this.#pickUp(message, order, say);
    else if (event === "delivered") this.#putDown(message, order, say);
    else if (event === "cancelled") order.phase = "cancelled";
  }

  #pickUp(message: RecordedOrderEvent, order: OrderRecord, say: (key: string, what: string) => void): void {
    const { vehicle, container } = message;
    if (vehicle === null) {
      say("vehicle", "is picked up by no vehicle");
      return;
    }
    if (order.vehicle !== null && order.vehicle !== vehicle)
      say("other", `is assigned to ${order.vehicle}, ${vehicle} picked it up`);
    const other = this.#onVehicle.get(container);
    if (other !== undefined) say("twice", `picks up container ${container}, which is on ${other}`);
    order.phase = "pickedUp";
    order.vehicle = vehicle;
    this.#onVehicle.set(container, vehicle);
    const own = this.#ofVehicle.get(vehicle) ?? new Set<string>();
    this.#ofVehicle.set(vehicle, own.add(container));
  }

  #putDown(message: RecordedOrderEvent, order: OrderRecord, say: (key: string, what: string) => void): void {
    const { vehicle, container } = message;
    const carrier = this.#onVehicle.get(container);
    if (carrier !== vehicle)
      say("put down", `is delivered by ${vehicle ?? "nobody"}, but its container is on ${carrier ?? "no vehicle"}`);
    order.phase = "delivered";
    this.#onVehicle.delete(container);
    if (carrier !== undefined) this.#ofVehicle.get(carrier)?.delete(container);
  }

  /** Holds what a vehicle says it carries against what the orders' events say. */
  sample(t: number, sample: VehicleSample): void {
    const { id, containers } = sample;
    const previous = this.#lastList.get(id) ?? [];
    if (!sameIds(previous, containers)) {
      for (const container of previous) {
        if (!containers.includes(container) && this.#seenOn.get(container) === id) this.#seenOn.delete(container);
      }
      this.#lastList.set(id, containers);
    }
    for (const container of containers) {
      const other = this.#seenOn.get(container);
      if (other !== undefined && other !== id) {
        this.#findings.add("R7", t, [other, id].sort(), container, `both carry container ${container}`);
      }
      this.#seenOn.set(container, id);
    }
    if (sample.laden !== containers.length > 0) {
      this.#findings.add(
        "R7",
        t,
        [id],
        "laden",
        `is ${sample.laden ? "" : "not "}laden with ${containers.length} containers`,
      );
    }
    const expected = this.#ofVehicle.get(id);
    const agree =
      containers.length === (expected?.size ?? 0) && containers.every((container) => expected!.has(container));
    if (agree) this.#mismatchSince.delete(id);
    else {
      const since = this.#mismatchSince.get(id) ?? t;
      this.#mismatchSince.set(id, since);
      if (t - since > liftSlackS) {
        const own = containers.join(", ") || "nothing";
        const orders = [...(expected ?? [])].join(", ") || "nothing";
        this.#findings.add("R7", t, [id], "load", `carries ${own}, by the orders' events it carries ${orders}`);
      }
    }
  }

  /** @param inHand what each vehicle says at the end */
  finish(t: number, vehicles: ReadonlyMap<string, VehicleSample>): void {
    for (const [id, order] of this.#orders) {
      const say = (what: string): void => this.#findings.add("R7", t, [], `${id} end`, `order ${id} ${what}`);
      if (order.phase === "accepted" && order.waitingReason === "" && t - order.acceptedAt > endSlackS) {
        say("is neither assigned, delivered, cancelled nor waiting with a reason at the end");
      }
      if (order.phase === "assigned" && (order.vehicle === null || !vehicles.has(order.vehicle))) {
        say("is assigned to no known vehicle at the end");
      }
      if (order.phase === "pickedUp" && !vehicles.get(order.vehicle ?? "")?.containers.includes(order.container)) {
        if (!this.#mismatchSince.has(order.vehicle ?? ""))
          say(`is picked up, but ${order.vehicle} does not carry ${order.container} at the end`);
      }
    }
  }
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
