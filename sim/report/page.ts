/** The report's page: one file that needs nothing else, for the screen and for paper. */
import type { RunSummary } from "../../fleet-gateway/index.ts";
import {
  busiestWindow,
  orderTimesChart,
  throughputChart,
  timeSpaceChart,
  trailLegend,
  waitingChart,
} from "./charts.ts";
import type { OrderStages, ReportData } from "./collect.ts";
import { escapeText, hourMinute } from "./svg.ts";

const style = `
:root { color-scheme: light; --ink: #1d2733; --soft: #5b6775; --rule: #d5dbe2; --bar: #2f6f8f; --accent: #b4451f; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1020px; padding: 28px 30px 48px; background: #fff; color: var(--ink);
  font: 15px/1.45 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 25px; margin: 0 0 2px; } h2 { font-size: 17px; margin: 34px 0 6px; } p { margin: 4px 0; }
.sub { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; background: var(--rule); border: 1px solid var(--rule); margin: 18px 0 0; }
.figures div { background: #fff; padding: 10px 12px; } .figures b { display: block; font-size: 21px; font-weight: 600; }
.figures span { color: var(--soft); font-size: 13px; } .figures .bad b { color: var(--accent); }
table { border-collapse: collapse; width: 100%; } td, th { padding: 4px 10px 4px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: 13px; } td.n, th.n { text-align: right; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 36px; align-items: start; } .two td.n { white-space: nowrap; }
svg { display: block; width: 100%; height: auto; } svg text { font: 12px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: var(--ink); }
svg .tick, svg .unit, svg .band-name { fill: var(--soft); } svg .value { font-size: 11px; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
.grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
.bar { fill: var(--bar); } .bar.part { fill-opacity: 0.45; }
.target { stroke: var(--accent); stroke-width: 2; stroke-dasharray: 8 4; } .mean { stroke: var(--ink); stroke-width: 1.5; }
.band { fill: #e9edf1; } .border { stroke: var(--accent); stroke-width: 1; stroke-dasharray: 3 3; }
.trail { fill: none; stroke-width: 1.1; stroke-linejoin: round; } .trail.laden { stroke-width: 2.6; }
.c0 { stroke: #1b5e86; } .c1 { stroke: #c0511a; } .c2 { stroke: #3d7d35; } .c3 { stroke: #7b3f8c; } .c4 { stroke: #9a7400; } .c5 { stroke: #46505a; }
.legend { color: var(--soft); font-size: 13px; } .legend span { margin-right: 12px; white-space: nowrap; }
svg.key { display: inline-block; width: 28px; height: 8px; margin-right: 5px; vertical-align: middle; }
@media print { body { padding: 0; max-width: none; font-size: 11pt; } section { break-inside: avoid; } h2 { margin-top: 18px; } }
@page { margin: 14mm; }
`;

/** The whole page as HTML. */
export function reportPage(summary: RunSummary, data: ReportData): string {
  const title = `${summary.scenario}, seed ${summary.seed}`;
  const window = busiestWindow(data);
  const whole = window[1] - window[0] >= data.endS - 1;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)} – Kalong run report</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
<p class="sub">${hourMinute(summary.simulatedS)} h of run time with ${summary.vehicles} vehicles, computed in ${summary.wallS.toFixed(1)} s. Digest ${escapeText(summary.digest || "none")}.</p>
${figures(summary)}
<section><h2>Containers delivered by hour</h2>${throughputChart(data, summary.targetPerDay)}</section>
<section><h2>Time–space diagram of the corridor${whole ? "" : `, ${hourMinute(window[0])} to ${hourMinute(window[1])}, the busiest two hours`}</h2>${trailLegend(data)}${timeSpaceChart(data, window)}</section>
<section><h2>Waiting by place</h2><p class="sub">Time that vehicles with an order stood waiting, by lane${data.waiting.length > 12 ? `; the first 12 of ${data.waiting.length} places` : ""}. All together ${(data.waiting.reduce((sum, { seconds }) => sum + seconds, 0) / 3600).toFixed(1)} vehicle hours.</p>${waitingChart(data)}</section>
<section><h2>Order times</h2>${orderTimesChart(data)}${stagesTable(data.stages)}</section>
<section><h2>All figures</h2>${summaryTable(summary)}</section>
${eventsSection(data)}
</body>
</html>
`;
}

function figures(summary: RunSummary): string {
  const { orders } = summary;
  const cell = (value: string, name: string, bad = false): string =>
    `<div${bad ? ' class="bad"' : ""}><b>${escapeText(value)}</b><span>${escapeText(name)}</span></div>`;
  const target = summary.targetPerDay;
  const bound = summary.upperBoundPerDay;
  return `<div class="figures">${[
    cell(`${orders.delivered} of ${orders.accepted}`, "orders delivered"),
    cell(
      summary.containersPerDay.toFixed(0),
      `containers a day${target === null ? "" : `, target ${target.toFixed(0)}`}`,
      target !== null && summary.containersPerDay < target * 0.95,
    ),
    cell(
      bound === null ? "–" : `${((100 * summary.containersPerDay) / bound).toFixed(0)} %`,
      bound === null ? "of the upper bound" : `of the upper bound, ${bound.toFixed(0)} a day`,
    ),
    cell(
      `${(summary.leadTimeS.p95 / 60).toFixed(0)} min`,
      `lead time p95, median ${(summary.leadTimeS.p50 / 60).toFixed(0)} min`,
    ),
    cell(String(summary.collisions), "collisions", summary.collisions > 0),
    cell(String(summary.deadlocks), "deadlocks", summary.deadlocks > 0),
    cell(String(summary.shieldStops), "shield stops", summary.shieldStops > 0),
    cell(summary.minSeparationM === null ? "–" : `${summary.minSeparationM.toFixed(2)} m`, "least separation"),
  ].join("")}</div>`;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function stagesTable(stages: readonly OrderStages[]): string {
  if (stages.length === 0) return "";
  const row = (name: string, values: readonly number[]): string => {
    const sorted = [...values].sort((a, b) => a - b);
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const cells = [mean, percentile(sorted, 0.5), percentile(sorted, 0.95), sorted.at(-1)!];
    return `<tr><td>${name}</td>${cells.map((value) => `<td class="n">${(value / 60).toFixed(1)}</td>`).join("")}</tr>`;
  };
  return `<table><tr><th>Minutes</th><th class="n">mean</th><th class="n">median</th><th class="n">p95</th><th class="n">longest</th></tr>${[
    row(
      "accepted to assigned",
      stages.map(({ waitedS }) => waitedS),
    ),
    row(
      "assigned to picked up",
      stages.map(({ fetchedS }) => fetchedS),
    ),
    row(
      "picked up to delivered",
      stages.map(({ carriedS }) => carriedS),
    ),
    row(
      "accepted to delivered",
      stages.map(({ waitedS, fetchedS, carriedS }) => waitedS + fetchedS + carriedS),
    ),
  ].join("")}</table>`;
}

function summaryTable(summary: RunSummary): string {
  const number = (value: number | null, digits: number, unit = ""): string =>
    value === null ? "–" : `${value.toFixed(digits)}${unit}`;
  const rows: readonly (readonly [string, string])[] = [
    ["Orders accepted", String(summary.orders.accepted)],
    ["Orders delivered", String(summary.orders.delivered)],
    ["Orders waiting at the end", String(summary.orders.waiting)],
    ["Orders cancelled", String(summary.orders.cancelled)],
    ["Containers a day", number(summary.containersPerDay, 1)],
    ["Target a day", number(summary.targetPerDay, 0)],
    ["Upper bound a day", number(summary.upperBoundPerDay, 0)],
    [
      "Lead time median / p95",
      `${number(summary.leadTimeS.p50 / 60, 1)} / ${number(summary.leadTimeS.p95 / 60, 1)} min`,
    ],
    [
      "Cycle time median / p95",
      `${number(summary.cycleTimeS.p50 / 60, 1)} / ${number(summary.cycleTimeS.p95 / 60, 1)} min`,
    ],
    ["Driven empty", number(summary.emptyKmRatio * 100, 1, " % of km")],
    ["Waiting", number(summary.waitingRatio * 100, 1, " % of task time")],
    ["Energy", number(summary.energyKwh, 0, " kWh")],
    ["CO₂ saved against diesel", number(summary.co2SavedKg, 0, " kg")],
    ["Cost a container", number(summary.costPerContainer, 2)],
    ["Collisions / deadlocks / shield stops", `${summary.collisions} / ${summary.deadlocks} / ${summary.shieldStops}`],
    ["Least separation", number(summary.minSeparationM, 2, " m")],
    [
      "Decision a tick p50 / p99 / max",
      `${number(summary.tickMs.p50, 2)} / ${number(summary.tickMs.p99, 2)} / ${number(summary.tickMs.max, 1)} ms`,
    ],
    [
      "Planning p50 / p99 / max",
      `${number(summary.planMs.p50, 2)} / ${number(summary.planMs.p99, 2)} / ${number(summary.planMs.max, 1)} ms`,
    ],
    ["Plans made", String(summary.plans)],
    ["Run time / computing time", `${hourMinute(summary.simulatedS)} h / ${number(summary.wallS, 1)} s`],
  ];
  const half = Math.ceil(rows.length / 2);
  const table = (part: readonly (readonly [string, string])[]): string =>
    `<table>${part.map(([name, value]) => `<tr><td>${escapeText(name)}</td><td class="n">${escapeText(value)}</td></tr>`).join("")}</table>`;
  return `<div class="two">${table(rows.slice(0, half))}${table(rows.slice(half))}</div>`;
}

function eventsSection(data: ReportData): string {
  if (data.events.length === 0) return "";
  const rows = data.events.map(
    ({ code, count, firstT, firstText }) =>
      `<tr><td>${escapeText(code)}</td><td class="n">${count}</td><td>${hourMinute(firstT)}</td><td>${escapeText(firstText)}</td></tr>`,
  );
  return `<section><h2>What happened</h2><table><tr><th>event</th><th class="n">times</th><th>first at</th><th></th></tr>${rows.join("")}</table></section>`;
}
