import type { Scenario } from "../../config/index.ts";
import { co2AndCost } from "../../engine/index.ts";
import type { RunSummary } from "../../fleet-gateway/index.ts";
import { type Durations, percentile } from "./percentile.ts";
import type { Simulation } from "./simulation.ts";

/** What is known of a run beside the simulation itself. */
export interface SummaryFacts {
  readonly seed: number;
  readonly wallS: number;
  readonly upperBoundPerDay: number | null;
}

/** The figures of a run, as `summary.json` holds them. */
export function summarise(scenario: Scenario, simulation: Simulation, facts: SummaryFacts): RunSummary {
  const { meter, separation } = simulation;
  const simulatedS = simulation.nowMs / 1000;
  const kpi = meter.kpi(simulatedS);
  const days = simulatedS / 86_400;
  const vehicles = simulation.vehicles.length;
  return {
    scenario: scenario.id,
    seed: facts.seed,
    simulatedS,
    wallS: Math.round(facts.wallS * 1000) / 1000,
    vehicles,
    orders: {
      accepted: kpi.accepted,
      delivered: kpi.delivered,
      waiting: kpi.waiting,
      cancelled: kpi.cancelled,
    },
    containersPerDay: simulatedS > 0 ? (kpi.delivered / simulatedS) * 86_400 : 0,
    targetPerDay: scenario.targets.containersPerDay ?? null,
    leadTimeS: halves(meter.orders.leadS),
    cycleTimeS: halves(meter.cycleS),
    emptyKmRatio: kpi.emptyKmRatio,
    waitingRatio: kpi.waitingRatio,
    collisions: separation.collisions,
    minSeparationM: separation.minSeparationM,
    shieldStops: kpi.shieldStops,
    deadlocks: kpi.deadlocks,
    energyKwh: kpi.energyKwh,
    ...co2AndCost({ delivered: kpi.delivered, energyKwh: kpi.energyKwh, vehicleDays: days * vehicles, days }),
    tickMs: tails(simulation.stepMs),
    planMs: tails(simulation.planMs),
    plans: meter.plans,
    upperBoundPerDay: facts.upperBoundPerDay,
    digest: simulation.digest,
  };
}

function halves(durations: Durations): { p50: number; p95: number } {
  const sorted = durations.sorted();
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

function tails(durations: Durations): { p50: number; p99: number; max: number } {
  const sorted = durations.sorted();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) };
}
