import {
  createEngine,
  type Engine,
  type EngineInput,
  type EngineOptions,
  type EngineOutput,
  snapshot,
  step,
  type TransportOrder,
  type VehicleState,
} from "../../engine/index.ts";
import { fork, type Prng, smallSiteVehicle, type VehicleType } from "../../planner/index.ts";
import { BaseOracle, type Fault, FootprintOracle, GroundOracle } from "../fuzz/oracles.ts";
import { randomServices } from "../fuzz/random-services.ts";
import { below, type SiteCase } from "../fuzz/site-case.ts";
import { LaneMap, SimVehicle } from "../vehicle/index.ts";
import { PostponementOracle, WaitOracle } from "./engine-oracles.fixture.ts";

export interface SmallRunOptions {
  readonly ordersPerVehicle?: number;
  readonly engine?: Partial<EngineOptions>;
  /** Each vehicle drives slower than planned, by a factor of its own down to this. */
  readonly slowest?: number;
  /** State of charge at the start; default full. */
  readonly soc?: number;
  /** Every order is picked up at one crane. */
  readonly sameCrane?: boolean;
  /** Judges the engine's book at the end of a tick in which it may have changed, and now and then besides. */
  readonly judge?: (engine: Engine) => Fault | null;
}

const HEARTBEAT_MS = 1000;
/** Nobody moves, nothing is served, and something is to be done: for this long it is a standstill, ms. */
export const STANDSTILL_MS = 180_000;
/** No run of a small site takes longer than this, ms. */
const LIVELOCK_MS = 8 * 3_600_000;

/** Events that must not happen while the ground is reserved. */
const ALARMS: ReadonlySet<string> = new Set(["shield-stop", "deadlock"]);
/** Ticks between two looks at a book that did not change. */
const JUDGE_EVERY_TICKS = 40;

/** A small fleet on a small site, tick by tick, with every oracle looking on. It is a function of site, seed, options. */
export class SmallRun {
  readonly site: SiteCase;
  readonly engine: Engine;
  readonly vehicles: readonly SimVehicle[];
  readonly ground = new GroundOracle();
  readonly orders: readonly TransportOrder[];
  nowMs = 0;
  tick = 0;
  fault: Fault | null = null;
  /** Instant actions of these types do not reach the vehicles. */
  readonly dropped = new Set<string>();
  /** Inputs for the next tick. */
  readonly inputs: EngineInput[] = [];
  readonly closed = new Set<string>();
  readonly #footprints: FootprintOracle;
  readonly #base: BaseOracle;
  readonly #waits: WaitOracle;
  readonly #postponed: PostponementOracle;
  readonly #services: ReturnType<typeof randomServices>;
  readonly #options: SmallRunOptions;
  readonly #sent: { state: VehicleState | null; ms: number }[];
  #movedMs = 0;
  /** Orders whose destination was changed. */
  readonly #retargeted = new Set<string>();
  /** Somebody is held from outside: a standstill is no fault. */
  held = false;

  constructor(site: SiteCase, random: Prng, options: SmallRunOptions = {}) {
    this.site = site;
    this.#options = options;
    this.engine = createEngine({
      site: site.site,
      type: smallSiteVehicle,
      graph: site.graph,
      tickMs: 250,
      positioningMs: 0,
      vehiclesMax: site.starts.length,
      ...options.engine,
    });
    const map = new LaneMap(site.graph.lanes);
    this.#services = randomServices(fork(random, "services"));
    const pace = fork(random, "pace");
    this.vehicles = site.starts.map((bay, index) => {
      const stand = site.graph.stands[this.engine.standByBay.get(bay)!]!;
      return new SimVehicle({
        id: `V${index}`,
        type: paced(1 - pace.nextFloat() * (1 - (options.slowest ?? 1))),
        map,
        start: { lane: site.graph.lanes.laneId[stand.stopLane]!, s: stand.stopM },
        soc: options.soc ?? smallSiteVehicle.battery.fullSoc,
        services: this.#services,
      });
    });
    this.#sent = this.vehicles.map(() => ({ state: null, ms: Number.NEGATIVE_INFINITY }));
    this.#footprints = new FootprintOracle(this.vehicles);
    this.#base = new BaseOracle(this.engine, this.vehicles);
    this.#waits = new WaitOracle(this.engine);
    this.#postponed = new PostponementOracle(this.engine);
    const orders = (options.ordersPerVehicle ?? 2) * site.starts.length;
    this.orders = drawOrders(site, fork(random, "orders"), orders, options.sameCrane ?? false);
    site.starts.forEach((bay, index) => {
      this.inputs.push({ kind: "admit-vehicle", vehicle: `V${index}`, type: smallSiteVehicle.type, bay });
    });
  }

  get digest(): string {
    return snapshot(this.engine).digest;
  }

  /** Every order is delivered or cancelled and nobody drives. */
  get done(): boolean {
    return this.closed.size === this.orders.length && this.allAtRest;
  }

  get allAtRest(): boolean {
    return this.engine.book.vehicles.every((traffic) => traffic === null || traffic.steps.length === 0);
  }

  /** Areas held by somebody, as the engine's messages say. */
  get areasLeft(): string[] {
    return this.ground.heldAreas();
  }

  /** Some service is still under way. */
  get serving(): boolean {
    return this.#services.busyUntilMs >= this.nowMs;
  }

  get allStand(): boolean {
    return this.vehicles.every((vehicle) => vehicle.v === 0 && vehicle.a === 0);
  }

  /** One tick. Does nothing after a fault. */
  advance(): void {
    if (this.fault !== null) return;
    this.tick++;
    this.nowMs += this.engine.options.tickMs;
    const { nowMs } = this;
    let moves = false;
    for (const vehicle of this.vehicles) {
      vehicle.advance(nowMs);
      if (vehicle.v > 0 || vehicle.state().charging) moves = true;
    }
    if (moves || this.held || this.#services.busyUntilMs >= nowMs) this.#movedMs = nowMs;
    this.#publish();
    for (const order of this.orders) {
      if (order.releaseMs > nowMs - this.engine.options.tickMs && order.releaseMs <= nowMs) {
        this.inputs.push({ kind: "transport-order", order });
      }
    }
    const inputs = this.inputs.splice(0);
    for (const input of inputs) if (input.kind === "retarget-transport-order") this.#retargeted.add(input.order);
    const outputs = step(this.engine, this.tick, inputs);
    this.#deliver(outputs);
    this.fault = this.#look(outputs);
  }

  /** Ticks until the condition holds or a rule is broken. @returns the condition held */
  until(condition: () => boolean, limitMs = LIVELOCK_MS): boolean {
    const endMs = this.nowMs + limitMs;
    while (this.fault === null && !condition()) {
      if (this.nowMs >= endMs) this.fault = { rule: "livelock", text: `not over after ${limitMs / 1000} s` };
      this.advance();
    }
    return this.fault === null;
  }

  #publish(): void {
    this.vehicles.forEach((vehicle, i) => {
      const sent = this.#sent[i]!;
      const state = vehicle.state();
      if (state === sent.state && this.nowMs - sent.ms < HEARTBEAT_MS) return;
      sent.state = state;
      sent.ms = this.nowMs;
      this.inputs.push({ kind: "vehicle-state", state });
    });
  }

  #deliver(outputs: readonly EngineOutput[]): void {
    for (const output of outputs) {
      if (output.kind === "order") this.#vehicle(output.message.vehicle).receiveOrder(output.message);
      else if (output.kind === "instant-action" && !this.dropped.has(output.message.actionType)) {
        this.#vehicle(output.message.vehicle).receiveInstantAction(output.message);
      } else if (output.kind === "order-event") {
        const { event, order } = output.message;
        if (event === "delivered" || event === "cancelled") this.closed.add(order);
      }
    }
  }

  #vehicle(id: string): SimVehicle {
    return this.vehicles[Number(id.slice(1))]!;
  }

  #look(outputs: readonly EngineOutput[]): Fault | null {
    const fault = this.#footprints.look();
    if (fault !== null) return fault;
    if (this.engine.options.reservations) {
      for (const output of outputs) {
        if (output.kind !== "event" || !ALARMS.has(output.message.code)) continue;
        return { rule: output.message.code, text: `${output.message.vehicle}: ${JSON.stringify(output.message.data)}` };
      }
      const broken =
        this.ground.take(outputs) ?? this.#base.look() ?? this.#waits.look() ?? this.#postponed.look(this.#retargeted);
      if (broken !== null) return broken;
      if (this.tick % JUDGE_EVERY_TICKS === 0 || outputs.some(changesBook)) {
        const judged = this.#options.judge?.(this.engine) ?? null;
        if (judged !== null) return judged;
      }
    }
    const error = this.vehicles.find((vehicle) =>
      vehicle.state().errors.some(({ errorType }) => errorType !== "broken"),
    );
    if (error !== undefined)
      return { rule: "order-refused", text: `${error.id}: ${JSON.stringify(error.state().errors)}` };
    if (this.nowMs - this.#movedMs > STANDSTILL_MS && !this.done) return { rule: "standstill", text: this.waits() };
    return null;
  }

  /** What everybody does and waits for. */
  waits(): string {
    const of = this.engine.vehicles.map((vehicle) => {
      const traffic = this.engine.book.vehicles[vehicle.index]!;
      const { stands, lanes } = this.engine.options.graph;
      const next = traffic.steps.find((each) => !each.granted);
      const wait = vehicle.waitingFor;
      const why = wait === null ? "nothing" : `${wait.code} ${wait.resource} ${wait.vehicle}`;
      const plan = traffic.visits.map((visit) => stands[visit.stand]!.id).join(" > ");
      const at = `${lanes.laneId[this.vehicles[vehicle.index]!.lane]}@${this.vehicles[vehicle.index]!.s.toFixed(1)}`;
      return `${vehicle.id} at ${at} waits for ${why}; G ${next?.grantMs ?? "-"}; plan ${plan}; wants ${vehicle.wantsPlan}; todo ${vehicle.todo.map((todo) => todo.job)}`;
    });
    const open = this.orders.filter((order) => !this.closed.has(order.id)).map((order) => order.id);
    return `open ${open}; ${of.join("; ")}`;
  }
}

/** A plan, a grant or a clear; the metres of lanes are no part of the book. */
function changesBook(output: EngineOutput): boolean {
  return output.kind === "plan" || (output.kind === "reservation" && output.message.kind !== "lane");
}

function paced(factor: number): VehicleType {
  const type = smallSiteVehicle;
  return {
    ...type,
    maxSpeedEmptyMps: type.maxSpeedEmptyMps * factor,
    maxSpeedLadenMps: type.maxSpeedLadenMps * factor,
    accelerationEmptyMps2: type.accelerationEmptyMps2 * factor,
    accelerationLadenMps2: type.accelerationLadenMps2 * factor,
  };
}

function drawOrders(site: SiteCase, random: Prng, count: number, sameCrane: boolean): TransportOrder[] {
  return Array.from({ length: count }, (_, i) => {
    const from = sameCrane ? 0 : below(random, site.cranes.length);
    const to = (from + 1 + below(random, site.cranes.length - 1)) % site.cranes.length;
    const releaseMs = below(random, 180_000);
    return {
      id: `T${i}`,
      container: {
        id: `CONT${i}`,
        lengthFt: 40,
        laden: true,
        reefer: false,
        commodity: "general",
        massKg: 20_000,
      },
      from: site.cranes[from]!,
      to: site.cranes[to]!,
      via: site.via.filter(() => random.nextFloat() < 0.6).map((role) => ({ role, side: "vn" as const })),
      releaseMs,
      dueMs: releaseMs + 3_600_000,
      priority: below(random, 10),
    };
  });
}
