import type { Scenario } from "../../config/index.ts";
import {
  createEngine,
  type Engine,
  type EngineInput,
  type EngineOptions,
  type EngineOutput,
  snapshot,
  step,
} from "../../engine/index.ts";
import { type RunRecorder, siteMessage } from "../../fleet-gateway/index.ts";
import { compileLegs, fork, prng, type Side, type Station } from "../../planner/index.ts";
import { createDemand, type DemandSource } from "../demand/index.ts";
import { Conditions } from "../physics/index.ts";
import { Stations } from "../stations/index.ts";
import { LaneMap, type MotionSample, type SimVehicle } from "../vehicle/index.ts";
import { buildFleet, fleetType } from "./fleet.ts";
import { InProcessLink } from "./in-process-link.ts";
import { Durations } from "./percentile.ts";
import { RunMeter } from "./run-meter.ts";
import { RunRecording, refreshViews } from "./run-recording.ts";
import { type EventTargets, ScenarioEvents } from "./scenario-events.ts";
import { SeparationWatch } from "./separation-watch.ts";
import { emptyView, type VehicleView } from "./vehicle-view.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly recorder?: RunRecorder | null;
  /** Samples of all vehicles in a second of run time; default 2. */
  readonly recordHz?: number;
  /** Parts of the engine's options, for tests. */
  readonly engine?: Partial<EngineOptions>;
}

/** The views of the vehicles are refreshed, and the figures counted, this often, ms of run time. */
const VIEW_EVERY_MS = 500;
const KPI_EVERY_MS = 60_000;

/**
 * A run in virtual time: simulated vehicles and stations, the scenario's demand and events, and the engine, tick by tick.
 * It is a function of scenario, seed and options; the clock is read only to tell how long the engine's steps took.
 */
export class Simulation {
  readonly engine: Engine;
  readonly vehicles: readonly SimVehicle[];
  readonly meter: RunMeter;
  readonly separation: SeparationWatch;
  /** The weather that vehicles with full physics feel. */
  readonly conditions = new Conditions();
  /** Wall time of each engine step, and of a plan in steps that made one, ms. */
  readonly stepMs = new Durations();
  readonly planMs = new Durations();
  nowMs = 0;
  readonly #scenario: Scenario;
  readonly #tickMs: number;
  readonly #demand: DemandSource;
  readonly #events: ScenarioEvents;
  readonly #targets: EventTargets;
  readonly #link: InProcessLink;
  readonly #views: readonly VehicleView[];
  readonly #recorder: RunRecorder | null;
  readonly #recording: RunRecording | null;
  #inputs: EngineInput[] = [];
  #tick = 0;

  constructor(scenario: Scenario, options: SimulationOptions) {
    this.#scenario = scenario;
    const { site } = scenario;
    const type = fleetType(scenario);
    const graph = compileLegs(site, type);
    this.engine = createEngine({ site, type, graph, ...options.engine });
    this.#tickMs = this.engine.options.tickMs;

    const map = new LaneMap(graph.lanes);
    const random = fork(prng(options.seed), "stations");
    const stations = new Stations({ site, random, positioning: scenario.positioning });
    const onMotion = (vehicle: number, motion: MotionSample): void => this.#recording?.motion(vehicle, motion);
    const physics = fork(prng(options.seed), "physics");
    this.vehicles = buildFleet(scenario, graph, map, stations, onMotion, physics, this.conditions);
    this.#link = new InProcessLink(this.vehicles);
    this.#link.onState((state) => this.#inputs.push({ kind: "vehicle-state", state }));
    this.#link.onConnection((vehicle, connection) => this.#inputs.push({ kind: "connection", vehicle, connection }));
    this.#demand = createDemand(scenario, options.seed);
    this.#events = new ScenarioEvents(scenario.events);
    const byId = new Map(this.vehicles.map((vehicle) => [vehicle.id, vehicle]));
    this.#targets = { vehicles: byId, map, stations, link: this.#link };

    this.#views = this.vehicles.map(emptyView);
    this.meter = new RunMeter(this.vehicles, this.#views, sidesOfCranes(site.stations));
    this.separation = new SeparationWatch(this.vehicles);
    this.#recorder = options.recorder ?? null;
    this.#recording =
      this.#recorder === null
        ? null
        : new RunRecording(this.#recorder, this.vehicles, this.#views, options.recordHz ?? 2);
    this.#recorder?.site(siteMessage(site, scenario.vehicleTypes));
    this.#recording?.samples(0);
  }

  /** Digest of all decisions so far. */
  get digest(): string {
    return snapshot(this.engine).digest;
  }

  /** Makes one tick. */
  advance(): void {
    const nowMs = this.nowMs + this.#tickMs;
    this.nowMs = nowMs;
    this.#tick++;
    if (this.#tick === 1) this.#admitFleet();
    this.#happen(nowMs);
    for (const vehicle of this.vehicles) vehicle.advance(nowMs);
    this.separation.look();
    this.#recording?.flushMotion();
    this.#link.publish(nowMs);
    for (const order of this.#demand.release(nowMs, this.meter.orders.waitingForPickUp)) {
      this.meter.orders.released(order.id, order.releaseMs);
      this.#inputs.push({ kind: "transport-order", order });
    }
    this.#take(this.#step(), nowMs);
    this.#look(nowMs);
  }

  /** The last samples and figures of the run; the recorder stays open. */
  finish(): void {
    this.#recording?.samples(this.nowMs, true);
    if (this.nowMs % KPI_EVERY_MS !== 0) this.#recorder?.kpi(this.nowMs / 1000, this.meter.kpi(this.nowMs / 1000));
  }

  #admitFleet(): void {
    for (const { id, type, startBay } of this.#scenario.vehicles) {
      this.#inputs.push({ kind: "admit-vehicle", vehicle: id, type, bay: startBay });
    }
    this.#link.connect();
  }

  #happen(nowMs: number): void {
    const { inputs, events } = this.#events.advance(nowMs, this.#targets);
    this.#inputs.push(...inputs);
    for (const event of events) this.#recording?.event(event, nowMs / 1000);
  }

  #step(): readonly EngineOutput[] {
    const inputs = this.#inputs;
    this.#inputs = [];
    const startMs = performance.now();
    const outputs = step(this.engine, this.#tick, inputs);
    const tookMs = performance.now() - startMs;
    this.stepMs.add(tookMs);
    let plans = 0;
    for (const output of outputs) if (output.kind === "plan") plans++;
    this.meter.plans += plans;
    for (let i = 0; i < plans; i++) this.planMs.add(tookMs / plans);
    return outputs;
  }

  #take(outputs: readonly EngineOutput[], nowMs: number): void {
    for (const output of outputs) {
      if (output.kind === "order") this.#link.sendOrder(output.message);
      else if (output.kind === "instant-action") this.#link.sendInstantAction(output.message);
      else if (output.kind === "order-event") this.meter.orderEvent(output.message, nowMs);
      else if (output.kind === "event") this.meter.event(output.message);
    }
    this.#recording?.outputs(outputs, nowMs / 1000);
  }

  #look(nowMs: number): void {
    if (nowMs % VIEW_EVERY_MS === 0) {
      this.meter.look(VIEW_EVERY_MS / 1000);
      refreshViews(this.engine, this.#views);
    }
    this.#recording?.samples(nowMs);
    if (nowMs % KPI_EVERY_MS === 0) this.#recorder?.kpi(nowMs / 1000, this.meter.kpi(nowMs / 1000));
  }
}

function sidesOfCranes(stations: readonly Station[]): Map<string, Side> {
  const cranes = stations.filter(({ role }) => role === "crane");
  return new Map(cranes.flatMap(({ id, side, bays }) => [id, ...bays.map((bay) => bay.id)].map((key) => [key, side])));
}
