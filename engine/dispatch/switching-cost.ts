import type { Criterion } from "./pair.ts";

/**
 * A bonus for leaving an order with the vehicle that has it: another assignment must be better by more than the
 * threshold for each order that changes hands, so that estimates that waver do not turn vehicles around.
 */
export const switchingCost: Criterion = (pair) =>
  pair.order.assignedTo === pair.vehicle.index ? -pair.options.switchThresholdMs : 0;
