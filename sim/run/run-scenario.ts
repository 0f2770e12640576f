import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../config/index.ts";
import { createRunRecorder, type RunSummary } from "../../fleet-gateway/index.ts";
import { boundOfScenario } from "../upper-bound/upper-bound.ts";
import type { RunProgress } from "./progress.ts";
import { runFacts } from "./run-facts.ts";
import { Simulation, type SimulationOptions } from "./simulation.ts";
import { summarise } from "./summary.ts";

export interface RunOptions {
  /** Run time in hours; default the scenario's. */
  readonly hours?: number;
  /** Default the scenario's. */
  readonly seed?: number;
  /** Folder for `run.mcap` and `summary.json`, made if need be; null: nothing is written. */
  readonly outDir?: string | null;
  /** False: no `run.mcap`, only `summary.json`. */
  readonly record?: boolean;
  readonly recordHz?: number;
  readonly engine?: SimulationOptions["engine"];
  /** Told about ten times a second of wall time. */
  readonly onProgress?: (progress: RunProgress) => void;
}

/** Ticks between two looks at the wall clock. */
const CLOCK_EVERY_TICKS = 200;
const PROGRESS_EVERY_S = 0.1;

/**
 * Runs a scenario in virtual time, as fast as the machine can, and writes its recording and summary.
 * @throws FileError for a scenario that cannot be run; the file system's error where the folder cannot be written
 */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<RunSummary> {
  const seed = options.seed ?? scenario.seed;
  const durationS = options.hours === undefined ? scenario.durationS : options.hours * 3600;
  const outDir = options.outDir ?? null;
  if (outDir !== null) mkdirSync(outDir, { recursive: true });
  const recorder =
    outDir === null || options.record === false
      ? null
      : createRunRecorder(join(outDir, "run.mcap"), { metadata: runFacts(scenario, seed) });
  const startMs = performance.now();
  const wallS = (): number => (performance.now() - startMs) / 1000;
  try {
    const simulation = new Simulation(scenario, {
      seed,
      recorder,
      ...(options.recordHz === undefined ? {} : { recordHz: options.recordHz }),
      ...(options.engine === undefined ? {} : { engine: options.engine }),
    });
    let shownS = 0;
    for (let tick = 1; simulation.nowMs < durationS * 1000; tick++) {
      simulation.advance();
      if (tick % CLOCK_EVERY_TICKS !== 0 || wallS() - shownS < PROGRESS_EVERY_S) continue;
      shownS = wallS();
      const simulatedS = simulation.nowMs / 1000;
      options.onProgress?.({ simulatedS, durationS, delivered: simulation.meter.orders.delivered, wallS: shownS });
      // Signals and the terminal get their turn.
      await new Promise(setImmediate);
    }
    simulation.finish();
    const upperBoundPerDay = boundOfScenario(scenario, durationS).perDay;
    const summary = summarise(scenario, simulation, { seed, wallS: wallS(), upperBoundPerDay });
    if (outDir !== null) writeFileSync(join(outDir, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
    return summary;
  } finally {
    await recorder?.close();
  }
}
