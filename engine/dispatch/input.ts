import type { OrderWait } from "../reasons.ts";

/** "No vehicle" in `DispatchOrder.assignedTo`. */
export const NONE = -1;

/** A vehicle that may be given a next order: at rest, on its way empty, or about to be free of what it carries. */
export interface DispatchVehicle {
  /** Index in the fleet; the tie-breaker. */
  readonly index: number;
  /** When it will be free, ms of run time; now or earlier for a vehicle that is free. */
  readonly availableAtMs: number;
  /** Stand at which it will be free. */
  readonly stand: number;
  /** kWh above the reserve that it will have then; negative below the reserve. */
  readonly energyMarginKwh: number;
  /** Without a load, kWh per km (the auxiliary power at a usual speed included). */
  readonly emptyKwhPerKm: number;
}

/** An open order that is not picked up. */
export interface DispatchOrder {
  /** Place in the order of acceptance (`OrderRecord.seq`); the tie-breaker. */
  readonly index: number;
  /** Bays of the pick-up station, and of the destination, that may be used. */
  readonly fromStands: readonly number[];
  readonly toStands: readonly number[];
  /** Expected time in ms of all services: pick-up, stations on the way, set-down. */
  readonly serviceMs: number;
  /** Ms of run time. */
  readonly releaseMs: number;
  readonly dueMs: number;
  /** Ageing key, `OrderRecord.urgencyMs`. */
  readonly urgencyMs: number;
  /** When the pick-up station will have served all who are ahead, ms of run time; now or earlier if nobody is. */
  readonly pickupFreeAtMs: number;
  /** kWh per km that the container adds to the vehicle's consumption, and kWh of its handling stops. */
  readonly loadKwhPerKm: number;
  readonly stopsKwh: number;
  /** Index of the vehicle to which it is assigned, or NONE. If that vehicle is not in the input, it loses the order. */
  readonly assignedTo: number;
  /** A reason why nobody may fetch it now (a station is out, its ground is closed), or null. */
  readonly blocked: OrderWait | null;
}

/** Driving times and distances between stands, without other traffic; Infinity where there is no way. */
export interface DispatchTravel {
  /** Milliseconds, an integer. */
  travelMs(fromStand: number, toStand: number, laden: boolean): number;
  travelKm(fromStand: number, toStand: number): number;
  /** To the nearest charger. */
  chargerKm(fromStand: number): number;
}

export interface DispatchOptions {
  /** Orders looked at in one solve; the most urgent are taken. */
  readonly ordersMax: number;
  /** A vehicle is not sent so early that it would wait longer than this at the pick-up for the release. */
  readonly earlyMaxMs: number;
  /** Gain by which another assignment must beat the present one, ms of cost (see costs.ts). */
  readonly switchThresholdMs: number;
  /** Nominal delay of an order that is passed over in this solve; what that would cost is what serving it saves. */
  readonly deferMs: number;
  /** Time before the due time in which lateness is already a risk. */
  readonly latenessMarginMs: number;
  /**
   * The most urgent order is given to somebody in any case once it is this far past its ageing key. Longer than orders
   * wait under a usual overload: else each solve would serve the oldest, wherever it is, and vehicles cross empty for it.
   */
  readonly starvingMs: number;
}

export const DISPATCH_DEFAULTS: DispatchOptions = {
  ordersMax: 400,
  earlyMaxMs: 120_000,
  switchThresholdMs: 60_000,
  deferMs: 15 * 60_000,
  latenessMarginMs: 15 * 60_000,
  starvingMs: 120 * 60_000,
};

export interface DispatchInput {
  readonly nowMs: number;
  readonly vehicles: readonly DispatchVehicle[];
  readonly orders: readonly DispatchOrder[];
  readonly travel: DispatchTravel;
  readonly options?: Partial<DispatchOptions>;
}

export interface Assignment {
  readonly vehicle: number;
  readonly order: number;
  /** The bays that the estimate used; the planner may choose others. */
  readonly pickupStand: number;
  readonly dropStand: number;
  /** Estimates: arrival at the pick-up or later release, end of the set-down. Ms of run time. */
  readonly pickupMs: number;
  readonly deliverMs: number;
  readonly emptyMs: number;
  readonly emptyKm: number;
  /** kWh of the whole task, empty way included, without the way to a charger afterwards. */
  readonly energyKwh: number;
  /** Sum of the weighted criteria, ms. */
  readonly costMs: number;
  /** The order was this vehicle's before. */
  readonly kept: boolean;
}

export interface DispatchResult {
  /** By rising vehicle index. Orders assigned before and absent here are to be freed, for the reason in `waiting`. */
  readonly assignments: readonly Assignment[];
  /** Every order without a vehicle and why, by rising order index. */
  readonly waiting: readonly { readonly order: number; readonly reason: OrderWait }[];
}
