/** Vehicles that are driven over ROS only, with the real engine, in virtual time: a lossy graph in memory between them. */
import { expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { createEngine, type Engine, type EngineInput, type EngineOutput, step } from "../../engine/index.ts";
import {
  connectRosVehicle,
  createRosVehicleLink,
  type LinkReport,
  MemoryGraph,
  RosNode,
  rosTime,
  type VehicleClient,
} from "../../fleet-gateway/index.ts";
import { compileLegs, fork, prng } from "../../planner/index.ts";
import { createDemand } from "../demand/index.ts";
import { buildFleet, fleetType } from "../run/fleet.ts";
import { SeparationWatch } from "../run/separation-watch.ts";
import { Stations } from "../stations/index.ts";
import { LaneMap, type SimVehicle } from "../vehicle/index.ts";

const SEED = 11;
const TICK_MS = 100;
const VEHICLES = 3;

type Held = Extract<EngineOutput, { kind: "reservation" }>["message"];

/** Fleet control and vehicles with a graph between them, tick by tick. */
class RosRun {
  nowMs = 0;
  readonly engine: Engine;
  readonly vehicles: readonly SimVehicle[];
  readonly separation: SeparationWatch;
  readonly reports: LinkReport[] = [];
  delivered = 0;
  /** Every message about ground, in order. */
  readonly ground: Held[] = [];
  /** Ground held now, by vehicle and resource. */
  readonly held = new Map<string, Held>();
  readonly graph: MemoryGraph;
  readonly #link;
  readonly #clients: VehicleClient[];
  readonly #demand;
  #inputs: EngineInput[] = [];
  #tick = 0;

  constructor() {
    const loaded = loadScenario("pilot-2026-saturated");
    const scenario = { ...loaded, vehicles: loaded.vehicles.slice(0, VEHICLES) };
    const type = fleetType(scenario);
    const legs = compileLegs(scenario.site, type);
    const map = new LaneMap(legs.lanes);
    const random = prng(SEED);
    const network = fork(random, "network");
    this.engine = createEngine({ site: scenario.site, type, graph: legs });
    const services = new Stations({
      site: scenario.site,
      random: fork(random, "stations"),
      positioning: scenario.positioning,
    });
    this.vehicles = buildFleet(scenario, legs, map, services, () => {});
    this.separation = new SeparationWatch(this.vehicles);
    this.#demand = createDemand(scenario, SEED);
    this.graph = new MemoryGraph({
      delayMs: () => 1 + 40 * network.nextFloat(),
      loses: () => network.nextFloat() < 0.05,
    });
    const complain = (report: { reason: string }): void => expect.fail(`seed ${SEED}: ${report.reason}`);
    const nowMs = (): number => this.graph.nowMs;
    this.#link = createRosVehicleLink({
      node: new RosNode(this.graph.connect("kalong", complain), complain),
      vehicles: this.vehicles.map(({ id }) => id),
      mapId: scenario.site.id,
      lanes: legs.lanes,
      decelerationMps2: type.serviceDecelerationMps2,
      session: "test",
      nowMs,
      stamp: () => rosTime(nowMs()),
      onReport: (report) => void this.reports.push(report),
    });
    this.#link.onState((state) => this.#inputs.push({ kind: "vehicle-state", state }));
    this.#link.onConnection((vehicle, connection) => this.#inputs.push({ kind: "connection", vehicle, connection }));
    this.#clients = this.vehicles.map((vehicle) => this.#connect(vehicle, scenario.site.id));
    for (const { id, startBay } of scenario.vehicles) {
      this.#inputs.push({ kind: "admit-vehicle", vehicle: id, type: type.type, bay: startBay });
    }
  }

  #connect(vehicle: SimVehicle, mapId: string): VehicleClient {
    const port = this.graph.connect(vehicle.id);
    return connectRosVehicle({
      node: new RosNode(port, () => {}),
      vehicle: vehicle.id,
      mapId,
      controller: vehicle,
      stamp: () => rosTime(this.nowMs),
      nowMs: () => this.nowMs,
    });
  }

  /** The vehicle stops publishing, and hears nothing; it drives on as far as it was let. */
  silence(index: number): void {
    this.#clients[index]!.breakConnection();
  }

  speakAgain(index: number): void {
    this.#clients[index] = this.#connect(this.vehicles[index]!, this.engine.options.site.id);
  }

  advance(): readonly EngineOutput[] {
    this.nowMs += TICK_MS;
    for (const vehicle of this.vehicles) vehicle.advance(this.nowMs);
    this.separation.look();
    for (const client of this.#clients) client.publishState();
    this.graph.advance(this.nowMs);
    this.#link.tick();
    const waiting = this.engine.orders.open.filter(({ phase }) => phase === "accepted" || phase === "assigned").length;
    for (const order of this.#demand.release(this.nowMs, waiting))
      this.#inputs.push({ kind: "transport-order", order });
    const inputs = this.#inputs;
    this.#inputs = [];
    const outputs = step(this.engine, ++this.#tick, inputs);
    for (const output of outputs) this.#take(output);
    return outputs;
  }

  #take(output: EngineOutput): void {
    if (output.kind === "order-event" && output.message.event === "delivered") this.delivered++;
    if (output.kind === "order") this.#link.sendOrder(output.message);
    else if (output.kind === "instant-action") this.#link.sendInstantAction(output.message);
    else if (output.kind === "reservation") {
      const { message } = output;
      this.ground.push(message);
      const key = `${message.vehicle} ${message.kind} ${message.resource}`;
      if (message.event === "granted") this.held.set(key, message);
      else this.held.delete(key);
    }
  }

  until(done: () => boolean, withinS: number): void {
    const endMs = this.nowMs + withinS * 1000;
    while (!done()) {
      if (this.nowMs >= endMs) expect.fail(`seed ${SEED}: did not happen within ${withinS} s of run time`);
      this.advance();
    }
  }

  heldBy(vehicle: string): Held[] {
    return [...this.held.values()].filter((each) => each.vehicle === vehicle);
  }
}

test("vehicles deliver containers over ROS only, through loss and delay", () => {
  const run = new RosRun();
  run.until(() => run.delivered >= 1, 3600);
  const worrying = run.reports.filter(({ code }) => code !== "stale-message" && code !== "base-requested");
  expect(worrying.map(({ code, vehicle, reason }) => `${code} ${vehicle} ${reason}`)).toEqual([]);
  expect(run.separation.collisions).toBe(0);
  expect(run.engine.vehicles.every(({ silent, broken }) => !silent && !broken)).toBe(true);
});

test("a vehicle that stops publishing keeps its ground, stops inside it, and goes on when it speaks again", () => {
  const run = new RosRun();
  const index = 2;
  const vehicle = run.vehicles[index]!;
  run.until(() => vehicle.load.laden && vehicle.v > 3, 3600);
  run.silence(index);
  run.until(() => run.engine.vehicleById.get(vehicle.id)!.silent, 4);
  const ground = run.heldBy(vehicle.id);
  expect(ground.length).toBeGreaterThan(0);
  const before = run.ground.length;
  const deliveredBefore = run.delivered;
  for (let s = 0; s < 60 * 10; s++) run.advance();

  // Nothing of it was given back, nobody else was let in, and it stands inside it.
  const since = run.ground.slice(before);
  expect(since.filter((each) => each.vehicle === vehicle.id)).toEqual([]);
  expect(run.heldBy(vehicle.id)).toEqual(ground);
  for (const held of ground) {
    for (const other of since.filter((each) => each.event === "granted" && each.resource === held.resource)) {
      const apart = held.kind === "lane" && (other.fromM >= held.toM || other.toM <= held.fromM);
      const following = held.kind === "area" && other.side === held.side;
      expect(apart || following, `${other.vehicle} was granted ${held.kind} ${held.resource}`).toBe(true);
    }
  }
  expect(vehicle.v).toBe(0);
  const lane = ground.find((held) => held.kind === "lane" && held.resource === vehicle.laneId);
  expect(lane !== undefined && lane.fromM <= vehicle.s && vehicle.s <= lane.toM).toBe(true);
  expect(run.separation.collisions).toBe(0);
  expect(run.reports.filter(({ code }) => code === "state-stale").map((report) => report.vehicle)).toEqual([
    vehicle.id,
  ]);

  run.speakAgain(index);
  run.until(() => !run.engine.vehicleById.get(vehicle.id)!.silent, 10);
  const loads = vehicle.load.containers.join();
  run.until(() => !vehicle.load.containers.join().includes(loads), 1800);
  expect(run.delivered).toBeGreaterThan(deliveredBefore);
  expect(run.separation.collisions).toBe(0);
});
