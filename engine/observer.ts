import { DeadlockDetector } from "./deadlock/index.ts";
import { KpiRecorder } from "./kpi/index.ts";
import { Shielding } from "./shielding.ts";
import type { EngineOptions } from "./world.ts";

/** What watches a run from inside: the shield, the figures, the watch for deadlocks, and what they remember. */
export class Observer {
  readonly shielding: Shielding;
  readonly kpi: KpiRecorder;
  readonly deadlocks: DeadlockDetector;
  /** [vehicle] path coordinate at the last sample of the figures; where it stood when it last moved. */
  readonly sampledM: Float64Array;
  readonly stoodM: Float64Array;
  sampledMs = 0;
  /** Run time at which each station was last seen serving. */
  readonly servedMs = new Map<string, number>();

  constructor(options: Pick<EngineOptions, "vehiclesMax" | "tickMs">) {
    this.shielding = new Shielding(options);
    this.kpi = new KpiRecorder({ vehiclesMax: options.vehiclesMax });
    this.deadlocks = new DeadlockDetector({ vehiclesMax: options.vehiclesMax });
    this.sampledM = new Float64Array(options.vehiclesMax);
    this.stoodM = new Float64Array(options.vehiclesMax);
  }
}
