import type { Criterion } from "./pair.ts";

/** Time driven empty to the pick-up: a vehicle and its energy spent on nothing. */
export const emptyTravelCost: Criterion = (pair) => pair.emptyMs;
