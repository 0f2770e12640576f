/**
 * Keeps labels near the truth: for a driving vehicle, when it will be where, from its position and speed. Labels are
 * predictions; orders, and so safety and freedom from deadlock, do not depend on them.
 */
import {
  grantedSteps,
  LOOKAHEAD_MARGIN_M,
  lookaheadTime,
  MESSAGE_DELAY_S,
  profileOver,
  timeAt,
} from "../planner/index.ts";
import type { Engine, VehicleWorld } from "./world.ts";

export function estimate(engine: Engine, vehicle: VehicleWorld): void {
  const { graph, type } = engine.options;
  const traffic = engine.book.vehicles[vehicle.index]!;
  const granted = grantedSteps(traffic);
  if (vehicle.legs.length === 0 || vehicle.grantedEndM - vehicle.positionM < 0.05) return;
  const base = traffic.visits[granted]!;
  const first = vehicle.legs[0]!;
  const legs = vehicle.legs.map((leg) => graph.legs[leg.step.leg]!);
  const stops = base.services.some((service) => !service.done);
  // Ahead of the granted part the vehicle goes on without a stop unless a job waits at its end.
  if (!stops) {
    for (let k = granted; k < traffic.steps.length && k < granted + 3; k++) {
      legs.push(graph.legs[traffic.steps[k]!.leg]!);
      if (traffic.steps[k]!.to.services.length > 0) break;
    }
  }
  const last = vehicle.legs[vehicle.legs.length - 1]!.step;
  const originM = vehicle.positionM - first.startM;
  const profile = profileOver(legs, type, last.laden, Math.max(0, originM), vehicle.speedMps);
  const startupS = vehicle.speedMps < 0.01 ? type.reactionS : 0;
  const now = engine.nowMs;
  const msTo = (coordinateM: number): number =>
    Math.ceil((startupS + timeAt(profile, coordinateM - vehicle.positionM)) * 1000);
  for (const { step, startM } of vehicle.legs) {
    for (let i = step.cleared; i < step.clears.length; i++) {
      const clear = step.clears[i]!;
      clear.afterMs = Math.max(1, now + msTo(startM + clear.positionM) - step.grantMs);
    }
    step.arriveAfterMs = Math.max(1, now + msTo(startM + graph.legs[step.leg]!.lengthM) - step.grantMs);
  }
  const next = traffic.steps[granted];
  if (next !== undefined && !stops) {
    const aheadS = lookaheadTime(
      profile,
      vehicle.grantedEndM - vehicle.positionM,
      type.serviceDecelerationMps2,
      type.reactionS + MESSAGE_DELAY_S,
      LOOKAHEAD_MARGIN_M,
    );
    next.readyMs = now + Math.floor((startupS + aheadS) * 1000);
    // The label of the grant before is in the past: what counts is where the vehicle is.
    next.afterMs = 1;
  }
  engine.labelsStale = true;
}
