export type { KpiAssumptions } from "./assumptions.ts";
export { type Activity, type Kpi, type KpiOptions, KpiRecorder, type Percentiles } from "./kpi-recorder.ts";
