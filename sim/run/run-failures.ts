import type { RunSummary } from "../../fleet-gateway/index.ts";

/** Scatter of sampled service times and of the mix, by which a long run may pass its bound. */
const BOUND_TOLERANCE = 0.02;
/** A shorter run starts with full batteries and an empty site, which the bound's day does not. */
const BOUND_FROM_S = 86_400;

/** What must never be in a run's summary, each as a sentence; the command then ends with exit code 1. */
export function runFailures(summary: RunSummary): string[] {
  const failures: string[] = [];
  if (summary.collisions > 0) failures.push(`${summary.collisions} collisions: footprints of two vehicles overlapped.`);
  if (summary.deadlocks > 0) failures.push(`${summary.deadlocks} deadlocks: vehicles waited for each other.`);
  const { upperBoundPerDay, containersPerDay, simulatedS } = summary;
  if (
    upperBoundPerDay !== null &&
    simulatedS >= BOUND_FROM_S &&
    containersPerDay > upperBoundPerDay * (1 + BOUND_TOLERANCE)
  ) {
    const rate = containersPerDay.toFixed(0);
    failures.push(`${rate} containers a day are more than the upper bound of ${upperBoundPerDay.toFixed(0)} allows.`);
  }
  return failures;
}
