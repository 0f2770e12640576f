import { expect, test } from "vitest";
import type { VehicleState } from "../../engine/index.ts";
import type { RecordedMessage, VehicleSample } from "../recording/messages.ts";
import { corridor } from "../vda5050/fixtures.ts";
import { LiveMeter } from "./live-meter.ts";
import { LiveRecording, sampleOf } from "./live-recording.ts";
import type { VehicleView } from "./vehicle-activity.ts";

const view: VehicleView = { activity: "driving", node: "", order: "o1", waitingFor: ["vehicle:V2"] };

function sample(
  s: number,
  v: number,
  changes: Partial<VehicleState> = {},
  seen: VehicleView | null = view,
): VehicleSample {
  const state: VehicleState = {
    ...{ vehicle: "V1", orderId: "", orderUpdateId: 0, lastNodeId: "", lastNodeSequenceId: 0, nodeSequenceIds: [] },
    ...{ x: s, y: 0, theta: 0, v, lane: "west", s, uncertaintyM: 0, driving: v > 0, paused: false },
    ...{ operatingMode: "AUTOMATIC", soc: 0.5, charging: false, loads: [], actionStates: [], errors: [] },
    ...{ eStop: "NONE", fieldViolation: false },
    ...changes,
  };
  return sampleOf(state, "igv", seen, 0);
}

function recording() {
  const written: RecordedMessage[] = [];
  return { written, recording: new LiveRecording(null, (message) => written.push(message)) };
}

const event = (t: number, code: string): RecordedMessage => ({
  topic: "/events",
  message: { t, code, vehicle: null, data: {}, text: "" },
});

test("a sample is written with the acceleration that leads to the next one, in order of time with all else", () => {
  const { written, recording: live } = recording();
  live.sample(1, sample(10, 2));
  live.add(event(1.15, "between"));
  live.sample(1.1, sample(10.21, 2.2));
  live.sample(1.2, sample(10.43, 2.2));
  live.flush(1.3);
  expect(written).toEqual([]);
  live.flush(2.2);
  const text = written.map(({ topic, message }) =>
    topic === "/vehicles"
      ? [message.t, message.vehicles[0]!.s, Math.round(message.vehicles[0]!.a * 1000) / 1000]
      : [message.t, topic],
  );
  expect(text).toEqual([
    [1, 10, 2],
    [1.1, 10.21, 0],
    [1.15, "/events"],
  ]);
});

test("a vehicle that stands is repeated; one that drives and falls silent is not", () => {
  const { written, recording: live } = recording();
  live.sample(0, sample(10, 0));
  live.sample(0, { ...sample(50, 3), id: "V2" });
  for (let tenths = 1; tenths <= 33; tenths++) live.flush(tenths / 10);
  const samples = written.flatMap(({ topic, message }) =>
    topic === "/vehicles" ? message.vehicles.map(({ id }) => ({ id, t: message.t })) : [],
  );
  expect(new Set(samples.map(({ id }) => id))).toEqual(new Set(["V1"]));
  const gaps = samples.slice(1).map(({ t }, i) => t - samples[i]!.t);
  expect(gaps).toHaveLength(4);
  expect(Math.max(...gaps)).toBeLessThan(0.65);
  live.flush(3.3, true);
  expect(written.some(({ topic, message }) => topic === "/vehicles" && message.vehicles[0]!.id === "V2")).toBe(true);
});

test("what comes too late keeps the order of time", () => {
  const { written, recording: live } = recording();
  live.add(event(5, "a"));
  live.flush(7);
  live.add(event(3, "late"));
  live.flush(8);
  expect(written.map(({ message }) => message.t)).toEqual([5, 5]);
});

test("figures follow from what is recorded: way along the lanes, empty and laden, waiting, energy, deliveries of the hour", () => {
  // The lane graph of the fixtures has no connections: a change of lane counts as the crow flies.
  const meter = new LiveMeter(corridor, 100);
  meter.vehicle(0, sample(10, 0));
  meter.vehicle(10, sample(10, 2));
  meter.vehicle(20, sample(30, 2, { soc: 0.4, loads: ["C1"] }));
  meter.vehicle(30, sample(40, 2, { soc: 0.45, loads: ["C1"] }));
  meter.vehicle(40, sample(0, 0, { lane: "bend", x: 103, y: 0 }));
  const orders = ["accepted", "accepted", "accepted", "cancelled", "delivered"] as const;
  for (const [i, kind] of orders.entries()) {
    meter.orderEvent({ t: i, order: `o${i}`, event: kind, vehicle: null, container: "", place: "", reason: "" });
  }
  meter.event("deadlock");
  const kpi = meter.kpi(1800);
  expect(kpi).toMatchObject({
    accepted: 3,
    delivered: 1,
    cancelled: 1,
    waiting: 1,
    containersPerHour: 2,
    deadlocks: 1,
  });
  expect(kpi.drivenKm).toBeCloseTo((20 + 10 + 63) / 1000, 9);
  expect(kpi.emptyKm).toBeCloseTo(20 / 1000, 9);
  expect([kpi.taskS, kpi.waitingS]).toEqual([40, 10]);
  expect(kpi.energyKwh).toBeCloseTo(10, 9);
  expect(meter.kpi(4 + 3601).containersPerHour).toBe(0);
});
