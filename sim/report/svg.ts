/** Axes and scales of the report's charts, as SVG text. */

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Pixel position of a value. */
  at(value: number): number;
}

const steps = [1, 2, 2.5, 5, 10];

/** Round values about `wanted` in number within [from, to]. */
export function roundTicks(from: number, to: number, wanted: number): number[] {
  const raw = (to - from) / Math.max(1, wanted);
  if (!(raw > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (steps.find((each) => each * power >= raw - 1e-12) ?? 10);
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++) ticks.push(k === 0 ? 0 : k * step);
  return ticks;
}

/** Values [from, to] over pixels [first, last]. */
export function scale(from: number, to: number, first: number, last: number, ticks: readonly number[]): Scale {
  const span = to - from || 1;
  return { from, to, ticks, at: (value) => first + ((value - from) / span) * (last - first) };
}

/** Text that may stand in HTML and SVG. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The chart's outer element; `title` and `described` are for those who do not see it. */
export function chart(frame: Frame, title: string, described: string, body: string): string {
  return (
    `<svg viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label="${escapeText(`${title}. ${described}`)}">` +
    `<title>${escapeText(title)}</title>${body}</svg>`
  );
}

/** Horizontal grid lines with their values at the left and the unit on top. */
export function yAxis(frame: Frame, y: Scale, unit: string, label: (value: number) => string = number): string {
  const lines = y.ticks.map((tick) => {
    const at = number(y.at(tick));
    return (
      `<line class="grid" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${at}" y2="${at}"/>` +
      `<text class="tick" x="${frame.left - 6}" y="${at}" dy="0.32em" text-anchor="end">${escapeText(label(tick))}</text>`
    );
  });
  return `${lines.join("")}<text class="unit" x="4" y="${frame.top - 12}">${escapeText(unit)}</text>`;
}

/** The bottom line with its values and what they are. */
export function xAxis(frame: Frame, x: Scale, unit: string, label: (value: number) => string = number): string {
  const base = frame.height - frame.bottom;
  const marks = x.ticks.map((tick) => {
    const at = number(x.at(tick));
    return (
      `<line class="axis" x1="${at}" x2="${at}" y1="${base}" y2="${base + 4}"/>` +
      `<text class="tick" x="${at}" y="${base + 16}" text-anchor="middle">${escapeText(label(tick))}</text>`
    );
  });
  return (
    `<line class="axis" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${base}" y2="${base}"/>${marks.join("")}` +
    `<text class="unit" x="${frame.width - frame.right}" y="${base + 32}" text-anchor="end">${escapeText(unit)}</text>`
  );
}

/** Seconds of run time as hours:minutes. */
export function hourMinute(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
