/**
 * A loop with a charger, two parking places, a gate, a disinfection and two cranes, and vehicles that follow their orders
 * plainly: enough to see the engine work without a simulator.
 */
import { compileLegs, poseAt, prng, type Site, type Station, smallSite, smallSiteVehicle } from "../planner/index.ts";
import { createEngine, step } from "./engine.ts";
import type {
  ActionStatus,
  EngineInput,
  EngineOutput,
  InstantActionMessage,
  OrderEdge,
  OrderMessage,
  OrderNode,
  TransportOrder,
  VehicleError,
  VehicleState,
} from "./messages.ts";
import { transportOrder } from "./orders/fixtures.ts";
import type { Engine, EngineOptions, VehicleWorld } from "./world.ts";

const SPEED_MPS = 3;
const DECELERATION_MPS2 = smallSiteVehicle.serviceDecelerationMps2;
const TICK_S = 0.1;

function as(station: Station, over: Partial<Station>): Station {
  return { ...station, resting: false, service: { kind: "constant", valueS: 20 }, ...over };
}

/**
 * Cranes "parking-2" (vn) and "parking-4" (cn); havens "charger-1", "parking-1", "parking-3".
 * @param twoBays the haven "parking-3" is a second bay of the vn crane instead
 */
export function loopSite(twoBays = false): Site {
  const { site } = smallSite(prng(2), smallSiteVehicle, "gates");
  const cranes: Record<string, Partial<Station>> = {
    "parking-2": { role: "crane", side: "vn" },
    "parking-4": { role: "crane", side: "cn" },
  };
  const stations = site.stations.map((station) => {
    const crane = cranes[station.id];
    return crane === undefined ? station : as(station, crane);
  });
  if (!twoBays) return { ...site, stations };
  const second = stations.find((station) => station.id === "parking-3")!;
  return {
    ...site,
    stations: stations.flatMap((station) => {
      if (station === second) return [];
      return station.id === "parking-2" ? [{ ...station, bays: [...station.bays, ...second.bays] }] : [station];
    }),
  };
}

/** A vehicle that drives its base at one speed, brakes for its end, and does each action at once in `actionMs`. */
export class FakeVehicle {
  readonly id: string;
  /** Actions take so long; they fail while `fails`. */
  actionMs = 5_000;
  fails = false;
  soc = 0.8;
  errors: readonly VehicleError[] = [];
  eStop: VehicleState["eStop"] = "NONE";
  operatingMode: VehicleState["operatingMode"] = "AUTOMATIC";
  /** It stands where it is, or drives on past the end of its base until it is paused. */
  stuck = false;
  runsOn = false;
  paused = false;
  readonly orders: OrderMessage[] = [];
  readonly instant: InstantActionMessage[] = [];
  readonly #engine: Engine;
  readonly #pose = new Float64Array(3);
  #edges: OrderEdge[] = [];
  #nodes: OrderNode[] = [];
  #horizon: readonly OrderNode[] = [];
  #lane: string;
  #s: number;
  #v = 0;
  #orderId = "";
  #updateId = 0;
  #last = 0;
  #loads: readonly string[] = [];
  #actions: { actionId: string; actionStatus: ActionStatus; type: string; container: string; leftMs: number }[] = [];

  constructor(engine: Engine, id: string, bay: string) {
    const { graph } = engine.options;
    const stand = graph.stands[engine.standByBay.get(bay)!]!;
    this.id = id;
    this.#engine = engine;
    this.#lane = graph.lanes.laneId[stand.stopLane]!;
    this.#s = stand.stopM;
  }

  receive(order: OrderMessage): void {
    this.orders.push(order);
    if (order.orderId !== this.#orderId) this.#actions = [];
    this.#orderId = order.orderId;
    this.#updateId = order.orderUpdateId;
    this.#edges.push(...order.edges.filter((edge) => edge.released));
    this.#nodes.push(...order.nodes.slice(1).filter((node) => node.released));
    this.#horizon = order.nodes.filter((node) => !node.released);
  }

  instruct(action: InstantActionMessage): void {
    this.instant.push(action);
    if (action.actionType === "startPause") this.paused = true;
    if (action.actionType === "stopPause") this.paused = false;
    if (action.actionType === "stopCharging") for (const run of this.#actions) run.leftMs = 0;
  }

  advance(): void {
    if (this.errors.length > 0 || this.eStop !== "NONE") {
      this.#v = 0;
      return;
    }
    this.#act();
    const acting = this.#actions.some((run) => run.actionStatus === "RUNNING");
    if (this.stuck || acting || this.paused) {
      this.#v = 0;
      return;
    }
    let leftM = 0;
    for (const edge of this.#edges) leftM += edge.toM - Math.max(edge.fromM, edge === this.#edges[0] ? this.#s : 0);
    this.#v = Math.min(SPEED_MPS, Math.sqrt(2 * DECELERATION_MPS2 * Math.max(0, leftM)));
    if (this.runsOn) {
      this.#v = SPEED_MPS;
      if (leftM < SPEED_MPS * TICK_S) this.#s += SPEED_MPS * TICK_S - leftM;
    }
    this.#drive(Math.min(leftM, this.#v * TICK_S));
  }

  #drive(metres: number): void {
    let left = metres;
    if (this.#v < 0.02 && this.#edges.length === 0) this.#v = 0;
    while (this.#edges.length > 0) {
      const edge = this.#edges[0]!;
      this.#lane = edge.lane;
      this.#s = Math.max(this.#s, edge.fromM);
      const room = edge.toM - this.#s;
      // Creeping the last centimetre would take for ever.
      if (left < room - 0.01) {
        this.#s += left;
        return;
      }
      left = Math.max(0, left - room);
      this.#s = Math.max(this.#s, edge.toM);
      this.#edges.shift();
      const node = this.#nodes.shift()!;
      this.#last = node.sequenceId;
      if (this.#edges.length > 0) this.#s = this.#edges[0]!.fromM;
      else if (!this.runsOn) this.#v = 0;
      for (const { actionId, actionType, parameters } of node.actions) {
        const container = String(parameters["container"] ?? "");
        this.#actions.push({ actionId, actionStatus: "RUNNING", type: actionType, container, leftMs: this.actionMs });
      }
      if (node.actions.length > 0) return;
    }
  }

  #act(): void {
    for (const run of this.#actions) {
      if (run.actionStatus !== "RUNNING") continue;
      run.leftMs -= TICK_S * 1000;
      if (run.leftMs > 0) continue;
      run.actionStatus = this.fails ? "FAILED" : "FINISHED";
      if (run.actionStatus !== "FINISHED") continue;
      if (run.type === "pick") this.#loads = [run.container];
      if (run.type === "drop") this.#loads = [];
      if (run.type === "startCharging") this.soc = smallSiteVehicle.battery.fullSoc;
    }
  }

  state(): VehicleState {
    const { lanes } = this.#engine.options.graph;
    const lane = this.#engine.laneIndex.get(this.#lane)!;
    poseAt(lanes, lane, this.#s, this.#pose);
    const overM = Math.max(0, this.#s - lanes.lengthM[lane]!);
    return {
      vehicle: this.id,
      orderId: this.#orderId,
      orderUpdateId: this.#updateId,
      lastNodeId: "",
      lastNodeSequenceId: this.#last,
      nodeSequenceIds: [...this.#nodes, ...this.#horizon].map((node) => node.sequenceId),
      x: this.#pose[0]! + overM * Math.cos(this.#pose[2]!),
      y: this.#pose[1]! + overM * Math.sin(this.#pose[2]!),
      theta: this.#pose[2]!,
      v: this.#v,
      lane: this.#lane,
      s: this.#s,
      uncertaintyM: 0.1,
      driving: this.#v > 0,
      paused: this.paused,
      operatingMode: this.operatingMode,
      soc: this.soc,
      charging: false,
      loads: this.#loads,
      actionStates: this.#actions.map(({ actionId, actionStatus }) => ({ actionId, actionStatus })),
      errors: this.errors,
      eStop: this.eStop,
      fieldViolation: false,
    };
  }
}

/** An engine with its fleet, tick by tick. Everything that was put out is kept. */
export class Bench {
  readonly engine: Engine;
  readonly vehicles = new Map<string, FakeVehicle>();
  readonly outputs: EngineOutput[] = [];
  /** Codes of all waits that were seen. */
  readonly waits = new Set<string>();
  /** Vehicles whose states do not arrive. */
  readonly mute = new Set<string>();
  /** Called at the end of each tick. */
  check: (outputs: readonly EngineOutput[]) => void = () => {};

  /** @param bays vehicles V0, V1, … stand there */
  constructor(bays: readonly string[] = ["parking-1"], options: Partial<EngineOptions> = {}) {
    const site = options.site ?? loopSite();
    const graph = compileLegs(site, smallSiteVehicle);
    this.engine = createEngine({ site, type: smallSiteVehicle, graph, positioningMs: 0, ...options });
    const inputs = bays.map((bay, index): EngineInput => {
      const id = `V${index}`;
      this.vehicles.set(id, new FakeVehicle(this.engine, id, bay));
      return { kind: "admit-vehicle", vehicle: id, type: smallSiteVehicle.type, bay };
    });
    this.tick(...inputs);
  }

  tick(...inputs: readonly EngineInput[]): readonly EngineOutput[] {
    const all = [...inputs];
    for (const vehicle of this.vehicles.values()) {
      vehicle.advance();
      if (!this.mute.has(vehicle.id)) all.push({ kind: "vehicle-state", state: vehicle.state() });
    }
    const outputs = step(this.engine, this.engine.tick + 1, all);
    for (const output of outputs) {
      if (output.kind === "order") this.vehicles.get(output.message.vehicle)?.receive(output.message);
      if (output.kind === "instant-action") this.vehicles.get(output.message.vehicle)?.instruct(output.message);
    }
    for (const { wait } of this.engine.vehicles) if (wait !== null) this.waits.add(wait.code);
    this.outputs.push(...outputs);
    this.check(outputs);
    return outputs;
  }

  /** Ticks until the condition holds. @returns it came to hold within so many seconds of run time */
  until(condition: () => boolean, seconds = 1200): boolean {
    for (let tick = 0; tick < seconds * 10; tick++) {
      if (condition()) return true;
      this.tick();
    }
    return condition();
  }

  run(seconds: number): void {
    for (let tick = 0; tick < seconds * 10; tick++) this.tick();
  }

  /** Hands in a transport order from the vn crane to the cn crane through the gate. */
  order(id: string, over: Partial<TransportOrder> = {}): void {
    const cranes = { from: "parking-2", to: "parking-4" };
    const via = [{ role: "gate", side: "vn" }] as const;
    this.tick({ kind: "transport-order", order: transportOrder(id, { ...cranes, via, ...over }) });
  }

  vehicle(id: string): VehicleWorld {
    return this.engine.vehicleById.get(id)!;
  }

  phase(order: string): string {
    return this.engine.orders.get(order)!.phase;
  }

  /** Codes of events, with the vehicle they are about. */
  get events(): string[] {
    return this.outputs.flatMap(({ kind, message }) =>
      kind === "event" ? [[message.code, message.vehicle ?? ""].filter((part) => part !== "").join(" ")] : [],
    );
  }

  /** Reasons of plans, order events and refusals. */
  get reasons(): string[] {
    return this.outputs.flatMap((output) => {
      if (output.kind === "plan" || output.kind === "order-event") return [output.message.reason];
      if (output.kind === "event") return [String(output.message.data.reason ?? "")];
      return [];
    });
  }
}
