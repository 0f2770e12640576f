/** The dispatch phase: open orders and the state of the fleet to the assignment, and its answer to lists of things to do. */
import { grantedSteps, NONE, readyAtEnd } from "../planner/index.ts";
import { kwhPerKm, loadKwhPerKm, marginKwh, stopsKwh } from "./charging/index.ts";
import { assignOrders, type DispatchOrder, type DispatchVehicle } from "./dispatch/index.ts";
import { kwhToVisit } from "./energy-left.ts";
import { isBlocked } from "./grant-legs.ts";
import type { OrderRecord } from "./orders/index.ts";
import type { OrderWait } from "./reasons.ts";
import { remainingTodos, todosOf } from "./tasks.ts";
import type { Engine, Todo, VehicleWorld } from "./world.ts";

/** Where and when a vehicle will have done all that it may not be relieved of. */
export interface Availability {
  readonly atMs: number;
  readonly stand: number;
  /** kWh that what is left to do will draw. */
  readonly kwh: number;
}

/** A vehicle may be given work, or other work: it is not blocked, knows where it is, and carries nothing it is not about to set down. */
export function availability(engine: Engine, vehicle: VehicleWorld): Availability | null {
  if (vehicle.state === null || isBlocked(vehicle)) return null;
  const traffic = engine.book.vehicles[vehicle.index]!;
  const base = traffic.visits[grantedSteps(traffic)]!;
  const remaining = remainingTodos(engine, vehicle);
  // Beyond the granted part only what it has not picked up yet: an order that may still be given to another.
  if (remaining.some((todo) => todo.action !== "pick" && !startsUnpicked(engine, todo))) return null;
  const kept = base.services.length;
  const atMs = readyAtEnd(engine.book, vehicle.index, kept);
  if (!Number.isFinite(atMs)) return null;
  return { atMs, stand: base.stand, kwh: kwhToVisit(engine, vehicle, grantedSteps(traffic)) };
}

function startsUnpicked(engine: Engine, todo: Todo): boolean {
  return todo.order !== "" && engine.orders.get(todo.order)?.phase === "assigned";
}

/** Why nobody may fetch an order now. */
function blockedBy(engine: Engine, record: OrderRecord): OrderWait | null {
  const { book, stationIndex, options } = engine;
  const out = (id: string): boolean => book.stationOut[stationIndex.get(id)!] === 1;
  if (out(record.order.from) || out(record.to)) return "station-out";
  for (const pass of record.order.via) {
    const open = options.site.stations.some(
      (station, index) => station.role === pass.role && station.side === pass.side && book.stationOut[index] === 0,
    );
    if (!open) return "station-out";
  }
  if (engine.closedLanes.size > 0) {
    const from = options.graph.standOfBay[stationIndex.get(record.order.from)!]!;
    const to = options.graph.standOfBay[stationIndex.get(record.to)!]!;
    const way = from.some((stand) => to.some((goal) => Number.isFinite(engine.flow.toGoal(goal, true)[stand]!)));
    if (!way) return "lane-closed";
  }
  return null;
}

function dispatchOrder(engine: Engine, record: OrderRecord): DispatchOrder {
  const { options, book, stationIndex } = engine;
  const from = stationIndex.get(record.order.from)!;
  const todos = todosOf(engine, record.order, record.to);
  let serviceMs = 0;
  for (const todo of todos) for (const job of todo.stop.jobs) serviceMs += job.durationMs;
  let freeAtMs = engine.nowMs;
  // Whoever is there or about to be counts; its own pick-up, planned already, is no queue.
  const own = `pick:${record.order.id}`;
  for (const job of book.jobs[from]!) {
    const near = job.started || job.visit.arrive === null || job.visit.arrive.granted;
    if (near && job.job !== own && Number.isFinite(job.endMs)) freeAtMs = Math.max(freeAtMs, job.endMs);
  }
  return {
    index: record.seq,
    fromStands: todos[0]!.stop.stands,
    toStands: todos[todos.length - 1]!.stop.stands,
    serviceMs,
    releaseMs: record.order.releaseMs,
    dueMs: record.order.dueMs,
    urgencyMs: record.urgencyMs,
    pickupFreeAtMs: freeAtMs,
    loadKwhPerKm: loadKwhPerKm(options.type, record.order.container.massKg),
    stopsKwh: stopsKwh(options.type, todos.length, serviceMs / 1000),
    assignedTo: record.vehicle === null ? NONE : engine.vehicleById.get(record.vehicle)!.index,
    blocked: blockedBy(engine, record),
  };
}

/** Solves the assignment and brings the vehicles' lists in line with it. */
export function dispatchOrders(engine: Engine): void {
  const { options, orders } = engine;
  const vehicles: DispatchVehicle[] = [];
  const inInput = new Set<number>();
  const bound = new Set(orders.open.map((record) => (record.phase === "assigned" ? record.vehicle : null)));
  const reopen = engine.tick % options.reassignEveryTicks === 0;
  for (const vehicle of engine.vehicles) {
    if (vehicle.charging && !vehicle.chargeReleased) continue;
    if (!reopen && bound.has(vehicle.id)) continue;
    const free = availability(engine, vehicle);
    if (free === null) continue;
    inInput.add(vehicle.index);
    vehicles.push({
      index: vehicle.index,
      availableAtMs: free.atMs,
      stand: free.stand,
      energyMarginKwh: marginKwh(options.type, vehicle.state!.soc) - free.kwh,
      emptyKwhPerKm: kwhPerKm(options.type, 0),
    });
  }
  const records = new Map<number, OrderRecord>();
  const open: DispatchOrder[] = [];
  for (const record of orders.open) {
    if (record.phase === "pickedUp") continue;
    const fetcher = record.vehicle === null ? null : engine.vehicleById.get(record.vehicle)!;
    // Being fetched by a vehicle that is not to be relieved now, or cannot be any more.
    if (fetcher !== null && (!inInput.has(fetcher.index) || isFetching(engine, fetcher, record))) continue;
    records.set(record.seq, record);
    open.push(dispatchOrder(engine, record));
  }
  if (open.length === 0) return;
  const fetching = new Set<number>();
  for (const vehicle of engine.vehicles) {
    for (const record of orders.open) {
      if (record.phase === "assigned" && record.vehicle === vehicle.id && isFetching(engine, vehicle, record))
        fetching.add(vehicle.index);
    }
  }
  const result = assignOrders({
    nowMs: engine.nowMs,
    vehicles: vehicles.filter((vehicle) => !fetching.has(vehicle.index)),
    orders: open,
    travel: travelOf(engine),
  });
  for (const { order, reason } of result.waiting) {
    const record = records.get(order)!;
    if (record.phase === "assigned") {
      takeOff(engine.vehicleById.get(record.vehicle!)!, record.order.id);
      orders.free(record.order.id, reason);
    } else orders.wait(record.order.id, reason);
  }
  for (const { vehicle: index, order, kept } of result.assignments) {
    if (kept) continue;
    const record = records.get(order)!;
    const vehicle = engine.vehicles[index]!;
    if (record.phase === "assigned") takeOff(engine.vehicleById.get(record.vehicle!)!, record.order.id);
    const atRest = vehicle.todo.length === 0;
    orders.assign(record.order.id, vehicle.id);
    vehicle.todo.push(...todosOf(engine, record.order, record.to));
    vehicle.wantsPlan = atRest ? "new-task" : "task-extended";
  }
}

/** Its pick-up is at a stand that the vehicle's granted part reaches: the order stays with it. */
export function isFetching(engine: Engine, vehicle: VehicleWorld, record: OrderRecord): boolean {
  const job = `pick:${record.order.id}`;
  return !remainingTodos(engine, vehicle).some((todo) => todo.job === job);
}

/** Takes an order that is not picked up off its vehicle's list. */
export function takeOff(vehicle: VehicleWorld, order: string): void {
  vehicle.todo = vehicle.todo.filter((todo) => todo.order !== order);
  vehicle.wantsPlan ??= "reassigned";
}

/** Free-flow travel times and distances between stands. */
export function travelOf(engine: Engine): {
  travelMs(from: number, to: number, laden: boolean): number;
  travelKm(from: number, to: number): number;
  chargerKm(from: number): number;
} {
  const { flow } = engine;
  const travelKm = (from: number, to: number): number => engine.distances.km(from, to);
  return {
    travelMs: (from, to, laden) => (from === to ? 0 : flow.toGoal(to, laden)[from]! + flow.startLossMs(laden)),
    travelKm,
    chargerKm: (from) => {
      let least = Number.POSITIVE_INFINITY;
      for (const charger of engine.chargers) least = Math.min(least, travelKm(from, charger));
      // A site without any is a site where energy is no matter.
      return engine.chargers.length === 0 ? 0 : least;
    },
  };
}
