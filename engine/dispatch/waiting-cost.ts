import type { Criterion } from "./pair.ts";

/** Time that the vehicle would stand at the pick-up, for the release or behind the station's queue. */
export const waitingCost: Criterion = (pair) => pair.waitMs;
