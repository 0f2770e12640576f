import type { Criterion } from "./pair.ts";

/**
 * Looks one order ahead: the empty way from where this order ends to the nearest other open order. A vehicle that will
 * be free on one side of the border takes work that starts there and ends where more work waits.
 */
export const backhaulCost: Criterion = (pair) => pair.nextEmptyMs;
