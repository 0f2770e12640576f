/** The grant phase: every leg whose predecessors are done and whose stop line the look-ahead reaches. */
import { grantedSteps, grantWait, lookaheadM, NONE, type Step, setGranted, type Wait } from "../planner/index.ts";
import { emitGround, occupyLeg } from "./ground.ts";
import type { GrantWaitCode } from "./reasons.ts";
import type { Engine, VehicleWorld } from "./world.ts";

export function grantLegs(engine: Engine): void {
  for (const vehicle of engine.vehicles) {
    if (isBlocked(vehicle)) continue;
    const traffic = engine.book.vehicles[vehicle.index]!;
    for (let k = grantedSteps(traffic); k < traffic.steps.length; k++) {
      const step = traffic.steps[k]!;
      if (!isInReach(engine, vehicle, step)) break;
      if (engine.options.reservations) {
        const wait = grantWait(engine.book, step);
        if (wait !== null) {
          noteWait(engine, vehicle, wait);
          step.waits = vehicle.state?.driving === false;
          break;
        }
      } else if (step.from.services.some((service) => !service.done)) break;
      grant(engine, vehicle, step);
    }
  }
}

/** Broken, silent, paused or stopped by the shield: nothing more is granted. */
export function isBlocked(vehicle: VehicleWorld): boolean {
  return (
    vehicle.broken ||
    vehicle.silent ||
    vehicle.paused ||
    vehicle.shielded ||
    vehicle.state?.operatingMode !== "AUTOMATIC"
  );
}

/** The vehicle would have to brake for the stop line if the leg were not granted soon. */
function isInReach(engine: Engine, vehicle: VehicleWorld, step: Step): boolean {
  if (step.from.services.some((service) => !service.done)) return false;
  const leftM = vehicle.grantedEndM - vehicle.positionM;
  return leftM <= lookaheadM(engine.options.type, vehicle.speedMps);
}

function grant(engine: Engine, vehicle: VehicleWorld, step: Step): void {
  const { graph } = engine.options;
  setGranted(engine.book, step);
  step.waits = false;
  engine.labelsStale = true;
  vehicle.waitingFor = null;
  vehicle.waitingSinceMs = engine.nowMs;
  vehicle.legs.push({ step, startM: vehicle.grantedEndM });
  for (const clear of step.clears) {
    if (clear.area === NONE) continue;
    const area = graph.areas[clear.area]!;
    const side = graph.lanes.laneId[area.lanes[clear.side]]!;
    emitGround(engine, vehicle, area.name, "area", side, 0, 0, "granted", engine.areaGrants[clear.area]!++);
  }
  const to = graph.stands[graph.legs[step.leg]!.to]!;
  if (to.kind === "place") {
    emitGround(engine, vehicle, to.id, "place", "", 0, 0, "granted", engine.placeGrants[to.index]!++);
  }
  occupyLeg(engine, vehicle, step.leg);
}

function noteWait(engine: Engine, vehicle: VehicleWorld, wait: Wait): void {
  const other = engine.vehicles[wait.vehicle];
  const code = CODES[wait.kind];
  const resource = resourceName(engine, wait);
  vehicle.waitingFor = { code, vehicle: other === undefined || other === vehicle ? "" : other.id, resource };
}

const CODES: Readonly<Record<Wait["kind"], GrantWaitCode>> = {
  route: "precedence",
  area: "precedence",
  follow: "precedence",
  place: "precedence",
  lane: "precedence",
  room: "room",
  server: "queue-at-station",
  blocked: "blocked",
};

/** What a wait is for, by its id in the site; "" for what has none. */
export function resourceName(engine: Engine, { kind, resource }: Wait): string {
  if (resource === NONE) return "";
  const { graph, site } = engine.options;
  switch (kind) {
    case "area":
    case "follow":
      return graph.areas[resource]!.name;
    case "server":
    case "blocked":
      return site.stations[resource]!.id;
    default:
      return graph.stands[resource]!.id;
  }
}
