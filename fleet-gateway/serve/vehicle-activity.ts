import { type Engine, vehicleSnapshot, waitWords } from "../../engine/index.ts";
import type { VehicleActivity } from "../recording/messages.ts";

/** What the control system says of a vehicle, in the recording's words. */
export interface VehicleView {
  readonly activity: VehicleActivity;
  /** Stand that it is at or was last at. */
  readonly node: string;
  /** Transport order in hand, or "". */
  readonly order: string;
  readonly waitingFor: readonly string[];
}

/** How the engine sees a vehicle of its fleet now; null if it is not in the fleet. */
export function vehicleView(engine: Engine, id: string): VehicleView | null {
  const vehicle = engine.vehicleById.get(id);
  if (vehicle === undefined) return null;
  const known = vehicleSnapshot(engine, vehicle);
  return {
    activity: activityOf(known.state, vehicle.paused),
    node: known.node,
    order: known.order,
    waitingFor: waitWords(known.wait, id),
  };
}

function activityOf(word: ReturnType<typeof vehicleSnapshot>["state"], paused: boolean): VehicleActivity {
  if (word === "resting") return "idle";
  if (word === "serving") return "servicing";
  if (word === "blocked") return paused ? "paused" : "fault";
  return word;
}
