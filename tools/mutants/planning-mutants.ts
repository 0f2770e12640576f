/** Faults planted in legs, runs, the fallback and the planning of a task. */
import { type Mutant, mutant } from "./mutant.ts";

export const PLANNING_MUTANTS: readonly Mutant[] = [
  mutant(
    "cleared-at-centre",
    "planner/areas.property.test.ts",
    "planner/compile-legs-paths.ts",
    `const leaveM = Math.min(tailM + type.standstillGapM, clearM);`,
    `const leaveM = Math.min(tailM + type.standstillGapM - type.lengthM / 2, clearM);`,
  ),
  mutant(
    "fallback-into-stuck-area",
    "planner/fallback.test.ts",
    "planner/fallback.ts",
    `      if (!Number.isFinite(other.ms) && other.step.granted) return Number.POSITIVE_INFINITY;
`,
    ``,
  ),
  mutant(
    "fallback-behind-stuck-vehicle",
    "planner/fallback.test.ts",
    "planner/fallback.ts",
    `      if (!Number.isFinite(clear.ms) && arrived) return Number.POSITIVE_INFINITY;
`,
    ``,
  ),
  mutant(
    "replan-though-not-better",
    "planner/plan-task.test.ts",
    "planner/plan-task.ts",
    `found.endMs >= request.endBeforeMs`,
    `found.endMs >= 2 * request.endBeforeMs`,
  ),
  mutant(
    "fallback-for-a-better-plan",
    "planner/plan-task.test.ts",
    "planner/plan-task.ts",
    `  if (atRest || request.endBeforeMs === undefined) {`,
    `  if (found.kind !== "plan" || request.endBeforeMs === undefined) {`,
  ),
  mutant(
    "old-plan-lost",
    "planner/plan-task.test.ts",
    "planner/plan-task.ts",
    `  opened.restore();
  const why`,
    `  const why`,
  ),
  mutant(
    "ready-before-arrival",
    "planner/plan-task.test.ts",
    "planner/plan-task.ts",
    `  if (base.arrive !== null) ready = Math.max(ready, base.arrive.grantMs + base.arrive.arriveAfterMs);
`,
    ``,
  ),
  mutant(
    "ready-before-service",
    "planner/plan-task.test.ts",
    "planner/plan-task.ts",
    `ready = Math.max(ready, base.services[i]!.endMs);`,
    `ready = Math.max(ready, base.services[i]!.endMs - base.services[i]!.durationMs);`,
  ),
  mutant(
    "run-without-reaction",
    "planner/runs.test.ts",
    "planner/runs.ts",
    `  const reactionMs = flight === null ? Math.round(type.reactionS * 1000) : 0;`,
    `  const reactionMs = 0;`,
  ),
  mutant(
    "lookahead-without-braking",
    "planner/runs.test.ts",
    "planner/runs.ts",
    `    (speedMps * speedMps) / (2 * type.serviceDecelerationMps2) +
`,
    ``,
  ),
  mutant(
    "flight-from-standstill",
    "planner/runs.test.ts",
    "planner/runs.ts",
    `flight?.offsetM ?? 0, flight?.speedMps ?? 0);
  const`,
    `flight?.offsetM ?? 0, 0);
  const`,
  ),
  mutant(
    "grants-not-in-order",
    "planner/runs.test.ts",
    "planner/runs.ts",
    `Math.max(least, reactionMs + Math.floor(grantS * 1000))`,
    `reactionMs + Math.floor(grantS * 1000)`,
  ),
];
