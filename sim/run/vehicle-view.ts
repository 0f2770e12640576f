import { type Engine, vehicleSnapshot, waitWords } from "../../engine/index.ts";
import type { VehicleActivity, VehicleSample } from "../../fleet-gateway/index.ts";
import type { MotionSample, SimVehicle } from "../vehicle/index.ts";

/** What the control system last said of a vehicle; refreshed a few times a second. */
export interface VehicleView {
  state: VehicleActivity;
  node: string;
  order: string;
  waitingFor: readonly string[];
}

export function emptyView(): VehicleView {
  return { state: "idle", node: "", order: "", waitingFor: [] };
}

/** Takes what the engine knows of its vehicle `index` into `view`. */
export function refreshView(engine: Engine, index: number, view: VehicleView): void {
  const vehicle = engine.vehicles[index];
  if (vehicle === undefined) return;
  const known = vehicleSnapshot(engine, vehicle);
  view.state = activityOf(known.state, vehicle.paused);
  view.node = known.node;
  view.order = known.order;
  view.waitingFor = waitWords(known.wait, vehicle.id);
}

function activityOf(word: ReturnType<typeof vehicleSnapshot>["state"], paused: boolean): VehicleActivity {
  switch (word) {
    case "resting":
      return "idle";
    case "serving":
      return "servicing";
    case "blocked":
      return paused ? "paused" : "fault";
    case "driving":
    case "waiting":
    case "charging":
      return word;
  }
}

/** The recording's sample of a vehicle now. */
export function sampleNow(vehicle: SimVehicle, view: VehicleView): VehicleSample {
  const pose = vehicle.pose();
  return sample(vehicle, view, pose.x, pose.y, pose.theta, vehicle.v, vehicle.a, vehicle.laneId, vehicle.s);
}

/**
 * The recording's sample at a change of acceleration, moved to the next whole millisecond, in which recordings count:
 * at most 1 ms of motion, of which the change of speed is far below what anybody measures.
 * @param tMs whole milliseconds, at or after `motion.tMs`
 */
export function sampleAt(vehicle: SimVehicle, view: VehicleView, motion: MotionSample, tMs: number): VehicleSample {
  const { x, y, theta } = motion.pose;
  const movedM = (motion.v * (tMs - motion.tMs)) / 1000;
  const v = Math.max(0, motion.v + (motion.a * (tMs - motion.tMs)) / 1000);
  const ahead = { x: x + movedM * Math.cos(theta), y: y + movedM * Math.sin(theta) };
  return sample(vehicle, view, ahead.x, ahead.y, theta, v, motion.a, motion.lane, motion.s + movedM);
}

function sample(
  vehicle: SimVehicle,
  view: VehicleView,
  x: number,
  y: number,
  theta: number,
  v: number,
  a: number,
  lane: string,
  s: number,
): VehicleSample {
  const moves = v > 0 || a > 0;
  const busy = view.state === "fault" || view.state === "paused";
  // The view is some ticks old: whether the vehicle moves is known better.
  const stopped: VehicleActivity = view.state !== "driving" ? view.state : view.order === "" ? "idle" : "waiting";
  return {
    id: vehicle.id,
    type: vehicle.type.type,
    x,
    y,
    theta,
    v,
    a,
    lane,
    s,
    laden: vehicle.load.laden,
    containers: vehicle.load.containers,
    soc: vehicle.battery.soc,
    state: busy ? view.state : moves ? "driving" : stopped,
    node: view.node,
    order: view.order,
    waitingFor: moves ? [] : view.waitingFor,
  };
}
