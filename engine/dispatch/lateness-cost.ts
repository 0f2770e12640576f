import type { Criterion } from "./pair.ts";

/**
 * Lateness that this pair leaves, less the lateness that passing the order over now would lead to (its earliest delivery
 * put off by `deferMs`). The difference, not the lateness itself, is what counts: an order that is late whoever takes it
 * would otherwise look expensive and be avoided for ever.
 */
export const latenessCost: Criterion = (pair) => {
  const { dueMs } = pair.order;
  const { deferMs, latenessMarginMs } = pair.options;
  return (
    lateness(pair.deliverMs, dueMs, latenessMarginMs) -
    lateness(pair.earliestDeliverMs + deferMs, dueMs, latenessMarginMs)
  );
};

/** Convex: free until `marginMs` before the due time, then 1 for 1, three times that after it. */
function lateness(deliverMs: number, dueMs: number, marginMs: number): number {
  return Math.max(0, deliverMs - dueMs + marginMs) + 2 * Math.max(0, deliverMs - dueMs);
}
