import type { Criterion } from "./pair.ts";

/**
 * Time from now, or from a later release, to the pick-up. Where all vehicles get an order it decides nothing between
 * vehicles; where vehicles are left over it weighs a free one far off against a busy one close by.
 */
export const responseCost: Criterion = (pair) => pair.pickupMs - Math.max(pair.nowMs, pair.order.releaseMs);
