import type { Commodity, TransportOrder } from "../messages.ts";

/**
 * Commodities by urgency: fresh produce before frozen seafood before electronics before the rest. One step is worth as
 * much as one step of the order's own priority.
 */
export const COMMODITY_RANK: Readonly<Record<Commodity, number>> = {
  "fresh-produce": 0,
  "frozen-seafood": 1,
  electronics: 2,
  general: 3,
};

/** Lowest urgency: priority 9 of general cargo. */
export const LEVEL_MAX = 12;

/**
 * How long an order must have waited to count as one level more urgent. With 15 minutes an order of the lowest level
 * (12) is overtaken by nothing that is released more than three hours after it.
 */
export const AGEING_STEP_MS = 15 * 60_000;

/** Level of an order before ageing: 0 (most urgent) .. 12, its priority plus the rank of its commodity. */
export function urgencyLevel(priority: number, commodity: Commodity): number {
  return priority + COMMODITY_RANK[commodity];
}

/**
 * The rule of ageing. An order's effective level at time t is `level - (t - release) / ageingStep`; it falls without
 * end while the order waits. As all orders age at the same rate, comparing effective levels is comparing this constant:
 *
 *     urgencyMs = release + level * ageingStep        (lower is more urgent)
 *
 * Nobody starves: only orders released less than `level * ageingStep` after an order can be more urgent than it.
 * @returns milliseconds of run time
 */
export function urgencyMs(
  order: Pick<TransportOrder, "releaseMs" | "container">,
  priority: number,
  ageingStepMs: number,
): number {
  return order.releaseMs + urgencyLevel(priority, order.container.commodity) * ageingStepMs;
}
