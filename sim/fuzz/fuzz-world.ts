/**
 * A whole system in one thread: the gateway's control system and dialogs, simulated vehicles, a broker and the radio
 * between them, on one virtual clock. What it does is a function of the case; checkers that know nothing of the planner
 * look on at every tick.
 */
import { type EngineInput, type EngineOptions, type EngineOutput, snapshot } from "../../engine/index.ts";
import {
  ControlSystem,
  createFleetDialog,
  createVehicleDialog,
  type FleetDialog,
  type LinkReport,
  siteMessage,
  type VehicleDialog,
} from "../../fleet-gateway/index.ts";
import { fork, prng, smallSiteVehicle, type VehicleType } from "../../planner/index.ts";
import { factsheetOf } from "../live/factsheet.ts";
import { type ClientLink, IDEAL_NETWORK, VirtualBroker } from "../network/virtual-broker.ts";
import { LaneMap, SimVehicle } from "../vehicle/index.ts";
import { ContainersOracle } from "./containers-oracle.ts";
import type { Cut, FuzzCase, FuzzFault } from "./draw-case.ts";
import { BaseOracle, type Fault, FootprintOracle, GroundOracle } from "./oracles.ts";
import { randomServices } from "./random-services.ts";

const TICK_MS = 250;
/** A driving vehicle says where it is this often; what else happens to it is said at once. */
const STATE_INTERVAL_MS = 1000;
/** Calendar time of run time 0. */
const EPOCH_MS = Date.UTC(2026, 0, 1);
/** Nobody moves and nothing is served for so long though nothing is wrong any more: a standstill. */
const STANDSTILL_MS = 300_000;
/** Every order ends within this time after the last fault and the last release. */
const LIVENESS_MS = 3 * 3_600_000;

/** What the gateway reports only if gateway, engine or vehicle speak wrongly: no network and no fault explains it. */
const NEVER: ReadonlySet<LinkReport["code"]> = new Set<LinkReport["code"]>([
  "order-invalid",
  "order-id-reused",
  "order-queue-full",
  "order-too-large",
  "order-rejected",
  "order-lost",
  "order-unknown",
  "invalid-outbound",
  "schema-violation",
  "malformed",
  "oversized",
  "identity-mismatch",
  "version-mismatch",
  "unknown-topic",
  "unknown-vehicle",
  "foreign-order",
  "off-path",
  "vehicle-restarted",
]);

interface Car {
  readonly vehicle: SimVehicle;
  readonly dialog: VehicleDialog;
  readonly link: ClientLink;
  /** What its last state said besides its position. */
  told: readonly unknown[];
  toldMs: number;
}

/** One case, tick by tick. */
export class FuzzWorld {
  readonly case: FuzzCase;
  readonly control: ControlSystem;
  readonly vehicles: readonly SimVehicle[];
  nowMs = 0;
  tick = 0;
  fault: Fault | null = null;
  readonly #broker: VirtualBroker;
  readonly #cars: readonly Car[];
  readonly #fleet: FleetDialog;
  readonly #fleetLink: ClientLink;
  readonly #services: ReturnType<typeof randomServices>;
  readonly #faults: readonly FuzzFault[];
  readonly #orders: FuzzCase["orders"];
  readonly #quietMs: number;
  readonly #ground = new GroundOracle();
  readonly #footprints: FootprintOracle;
  readonly #base: BaseOracle;
  readonly #containers: ContainersOracle;
  #fleetConnected = false;
  #outputs: readonly EngineOutput[] = [];
  #movedMs = 0;
  #reports = 2_166_136_261;

  /** @param engine parts of the engine's options, for tests */
  constructor(fuzz: FuzzCase, cut: Cut, engine: Partial<EngineOptions> = {}) {
    this.case = fuzz;
    const { site, graph, starts } = fuzz.site;
    const random = prng(fuzz.seed);
    const kept = <T>(items: readonly T[], left: ReadonlySet<number>): T[] => items.filter((_, i) => !left.has(i));
    this.#orders = kept(fuzz.orders, cut.orders);
    // An order that is cut out takes what is done to it with it.
    this.#faults = kept(fuzz.faults, cut.faults).filter((fault) => !("order" in fault && cut.orders.has(fault.order)));
    this.#quietMs = Math.max(
      0,
      ...this.#faults.map(({ toMs }) => toMs),
      ...this.#orders.map(({ releaseMs }) => releaseMs),
    );
    this.#broker = new VirtualBroker(fork(random, "broker"), cut.idealNetwork ? IDEAL_NETWORK : fuzz.network);
    this.#services = randomServices(fork(random, "services"));
    const map = new LaneMap(graph.lanes);
    this.#cars = starts.map((bay, i) => this.#car(`V${i}`, bay, fuzz.paces[i]!, map));
    this.vehicles = this.#cars.map(({ vehicle }) => vehicle);
    const type = smallSiteVehicle;
    this.control = new ControlSystem({
      site,
      siteMessage: siteMessage(site, [type]),
      type,
      graph,
      fleet: this.vehicles.map(({ id }) => ({
        id,
        type: type.type,
        manufacturer: "kalong",
        serialNumber: id,
        version: "2.1.0",
        instantActionsKey: "actions",
      })),
      recorder: null,
      facts: () => ({}),
      nowMs: () => this.nowMs,
      engine: { tickMs: TICK_MS, positioningMs: 0, vehiclesMax: starts.length, ...engine },
      onOutputs: (outputs) => {
        this.#outputs = outputs;
      },
    });
    this.#fleet = createFleetDialog(
      {
        session: "fuzz",
        vehicles: this.vehicles.map(({ id }) => ({ vehicle: id, manufacturer: "kalong", serialNumber: id })),
        mapId: site.id,
        lanes: graph.lanes,
        decelerationMps2: type.serviceDecelerationMps2,
        onReport: (report) => this.#report(report),
        rules: { staleAfterMs: 3 * STATE_INTERVAL_MS },
      },
      {
        publish: (topic, payload, retain) => this.#fleetLink.publish(topic, payload, 0, retain),
        nowMs: () => this.#broker.nowMs,
        calendarMs: () => EPOCH_MS + this.#broker.nowMs,
      },
    );
    this.#fleetLink = this.#broker.attach({
      topics: ["connection", "state", "factsheet", "order", "instantActions"].map((topic) => `uagv/v2/+/+/${topic}`),
      lastWill: null,
      connected: () => {
        this.#fleetConnected = true;
      },
      disconnected: () => {
        this.#fleetConnected = false;
      },
      receive: (topic, payload, retain) => this.#fleet.receive(topic, payload, retain),
    });
    this.control.connect(this.#fleet);
    this.#footprints = new FootprintOracle(this.vehicles);
    this.#base = new BaseOracle(this.control.engine, this.vehicles);
    this.#containers = new ContainersOracle(this.vehicles, this.#orders);
  }

  #car(id: string, bay: string, pace: number, map: LaneMap): Car {
    const { site, graph } = this.case.site;
    const station = site.stations.findIndex((each) => each.bays.some((own) => own.id === bay));
    const place = site.stations[station]!.bays.findIndex((own) => own.id === bay);
    const stand = graph.stands[graph.standOfBay[station]![place]!]!;
    const vehicle = new SimVehicle({
      id,
      type: paced(pace),
      map,
      start: { lane: graph.lanes.laneId[stand.stopLane]!, s: stand.stopM },
      soc: smallSiteVehicle.battery.fullSoc,
      services: this.#services,
    });
    let link: ClientLink | null = null;
    const dialog = createVehicleDialog(
      {
        vehicle: id,
        manufacturer: "kalong",
        serialNumber: id,
        mapId: site.id,
        controller: vehicle,
        factsheet: factsheetOf(smallSiteVehicle, STATE_INTERVAL_MS),
        decelerationMps2: smallSiteVehicle.serviceDecelerationMps2,
        stateIntervalMs: STATE_INTERVAL_MS,
        onReport: (code, reason) => {
          // A message that comes twice or late is refused by the rules of the standard; what cannot be read is wrong.
          if (code === "validationError" || code === "invalid-outbound")
            this.fault ??= { rule: "vehicle-report", text: `${id}: ${code}: ${reason}` };
        },
      },
      {
        publish: (topic, payload, qos, retain, done) => link?.publish(topic, payload, qos, retain, done),
        nowMs: () => this.#broker.nowMs,
        calendarMs: () => EPOCH_MS + this.#broker.nowMs,
      },
    );
    link = this.#broker.attach({
      topics: dialog.topics,
      lastWill: dialog.lastWill,
      connected: () => dialog.connected(),
      disconnected: () => dialog.disconnected(),
      receive: (topic, payload, retain) => dialog.receive(topic, payload, retain),
    });
    return { vehicle, dialog, link, told: [], toldMs: Number.NEGATIVE_INFINITY };
  }

  /** The same for two runs of a case: what was decided, and all that the gateway had to report. */
  get digest(): string {
    return `${snapshot(this.control.engine).digest}-${(this.#reports >>> 0).toString(16)}`;
  }

  /** Orders that are neither delivered nor cancelled. */
  get open(): number {
    const { engine } = this.control;
    return this.#orders.filter((order) => engine.orders.get(order.id)?.closedMs == null).length;
  }

  /** Runs to the end of the case, or to the first fault. */
  run(): void {
    try {
      while (this.fault === null && !this.#over()) this.advance();
    } catch (error) {
      this.fault = { rule: "thrown", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }

  #over(): boolean {
    return this.nowMs > this.#quietMs && this.open === 0 && this.vehicles.every((vehicle) => vehicle.v === 0);
  }

  advance(): void {
    this.tick++;
    const beforeMs = this.nowMs;
    this.nowMs += TICK_MS;
    for (const fault of this.#faults) {
      if (fault.fromMs > beforeMs && fault.fromMs <= this.nowMs) this.#begin(fault);
      if (fault.toMs > beforeMs && fault.toMs <= this.nowMs) this.#end(fault);
    }
    for (const car of this.#cars) {
      car.vehicle.advance(this.nowMs);
      if (car.vehicle.v > 0) this.#movedMs = this.nowMs;
      this.#tell(car);
    }
    this.#broker.advance(this.nowMs);
    if (this.#fleetConnected) this.#fleet.tick();
    for (const order of this.#orders) {
      if (order.releaseMs > beforeMs - 1 && order.releaseMs <= this.nowMs - 1)
        this.#submit({ kind: "transport-order", order });
    }
    this.control.tick();
    this.fault ??= this.#look();
  }

  /** A state goes out when something besides the position has changed, and now and then. */
  #tell(car: Car): void {
    const {
      orderId,
      orderUpdateId,
      lastNodeSequenceId,
      nodeSequenceIds,
      actionStates,
      errors,
      loads,
      driving,
      paused,
    } = car.vehicle.state();
    const now = [
      orderId,
      orderUpdateId,
      lastNodeSequenceId,
      nodeSequenceIds,
      actionStates,
      errors,
      loads,
      driving,
      paused,
    ];
    const same = now.every((part, i) => part === car.told[i]);
    if (same && this.nowMs - car.toldMs < STATE_INTERVAL_MS) return;
    car.told = now;
    car.toldMs = this.nowMs;
    car.dialog.publishState();
  }

  #submit(input: EngineInput): void {
    // Refusals are answers like others: what is asked for may be impossible by now.
    void this.control.submit(input);
  }

  #begin(fault: FuzzFault): void {
    switch (fault.kind) {
      case "breakdown":
        this.vehicles[fault.vehicle]!.breakDown("breakdown", "the case breaks it down");
        this.#submit({ kind: "vehicle-broken", vehicle: `V${fault.vehicle}` });
        return;
      case "brake-stuck":
        // Nobody says so: the vehicle stands, and goes on later.
        this.#press(fault, "startPause");
        return;
      case "radio-lost":
        this.#cars[fault.vehicle]!.link.setReachable(false);
        return;
      case "broker-lost":
        this.#fleetLink.setReachable(false);
        return;
      case "paused":
        this.#submit({ kind: "pause", vehicle: `V${fault.vehicle}` });
        return;
      case "all-paused":
        this.#submit({ kind: "pause", vehicle: null });
        return;
      case "station-out":
        this.#submit({ kind: "station-out", station: fault.station });
        return;
      case "lane-closed":
        this.#submit({ kind: "close-lane", lane: fault.lane });
        return;
      case "cancelled":
        this.#submit({ kind: "cancel-transport-order", order: this.case.orders[fault.order]!.id, by: "fuzz" });
        return;
      case "retargeted":
        this.#submit({ kind: "retarget-transport-order", order: this.case.orders[fault.order]!.id, to: fault.to });
        return;
      case "prioritised":
        this.#submit({
          kind: "prioritise-transport-order",
          order: this.case.orders[fault.order]!.id,
          priority: fault.priority,
        });
    }
  }

  #end(fault: FuzzFault): void {
    switch (fault.kind) {
      case "breakdown":
        this.vehicles[fault.vehicle]!.repair();
        this.#submit({ kind: "vehicle-repaired", vehicle: `V${fault.vehicle}` });
        return;
      case "brake-stuck":
        this.#press(fault, "stopPause");
        return;
      case "radio-lost":
        this.#cars[fault.vehicle]!.link.setReachable(true);
        return;
      case "broker-lost":
        this.#fleetLink.setReachable(true);
        return;
      case "paused":
        this.#submit({ kind: "resume", vehicle: `V${fault.vehicle}` });
        return;
      case "all-paused":
        this.#submit({ kind: "resume", vehicle: null });
        return;
      case "station-out":
        this.#submit({ kind: "station-in", station: fault.station });
        return;
      case "lane-closed":
        this.#submit({ kind: "open-lane", lane: fault.lane });
        return;
      case "cancelled":
      case "retargeted":
      case "prioritised":
        return;
    }
  }

  #press(fault: FuzzFault & { readonly vehicle: number }, actionType: "startPause" | "stopPause"): void {
    const vehicle = this.vehicles[fault.vehicle]!;
    const actionId = `by-hand-${actionType}-${fault.fromMs}`;
    vehicle.receiveInstantAction({ vehicle: vehicle.id, actionId, actionType, parameters: {} });
  }

  #report({ code, vehicle, reason, topic }: LinkReport): void {
    for (const text of [code, vehicle ?? "", String(this.tick)])
      for (let i = 0; i < text.length; i++) this.#reports = Math.imul(this.#reports ^ text.charCodeAt(i), 16_777_619);
    this.control.report({ code, vehicle, reason, topic });
    if (NEVER.has(code)) this.fault ??= { rule: code, text: `${vehicle}: ${reason}` };
  }

  #look(): Fault | null {
    const broken =
      this.#footprints.look() ??
      this.#ground.take(this.#outputs) ??
      this.#base.look() ??
      this.#containers.look(this.#outputs);
    if (broken !== null) return broken;
    const quiet = this.nowMs > this.#quietMs;
    for (const output of this.#outputs) {
      if (output.kind !== "event") continue;
      const { code, vehicle, data } = output.message;
      // While something is wrong others may wait long for it; a shield that must stop somebody is wrong at any time.
      if (code === "shield-stop" || (code === "deadlock" && quiet))
        return { rule: code, text: `${vehicle}: ${JSON.stringify(data)}` };
    }
    if (this.#services.busyUntilMs >= this.nowMs || !quiet) this.#movedMs = this.nowMs;
    if (this.open > 0 && this.nowMs - this.#movedMs > STANDSTILL_MS) return { rule: "standstill", text: this.#waits() };
    if (this.nowMs > this.#quietMs + LIVENESS_MS)
      return { rule: "liveness", text: `not over ${LIVENESS_MS / 3_600_000} h after the last fault: ${this.#waits()}` };
    return null;
  }

  /** What everybody does and waits for. */
  #waits(): string {
    const { engine, fleet } = this.control;
    const open = this.#orders
      .map((order) => engine.orders.get(order.id))
      .flatMap((record) =>
        record === undefined || record.closedMs !== null
          ? []
          : [`${record.order.id} ${record.phase} ${record.vehicle ?? ""} ${record.waiting ?? ""}`],
      );
    const of = fleet.vehicles.map(({ listed, admitted, connection, obstacle }) => {
      const world = engine.vehicleById.get(listed.id);
      const wait = world?.waitingFor ?? null;
      const why = wait === null ? "nothing" : `${wait.code} ${wait.resource} ${wait.vehicle}`;
      return `${listed.id} ${connection}${admitted ? "" : ` not admitted ${obstacle}`}, waits for ${why}, wants ${world?.wantsPlan ?? "nothing"}, todo ${world?.todo.map((todo) => todo.job) ?? ""}`;
    });
    return `open: ${open.join(", ")}; ${of.join("; ")}`;
  }
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
