/** What a message of /orders in a recording says, as far as waiting goes. */
export interface OrderEvent {
  /** Run time, seconds. */
  readonly t: number;
  readonly order: string;
  readonly event: string;
}

/**
 * Seconds from acceptance to pick-up of each order, sorted; an order that still waits at `endS` counts with its wait so
 * far, a cancelled one does not count.
 */
export function pickUpWaits(events: Iterable<OrderEvent>, endS: number): readonly number[] {
  const acceptedAt = new Map<string, number>();
  const waits: number[] = [];
  for (const { t, order, event } of events) {
    const accepted = acceptedAt.get(order);
    if (event === "accepted") acceptedAt.set(order, t);
    else if (event === "pickedUp" && accepted !== undefined) waits.push(t - accepted);
    if (event === "pickedUp" || event === "cancelled") acceptedAt.delete(order);
  }
  for (const accepted of acceptedAt.values()) waits.push(endS - accepted);
  return waits.sort((a, b) => a - b);
}

/** Nearest-rank quantile of sorted numbers; 0 of none. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}
