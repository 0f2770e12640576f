import type { Connection, InstantActionMessage, OrderMessage, VehicleLink, VehicleState } from "../../engine/index.ts";
import type { SimVehicle } from "../vehicle/index.ts";

/** A state is sent at least this often though nothing has changed, ms. */
const HEARTBEAT_MS = 1000;

interface Port {
  readonly vehicle: SimVehicle;
  up: boolean;
  sent: VehicleState | null;
  sentMs: number;
  /** What could not be delivered while the link was down, in order; sent again when it is back. */
  held: ((vehicle: SimVehicle) => void)[];
}

/** The vehicles of a run in virtual time: messages are handed over at once, as they are, without serialisation. */
export class InProcessLink implements VehicleLink {
  readonly #ports: Port[];
  readonly #byId: Map<string, Port>;
  #stateListener: (state: VehicleState) => void = () => {};
  #connectionListener: (vehicle: string, connection: Connection) => void = () => {};

  constructor(vehicles: readonly SimVehicle[]) {
    this.#ports = vehicles.map((vehicle) => ({
      vehicle,
      up: true,
      sent: null,
      sentMs: Number.NEGATIVE_INFINITY,
      held: [],
    }));
    this.#byId = new Map(this.#ports.map((port) => [port.vehicle.id, port]));
  }

  sendOrder(order: OrderMessage): void {
    this.#deliver(order.vehicle, (vehicle) => vehicle.receiveOrder(order));
  }

  sendInstantAction(action: InstantActionMessage): void {
    this.#deliver(action.vehicle, (vehicle) => vehicle.receiveInstantAction(action));
  }

  onState(listener: (state: VehicleState) => void): void {
    this.#stateListener = listener;
  }

  onConnection(listener: (vehicle: string, connection: Connection) => void): void {
    this.#connectionListener = listener;
  }

  /** Tells the listener each state that has changed, and the others when their heartbeat is due. */
  publish(nowMs: number): void {
    for (const port of this.#ports) {
      if (!port.up) continue;
      const state = port.vehicle.state();
      if (state === port.sent && nowMs - port.sentMs < HEARTBEAT_MS) continue;
      port.sent = state;
      port.sentMs = nowMs;
      this.#stateListener(state);
    }
  }

  /** Says that every vehicle is there. */
  connect(): void {
    for (const { vehicle } of this.#ports) this.#connectionListener(vehicle.id, "ONLINE");
  }

  /** Breaks a vehicle's link, or brings it back: nothing passes meanwhile, in either direction. */
  setUp(id: string, up: boolean): void {
    const port = this.#byId.get(id);
    if (port === undefined || port.up === up) return;
    port.up = up;
    this.#connectionListener(id, up ? "ONLINE" : "CONNECTIONBROKEN");
    if (!up) return;
    for (const deliver of port.held.splice(0)) deliver(port.vehicle);
    port.sent = null;
  }

  #deliver(id: string, deliver: (vehicle: SimVehicle) => void): void {
    const port = this.#byId.get(id);
    if (port === undefined) throw new RangeError(`no vehicle ${id} is on the link`);
    if (port.up) deliver(port.vehicle);
    else port.held.push(deliver);
  }
}
