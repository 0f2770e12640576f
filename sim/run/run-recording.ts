import type { Engine, EngineEvent, EngineOutput } from "../../engine/index.ts";
import { eventText, type RunRecorder, type VehicleSample } from "../../fleet-gateway/index.ts";
import type { MotionSample, SimVehicle } from "../vehicle/index.ts";
import { refreshView, sampleAt, sampleNow, type VehicleView } from "./vehicle-view.ts";

/** Writes what happens in a run to its recording: samples at the recording's rate and at each change of acceleration. */
export class RunRecording {
  readonly #recorder: RunRecorder;
  readonly #vehicles: readonly SimVehicle[];
  readonly #views: readonly VehicleView[];
  readonly #everyMs: number;
  #dueMs = 0;
  #sampledMs = -1;
  #changes: { readonly tMs: number; readonly sample: VehicleSample }[] = [];

  /** @param hz samples of all vehicles in a second of run time */
  constructor(recorder: RunRecorder, vehicles: readonly SimVehicle[], views: readonly VehicleView[], hz: number) {
    this.#recorder = recorder;
    this.#vehicles = vehicles;
    this.#views = views;
    this.#everyMs = 1000 / hz;
  }

  /** A vehicle's acceleration changes, within the step that is being made. */
  motion(vehicle: number, motion: MotionSample): void {
    const tMs = Math.ceil(motion.tMs);
    this.#changes.push({ tMs, sample: sampleAt(this.#vehicles[vehicle]!, this.#views[vehicle]!, motion, tMs) });
  }

  /** Writes the changes of acceleration up to now, in order of time; vehicles of one time in the fleet's order. */
  flushMotion(): void {
    const changes = this.#changes;
    if (changes.length === 0) return;
    this.#changes = [];
    changes.sort((p, q) => p.tMs - q.tMs);
    for (let i = 0; i < changes.length; ) {
      const { tMs } = changes[i]!;
      const samples: VehicleSample[] = [];
      while (i < changes.length && changes[i]!.tMs === tMs) samples.push(changes[i++]!.sample);
      this.#recorder.vehicles(tMs / 1000, samples);
    }
  }

  /** What the engine said in a tick; orders to vehicles are in the recording as what they make of them. */
  outputs(outputs: readonly EngineOutput[], nowS: number): void {
    const recorder = this.#recorder;
    for (const output of outputs) {
      switch (output.kind) {
        case "reservation":
          recorder.reservation(nowS, output.message);
          break;
        case "plan":
          recorder.plan(nowS, output.message);
          break;
        case "order-event":
          recorder.orderEvent(nowS, output.message);
          break;
        case "event":
          this.event(output.message, nowS);
          break;
        case "order":
        case "instant-action":
          break;
      }
    }
  }

  event(event: EngineEvent, nowS: number): void {
    this.#recorder.event(nowS, event, eventText(event));
  }

  /** Samples of all vehicles, when they are due or the run ends. */
  samples(nowMs: number, always = false): void {
    if (nowMs === this.#sampledMs || (nowMs < this.#dueMs && !always)) return;
    this.#sampledMs = nowMs;
    while (this.#dueMs <= nowMs) this.#dueMs += this.#everyMs;
    const samples = this.#vehicles.map((vehicle, i) => sampleNow(vehicle, this.#views[i]!));
    this.#recorder.vehicles(nowMs / 1000, samples);
  }
}

/** Takes what the engine knows of every vehicle into the views. */
export function refreshViews(engine: Engine, views: readonly VehicleView[]): void {
  for (let i = 0; i < views.length; i++) refreshView(engine, i, views[i]!);
}
