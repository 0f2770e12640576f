import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Lane, Point, Station } from "../../../planner/index.ts";
import { siteIds } from "../../built-in.ts";
import { type LoadedSite, loadSite } from "../../load-site.ts";
import { loadVehicleType } from "../../load-vehicle-type.ts";
import { StaticRoutes } from "../../static-routes.ts";
import { geojsonText } from "./geojson.ts";
import { variants } from "./variants.ts";

// Sites are compared with the layout study, whose numbers were found by another program.
const sites = new Map(variants.map((variant) => [variant.id, loadSite(variant.id)]));
const siteOf = (id: string): LoadedSite => sites.get(id)!;
const BASE = "bac-luan-ii";

const lengthM = (lane: Lane) =>
  lane.points.slice(1).reduce((sum, b, i) => sum + Math.hypot(b.x - lane.points[i]!.x, b.y - lane.points[i]!.y), 0);
const kmOf = (site: LoadedSite) =>
  site.lanes.reduce((sum, lane) => sum + lengthM(lane) * (lane.twoWay ? 2 : 1), 0) / 1000;
const first = (lane: Lane) => lane.points[0]!;
const last = (lane: Lane) => lane.points[lane.points.length - 1]!;
const bays = (site: LoadedSite, role: Station["role"]) =>
  site.stations.filter((s) => s.role === role).flatMap((s) => s.bays);
const stations = (site: LoadedSite, role: Station["role"]) => site.stations.filter((s) => s.role === role).length;

function near(point: Point, x: number, y: number): boolean {
  return Math.hypot(point.x - x, point.y - y) < 0.01;
}

test.each(variants)("$id: the committed GeoJSON is what the generator draws", (variant) => {
  const committed = readFileSync(fileURLToPath(new URL(`../${variant.id}/site.geojson`, import.meta.url)), "utf8");
  // Not toBe: a difference of a megabyte does not help anybody.
  expect(committed === geojsonText(variant), "run: node config/sites/generate/main.ts").toBe(true);
});

test("every site that comes with the project is made here", () => {
  expect(siteIds().sort()).toEqual(variants.map((variant) => variant.id).sort());
});

describe("counts and lengths of the layout", () => {
  const expected = [
    {
      id: BASE,
      km: 10.2,
      gates: 4,
      disinfections: 2,
      scanners: 2,
      docks: 12,
      craneBays: 24,
      cranes: 8,
      chargers: 4,
      parkings: 20,
      loopM: 5121,
    },
    {
      id: `${BASE}-contraflow`,
      km: 10.2,
      gates: 4,
      disinfections: 2,
      scanners: 2,
      docks: 12,
      craneBays: 24,
      cranes: 8,
      chargers: 4,
      parkings: 20,
      loopM: 5127,
    },
    {
      id: `${BASE}-2030`,
      km: 14.7,
      gates: 8,
      disinfections: 4,
      scanners: 2,
      docks: 12,
      craneBays: 24,
      cranes: 24,
      chargers: 8,
      parkings: 42,
      loopM: 5121,
    },
    {
      id: `${BASE}-stress`,
      km: 38.9,
      gates: 16,
      disinfections: 8,
      scanners: 2,
      docks: 36,
      craneBays: 72,
      cranes: 72,
      chargers: 36,
      parkings: 126,
      loopM: 6217,
    },
  ];
  test.each(expected)("$id", (row) => {
    const site = siteOf(row.id);
    expect({
      gates: stations(site, "gate"),
      disinfections: stations(site, "disinfection"),
      scanners: stations(site, "scanner"),
      docks: stations(site, "inspection"),
      craneBays: bays(site, "crane").length,
      cranes: stations(site, "crane"),
      chargers: stations(site, "charger"),
      parkings: stations(site, "parking"),
    }).toEqual({
      gates: row.gates,
      disinfections: row.disinfections,
      scanners: row.scanners,
      docks: row.docks,
      craneBays: row.craneBays,
      cranes: row.cranes,
      chargers: row.chargers,
      parkings: row.parkings,
    });
    expect(kmOf(site)).toBeCloseTo(row.km, 1);
    // Half of everything is on either side.
    for (const role of ["gate", "crane", "parking", "charger", "inspection"] as const)
      expect(site.stations.filter((s) => s.role === role && s.side === "vn")).toHaveLength(stations(site, role) / 2);
    // Once round by both U-turns: the shortest way from the first gate back to itself.
    const loop = new StaticRoutes(site, loadVehicleType("igv")).route("vn-gate-in-1", "vn-gate-in-1", "length")!;
    expect(loop.lengthM).toBeGreaterThan(row.loopM - 1);
    expect(loop.lengthM).toBeLessThan(row.loopM + 1);
    expect(loop.lanes.filter((lane) => /uturn(\.\d+)?$/.test(lane))).toHaveLength(2);
  });

  test("294 lanes where roads are cut at forks, merges and stations, as the study counts them", () => {
    const site = siteOf(BASE);
    const ends = new Map<string, { into: Lane[]; outOf: Lane[] }>();
    const at = (point: Point) => {
      const key = `${point.x},${point.y}`;
      const found = ends.get(key) ?? { into: [], outOf: [] };
      ends.set(key, found);
      return found;
    };
    for (const lane of site.lanes) {
      at(first(lane)).outOf.push(lane);
      at(last(lane)).into.push(lane);
    }
    for (const bay of site.stations.flatMap((station) => station.bays)) ends.delete(`${bay.x},${bay.y}`);
    const road = (lane: Lane) => lane.id.replace(/\.\d+$/, "");
    const limitCuts = [...ends.values()].filter(
      ({ into, outOf }) => into.length === 1 && outOf.length === 1 && road(into[0]!) === road(outOf[0]!),
    );
    expect(site.lanes.length - limitCuts.length).toBe(294);
    for (const { into, outOf } of limitCuts)
      expect([into[0]!.speedLimitMps, into[0]!.gradient], into[0]!.id).not.toEqual([
        outOf[0]!.speedLimitMps,
        outOf[0]!.gradient,
      ]);
  });
});

describe("places of the layout", () => {
  const table: readonly (readonly [string, string, number, number])[] = [
    [BASE, "vn-gate-in-1", -6.125, -300],
    [BASE, "vn-gate-out-1", 6.125, -300],
    [BASE, "vn-dis-in-1", -6.125, -360],
    [BASE, "vn-scan-in-1", -6.125, -452],
    [BASE, "cn-gate-in-1", 6.125, 609],
    [BASE, "cn-scan-in-1", 6.125, 761],
    [BASE, "vn-inspection-1", -50, -592.5],
    [BASE, "vn-inspection-6", -80, -592.5],
    [BASE, "cn-inspection-1", 50, 1072.5],
    [BASE, "vn-crane-vb2/1", -12, -715],
    [BASE, "vn-crane-vb4/3", -12, -975],
    [BASE, "vn-crane-vb1/2", 12, -765],
    [BASE, "cn-crane-cb2/1", 12, 1195],
    [BASE, "vn-charger-1", 0, -1095],
    [BASE, "vn-charger-2", 0, -1100],
    [BASE, "vn-parking-1", 0, -1105],
    [BASE, "vn-parking-10", 0, -1150],
    [BASE, "cn-parking-10", 0, 1630],
    [`${BASE}-2030`, "vn-gate-in-2", -13, -300],
    [`${BASE}-2030`, "vn-gate-out-2", 13, -300],
    [`${BASE}-2030`, "vn-dis-in-2", -13, -360],
    [`${BASE}-2030`, "vn-parking-21", 0, -1215],
    [`${BASE}-2030`, "vn-crane-vb2-1", -12, -715],
    [`${BASE}-stress`, "vn-gate-in-4", -26.75, -400],
    [`${BASE}-stress`, "vn-gate-out-3", 19.875, -400],
    [`${BASE}-stress`, "vn-dis-in-3", -19.875, -460],
    [`${BASE}-stress`, "vn-scan-in-1", -6.125, -606],
    [`${BASE}-stress`, "vn-w-crane-vb2-1", -172, -989],
    [`${BASE}-stress`, "cn-e-parking-21", -160, 480 + 274 + 1225],
  ];
  test.each(table)("%s %s at (%d, %d)", (id, bay, x, y) => {
    const found = siteOf(id)
      .stations.flatMap((station) => station.bays)
      .find((candidate) => candidate.id === bay)!;
    expect(near(found, x, y), `${found.x}, ${found.y}`).toBe(true);
  });

  const ends: readonly (readonly [string, string, "first" | "last", number, number])[] = [
    [BASE, "vn-scan-bypass", "first", -6.125, -386],
    [BASE, "vn-scan-bypass", "last", -6.125, -494],
    [BASE, "vn-return", "first", 6.125, -605.73],
    [BASE, "vn-return", "last", -6.125, -605.73],
    [BASE, "vn-docks-in", "first", -6.125, -553],
    [BASE, "vn-docks-out", "last", -6.125, -632],
    [BASE, "vn-uturn-in", "first", -6.125, -1004.27],
    [BASE, "vn-uturn", "first", -12, -1020],
    [BASE, "vn-uturn-out", "last", 6.125, -1004.27],
    [BASE, "vn-slot-end", "first", -27.5, -1143],
    [BASE, "vn-bay-vb2-1", "first", -6.125, -691.77],
    [BASE, "vn-bay-vb2-1", "last", -6.125, -738.23],
    [BASE, "vn-bay-vb1-1", "first", 6.125, -738.23],
    [`${BASE}-contraflow`, "crossover-vn", "last", -6.125, -196.33],
    [`${BASE}-contraflow`, "crossover-cn", "first", -6.125, 505.33],
    [`${BASE}-contraflow`, "crossover-cn", "last", 6.125, 469],
    [`${BASE}-2030`, "vn-in-2-widening", "last", -13, -221.916],
    [`${BASE}-2030`, "vn-in-2-merge", "last", -6.125, -494],
    [`${BASE}-2030`, "vn-out-2-fork", "first", 6.125, -416.81],
    [`${BASE}-2030`, "vn-slot-end", "first", -27.5, -1208],
    [`${BASE}-stress`, "vn-in-2-merge", "first", -13, -631.19],
    [`${BASE}-stress`, "vn-in-2-merge", "last", -6.125, -648],
    [`${BASE}-stress`, "vn-out-2-fork", "first", 6.125, -576.81],
    [`${BASE}-stress`, "vn-in-3-4", "last", -26.75, -316.81],
    [`${BASE}-stress`, "vn-in-4-3", "last", -19.875, -494.81],
    [`${BASE}-stress`, "vn-out-4-3", "last", 19.875, -368.19],
    [`${BASE}-stress`, "vn-w-entry", "last", -166.125, -794],
    [`${BASE}-stress`, "vn-w-exit", "last", 6.125, -750],
    [`${BASE}-stress`, "vn-e-entry", "last", 153.875, -794],
    [`${BASE}-stress`, "vn-e-exit", "last", 6.125, -676],
  ];
  test.each(ends)("%s: road %s, its %s point at (%d, %d)", (id, road, end, x, y) => {
    const lanes = siteOf(id).lanes.filter((lane) => lane.id.replace(/\.\d+$/, "") === road);
    const point = end === "first" ? first(lanes[0]!) : last(lanes[lanes.length - 1]!);
    expect(near(point, x, y), `${point.x}, ${point.y}`).toBe(true);
  });

  test("the Chinese side is the point mirror of the Vietnamese one, the yard 171 m further out", () => {
    for (const site of sites.values())
      for (const vn of site.stations.filter((station) => station.side === "vn")) {
        const id = vn.id.replace(/^vn-/, "cn-").replace(/-vb/, "-cb");
        const cn = site.stations.find((station) => station.id === id)!;
        const sumY = vn.role === "gate" || vn.role === "scanner" || vn.role === "disinfection" ? 309 : 480;
        vn.bays.forEach((bay, i) => {
          expect(near(cn.bays[i]!, -bay.x, sumY - bay.y), id).toBe(true);
        });
      }
  });
});

describe.each(variants)("$id: lanes", ({ id }) => {
  const site = siteOf(id);

  test("bend by no more than a chord does, inside lanes and from one to the next", () => {
    const heading = (a: Point, b: Point) => Math.atan2(b.y - a.y, b.x - a.x);
    const turn = (from: number, to: number) => Math.abs(Math.atan2(Math.sin(to - from), Math.cos(to - from)));
    // A strip is driven both ways.
    const directed = site.lanes.flatMap((lane) =>
      lane.twoWay ? [lane, { ...lane, id: `${lane.id}~`, points: [...lane.points].reverse() }] : [lane],
    );
    const starts = new Map<string, Lane[]>();
    for (const lane of directed) {
      const key = `${first(lane).x},${first(lane).y}`;
      starts.set(key, [...(starts.get(key) ?? []), lane]);
    }
    const chordTurn = 0.5 / 12 + 0.001;
    for (const lane of directed) {
      const { points } = lane;
      const headings = points.slice(1).map((point, i) => heading(points[i]!, point));
      for (let i = 1; i < headings.length; i++)
        expect(turn(headings[i - 1]!, headings[i]!), lane.id).toBeLessThan(chordTurn);
      const next = starts.get(`${last(lane).x},${last(lane).y}`) ?? [];
      const smooth = next.filter(
        (other) => turn(headings[headings.length - 1]!, heading(other.points[0]!, other.points[1]!)) < chordTurn,
      );
      expect(smooth.length, `${lane.id} leads on`).toBeGreaterThan(0);
    }
  });

  test("are drawn within 5 mm of arcs of at least 12 m", () => {
    for (const { id: name, points } of site.lanes)
      for (let i = 2; i < points.length; i++) {
        const [a, b, c] = [points[i - 2]!, points[i - 1]!, points[i]!];
        const cross = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
        const sides = [
          Math.hypot(b.x - a.x, b.y - a.y),
          Math.hypot(c.x - b.x, c.y - b.y),
          Math.hypot(c.x - a.x, c.y - a.y),
        ];
        const radius = (sides[0]! * sides[1]! * sides[2]!) / (2 * Math.abs(cross));
        // Where a straight goes over into an arc its long side hides the radius.
        if (Math.abs(sides[0]! - sides[1]!) > 0.01) continue;
        expect(radius, name).toBeGreaterThan(11.9);
        expect(sides[0]! ** 2 / (8 * radius), name).toBeLessThan(0.005);
      }
  });

  test("are slow where they must be", () => {
    const limitAt = (x: number, y: number) => {
      const lane = site.lanes.find((candidate) =>
        candidate.points.some((b, i) => {
          const a = candidate.points[i - 1];
          if (a === undefined) return false;
          const length = Math.hypot(b.x - a.x, b.y - a.y);
          const along = ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length;
          const off = Math.abs((x - a.x) * (b.y - a.y) - (y - a.y) * (b.x - a.x)) / length;
          return along > 0 && along < length && off < 0.01;
        }),
      );
      return lane?.speedLimitMps;
    };
    const [vc, vy] = id.endsWith("2030") || id.endsWith("stress") ? [8.33, 5] : [5.56, 4.17];
    const gateY = id.endsWith("stress") ? -400 : -300;
    const scanY = id.endsWith("stress") ? -606 : -452;
    expect([
      limitAt(6.125, gateY - 14.9),
      limitAt(6.125, gateY + 14.9),
      limitAt(6.125, gateY - 15.1),
      limitAt(6.125, gateY + 15.1),
    ]).toEqual([3, 3, vc, vc]);
    expect([
      limitAt(-6.125, scanY - 29.9),
      limitAt(-6.125, scanY + 29.9),
      limitAt(-6.125, scanY - 30.1),
      limitAt(-6.125, scanY + 30.1),
    ]).toEqual([2, 2, vc, vc]);
    if (!id.endsWith("stress")) {
      expect([limitAt(-12, -709.9), limitAt(-12, -710.1), limitAt(-12, -714.9), limitAt(-12, -715.1)]).toEqual([
        3, 1, 1, 3,
      ]);
      expect([limitAt(-50, -587.4), limitAt(-50, -587.6), limitAt(-50, -592.6)]).toEqual([3, 1, 3]);
      expect([limitAt(-6.125, -536), limitAt(-27.5, -1060), limitAt(0.5, -1095)]).toEqual([vy, vy, 3]);
    }
    expect(limitAt(6.125, 100)).toBe(vc);
  });

  test("stand free of the bridge, and rise 5.25 m to it", () => {
    const onBridge = site.lanes.filter((lane) => /^(bridge|crossover)/.test(lane.id));
    expect(onBridge.length).toBeGreaterThan(0);
    for (const lane of site.lanes) expect(lane.holding, lane.id).toBe(!onBridge.includes(lane));
    const rise = site.lanes
      .filter(
        (lane) => lane.gradient > 0 && Math.abs(first(lane).x - 6.125) < 0.01 && Math.abs(last(lane).x - 6.125) < 0.01,
      )
      .reduce((sum, lane) => sum + lane.gradient * lengthM(lane), 0);
    // Up from both ends on the same x: northbound from the south, and southbound nowhere.
    expect(rise).toBeCloseTo(5.25, 2);
    for (const lane of site.lanes) expect(Math.abs(lane.gradient), lane.id).toBeLessThanOrEqual(0.02501);
  });
});

test("every value says how sure it is", () => {
  for (const site of sites.values())
    for (const { properties } of site.geojson.features) {
      expect(properties.confidence, properties.id).toBeDefined();
      expect(properties.source, properties.id).toBeTruthy();
    }
  const bridge = siteOf(BASE).geojson.features.find(({ properties }) => properties.id === "bridge-nb.1")!;
  expect(bridge.properties.values).toContainEqual(expect.objectContaining({ keys: ["width"], confidence: "known" }));
});
