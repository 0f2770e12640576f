/** A conversation of fleet control with one vehicle, for tests. */
import type { Connection, InstantActionMessage, OrderMessage } from "../../engine/index.ts";
import { factsheet, geometry, order, state } from "./fixtures.ts";
import type { Vda5050Error, Vda5050State } from "./messages.ts";
import { defaultOrderStateOptions, type OrderStateEffect, VehicleOrderState } from "./order-state.ts";

/** Talks to one vehicle and keeps what came out. */
export class Dialog {
  nowMs = 0;
  effects: OrderStateEffect[] = [];
  readonly vehicle: VehicleOrderState;

  constructor(session = "") {
    this.vehicle = new VehicleOrderState({
      ...defaultOrderStateOptions,
      vehicle: "V01",
      session,
      mapId: "site",
      geometry,
      decelerationMps2: 1,
    });
  }

  /** A vehicle that is online, idle at n0, and has answered what it was asked. */
  static ready(): Dialog {
    const dialog = new Dialog();
    dialog.connection("ONLINE");
    dialog.take(dialog.vehicle.receiveFactsheet(factsheet({}), dialog.nowMs));
    dialog.state();
    dialog.effects = [];
    return dialog;
  }

  take(effects: readonly OrderStateEffect[]): readonly OrderStateEffect[] {
    this.effects.push(...effects);
    return effects;
  }
  connection(connection: Connection) {
    return this.take(this.vehicle.connection(connection, this.nowMs));
  }
  order(message: OrderMessage) {
    return this.take(this.vehicle.order(message, this.nowMs));
  }
  instant(actionType: InstantActionMessage["actionType"], actionId: string) {
    return this.take(this.vehicle.instantAction({ vehicle: "V01", actionId, actionType, parameters: {} }, this.nowMs));
  }
  state(changes: Partial<Vda5050State> = {}) {
    return this.take(this.vehicle.state(state(changes), this.nowMs));
  }
  /** Lets time pass in ticks of 100 ms. */
  wait(ms: number) {
    const end = this.nowMs + ms;
    while (this.nowMs < end) {
      this.nowMs += 100;
      this.take(this.vehicle.tick(this.nowMs));
    }
  }
  get orders() {
    return this.effects.flatMap((effect) => (effect.kind === "publish" && effect.topic === "order" ? [effect] : []));
  }
  get actions() {
    return this.effects.flatMap((effect) =>
      effect.kind === "publish" && effect.topic === "instantActions" ? [effect] : [],
    );
  }
  get codes() {
    return this.effects.flatMap((effect) => (effect.kind === "report" ? [effect.code] : []));
  }
  get connections() {
    return this.effects.flatMap((effect) => (effect.kind === "connection" ? [effect.connection] : []));
  }
  get states() {
    return this.effects.flatMap((effect) => (effect.kind === "state" ? [effect.state] : []));
  }
  get sentUpdates() {
    return this.orders.map(({ body }) => `${body.orderId}/${body.orderUpdateId}`);
  }
}

export const first = order("o1", 0, [0, 1, 5]);
export const second = order("o1", 1, [1, 2, 5]);
export const third = order("o1", 2, [2, 4, 5]);

/** An error about an order message, as a vehicle refers to it. */
export function orderError(errorType: string, references: Record<string, string>): Vda5050Error {
  const errorReferences = Object.entries(references).map(([referenceKey, referenceValue]) => ({
    referenceKey,
    referenceValue,
  }));
  return { errorType, errorLevel: "WARNING", errorDescription: "no way", errorReferences };
}
