import {
  buildLaneGraph,
  findAreas,
  findChains,
  type Point,
  poseAt,
  type Site,
  type StationRole,
  type VehicleType,
} from "../planner/index.ts";

const ROLE_COLOURS: Readonly<Record<StationRole, string>> = {
  gate: "#d9730d",
  scanner: "#1f3fbf",
  disinfection: "#0f8b8d",
  inspection: "#8a7f0e",
  crane: "#2e8b3d",
  charger: "#b01fb0",
  swap: "#7a1f5c",
  parking: "#6b7280",
};
const SURFACE_COLOURS = { yard: "#eef0ea", deck: "#d8dbe0", building: "#c9bfb2", river: "#cfe6f5" } as const;
const LANE_COLOUR = "#374151";
const NO_HOLDING_COLOUR = "#2563eb";
const AREA_COLOUR = "#b91c1c";
const BORDER_COLOUR = "#7c3aed";
const PIXELS_PER_METRE = 2;
const MARGIN_M = 15;
const FOOT_M = 14;

/**
 * A plan of a site as an SVG: surfaces, border, lanes with their direction (blue: no planned standing), areas of the
 * vehicle type, and stations as footprints coloured by role with their ids. A site that is longer from south to north is
 * laid on its side: north to the right. One unit is one metre, so that any viewer can zoom in.
 */
export function planSvg(site: Site, type: VehicleType): string {
  const everything = [
    ...site.lanes.flatMap((lane) => lane.points),
    ...site.surfaces.flatMap((s) => (s.kind === "river" ? [] : s.rings.flat())),
  ];
  const bounds = boundsOf(everything);
  const lying = bounds.maxY - bounds.minY > bounds.maxX - bounds.minX;
  const place = ({ x, y }: Point): Point => (lying ? { x: y, y: x } : { x, y: -y });
  const box = boundsOf([place({ x: bounds.minX, y: bounds.minY }), place({ x: bounds.maxX, y: bounds.maxY })]);
  const left = box.minX - MARGIN_M;
  const top = box.minY - MARGIN_M;
  const width = box.maxX - box.minX + 2 * MARGIN_M;
  const height = box.maxY - box.minY + 2 * MARGIN_M + FOOT_M;
  const line = (points: readonly Point[]) =>
    points
      .map(place)
      .map((point) => `${round(point.x)},${round(point.y)}`)
      .join(" ");

  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${round(left)} ${round(top)} ${round(width)} ${round(height)}" width="${Math.round(width * PIXELS_PER_METRE)}" height="${Math.round(height * PIXELS_PER_METRE)}" font-family="sans-serif">`,
    `<title>${escapeText(site.id)}, areas of ${escapeText(type.type)}</title>`,
    `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="#fff"/>`,
  ];
  for (const kind of ["river", "yard", "deck", "building"] as const)
    for (const surface of site.surfaces) {
      if (surface.kind !== kind) continue;
      const d = surface.rings.map((ring) => `M${line(ring)}Z`).join(" ");
      out.push(
        `<path d="${d}" fill="${SURFACE_COLOURS[kind]}" stroke="#9ca3af" stroke-width="0.2" fill-rule="evenodd"><title>${escapeText(surface.id)}</title></path>`,
      );
    }
  if (site.border.length > 1)
    out.push(
      `<polyline points="${line(site.border)}" fill="none" stroke="${BORDER_COLOUR}" stroke-width="1" stroke-dasharray="6 3"><title>border</title></polyline>`,
    );

  out.push(...bandsOf(site, type, line));
  for (const lane of site.lanes) {
    const colour = lane.holding ? LANE_COLOUR : NO_HOLDING_COLOUR;
    const dash = lane.twoWay ? ' stroke-dasharray="4 2"' : "";
    out.push(
      `<polyline points="${line(lane.points)}" fill="none" stroke="${colour}" stroke-width="0.35"${dash}><title>${escapeText(lane.id)}: ${lane.speedLimitMps} m/s</title></polyline>`,
    );
  }
  out.push(...arrowsOf(site, place));
  out.push(...stationsOf(site, type, place));
  out.push(legend(left + MARGIN_M, box.maxY + MARGIN_M + FOOT_M / 2, site));
  out.push("</svg>");
  return `${out.join("\n")}\n`;
}

/** The ground of each area, drawn along both of its chains of lanes as wide as the footprint with margins. */
function bandsOf(site: Site, type: VehicleType, line: (points: readonly Point[]) => string): string[] {
  const graph = buildLaneGraph(site, type.modes);
  const chains = findChains(graph);
  const width = type.widthM + 2 * type.marginM;
  const pose = [0, 0, 0];
  return findAreas(graph, type, chains).flatMap((area) =>
    ([0, 1] as const).flatMap((side) => {
      const chain = chains.chains[area.chains[side]]!;
      const from = Math.max(0, area.fromM[side]);
      const to = Math.min(chain.lengthM, area.toM[side]);
      if (to <= from) return [];
      const steps = Math.max(1, Math.ceil(to - from));
      const points = Array.from({ length: steps + 1 }, (_, i): Point => {
        const s = from + ((to - from) * i) / steps;
        const lane = chain.lanes.findLast((candidate) => chains.offsetM[candidate]! <= s)!;
        poseAt(graph, lane, s - chains.offsetM[lane]!, pose);
        return { x: pose[0]!, y: pose[1]! };
      });
      return `<polyline points="${line(points)}" fill="none" stroke="${AREA_COLOUR}" stroke-opacity="0.12" stroke-width="${width}"/>`;
    }),
  );
}

/** A small arrow in the middle of each lane of more than 8 m. */
function arrowsOf(site: Site, place: (point: Point) => Point): string[] {
  return site.lanes.flatMap((lane) => {
    const at = middleOf(lane.points);
    if (at.lengthM < 8 || lane.twoWay) return [];
    const from = place(at.before);
    const to = place(at.after);
    const turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
    const middle = place(at.middle);
    return `<path d="M-1,-0.8 L1,0 L-1,0.8 Z" fill="${LANE_COLOUR}" transform="translate(${round(middle.x)},${round(middle.y)}) rotate(${round(turn)})"/>`;
  });
}

function stationsOf(site: Site, type: VehicleType, place: (point: Point) => Point): string[] {
  const half = type.lengthM / 2;
  const shared = site.stations.flatMap((station) => {
    if (station.bays.length < 2) return [];
    const points = station.bays.map(place).map((point) => `${round(point.x)},${round(point.y)}`);
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${ROLE_COLOURS[station.role]}" stroke-width="0.6" stroke-dasharray="1 1.5"/>`;
  });
  const bays = site.stations.flatMap((station) =>
    station.bays.map((bay) => {
      const heading = headingAt(site, bay);
      const a = place(bay);
      const b = place({ x: bay.x + Math.cos(heading), y: bay.y + Math.sin(heading) });
      let turn = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
      // Text is not to stand on its head.
      if (turn > 90.5 || turn < -89.5) turn -= Math.sign(turn) * 180;
      const colour = ROLE_COLOURS[station.role];
      const frame = station.resting ? ' stroke="#000" stroke-width="0.25"' : "";
      return `<g transform="translate(${round(a.x)},${round(a.y)}) rotate(${round(turn)})"><rect x="${-half}" y="${-type.widthM / 2}" width="${type.lengthM}" height="${type.widthM}" fill="${colour}"${frame}/><text font-size="1.5" text-anchor="middle" y="0.55" fill="#fff">${escapeText(bay.id)}</text></g>`;
    }),
  );
  return [...shared, ...bays];
}

function legend(x: number, y: number, site: Site): string {
  const used = (Object.keys(ROLE_COLOURS) as StationRole[]).filter((role) =>
    site.stations.some((station) => station.role === role),
  );
  const entries = [
    ...used.map((role) => ({ text: role, colour: ROLE_COLOURS[role] })),
    { text: "area", colour: AREA_COLOUR },
    ...(site.lanes.some((lane) => !lane.holding)
      ? [{ text: "lane without planned standing", colour: NO_HOLDING_COLOUR }]
      : []),
    ...(site.border.length > 1 ? [{ text: "border", colour: BORDER_COLOUR }] : []),
  ];
  let at = x;
  const parts = entries.map(({ text, colour }) => {
    const part = `<rect x="${round(at)}" y="${round(y - 2)}" width="4" height="4" fill="${colour}"/><text x="${round(at + 5.5)}" y="${round(y + 1.6)}" font-size="4.5">${text}</text>`;
    at += 12 + text.length * 2.5;
    return part;
  });
  return `<g>${parts.join("")}</g>`;
}

/** Heading of a lane that ends (or else begins) at a bay, radians. */
function headingAt(site: Site, bay: Point): number {
  for (const end of [true, false])
    for (const lane of site.lanes) {
      const n = lane.points.length;
      const at = lane.points[end ? n - 1 : 0]!;
      if (Math.hypot(at.x - bay.x, at.y - bay.y) > 0.01) continue;
      const [a, b] = end ? [lane.points[n - 2]!, at] : [at, lane.points[1]!];
      return Math.atan2(b.y - a.y, b.x - a.x);
    }
  return 0;
}

function middleOf(points: readonly Point[]): { lengthM: number; middle: Point; before: Point; after: Point } {
  const lengths = points.slice(1).map((point, i) => Math.hypot(point.x - points[i]!.x, point.y - points[i]!.y));
  const lengthM = lengths.reduce((sum, length) => sum + length, 0);
  let left = lengthM / 2;
  let i = 0;
  while (i < lengths.length - 1 && left > lengths[i]!) left -= lengths[i++]!;
  const before = points[i]!;
  const after = points[i + 1]!;
  const part = left / lengths[i]!;
  return {
    lengthM,
    before,
    after,
    middle: { x: before.x + (after.x - before.x) * part, y: before.y + (after.y - before.y) * part },
  };
}

function boundsOf(points: readonly Point[]): { minX: number; maxX: number; minY: number; maxY: number } {
  const bounds = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity };
  for (const { x, y } of points) {
    bounds.minX = Math.min(bounds.minX, x);
    bounds.maxX = Math.max(bounds.maxX, x);
    bounds.minY = Math.min(bounds.minY, y);
    bounds.maxY = Math.max(bounds.maxY, y);
  }
  return bounds;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
