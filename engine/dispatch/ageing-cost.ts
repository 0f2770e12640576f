import type { Criterion } from "./pair.ts";

/** Range of the ageing key around now in which a minute of it counts, ms. */
const AGEING_RANGE_MS = 3 * 3_600_000;
/** More than any sum of the other criteria. */
const STARVING_MS = 1e9;

/**
 * Urgency by the ageing key (commodity, priority, time waited). Between orders of one place this makes the queue; it is
 * bounded, so that under overload no vehicle leaves work at hand to drive empty across the border for an older order.
 * That alone could starve an order where vehicles seldom come to be free, so the most urgent order of all, once it is
 * `starvingMs` past its key, is served by whom it costs least. Each such order in its turn: none waits for ever.
 */
export const ageingCost: Criterion = (pair) => {
  const key = pair.order.urgencyMs - pair.nowMs;
  if (pair.mostUrgent && key < -pair.options.starvingMs) return -STARVING_MS;
  return Math.max(-AGEING_RANGE_MS, Math.min(AGEING_RANGE_MS, key));
};
