export type { KpiAssumptions } from "./assumptions.ts";
export {
  type Activity,
  co2AndCost,
  type Effort,
  type Kpi,
  type KpiOptions,
  KpiRecorder,
  type Percentiles,
  type Task,
} from "./kpi-recorder.ts";
