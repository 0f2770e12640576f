/**
 * Orders to vehicles: the base follows the authority. A base is only ever extended; each update begins with the last
 * node of the base before it, as it was sent (VDA 5050 2.1, 6.4.1.2 and figure 8). Behind the base comes the horizon: the
 * way that the plan has from there. It binds nobody: each update brings another one, and takes the old one away.
 */
import { dropService, grantedSteps, isAtRest, poseAt, type Service, serviceWait } from "../planner/index.ts";
import { authority, publishHeld } from "./ground.ts";
import type { OrderAction, OrderEdge, OrderNode } from "./messages.ts";
import { appendLeg, type PathPiece, pieceAt } from "./path.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** Two path coordinates nearer than this are one, metres. */
const SAME_M = 1e-6;
/** The horizon goes on to the first planned stop line that is at least so far behind the base's end, metres. */
const HORIZON_M = 300;

export function extendOrders(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (vehicle.state === null || vehicle.broken || vehicle.silent) continue;
    const service = nextService(engine, vehicle);
    if (vehicle.baseEndM >= vehicle.grantedEndM - SAME_M) {
      if (service !== null) sendOrder(engine, vehicle, vehicle.baseEndM, service);
      else if (showsIdleHorizon(engine, vehicle)) withdrawHorizon(engine, vehicle);
      continue;
    }
    const limitM = authority(engine, vehicle);
    const gainM = limitM - vehicle.baseEndM;
    const whole = limitM >= vehicle.grantedEndM - SAME_M;
    if (gainM <= SAME_M || (!whole && gainM < engine.options.baseStepM)) continue;
    sendOrder(engine, vehicle, limitM, whole ? service : null);
  }
}

/** The job at the end of the granted part that may be sent now, or null. */
function nextService(engine: Engine, vehicle: VehicleWorld): Service | null {
  const traffic = engine.book.vehicles[vehicle.index]!;
  const services = traffic.visits[grantedSteps(traffic)]!.services;
  for (const service of services) {
    if (service.done) continue;
    if (engine.nowMs < vehicle.retryActionMs) return null;
    if (service.started || isSent(vehicle, service)) return null;
    if (vehicle.retargeted.has(service.job) || !vehicle.todo.some((todo) => todo.job === service.job)) {
      // Taken off its list, or bound elsewhere now, and not begun: nothing is to be done here, and nobody may wait for it.
      dropService(engine.book, service);
      engine.labelsStale = true;
      continue;
    }
    const wait = serviceWait(engine.book, service);
    if (wait !== null && wait.kind !== "route") return null;
    return services.indexOf(service) === 0 || services[services.indexOf(service) - 1]!.done ? service : null;
  }
  return null;
}

function isSent(vehicle: VehicleWorld, service: Service): boolean {
  for (const sent of vehicle.sent.values()) if (sent === service) return true;
  return false;
}

function sendOrder(engine: Engine, vehicle: VehicleWorld, toM: number, service: Service | null): void {
  const fresh = vehicle.lastNode === null || vehicle.orderEnded;
  if (fresh) {
    vehicle.orderId = `${vehicle.id}-${++vehicle.orderSequence}`;
    vehicle.orderUpdateId = 0;
    vehicle.orderEnded = false;
  } else vehicle.orderUpdateId++;
  const first: OrderNode = fresh ? nodeAt(engine, vehicle, vehicle.baseEndM, 0, []) : vehicle.lastNode!;
  const path = new PathWriter(engine, first);
  const actions = service === null ? [] : [actionOf(engine, vehicle, service)];
  path.along(vehicle.pieces, vehicle.baseEndM, toM, true, actions);
  vehicle.lastNode = path.nodes[path.nodes.length - 1]!;
  vehicle.baseEndM = toM;
  addHorizon(engine, vehicle, path);
  publishHeld(engine, vehicle);
  emitOrder(engine, vehicle, path.nodes, path.edges);
}

function emitOrder(
  engine: Engine,
  vehicle: VehicleWorld,
  nodes: readonly OrderNode[],
  edges: readonly OrderEdge[],
): void {
  engine.outputs.push({
    kind: "order",
    message: { vehicle: vehicle.id, orderId: vehicle.orderId, orderUpdateId: vehicle.orderUpdateId, nodes, edges },
  });
}

/** The rest of the granted legs, and of the plan behind them as many legs as the horizon needs. */
function addHorizon(engine: Engine, vehicle: VehicleWorld, path: PathWriter): void {
  const fromM = vehicle.baseEndM;
  const { graph } = engine.options;
  const pieces = vehicle.pieces.slice(pieceAt(vehicle.pieces, fromM));
  let endM = vehicle.grantedEndM;
  for (const step of engine.book.vehicles[vehicle.index]!.steps) {
    if (step.granted) continue;
    if (endM >= fromM + HORIZON_M) break;
    endM = appendLeg(graph, pieces, step.leg, endM);
  }
  if (endM > fromM + SAME_M) path.along(pieces, fromM, endM, false, []);
}

/** It is at rest where its order ends, but was told of a way on that another plan has replaced since. */
function showsIdleHorizon(engine: Engine, vehicle: VehicleWorld): boolean {
  const { state, lastNode } = vehicle;
  if (lastNode === null || state === null || state.orderUpdateId !== vehicle.orderUpdateId) return false;
  if (state.orderId !== vehicle.orderId || state.driving) return false;
  const last = state.nodeSequenceIds[state.nodeSequenceIds.length - 1];
  return last !== undefined && last > lastNode.sequenceId && isAtRest(engine.book.vehicles[vehicle.index]!);
}

/** An update with the base's last node alone: with its horizon the vehicle would not count as idle (6.10.1). */
function withdrawHorizon(engine: Engine, vehicle: VehicleWorld): void {
  vehicle.orderUpdateId++;
  emitOrder(engine, vehicle, [vehicle.lastNode!], []);
}

/** Writes a way down as nodes and edges, an edge for each lane. */
class PathWriter {
  readonly nodes: OrderNode[];
  readonly edges: OrderEdge[] = [];
  readonly #engine: Engine;

  constructor(engine: Engine, first: OrderNode) {
    this.#engine = engine;
    this.nodes = [first];
  }

  /** Goes on from `fromM` to `toM` of the path, at least with one edge; `actions` are of the last node. */
  along(
    pieces: readonly PathPiece[],
    fromM: number,
    toM: number,
    released: boolean,
    actions: readonly OrderAction[],
  ): void {
    const { lanes } = this.#engine.options.graph;
    let sequence = this.nodes[this.nodes.length - 1]!.sequenceId;
    let atM = fromM;
    let p = pieceAt(pieces, atM + SAME_M);
    do {
      const piece = pieces[p]!;
      const endM = Math.min(toM, piece.startM + (piece.toM - piece.fromM));
      const last = endM >= toM - SAME_M;
      const lane = lanes.laneId[piece.lane]!;
      const edgeToM = toMicrometre(piece.fromM + (endM - piece.startM));
      const edgeFromM = Math.min(edgeToM, toMicrometre(piece.fromM + (atM - piece.startM)));
      this.edges.push({
        edgeId: `${lane}:${edgeFromM.toFixed(3)}-${edgeToM.toFixed(3)}`,
        sequenceId: sequence + 1,
        released,
        lane,
        fromM: edgeFromM,
        toM: edgeToM,
        maxSpeedMps: lanes.speedLimitMps[piece.lane]!,
      });
      sequence += 2;
      this.nodes.push(nodeOn(this.#engine, piece.lane, edgeToM, sequence, released, last ? actions : []));
      atM = endM;
      p++;
    } while (atM < toM - SAME_M);
  }
}

function nodeAt(
  engine: Engine,
  vehicle: VehicleWorld,
  coordinateM: number,
  sequenceId: number,
  actions: readonly OrderAction[],
): OrderNode {
  const piece = vehicle.pieces[pieceAt(vehicle.pieces, coordinateM)]!;
  const s = toMicrometre(piece.fromM + (coordinateM - piece.startM));
  return nodeOn(engine, piece.lane, s, sequenceId, true, actions);
}

/** Path coordinates are sums: what they have gathered below a micrometre stays out of messages. */
function toMicrometre(metres: number): number {
  return Math.round(metres * 1e6) / 1e6;
}

function nodeOn(
  engine: Engine,
  lane: number,
  s: number,
  sequenceId: number,
  released: boolean,
  actions: readonly OrderAction[],
): OrderNode {
  const { lanes } = engine.options.graph;
  poseAt(lanes, lane, s, engine.pose);
  const id = lanes.laneId[lane]!;
  return {
    nodeId: `${id}@${s.toFixed(3)}`,
    sequenceId,
    released,
    lane: id,
    s,
    x: engine.pose[0]!,
    y: engine.pose[1]!,
    theta: engine.pose[2]!,
    actions,
  };
}

function actionOf(engine: Engine, vehicle: VehicleWorld, service: Service): OrderAction {
  const todo = vehicle.todo.find((candidate) => candidate.job === service.job)!;
  const actionId = `${service.job}#${++engine.actionCount}`;
  vehicle.sent.set(actionId, service);
  const parameters: Record<string, string | number> = {};
  const station = engine.options.site.stations[engine.options.graph.stands[service.visit.stand]!.station];
  if (station !== undefined) parameters.station = station.id;
  const record = todo.order === "" ? undefined : engine.orders.get(todo.order);
  if (record !== undefined) {
    parameters.container = record.order.container.id;
    parameters.massKg = record.order.container.massKg;
  }
  if (todo.action === "startCharging") parameters.untilSoc = engine.options.type.battery.fullSoc;
  return { actionId, actionType: todo.action, blockingType: "HARD", parameters };
}

/** After a plan has ended in its haven and the vehicle says that nothing is left, its next drive is a new order. */
export function endOrders(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (vehicle.orderEnded || vehicle.lastNode === null || vehicle.sent.size > 0) continue;
    const state = vehicle.state;
    if (state === null || state.orderUpdateId !== vehicle.orderUpdateId || state.nodeSequenceIds.length > 0) continue;
    if (isAtRest(engine.book.vehicles[vehicle.index]!) && !state.driving) vehicle.orderEnded = true;
  }
}
