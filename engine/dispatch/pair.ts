import type { DispatchOptions, DispatchOrder, DispatchVehicle } from "./input.ts";

/** What one vehicle would do with one order. One object is filled anew for each pair: criteria read it and keep nothing. */
export interface Pair {
  vehicle: DispatchVehicle;
  order: DispatchOrder;
  nowMs: number;
  options: DispatchOptions;
  /** Driving empty to the pick-up, ms. */
  emptyMs: number;
  /** Standing at the pick-up for the release or for those ahead in the queue, ms. */
  waitMs: number;
  /** Start of the pick-up and end of the set-down, ms of run time. */
  pickupMs: number;
  deliverMs: number;
  /** Earliest end of the set-down by any vehicle, ms of run time. */
  earliestDeliverMs: number;
  /** Driving empty from the destination to the nearest other open order, ms; 0 if there is none. */
  nextEmptyMs: number;
  /** The most urgent order of all in this solve. */
  mostUrgent: boolean;
}

/** A criterion: ms of cost, before its weight. */
export type Criterion = (pair: Readonly<Pair>) => number;
