import { loadScenario } from "../../config/index.ts";
import { checksum } from "../checksum.ts";
import type { Size, Suite } from "../suite.ts";
import { type MeasuredRun, measureRun } from "./measure-run.ts";
import { type Measure, missedTargets, rowsOf } from "./measures.ts";

export interface RunPlan {
  readonly seeds: readonly number[];
  readonly hours: number;
}

export const seedsTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1);

/** A suite that runs one scenario, seed by seed, judges each recording and holds the figures against targets. */
export function runSuiteOf(
  definition: Pick<Suite, "name" | "what"> & {
    readonly scenario: string;
    readonly plan: Readonly<Record<Size, RunPlan>>;
    /** The figures, with their targets, for the bound of the runs. */
    readonly measures: (bound: MeasuredRun["bound"]) => readonly Measure[];
  },
): Suite {
  const { name, what, plan } = definition;
  return {
    name,
    what,
    run: async (size, context) => {
      const { hours } = plan[size];
      const seeds = plan[size].seeds.slice(0, context.seedsMax);
      const scenario = loadScenario(definition.scenario);
      const runs: MeasuredRun[] = [];
      for (const seed of seeds) {
        const run = await measureRun(scenario, seed, hours);
        const { delivered, accepted } = run.summary.orders;
        const speed = run.speed.toFixed(0);
        context.say(
          `seed ${seed}: ${delivered} of ${accepted} delivered, ${speed} simulated s a CPU s, digest ${run.summary.digest}`,
        );
        runs.push(run);
      }
      const measures = definition.measures(runs[0]!.bound);
      return {
        rows: rowsOf(measures, runs),
        checksum: checksum(runs.map((run) => [run.seed, run.summary.digest])),
        digests: Object.fromEntries(runs.map((run) => [`seed ${run.seed}`, run.summary.digest])),
        failures: runs.flatMap((run) => missedTargets(measures, run)),
      };
    },
  };
}
