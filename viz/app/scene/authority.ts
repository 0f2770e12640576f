/** Ground ahead of the vehicles: the base (granted, solid) and the rest of the plan (dashed, faint). */
import type { Ground } from "../../model/ground.ts";
import type { LaneRoutes, RouteStep } from "../../model/lane-route.ts";
import { routePoints } from "../../model/lane-route.ts";
import type { RecordedPlan } from "../../model/messages.ts";
import type { VehicleNow } from "../../model/pose-track.ts";
import { cutLane, type LaneLine, type SiteView } from "../../model/site-view.ts";
import type { Paint } from "./paint.ts";
import { authorityColors } from "./palette.ts";
import { BAY_LENGTH_M, BAY_WIDTH_M } from "./static-ground.ts";

export function paintAuthority(
  paint: Paint,
  site: SiteView,
  routes: LaneRoutes,
  ground: Ground,
  vehicles: readonly VehicleNow[],
  pxPerM: number,
  selected: string | null,
): void {
  const baseM = Math.max(2.6, 3.4 / pxPerM);
  const lineM = Math.max(0.7, 1.3 / pxPerM);
  const dashM = Math.max(5, 6 / pxPerM);
  for (const { sample, ...pose } of vehicles) {
    const chosen = sample.id === selected;
    const plan = ground.planOf(sample.id);
    if (plan !== undefined && (sample.order !== "" || chosen || sample.v > 0)) {
      const points = routePoints(site, aheadOf(planSteps(routes, plan), plan, sample.tMs, sample.lane, sample.s));
      const horizon = chosen ? authorityColors.horizonSelected : authorityColors.horizon;
      paint.dashes(points, lineM, dashM, dashM * 0.9, 0, horizon, chosen ? 0.95 : selected === null ? 0.5 : 0.2);
    }
    for (const grant of ground.grantsOf(sample.id)) {
      const color = chosen ? authorityColors.baseSelected : authorityColors.base;
      const opacity = chosen ? 0.9 : 0.7;
      if (grant.kind === "lane") {
        const lane = site.lanes.get(grant.resource);
        if (lane === undefined || isBehind(site, lane, sample.lane, grant.toM - grant.fromM)) continue;
        const from = sample.lane === grant.resource ? Math.max(grant.fromM, sample.s) : grant.fromM;
        paint.ribbon(cutLane(lane, from, grant.toM), baseM, 0, color, opacity);
      } else if (grant.kind === "place") {
        const bay = site.bays.get(grant.resource);
        if (bay === undefined || Math.hypot(bay.x - pose.x, bay.y - pose.y) < 2) continue;
        paint.quad(bay.x, bay.y, bay.theta, BAY_LENGTH_M, BAY_WIDTH_M, 0, color, opacity * 0.5);
      }
    }
  }
}

const BODY_M = 20;

/** Ground on the lane before the vehicle's that only its body still covers: drawn, it would look like a base behind it. */
function isBehind(site: SiteView, lane: LaneLine, vehicleLane: string, lengthM: number): boolean {
  const own = site.lanes.get(vehicleLane);
  if (own === undefined || own === lane || lengthM > BODY_M) return false;
  const last = lane.xy.length - 2;
  return Math.hypot(lane.xy[last]! - own.xy[0]!, lane.xy[last + 1]! - own.xy[1]!) < 0.25;
}

/** A step of the way, and the leg of the plan to which it belongs. */
type PlanStep = RouteStep & { readonly leg: number };

function planSteps(routes: LaneRoutes, plan: RecordedPlan): PlanStep[] {
  const steps: PlanStep[] = [];
  for (let leg = 1; leg < plan.nodes.length; leg++) {
    for (const step of routes.between(plan.nodes[leg - 1]!, plan.nodes[leg]!)) steps.push({ ...step, leg });
  }
  return steps;
}

/**
 * The steps from the vehicle's position on; all of them while it is not on the way (it has yet to reach the plan's start).
 * A plan may pass a place twice: then the passage counts that is nearest to where the vehicle should be by now.
 */
function aheadOf(
  steps: readonly PlanStep[],
  plan: RecordedPlan,
  nowMs: number,
  lane: string,
  s: number,
): readonly RouteStep[] {
  const due = plan.times.findIndex((time) => time > nowMs);
  const dueLeg = due < 0 ? plan.nodes.length : due;
  let at = -1;
  steps.forEach((step, i) => {
    if (step.lane !== lane || s < step.fromM - 1 || s > step.toM + 1) return;
    if (at < 0 || Math.abs(step.leg - dueLeg) < Math.abs(steps[at]!.leg - dueLeg)) at = i;
  });
  return at < 0 ? steps : [{ ...steps[at]!, fromM: s }, ...steps.slice(at + 1)];
}
