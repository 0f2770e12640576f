import {
  createEngine,
  type Engine,
  type EngineInput,
  type EngineOptions,
  type EngineOutput,
  step,
  type VehicleState,
} from "../../engine/index.ts";
import type { LegGraph, Site, VehicleType } from "../../planner/index.ts";
import { LiveFeed } from "../api/live-feed.ts";
import type { LinkReport } from "../mqtt/fleet-dialog.ts";
import type { MqttVehicleLink } from "../mqtt/link.ts";
import type { RecordedKpi, RecordedMessage, SiteMessage } from "../recording/messages.ts";
import type { RunRecorder } from "../recording/recorder.ts";
import { eventText } from "./event-text.ts";
import type { ListedVehicle } from "./fleet-file.ts";
import { FleetWatch } from "./fleet-watch.ts";
import { LiveMeter } from "./live-meter.ts";
import { HOLD_S, LiveRecording, sampleOf } from "./live-recording.ts";
import { vehicleView } from "./vehicle-activity.ts";

export interface ControlSystemOptions {
  readonly site: Site;
  readonly siteMessage: SiteMessage;
  readonly type: VehicleType;
  readonly graph: LegGraph;
  readonly fleet: readonly ListedVehicle[];
  readonly recorder: RunRecorder | null;
  /** Facts of the run for viewers: scenario, targetPerDay, startsAt and the like, as text; asked for by each snapshot. */
  readonly facts: () => Readonly<Record<string, string>>;
  /** Run time now, ms. */
  readonly nowMs: () => number;
  /** Parts of the engine's options. */
  readonly engine?: Partial<EngineOptions>;
  /** Told of all that a tick decided. */
  readonly onOutputs?: (outputs: readonly EngineOutput[]) => void;
}

/** Why the engine did not take an input. */
export interface InputRefusal {
  readonly reason: string;
  readonly subject: string;
}

/** The part of the link that the control system uses. */
export type ControlLink = Pick<MqttVehicleLink, "sendOrder" | "sendInstantAction" | "onState" | "onConnection">;

interface Command {
  readonly input: EngineInput;
  readonly answer: (refusal: InputRefusal | null) => void;
}

/** Behind these the vehicle does not go on with what the engine planned for it, until a person has looked. */
const ENDS_ORDER: readonly LinkReport["code"][] = ["order-rejected", "order-lost", "order-too-large"];
const SAMPLE_EVERY_MS = 200;
const KPI_EVERY_MS = 60_000;

/**
 * The control system without clock, broker and server: engine, fleet and figures between a vehicle link on one side and
 * recording and live feed on the other. Who owns it calls `tick` at the engine's distance.
 */
export class ControlSystem {
  readonly engine: Engine;
  readonly fleet: FleetWatch;
  readonly feed: LiveFeed;
  readonly meter: LiveMeter;
  readonly #options: ControlSystemOptions;
  readonly #recording: LiveRecording;
  #link: ControlLink | null = null;
  /** Ids of all transport orders, in the order of acceptance. */
  readonly orderIds: string[] = [];
  readonly #clockOffsets = new Map<string, { readonly offsetMs: number; readonly nowMs: number }>();
  #inputs: EngineInput[] = [];
  #commands: Command[] = [];

  constructor(options: ControlSystemOptions) {
    const { site, type, graph, recorder } = options;
    this.#options = options;
    this.engine = createEngine({ site, type, graph, ...options.engine });
    this.fleet = new FleetWatch(options.fleet, site, graph, (vehicle, obstacle) =>
      this.event("vehicle-not-admitted", vehicle, { why: obstacle }),
    );
    this.feed = new LiveFeed(options.siteMessage, options.facts);
    this.meter = new LiveMeter(graph.lanes, type.battery.capacityKwh);
    this.#recording = new LiveRecording(recorder, (message) => this.#count(message));
    recorder?.site(options.siteMessage);
  }

  get runMs(): number {
    return this.engine.nowMs;
  }

  /** Connects the vehicles. */
  connect(link: ControlLink): void {
    this.#link = link;
    link.onState((state, timestampMs) => this.#receive(state, timestampMs));
    link.onConnection((vehicle, connection) => {
      const input = this.fleet.connection(vehicle, connection);
      if (input !== null) this.#inputs.push(input);
      this.event(`vehicle-${connection.toLowerCase()}`, vehicle, {});
    });
  }

  #receive(state: VehicleState, timestampMs: number): void {
    const nowMs = this.#options.nowMs();
    const input = this.fleet.state(state, nowMs);
    if (input !== null) this.#inputs.push(input);
    const offsetMs = this.#clockOffset(state.vehicle, nowMs, timestampMs);
    const type = this.fleet.get(state.vehicle)?.listed.type ?? "";
    const sample = sampleOf(state, type, vehicleView(this.engine, state.vehicle), 0);
    this.#recording.sample(Math.max(0, timestampMs + offsetMs) / 1000, sample);
  }

  /**
   * Run time less the vehicle's clock, which alone tells when it was where. The fastest message shows it best; it is
   * followed slowly, so that the time between two states stays what the vehicle measured.
   */
  #clockOffset(vehicle: string, nowMs: number, timestampMs: number): number {
    const shownMs = nowMs - timestampMs;
    const last = this.#clockOffsets.get(vehicle);
    const offsetMs =
      last === undefined
        ? shownMs
        : Math.max(Math.min(last.offsetMs, shownMs), last.offsetMs - 0.01 * (nowMs - last.nowMs));
    this.#clockOffsets.set(vehicle, { offsetMs, nowMs });
    return offsetMs;
  }

  /** Gives the engine an input with the next tick; settles after it with why it was refused, or null. */
  submit(input: EngineInput): Promise<InputRefusal | null> {
    return new Promise((answer) => this.#commands.push({ input, answer }));
  }

  /** What the link has to tell of messages and vehicles. */
  report({ code, vehicle, topic, reason }: LinkReport): void {
    // A vehicle that brakes for the end of its base asks for more each time: a hint to count, not an event.
    if (code === "base-requested") return;
    this.event(`link-${code}`, vehicle, topic === null ? { reason } : { reason, topic });
    if (vehicle !== null && ENDS_ORDER.includes(code)) this.#inputs.push({ kind: "vehicle-broken", vehicle });
  }

  /** A message to or from a vehicle, for the recording. */
  trace(topic: string, payload: unknown): void {
    this.#recording.add({ topic: "/vda5050", message: { t: this.#options.nowMs() / 1000, topic, payload } });
  }

  /** Advances the engine by one tick and passes on what it wants. */
  tick(): void {
    const { engine } = this;
    const nowMs = engine.nowMs + engine.options.tickMs;
    const commands = this.#takeCommands();
    const inputs = [...this.#inputs, ...this.fleet.admissions(nowMs), ...commands.map(({ input }) => input)];
    this.#inputs = [];
    const outputs = step(engine, engine.tick + 1, inputs);
    this.#options.onOutputs?.(outputs);
    for (const vehicle of this.fleet.vehicles) {
      if (!vehicle.admitted && engine.vehicleById.has(vehicle.listed.id)) {
        this.#inputs.push(...this.fleet.admitted(vehicle.listed.id));
      }
    }
    // A tick that is late has seen states from after its own time: what it says of ground is of the time at which it says it.
    const t = Math.max(nowMs, this.#options.nowMs()) / 1000;
    for (const output of outputs) this.#pass(output, t);
    this.#answer(commands, outputs);
    if (nowMs % SAMPLE_EVERY_MS === 0) this.#publishVehicles(t);
    this.#recording.flush(nowMs / 1000);
    // The figures of a moment are known when everything up to it is written.
    const writtenMs = nowMs - HOLD_S * 1000;
    if (writtenMs > 0 && writtenMs % KPI_EVERY_MS === 0) this.#publish({ topic: "/kpi", message: this.kpi() });
  }

  /** The figures up to the last moment of which everything is known. */
  kpi(): RecordedKpi {
    return this.meter.kpi(Math.max(0, this.engine.nowMs / 1000 - HOLD_S));
  }

  /** Writes what is still held back; the recorder stays open. */
  finish(): void {
    const t = this.engine.nowMs / 1000;
    this.#recording.flush(t, true);
    this.#recording.add({ topic: "/kpi", message: this.meter.kpi(t) });
    this.#recording.flush(t, true);
  }

  /** Something that happened outside the engine. */
  event(code: string, vehicle: string | null, data: Readonly<Record<string, string | number>>): void {
    const t = this.#options.nowMs() / 1000;
    this.#publish({ topic: "/events", message: { t, code, vehicle, data, text: eventText({ code, vehicle, data }) } });
  }

  /** Of a kind whose success cannot be seen from outside one is taken a tick, so that a refusal has one addressee. */
  #takeCommands(): Command[] {
    const taken: Command[] = [];
    const kinds = new Set<string>();
    const later: Command[] = [];
    for (const command of this.#commands) {
      const { kind } = command.input;
      if (kind !== "transport-order" && kinds.has(kind)) later.push(command);
      else taken.push(command);
      kinds.add(kind);
    }
    this.#commands = later;
    return taken;
  }

  #answer(commands: readonly Command[], outputs: readonly EngineOutput[]): void {
    const refusals = new Map<string, InputRefusal[]>();
    for (const output of outputs) {
      if (output.kind !== "event" || output.message.code !== "refused") continue;
      const { input, reason, subject } = output.message.data;
      const ofKind = refusals.get(String(input)) ?? [];
      ofKind.push({ reason: String(reason), subject: String(subject) });
      refusals.set(String(input), ofKind);
    }
    for (const { input, answer } of commands) {
      const taken = input.kind === "transport-order" && this.engine.orders.get(input.order.id)?.order === input.order;
      answer(taken ? null : (refusals.get(input.kind)?.shift() ?? null));
    }
  }

  #pass(output: EngineOutput, t: number): void {
    switch (output.kind) {
      case "order":
        this.#link?.sendOrder(output.message);
        return;
      case "instant-action":
        this.#link?.sendInstantAction(output.message);
        return;
      case "reservation":
        this.#publish({ topic: "/reservations", message: { t, ...output.message } });
        return;
      case "plan": {
        const { nodes, times } = output.message;
        this.#publish({ topic: "/plans", message: { t, ...output.message, nodes: [...nodes], times: [...times] } });
        return;
      }
      case "order-event":
        if (output.message.event === "accepted") this.orderIds.push(output.message.order);
        this.#publish({ topic: "/orders", message: { t, ...output.message } });
        return;
      case "event":
        this.#publish({ topic: "/events", message: { t, ...output.message, text: eventText(output.message) } });
    }
  }

  #publishVehicles(t: number): void {
    const vehicles = this.fleet.vehicles.flatMap(({ listed, state }) =>
      state === null ? [] : [sampleOf(state, listed.type, vehicleView(this.engine, listed.id), 0)],
    );
    this.feed.publish({ topic: "/vehicles", message: { t, vehicles } });
  }

  #publish(message: RecordedMessage): void {
    this.feed.publish(message);
    this.#recording.add(message);
  }

  /** The figures come from what is written, so that they can be found again in it. */
  #count(message: RecordedMessage): void {
    if (message.topic === "/vehicles")
      for (const sample of message.message.vehicles) this.meter.vehicle(message.message.t, sample);
    else if (message.topic === "/orders") this.meter.orderEvent(message.message);
    else if (message.topic === "/events") this.meter.event(message.message.code);
  }
}
