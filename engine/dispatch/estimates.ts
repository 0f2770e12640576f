import { pairCostMs } from "./costs.ts";
import {
  type DispatchInput,
  type DispatchOptions,
  type DispatchOrder,
  type DispatchTravel,
  type DispatchVehicle,
  NONE,
} from "./input.ts";
import type { Pair } from "./pair.ts";

/** Why a pair is out of question; 0 if it is not. The highest of an order's pairs tells how near it came to be served. */
export const POSSIBLE = 3;
export const TOO_EARLY = 2;
export const NO_CHARGE = 1;
export const NO_ROUTE = 0;

/** Estimates of all pairs, [row * orders + column], and per order. */
export interface Estimates {
  readonly costMs: Float64Array;
  readonly pickupStand: Int32Array;
  readonly emptyMs: Float64Array;
  readonly pickupMs: Float64Array;
  readonly deliverMs: Float64Array;
  readonly verdict: Uint8Array;
  readonly routes: readonly OrderRoute[];
  /** [order] the best verdict; whether some vehicle that could take it is busy until later. */
  readonly bestVerdict: Uint8Array;
  readonly busyVehicle: Uint8Array;
}

/** The laden part of an order, the same for every vehicle. */
export interface OrderRoute {
  /** [bay of the pick-up] the destination's bay that is reached first, the time and the distance to it. */
  readonly dropStand: readonly number[];
  readonly ladenMs: readonly number[];
  readonly ladenKm: readonly number[];
  readonly nextEmptyMs: readonly number[];
}

/** Estimates every pair of a vehicle and an order, and costs those that are possible. */
export function estimatePairs(
  vehicles: readonly DispatchVehicle[],
  orders: readonly DispatchOrder[],
  input: DispatchInput,
  options: DispatchOptions,
): Estimates {
  const { nowMs, travel } = input;
  const count = vehicles.length * orders.length;
  const estimates: Estimates = {
    costMs: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    pickupStand: new Int32Array(count).fill(NONE),
    emptyMs: new Float64Array(count),
    pickupMs: new Float64Array(count),
    deliverMs: new Float64Array(count),
    verdict: new Uint8Array(count),
    routes: orderRoutes(orders, travel),
    bestVerdict: new Uint8Array(orders.length),
    busyVehicle: new Uint8Array(orders.length),
  };
  const earliestDeliverMs = new Float64Array(orders.length).fill(Number.POSITIVE_INFINITY);
  const nextEmptyMs = new Float64Array(count);
  const { routes, verdict, bestVerdict, busyVehicle, deliverMs } = estimates;
  for (let row = 0; row < vehicles.length; row++) {
    const vehicle = vehicles[row]!;
    for (let column = 0; column < orders.length; column++) {
      const at = row * orders.length + column;
      const found = estimatePair(
        vehicle,
        orders[column]!,
        routes[column]!,
        at,
        estimates,
        nextEmptyMs,
        nowMs,
        options,
        travel,
      );
      verdict[at] = found;
      if (found > bestVerdict[column]!) bestVerdict[column] = found;
      if (found < TOO_EARLY) continue;
      // Pairs that are only too early count here: what an order costs must not depend on who holds it.
      if (deliverMs[at]! < earliestDeliverMs[column]!) earliestDeliverMs[column] = deliverMs[at]!;
      if (found === POSSIBLE && vehicle.availableAtMs > nowMs) busyVehicle[column] = 1;
    }
  }
  fillCosts(vehicles, orders, estimates, earliestDeliverMs, nextEmptyMs, nowMs, options);
  return estimates;
}

function fillCosts(
  vehicles: readonly DispatchVehicle[],
  orders: readonly DispatchOrder[],
  estimates: Estimates,
  earliestDeliverMs: Float64Array,
  nextEmptyMs: Float64Array,
  nowMs: number,
  options: DispatchOptions,
): void {
  if (vehicles.length === 0 || orders.length === 0) return;
  const mostUrgent = estimates.bestVerdict.findIndex((verdict) => verdict >= TOO_EARLY);
  const pair: Pair = {
    vehicle: vehicles[0]!,
    order: orders[0]!,
    nowMs,
    options,
    emptyMs: 0,
    waitMs: 0,
    pickupMs: 0,
    deliverMs: 0,
    earliestDeliverMs: 0,
    nextEmptyMs: 0,
    mostUrgent: false,
  };
  for (let row = 0; row < vehicles.length; row++) {
    pair.vehicle = vehicles[row]!;
    for (let column = 0; column < orders.length; column++) {
      const at = row * orders.length + column;
      if (estimates.verdict[at] !== POSSIBLE) continue;
      pair.order = orders[column]!;
      pair.emptyMs = estimates.emptyMs[at]!;
      pair.pickupMs = estimates.pickupMs[at]!;
      pair.waitMs = pair.pickupMs - Math.max(nowMs, pair.vehicle.availableAtMs) - pair.emptyMs;
      pair.deliverMs = estimates.deliverMs[at]!;
      pair.earliestDeliverMs = earliestDeliverMs[column]!;
      pair.nextEmptyMs = nextEmptyMs[at]!;
      pair.mostUrgent = column === mostUrgent;
      estimates.costMs[at] = pairCostMs(pair);
    }
  }
}

function estimatePair(
  vehicle: DispatchVehicle,
  order: DispatchOrder,
  route: OrderRoute,
  at: number,
  estimates: Estimates,
  nextEmptyMs: Float64Array,
  nowMs: number,
  options: DispatchOptions,
  travel: DispatchTravel,
): number {
  // The pick-up bay by which the container is delivered first; the lower position in the list at a tie.
  let bay = NONE;
  let emptyMs = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < order.fromStands.length; i++) {
    const toPickup = travel.travelMs(vehicle.stand, order.fromStands[i]!, false);
    const total = toPickup + route.ladenMs[i]!;
    if (total >= shortest) continue;
    shortest = total;
    bay = i;
    emptyMs = toPickup;
  }
  if (bay === NONE) return NO_ROUTE;
  const pickupStand = order.fromStands[bay]!;
  if (
    taskKwh(vehicle, order, route, bay, travel) + reachChargerKwh(vehicle, route, bay, travel) >
    vehicle.energyMarginKwh
  )
    return NO_CHARGE;
  const arrivalMs = Math.max(nowMs, vehicle.availableAtMs) + emptyMs;
  estimates.pickupStand[at] = pickupStand;
  estimates.emptyMs[at] = emptyMs;
  estimates.pickupMs[at] = Math.max(arrivalMs, order.releaseMs, order.pickupFreeAtMs);
  estimates.deliverMs[at] = estimates.pickupMs[at]! + route.ladenMs[bay]! + order.serviceMs;
  nextEmptyMs[at] = route.nextEmptyMs[bay]!;
  const early = arrivalMs + options.earlyMaxMs < order.releaseMs && order.assignedTo !== vehicle.index;
  return early ? TOO_EARLY : POSSIBLE;
}

/** kWh from where the vehicle becomes free to the end of the set-down. @param bay position in `order.fromStands` */
export function taskKwh(
  vehicle: DispatchVehicle,
  order: DispatchOrder,
  route: OrderRoute,
  bay: number,
  travel: DispatchTravel,
): number {
  const emptyKm = travel.travelKm(vehicle.stand, order.fromStands[bay]!);
  const ladenKm = route.ladenKm[bay]!;
  return emptyKm * vehicle.emptyKwhPerKm + ladenKm * (vehicle.emptyKwhPerKm + order.loadKwhPerKm) + order.stopsKwh;
}

function reachChargerKwh(vehicle: DispatchVehicle, route: OrderRoute, bay: number, travel: DispatchTravel): number {
  return travel.chargerKm(route.dropStand[bay]!) * vehicle.emptyKwhPerKm;
}

/** The laden drives of the orders, and the empty way from each end to the nearest pick-up of another order. */
function orderRoutes(orders: readonly DispatchOrder[], travel: DispatchTravel): readonly OrderRoute[] {
  const ordersAt = new Map<number, number>();
  for (const order of orders) for (const stand of order.fromStands) ordersAt.set(stand, (ordersAt.get(stand) ?? 0) + 1);
  const pickups = Int32Array.from(ordersAt.keys()).sort();
  const shared = Uint8Array.from(pickups, (stand) => (ordersAt.get(stand)! > 1 ? 1 : 0));
  const emptyFrom = new Map<number, Float64Array>();
  const emptyMsFrom = (stand: number): Float64Array => {
    const row = new Float64Array(pickups.length);
    for (let p = 0; p < pickups.length; p++) row[p] = travel.travelMs(stand, pickups[p]!, false);
    emptyFrom.set(stand, row);
    return row;
  };
  const nextEmpty = (order: DispatchOrder, dropStand: number): number => {
    const row = emptyFrom.get(dropStand) ?? emptyMsFrom(dropStand);
    let nearest = Number.POSITIVE_INFINITY;
    for (let p = 0; p < row.length; p++)
      if (row[p]! < nearest && (shared[p] === 1 || !order.fromStands.includes(pickups[p]!))) nearest = row[p]!;
    return nearest === Number.POSITIVE_INFINITY ? 0 : nearest;
  };
  return orders.map((order) => {
    const dropStand: number[] = [];
    const ladenMs: number[] = [];
    const ladenKm: number[] = [];
    const nextEmptyMs: number[] = [];
    for (const from of order.fromStands) {
      let best = NONE;
      let bestMs = Number.POSITIVE_INFINITY;
      for (const to of order.toStands) {
        const ms = travel.travelMs(from, to, true);
        if (ms >= bestMs) continue;
        bestMs = ms;
        best = to;
      }
      dropStand.push(best);
      ladenMs.push(bestMs);
      ladenKm.push(best === NONE ? Number.POSITIVE_INFINITY : travel.travelKm(from, best));
      nextEmptyMs.push(best === NONE ? 0 : nextEmpty(order, best));
    }
    return { dropStand, ladenMs, ladenKm, nextEmptyMs };
  });
}
