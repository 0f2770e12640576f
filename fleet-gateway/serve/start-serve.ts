import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EngineInput } from "../../engine/index.ts";
import type { LegGraph, Site, VehicleType } from "../../planner/index.ts";
import { buildApi } from "../api/build-api.ts";
import type { LinkReport } from "../mqtt/fleet-dialog.ts";
import { createMqttVehicleLink } from "../mqtt/link.ts";
import { createRunRecorder } from "../recording/recorder.ts";
import { siteMessage } from "../recording/site-message.ts";
import { attachRos2, type Ros2ServeOptions } from "../ros2/attach.ts";
import type { RosBridge } from "../ros2/bridge.ts";
import { listenOnLoopback } from "../viewer/listen.ts";
import { registerViewer } from "../viewer/viewer-routes.ts";
import { createControlPort } from "./control-port.ts";
import { ControlSystem, type InputRefusal } from "./control-system.ts";
import type { ListedVehicle } from "./fleet-file.ts";
import { InputError } from "./input-error.ts";
import { RepeatedReports } from "./repeated-reports.ts";
import { startTickLoop } from "./tick-loop.ts";

export interface ServeOptions {
  readonly site: Site;
  /** The one type of all listed vehicles. */
  readonly type: VehicleType;
  /** Compiled from `site` for `type`. */
  readonly graph: LegGraph;
  readonly fleet: readonly ListedVehicle[];
  /** mqtt://host:port */
  readonly brokerUrl: string;
  readonly protocolVersion?: 4 | 5;
  /** Port that must be used, or null for the default or the next free one. */
  readonly port: number | null;
  /** Folder for the recording; null: nothing is recorded. */
  readonly dataDir: string | null;
  /** VDA 5050 messages go into the recording. */
  readonly trace: boolean;
  /** Folder with the built viewer; null: no viewer. */
  readonly viewer: string | null;
  /** Facts of the run for viewers: scenario, targetPerDay. */
  readonly facts: Readonly<Record<string, string>>;
  readonly version: string;
  /** Lines for people. */
  readonly log: (line: string) => void;
  /** Called before each tick with the run time that it brings, ms. */
  readonly beforeTick?: (nowMs: number) => void;
  /** Told when the control system cannot go on; it has stopped by then. */
  readonly onFailure: (error: unknown) => void;
  /** The fleet goes on a ROS 2 graph too, and some vehicles are driven over it. */
  readonly ros2?: Ros2ServeOptions;
}

export interface RunningServe {
  /** Address of viewer and API. */
  readonly address: string;
  /** Path of the recording, or null. */
  readonly recording: string | null;
  readonly control: ControlSystem;
  readonly counts: ReadonlyMap<LinkReport["code"], number>;
  submit(input: EngineInput): Promise<InputRefusal | null>;
  stop(): Promise<void>;
}

/** Reports that a person at the terminal should see; the others are events in viewer and recording. */
const QUIET: readonly LinkReport["code"][] = ["base-requested", "order-cancelled", "reachable-unconfirmed"];
/** The broker must be reached within this time at the start. */
const BROKER_WAIT_MS = 5_000;

/**
 * Starts the control system in real time: engine, link to the vehicles, API, viewer.
 * @throws InputError, PortTakenError when it cannot start with what was given
 */
export async function startServe(options: ServeOptions): Promise<RunningServe> {
  const { site, type, graph, log } = options;
  const startedMs = Date.now();
  // Calendar time and the monotonic clock are brought together once; run time follows the monotonic one.
  const epochOffsetMs = startedMs - performance.now();
  let startMs = performance.now();
  const startsAt = (): string => new Date(epochOffsetMs + startMs).toISOString();

  const recording = options.dataDir === null ? null : recordingPath(options.dataDir, startedMs);
  const recorder =
    recording === null ? null : createRunRecorder(recording, { metadata: { site: site.id, ...options.facts } });
  const control = new ControlSystem({
    site,
    siteMessage: siteMessage(site, [type]),
    type,
    graph,
    fleet: options.fleet,
    recorder,
    facts: () => ({ ...options.facts, startsAt: startsAt() }),
    nowMs: () => performance.now() - startMs,
  });
  const overRos2 = options.ros2?.vehicles ?? [];
  const overMqtt = options.fleet.filter(({ id }) => !overRos2.includes(id));
  const repeated = new RepeatedReports();
  let brokerConnected = false;
  const link = createMqttVehicleLink({
    url: options.brokerUrl,
    ...(options.protocolVersion === undefined ? {} : { protocolVersion: options.protocolVersion }),
    vehicles: overMqtt.map(({ id, manufacturer, serialNumber, version, instantActionsKey }) => ({
      vehicle: id,
      manufacturer,
      serialNumber,
      dialect: { version, instantActionsKey },
    })),
    mapId: site.id,
    decelerationMps2: type.serviceDecelerationMps2,
    lanes: graph.lanes,
    onReport(report) {
      if (report.code === "broker-connected") brokerConnected = true;
      else if (report.code === "broker-lost") brokerConnected = false;
      const told = repeated.take(report, performance.now());
      if (told === null) return;
      control.report(told);
      if (!QUIET.includes(told.code)) log(`${told.code}: ${told.vehicle ?? ""} ${told.reason}`.replace(":  ", ": "));
    },
    ...(options.trace && recorder !== null ? { onTrace: (topic, message) => control.trace(topic, message) } : {}),
  });
  const undo: (() => Promise<void>)[] = [() => link.close()];
  if (recorder !== null) undo.push(() => recorder.close());

  try {
    let bridge: RosBridge | null = null;
    if (options.ros2 !== undefined) {
      const runMs = (): number => performance.now() - startMs;
      const epochMs = (): number => epochOffsetMs + startMs;
      bridge = await attachRos2({ ros2: options.ros2, control, site, type, lanes: graph.lanes, runMs, epochMs, log });
      const { stop } = bridge;
      undo.unshift(stop);
    }
    control.connect(bridge?.joined(link) ?? link);
    await within(
      link.ready,
      BROKER_WAIT_MS,
      () => `No MQTT broker answers at ${options.brokerUrl}. Start one, or give another --broker.`,
    );

    startMs = performance.now();
    recorder?.facts({ startsAt: startsAt() });
    const loop = startTickLoop({
      tickMs: control.engine.options.tickMs,
      tick() {
        options.beforeTick?.(control.engine.nowMs + control.engine.options.tickMs);
        control.tick();
        bridge?.tick();
      },
      onSkip(skippedMs) {
        startMs += skippedMs;
        control.event("clock-skipped", null, { skippedMs });
        log(`The clock went on by ${(skippedMs / 1000).toFixed(1)} s; run time did not.`);
      },
      onError: options.onFailure,
    });
    undo.unshift(async () => loop.stop());
    const port = createControlPort({
      control,
      link,
      loop: () => loop,
      epochMs: () => epochOffsetMs + startMs,
      startedMs,
      brokerConnected: () => brokerConnected,
    });
    bridge?.offerServices(port);
    const api = await buildApi({ control: port, feed: control.feed, version: options.version });
    undo.unshift(() => api.close());
    if (options.viewer !== null)
      await registerViewer(api, options.viewer, { mode: "live", name: site.id, socket: "live" });
    const address = await listenOnLoopback(api, options.port, log);
    return {
      address,
      recording,
      control,
      counts: link.counts,
      submit: (input) => control.submit(input),
      async stop() {
        loop.stop();
        control.finish();
        for (const each of undo) await each();
      },
    };
  } catch (error) {
    for (const each of undo) await each();
    throw error;
  }
}

function recordingPath(folder: string, startedMs: number): string {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`--data ${folder}: the folder cannot be made (${(error as NodeJS.ErrnoException).code}).`);
  }
  const stamp = new Date(startedMs).toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return join(folder, `live-${stamp}.mcap`);
}

async function within(promise: Promise<void>, ms: number, otherwise: () => string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new InputError(otherwise())), ms);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
