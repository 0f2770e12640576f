import { assert } from "../assert.ts";
import type { OrderWait } from "../reasons.ts";
import { type Estimates, estimatePairs, NO_CHARGE, NO_ROUTE, taskKwh } from "./estimates.ts";
import {
  type Assignment,
  DISPATCH_DEFAULTS,
  type DispatchInput,
  type DispatchOptions,
  type DispatchOrder,
  type DispatchResult,
  type DispatchVehicle,
  NONE,
} from "./input.ts";
import { minimumCostAssignment } from "./minimum-cost-assignment.ts";

/**
 * Gives open orders to vehicles: at most one next order a vehicle, at the least sum of the costs in costs.ts. Called
 * again as the world changes (rolling horizon): orders that are not picked up may change hands when the gain exceeds the
 * threshold; what is picked up is not in the input, so it never does. Depends on the input alone, not on the order in
 * which vehicles and orders are listed.
 *
 * Cost of a call: vehicles x orders pairs, each a few look-ups, plus the assignment (cubic in the worst case).
 */
export function assignOrders(input: DispatchInput): DispatchResult {
  const options: DispatchOptions = { ...DISPATCH_DEFAULTS, ...input.options };
  const vehicles = [...input.vehicles].sort((a, b) => a.index - b.index);
  const { considered, waiting } = selectOrders(input, options);
  const estimates = estimatePairs(vehicles, considered, input, options);
  const orderOfVehicle = minimumCostAssignment(estimates.costMs, vehicles.length, considered.length);

  const assignments: Assignment[] = [];
  const taken = new Uint8Array(considered.length);
  vehicles.forEach((vehicle, row) => {
    const column = orderOfVehicle[row]!;
    if (column === NONE) return;
    taken[column] = 1;
    assignments.push(toAssignment(vehicle, considered[column]!, row * considered.length + column, estimates, input));
  });
  considered.forEach((order, column) => {
    if (taken[column] === 0) waiting.push({ order: order.index, reason: whyWaiting(order, column, estimates, input) });
  });
  waiting.sort((a, b) => a.order - b.order);
  return { assignments, waiting };
}

/** The most urgent orders that may be fetched at all; the reasons of the blocked ones. */
function selectOrders(input: DispatchInput, options: DispatchOptions) {
  const waiting: { order: number; reason: OrderWait }[] = [];
  const open: DispatchOrder[] = [];
  for (const order of input.orders) {
    if (order.blocked !== null) waiting.push({ order: order.index, reason: order.blocked });
    else open.push(order);
  }
  open.sort((a, b) => a.urgencyMs - b.urgencyMs || a.index - b.index);
  const considered: DispatchOrder[] = [];
  open.forEach((order, rank) => {
    // An assigned order stays in, however many more urgent ones have come.
    if (rank < options.ordersMax || order.assignedTo !== NONE) considered.push(order);
    else
      waiting.push({
        order: order.index,
        reason: order.releaseMs > input.nowMs ? "not-released-yet" : "no-vehicle-free",
      });
  });
  return { considered, waiting };
}

function toAssignment(
  vehicle: DispatchVehicle,
  order: DispatchOrder,
  at: number,
  estimates: Estimates,
  input: DispatchInput,
): Assignment {
  const column = at % estimates.routes.length;
  const route = estimates.routes[column]!;
  const pickupStand = estimates.pickupStand[at]!;
  const bay = order.fromStands.indexOf(pickupStand);
  assert(bay !== NONE, `stand ${pickupStand} is a pick-up bay of order ${order.index}`);
  return {
    vehicle: vehicle.index,
    order: order.index,
    pickupStand,
    dropStand: route.dropStand[bay]!,
    pickupMs: estimates.pickupMs[at]!,
    deliverMs: estimates.deliverMs[at]!,
    emptyMs: estimates.emptyMs[at]!,
    emptyKm: input.travel.travelKm(vehicle.stand, pickupStand),
    energyKwh: taskKwh(vehicle, order, route, bay, input.travel),
    costMs: estimates.costMs[at]!,
    kept: order.assignedTo === vehicle.index,
  };
}

function whyWaiting(order: DispatchOrder, column: number, estimates: Estimates, input: DispatchInput): OrderWait {
  if (input.vehicles.length === 0) return "no-vehicle-free";
  if (order.releaseMs > input.nowMs) return "not-released-yet";
  switch (estimates.bestVerdict[column]) {
    case NO_ROUTE:
      return "no-route";
    case NO_CHARGE:
      return "no-charge";
    default:
      // Possible, but each such vehicle got other work: one that is still busy, or all are free and bound elsewhere.
      return estimates.busyVehicle[column] === 1 ? "no-vehicle-free" : "assigned-elsewhere";
  }
}
