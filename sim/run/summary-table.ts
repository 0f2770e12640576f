import type { RunSummary } from "../../fleet-gateway/index.ts";

/** The end table of a run: a figure a line, with what it is held against. */
export function summaryTable(summary: RunSummary): string {
  const { orders } = summary;
  const rows: [string, string][] = [
    ["scenario, seed", `${summary.scenario}, ${summary.seed}`],
    ["simulated", `${(summary.simulatedS / 3600).toFixed(2)} h in ${summary.wallS.toFixed(1)} s (${speed(summary)} x)`],
    ["vehicles", String(summary.vehicles)],
    [
      "orders",
      `${orders.accepted} accepted, ${orders.delivered} delivered, ${orders.waiting} open, ${orders.cancelled} cancelled`,
    ],
    ["containers a day", `${summary.containersPerDay.toFixed(0)}${against(summary)}`],
    ["release to delivery", `p50 ${clock(summary.leadTimeS.p50)}, p95 ${clock(summary.leadTimeS.p95)}`],
    ["round trip", `p50 ${clock(summary.cycleTimeS.p50)}, p95 ${clock(summary.cycleTimeS.p95)}`],
    ["driven empty, waiting", `${percent(summary.emptyKmRatio)}, ${percent(summary.waitingRatio)}`],
    [
      "safety",
      `${summary.collisions} collisions, ${summary.shieldStops} shield stops, ${summary.deadlocks} deadlocks, ` +
        `least separation ${summary.minSeparationM === null ? "over 10" : summary.minSeparationM.toFixed(2)} m`,
    ],
    ["energy", `${summary.energyKwh.toFixed(0)} kWh`],
    ["engine step", `p50 ${ms(summary.tickMs.p50)}, p99 ${ms(summary.tickMs.p99)}, max ${ms(summary.tickMs.max)}`],
    ["plans", `${summary.plans}, p50 ${ms(summary.planMs.p50)}, p99 ${ms(summary.planMs.p99)}`],
    ["digest", summary.digest],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")}\n`;
}

function speed({ simulatedS, wallS }: RunSummary): string {
  return wallS > 0 ? (simulatedS / wallS).toFixed(0) : "-";
}

function against({ targetPerDay, upperBoundPerDay, containersPerDay }: RunSummary): string {
  const parts: string[] = [];
  if (targetPerDay !== null) parts.push(`target ${targetPerDay}`);
  if (upperBoundPerDay !== null) {
    const part = percent(containersPerDay / upperBoundPerDay);
    parts.push(`upper bound ${upperBoundPerDay.toFixed(0)}, of which ${part}`);
  }
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

function clock(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`;
}
