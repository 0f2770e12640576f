/** The report's charts. They tell apart by shape and weight as well as by colour, so that they read on paper. */
import type { ReportData, Trail } from "./collect.ts";
import { chart, escapeText, type Frame, hourMinute, number, roundTicks, scale, xAxis, yAxis } from "./svg.ts";

const hourS = 3600;

/** Containers delivered in each hour, with the target's and the mean's line. */
export function throughputChart(data: ReportData, targetPerDay: number | null): string {
  const frame: Frame = { width: 960, height: 300, left: 48, right: 90, top: 30, bottom: 44 };
  const hours = Math.max(1, Math.ceil(data.endS / hourS - 1e-6));
  const counts = new Array<number>(hours).fill(0);
  for (const t of data.deliveredAt) counts[Math.min(hours - 1, Math.floor(t / hourS))]! += 1;
  const target = targetPerDay === null ? null : targetPerDay / 24;
  const mean = data.deliveredAt.length / (data.endS / hourS || 1);
  const top = Math.max(1, ...counts, target ?? 0, mean) * 1.12;
  const base = frame.height - frame.bottom;
  const every = Math.max(1, Math.ceil(hours / 24));
  const hourTicks = Array.from({ length: Math.floor(hours / every) + 1 }, (_, i) => i * every);
  const x = scale(0, hours, frame.left, frame.width - frame.right, hourTicks);
  const y = scale(0, top, base, frame.top, roundTicks(0, top, 5));
  const bars = counts.map((count, hour) => {
    const from = x.at(hour) + Math.min(2, 200 / hours);
    const to = x.at(hour + 1) - Math.min(2, 200 / hours);
    // The last hour may be a part of one: it is drawn lighter.
    const part = (hour + 1) * hourS > data.endS + 1;
    const label =
      hours <= 30
        ? `<text class="value" x="${number((from + to) / 2)}" y="${number(y.at(count) - 4)}" text-anchor="middle">${count}</text>`
        : "";
    return `<rect class="bar${part ? " part" : ""}" x="${number(from)}" y="${number(y.at(count))}" width="${number(to - from)}" height="${number(base - y.at(count))}"/>${label}`;
  });
  const line = (value: number, kind: string, name: string): string =>
    `<line class="${kind}" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${number(y.at(value))}" y2="${number(y.at(value))}"/>` +
    `<text class="name" x="${frame.width - frame.right + 6}" y="${number(y.at(value))}" dy="0.32em">${escapeText(name)}</text>`;
  // Two names at one height would lie over each other.
  const close = target !== null && Math.abs(y.at(target) - y.at(mean)) < 13;
  const lines =
    target === null
      ? line(mean, "mean", `mean ${mean.toFixed(1)}`)
      : line(
          target,
          "target",
          close ? `target ${target.toFixed(1)}, mean ${mean.toFixed(1)}` : `target ${target.toFixed(1)}`,
        ) + (close ? line(mean, "mean", "") : line(mean, "mean", `mean ${mean.toFixed(1)}`));
  const body = yAxis(frame, y, "containers") + bars.join("") + xAxis(frame, x, "hour of the run") + lines;
  return chart(
    frame,
    "Containers delivered by hour",
    `${data.deliveredAt.length} in ${hours} hours, mean ${mean.toFixed(1)} an hour`,
    body,
  );
}

/** The stretch of time with most deliveries, at most two hours long. */
export function busiestWindow(data: ReportData): readonly [number, number] {
  const lengthS = Math.min(data.endS, 2 * hourS);
  let best: readonly [number, number] = [0, lengthS];
  let most = -1;
  for (let from = 0; from + lengthS <= data.endS + 1e-6; from += hourS / 2) {
    const count = data.deliveredAt.filter((t) => t >= from && t < from + lengthS).length;
    if (count > most) {
      most = count;
      best = [from, from + lengthS];
    }
  }
  return best;
}

const dashes = ["", "7 3", "2 2", "10 3 2 3", "5 5"];

/** Each vehicle's way along the corridor over time: thick with a container, thin without; the bridge shaded. */
export function timeSpaceChart(data: ReportData, [from, to]: readonly [number, number]): string {
  const frame: Frame = { width: 960, height: 520, left: 56, right: 56, top: 30, bottom: 44 };
  const all = data.trails.flatMap((trail) => trail.alongM);
  const least = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [low, high] = all.length > 0 ? [least - 20, most + 20] : [0, 1];
  const stepS = [300, 600, 900, 1800, 3600].find((step) => (to - from) / step <= 13) ?? 7200;
  const ticks: number[] = [];
  for (let t = Math.ceil(from / stepS) * stepS; t <= to; t += stepS) ticks.push(t);
  const x = scale(from, to, frame.left, frame.width - frame.right, ticks);
  const y = scale(low, high, frame.height - frame.bottom, frame.top, roundTicks(low, high, 8));
  const bands = data.bridge.map(([a, b]) => {
    const name = `<text class="band-name" x="${frame.width - frame.right + 6}" y="${number(y.at((a + b) / 2))}" dy="0.32em">bridge</text>`;
    return `<rect class="band" x="${frame.left}" y="${number(y.at(b))}" width="${frame.width - frame.left - frame.right}" height="${number(y.at(a) - y.at(b))}"/>${name}`;
  });
  const border =
    data.borderM === null
      ? ""
      : `<line class="border" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${number(y.at(data.borderM))}" y2="${number(y.at(data.borderM))}"/>` +
        `<text class="band-name" x="${frame.width - frame.right + 6}" y="${number(y.at(data.borderM))}" dy="0.32em">border</text>`;
  const paths = data.trails.map((trail, i) => trailPaths(trail, i, from, to, x.at, y.at));
  const body =
    bands.join("") +
    yAxis(frame, y, `${data.axis}, m`) +
    border +
    paths.join("") +
    xAxis(frame, x, "run time", hourMinute);
  return chart(
    frame,
    "Time-space diagram of the corridor",
    `${data.trails.length} vehicles from ${hourMinute(from)} to ${hourMinute(to)}`,
    body,
  );
}

function trailPaths(
  trail: Trail,
  index: number,
  from: number,
  to: number,
  x: (t: number) => number,
  y: (m: number) => number,
): string {
  const pieces: { laden: boolean; points: string[] }[] = [];
  for (let i = 0; i < trail.t.length; i++) {
    const t = trail.t[i]!;
    if (t < from || t > to) continue;
    const point = `${x(t).toFixed(1)} ${y(trail.alongM[i]!).toFixed(1)}`;
    const last = pieces.at(-1);
    last?.points.push(point);
    if (last === undefined || last.laden !== trail.laden[i]) pieces.push({ laden: trail.laden[i]!, points: [point] });
  }
  const dash = dashes[Math.floor(index / 6) % dashes.length]!;
  const style = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  return pieces
    .filter((piece) => piece.points.length > 1)
    .map(
      (piece) =>
        `<path class="trail c${index % 6}${piece.laden ? " laden" : ""}"${style} d="M${piece.points.join("L")}"/>`,
    )
    .join("");
}

/** Names of the vehicles with their lines, beside the time-space diagram. */
export function trailLegend(data: ReportData): string {
  const entries = data.trails.map((trail, i) => {
    const dash = dashes[Math.floor(i / 6) % dashes.length]!;
    const style = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
    return `<span><svg class="key" viewBox="0 0 28 8"><path class="trail laden c${i % 6}"${style} d="M0 4L28 4"/></svg>${escapeText(trail.id)}</span>`;
  });
  return `<p class="legend">${entries.join(" ")} <span>thick: with a container, thin: empty</span></p>`;
}

const placesMax = 12;

/** Time that vehicles with an order stood waiting, by lane. */
export function waitingChart(data: ReportData): string {
  const rows = data.waiting.slice(0, placesMax);
  if (rows.length === 0) return "<p>No vehicle with an order waited.</p>";
  const frame: Frame = { width: 960, height: 56 + rows.length * 24, left: 190, right: 250, top: 12, bottom: 44 };
  const most = (rows[0]!.seconds / 60) * 1.02;
  const x = scale(0, most, frame.left, frame.width - frame.right, roundTicks(0, most, 6));
  const bars = rows.map((row, i) => {
    const top = frame.top + i * 24;
    const end = x.at(row.seconds / 60);
    const vehicles = row.mostly === "" ? "" : `, mostly for ${row.mostly}`;
    return (
      `<text class="tick" x="${frame.left - 6}" y="${top + 12}" dy="0.32em" text-anchor="end">${escapeText(row.place)}</text>` +
      `<rect class="bar" x="${frame.left}" y="${top + 3}" width="${number(end - frame.left)}" height="18"/>` +
      `<text class="name" x="${number(end + 6)}" y="${top + 12}" dy="0.32em">${(row.seconds / 60).toFixed(1)} min${escapeText(vehicles)}</text>`
    );
  });
  const body = xAxis(frame, x, "vehicle minutes") + bars.join("");
  return chart(
    frame,
    "Waiting by place",
    rows.map((row) => `${row.place} ${(row.seconds / 60).toFixed(1)} min`).join(", "),
    body,
  );
}

/** How many orders took how long from accepted to delivered. */
export function orderTimesChart(data: ReportData): string {
  if (data.stages.length === 0) return "<p>No order was delivered.</p>";
  const minutes = data.stages.map(({ waitedS, fetchedS, carriedS }) => (waitedS + fetchedS + carriedS) / 60);
  const frame: Frame = { width: 960, height: 260, left: 48, right: 20, top: 30, bottom: 44 };
  const longest = Math.max(...minutes);
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 240].find((each) => longest / each <= 30) ?? 480;
  const bins = new Array<number>(Math.floor(longest / step) + 1).fill(0);
  for (const value of minutes) bins[Math.floor(value / step)]! += 1;
  const top = Math.max(...bins) * 1.12;
  const base = frame.height - frame.bottom;
  const every = Math.max(1, Math.ceil(bins.length / 12));
  const binTicks = Array.from({ length: Math.floor(bins.length / every) + 1 }, (_, i) => i * every * step);
  const x = scale(0, bins.length * step, frame.left, frame.width - frame.right, binTicks);
  const y = scale(0, top, base, frame.top, roundTicks(0, top, 4));
  const bars = bins.map((count, i) => {
    const [from, to] = [x.at(i * step) + 1, x.at((i + 1) * step) - 1];
    return `<rect class="bar" x="${number(from)}" y="${number(y.at(count))}" width="${number(to - from)}" height="${number(base - y.at(count))}"/>`;
  });
  const body = yAxis(frame, y, "orders") + bars.join("") + xAxis(frame, x, "minutes from accepted to delivered");
  return chart(frame, "Order times", `${minutes.length} orders, the longest ${longest.toFixed(0)} minutes`, body);
}
