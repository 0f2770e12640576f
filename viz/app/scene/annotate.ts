/** Which labels a frame has: vehicles, stations by role, waiting containers, the two sides, scale and north. */
import type { VehicleNow } from "../../model/pose-track.ts";
import type { BayView, SiteView } from "../../model/site-view.ts";
import type { Fleet, WaitingStack } from "./fleet.ts";
import type { LabelStyle, Labels } from "./labels.ts";
import { groundColors, stateColors, stateColorUnknown } from "./palette.ts";
import type { Pane } from "./views.ts";

/** Words on the scene, in the language of the page. */
export interface SceneWords {
  role(role: string): string;
  side(side: "vn" | "cn"): string;
  readonly river: string;
  readonly border: string;
  readonly north: string;
}

const FAMILY = '"Inter", "Segoe UI", "Noto Sans", "Helvetica Neue", system-ui, sans-serif';
const VEHICLE_FONT = `600 11px ${FAMILY}`;
const SMALL_FONT = `500 10.5px ${FAMILY}`;
const SIDE_FONT = `600 12px ${FAMILY}`;

const stationStyle: LabelStyle = { font: SMALL_FONT, color: "#93a5b6", fill: null, stroke: null, dot: null };
const stationIdStyle: LabelStyle = { font: SMALL_FONT, color: "#b4c2cf", fill: null, stroke: null, dot: null };
const countStyle: LabelStyle = {
  font: VEHICLE_FONT,
  color: "#f4ead2",
  fill: "rgba(58,48,26,0.92)",
  stroke: "#8a7a4a",
  dot: null,
};
const borderStyle: LabelStyle = { font: SMALL_FONT, color: groundColors.border, fill: null, stroke: null, dot: null };
const riverStyle: LabelStyle = {
  font: `italic ${SMALL_FONT}`,
  color: "#4d8fb5",
  fill: null,
  stroke: null,
  dot: null,
};
const urgency: Readonly<Record<string, number>> = { fault: 0, waiting: 1, paused: 2, servicing: 3, driving: 4 };

export function annotate(
  labels: Labels,
  panes: readonly Pane[],
  site: SiteView,
  vehicles: readonly VehicleNow[],
  stacks: readonly WaitingStack[],
  fleet: Fleet,
  selected: string | null,
  words: SceneWords,
): void {
  labels.begin();
  const ordered = [...vehicles].sort(
    (a, b) =>
      Number(b.sample.id === selected) - Number(a.sample.id === selected) ||
      (urgency[a.sample.state] ?? 5) - (urgency[b.sample.state] ?? 5),
  );
  const decks = site.surfaces.flatMap(({ kind, rings }) => (kind === "deck" ? rings.slice(0, 1) : []));
  for (const pane of panes) {
    sideTitle(labels, pane, site, words);
    for (const vehicle of ordered) vehicleChip(labels, pane, vehicle, vehicle.sample.id === selected);
    for (const stack of stacks) {
      const at = fleet.stackLabelAt(stack.bay);
      if (at === null || stack.containers.length === 0) continue;
      const pixel = labels.project(pane, at.x, at.y, 4);
      if (pixel !== null) labels.put(pane, pixel.x, pixel.y, 0, `▦ ${stack.containers.length}`, countStyle, "over");
    }
    for (const border of site.borders) lineLabel(labels, pane, border, words.border);
    stationLabels(labels, pane, site, words);
    for (const river of site.surfaces) {
      if (river.kind !== "river" || river.rings[0] === undefined) continue;
      riverLabel(labels, pane, river.rings[0], decks, words);
    }
  }
  const last = panes[panes.length - 1];
  if (last !== undefined) scaleBar(labels, last, words);
}

/** Names a line at the first of its points that are in the pane and have room beside them. */
function lineLabel(labels: Labels, pane: Pane, xy: Float64Array, text: string): void {
  for (let i = 0; i + 3 < xy.length; i += 2) {
    for (let step = 0; step < 8; step++) {
      const f = step / 8;
      const x = xy[i]! + f * (xy[i + 2]! - xy[i]!);
      const y = xy[i + 1]! + f * (xy[i + 3]! - xy[i + 1]!);
      const pixel = labels.project(pane, x, y, 0);
      if (pixel === null || pixel.y - pane.top < 30 || pane.top + pane.height - pixel.y < 14) continue;
      if (labels.put(pane, pixel.x + 28, pixel.y, 0, text, borderStyle, "over")) return;
    }
  }
}

function vehicleChip(labels: Labels, pane: Pane, vehicle: VehicleNow, selected: boolean): void {
  const pixel = labels.project(pane, vehicle.x, vehicle.y, 2);
  if (pixel === null) return;
  const { id, state, waitingFor } = vehicle.sample;
  const color = stateColors[state] ?? stateColorUnknown;
  const urgent = state === "fault" || (state === "waiting" && waitingFor.length > 0);
  const style: LabelStyle = {
    font: VEHICLE_FONT,
    color: selected ? "#0b0f14" : "#f2f6fa",
    fill: selected ? "#ffffff" : "rgba(16,22,29,0.86)",
    stroke: urgent || selected ? color : null,
    dot: selected ? null : color,
  };
  labels.put(pane, pixel.x, pixel.y, 9 + Math.min(20, pane.pxPerM * 4), id, style, "around", selected || urgent);
}

/** Bays of one role that would crowd each other share one label. */
function stationLabels(labels: Labels, pane: Pane, site: SiteView, words: SceneWords): void {
  const close = pane.pxPerM >= 3;
  const groups: { role: string; x: number; y: number; top: number; count: number; bay: BayView }[] = [];
  for (const bay of site.bays.values()) {
    const pixel = labels.project(pane, bay.x, bay.y, 0);
    if (pixel === null) continue;
    const group = close
      ? undefined
      : groups.find(
          (g) => g.role === bay.role && Math.hypot(g.x - pixel.x, g.y - pixel.y) < (bay.role === "crane" ? 700 : 46),
        );
    if (group === undefined) groups.push({ role: bay.role, x: pixel.x, y: pixel.y, top: pixel.y, count: 1, bay });
    else {
      group.x = (group.x * group.count + pixel.x) / (group.count + 1);
      group.y = (group.y * group.count + pixel.y) / (group.count + 1);
      group.top = Math.min(group.top, pixel.y);
      group.count++;
    }
  }
  for (const group of groups) {
    const name = words.role(group.role);
    const text = close ? `${name} ${group.bay.id}` : group.count > 1 ? `${name} ×${group.count}` : name;
    labels.put(pane, group.x, group.top, 6 + pane.pxPerM * 3, text, close ? stationIdStyle : stationStyle, "around");
  }
}

/** Names the side of the border at the top left of each strip. */
function sideTitle(labels: Labels, pane: Pane, site: SiteView, words: SceneWords): void {
  if (pane.along === null) return;
  const sides = new Set<string>();
  for (const station of site.stations) {
    if (station.role !== "crane" && station.role !== "parking") continue;
    for (const bay of station.bays) {
      const pixel = labels.project(pane, bay.x, bay.y, 0);
      if (pixel === null) continue;
      sides.add(station.side);
    }
  }
  const title = [...sides].map((side) => words.side(side === "cn" ? "cn" : "vn")).join(" · ");
  if (title !== "") {
    labels.corner(pane.left + 12, pane.top + 16, title, SIDE_FONT, "#b8c6d3");
    labels.keepFree(pane.left + 8, pane.top + 6, labels.textWidth(title, SIDE_FONT) + 12, 20);
  }
}

const RIVER_GRID = 14;

/** Names the river at a place of it that is in the pane and has room. */
function riverLabel(
  labels: Labels,
  pane: Pane,
  ring: Float64Array,
  decks: readonly Float64Array[],
  words: SceneWords,
): void {
  const xs = ring.filter((_, i) => i % 2 === 0);
  const ys = ring.filter((_, i) => i % 2 === 1);
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (let i = 1; i < RIVER_GRID; i++) {
    for (let j = RIVER_GRID - 1; j > 0; j--) {
      const x = minX + ((maxX - minX) * i) / RIVER_GRID;
      const y = minY + ((maxY - minY) * j) / RIVER_GRID;
      const pixel = labels.project(pane, x, y, 0);
      if (pixel === null || pixel.y - pane.top < 24 || !inside(ring, x, y)) continue;
      if (decks.some((deck) => inside(deck, x, y))) continue;
      if (labels.put(pane, pixel.x, pixel.y, 2, words.river, riverStyle, "over")) return;
    }
  }
}

/** Even-odd rule. */
function inside(ring: Float64Array, x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [x0, y0, x1, y1] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!];
    if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) odd = !odd;
  }
  return odd;
}

function scaleBar(labels: Labels, pane: Pane, words: SceneWords): void {
  const metres = [5, 10, 20, 50, 100, 200, 500, 1000].find((m) => m * pane.pxPerM >= 60) ?? 2000;
  const x = pane.left + pane.width - 16;
  const y = pane.top + pane.height - 14;
  const w = metres * pane.pxPerM;
  labels.line(x - w, y, x, y, "#8fa0b0", 1.5);
  labels.line(x - w, y - 4, x - w, y + 1, "#8fa0b0", 1.5);
  labels.line(x, y - 4, x, y + 1, "#8fa0b0", 1.5);
  const text = `${metres} m`;
  labels.corner(x - w / 2 - labels.textWidth(text, SMALL_FONT) / 2, y - 9, text, SMALL_FONT, "#a9b8c6");
  if (pane.camera.up.z === 0) labels.corner(x - w - 40, y - 4, words.north, SMALL_FONT, "#a9b8c6");
}
