import type { VehicleState } from "../../engine/index.ts";
import type { RecordedMessage, VehicleSample } from "../recording/messages.ts";
import type { RunRecorder } from "../recording/recorder.ts";
import type { VehicleView } from "./vehicle-activity.ts";

/** Messages are held back so long, so that a sample's acceleration is known when it is written, s. */
export const HOLD_S = 1;
/** A vehicle that stands and says nothing new: its sample is repeated after so long, s. */
const REPEAT_S = 0.5;

/** The recording's sample of what a vehicle has reported. */
export function sampleOf(
  state: VehicleState,
  type: string,
  view: VehicleView | null,
  accelerationMps2: number,
): VehicleSample {
  const moves = state.v > 0;
  return {
    id: state.vehicle,
    type,
    x: state.x,
    y: state.y,
    theta: state.theta,
    v: state.v,
    a: accelerationMps2,
    lane: state.lane,
    s: state.s,
    laden: state.loads.length > 0,
    containers: [...state.loads],
    soc: state.soc,
    state: view === null ? "fault" : moves && view.activity === "waiting" ? "driving" : view.activity,
    node: view?.node ?? "",
    order: view?.order ?? "",
    waitingFor: moves || view === null ? [] : [...view.waitingFor],
  };
}

/** One that has begun to move was heard within this time, s. */
const HEARD_WITHIN_S = 0.3;
/** Two states that are nearer than this tell nothing of motion, s. */
const MOTION_S = 0.02;

interface Held {
  readonly t: number;
  /** Order of arrival, for messages of one time. */
  readonly order: number;
  readonly message: RecordedMessage;
}

/**
 * Writes a live run to its recording in order of time. A vehicle's sample is written when the next one tells its
 * acceleration, so that the motion between two samples is as the recording says: constant acceleration along the lanes.
 */
export class LiveRecording {
  readonly #recorder: RunRecorder | null;
  readonly #written: (message: RecordedMessage) => void;
  readonly #last = new Map<string, { readonly t: number; readonly sample: VehicleSample }>();
  #held: Held[] = [];
  #count = 0;
  #writtenS = 0;

  /** @param written told each message as it is written, in order of time */
  constructor(recorder: RunRecorder | null, written: (message: RecordedMessage) => void) {
    this.#recorder = recorder;
    this.#written = written;
  }

  /** A vehicle was heard at run time `t`, s. Its sample's acceleration is found when it is heard again. */
  sample(t: number, sample: VehicleSample): void {
    const last = this.#last.get(sample.id);
    if (last !== undefined) {
      if (t - last.t < MOTION_S) return;
      const a = (sample.v - last.sample.v) / (t - last.t);
      this.#hold(last.t, { ...last.sample, a: Math.abs(a) < 1e-9 ? 0 : a });
    }
    this.#last.set(sample.id, { t, sample: { ...sample, a: 0 } });
  }

  add(message: RecordedMessage): void {
    this.#held.push({ t: message.message.t, order: this.#count++, message });
  }

  /** Writes what is old enough at run time `nowS`; all of it when the run ends. */
  flush(nowS: number, end = false): void {
    const stillS = nowS - HEARD_WITHIN_S;
    for (const [id, { t, sample }] of this.#last) {
      // Where a moving vehicle is that was not heard again nobody knows.
      if (!end && (sample.v > 0 || stillS - t < REPEAT_S)) continue;
      this.#hold(t, sample);
      if (end) this.#last.delete(id);
      else this.#last.set(id, { t: stillS, sample: { ...sample, a: 0 } });
    }
    const limit = end ? Number.POSITIVE_INFINITY : nowS - HOLD_S;
    const due = this.#held.filter(({ t }) => t <= limit).sort((p, q) => p.t - q.t || p.order - q.order);
    this.#held = this.#held.filter(({ t }) => t > limit);
    for (const { message } of due) this.#write(message);
  }

  #hold(t: number, sample: VehicleSample): void {
    this.add({ topic: "/vehicles", message: { t, vehicles: [sample] } });
  }

  #write(held: RecordedMessage): void {
    // What came in later than it should keeps the file's order of time.
    const t = Math.max(this.#writtenS, held.message.t);
    this.#writtenS = t;
    const { topic, message } = { ...held, message: { ...held.message, t } } as RecordedMessage;
    this.#written({ topic, message } as RecordedMessage);
    const recorder = this.#recorder;
    if (recorder === null) return;
    if (topic === "/vehicles") recorder.vehicles(t, message.vehicles);
    else if (topic === "/reservations") recorder.reservation(t, message);
    else if (topic === "/plans") recorder.plan(t, { ...message, nodes: [...message.nodes], times: [...message.times] });
    else if (topic === "/orders") recorder.orderEvent(t, message);
    else if (topic === "/events") recorder.event(t, message, message.text);
    else if (topic === "/kpi") recorder.kpi(t, message);
    else if (topic === "/vda5050") recorder.vda5050(t, message.topic, message.payload);
  }
}
