/**
 * The closed catalogue of the codes that `event` outputs carry. Where two are named together, the first opens a state out
 * of the ordinary and the second closes it; they are told once for each vehicle, lane or station, when the change is taken.
 */
import type { Engine } from "./world.ts";

/** [code] what happened; in brackets the fields of `data`. */
export const EVENTS = {
  refused: "an input was refused and changed nothing (input, reason, subject)",
  "vehicle-broken": "a vehicle was declared broken, reports a fatal error or stands in an emergency stop (cause)",
  "vehicle-repaired": "none of that holds any more",
  "vehicle-silent": "no state of a vehicle has come for longer than the limit, or its link is down",
  "vehicle-heard": "its states come again",
  "vehicle-manual": "a vehicle left automatic mode (mode)",
  "vehicle-automatic": "it is in automatic mode again",
  "vehicle-paused": "a person paused a vehicle",
  "vehicle-resumed": "a person let it go on",
  "lane-closed": "a person closed a lane (lane)",
  "lane-opened": "the lane was opened again (lane)",
  "station-out": "a station went out of service (station)",
  "station-in": "it is in service again (station)",
  "shield-stop": "the safety shield stopped a vehicle (reason, other, distanceM)",
  "shield-release": "the safety shield let it go on",
  deadlock: "vehicles wait for each other, or a wait has no explanation (reason, vehicles)",
  "charge-planned": "a vehicle is sent to a charger (reason, charger, soc)",
  "action-failed": "a vehicle reported a failed action; it is ordered again (actionId)",
  retargeted: "a person changed the destination of a transport order (order, to)",
  prioritised: "a person changed the priority of a transport order (order, priority)",
} as const;
export type EventCode = keyof typeof EVENTS;

/** Adds an event to what this tick puts out. */
export function emitEvent(
  engine: Engine,
  code: EventCode,
  vehicle: string | null,
  data: Readonly<Record<string, string | number>> = {},
): void {
  engine.outputs.push({ kind: "event", message: { code, vehicle, data } });
}
