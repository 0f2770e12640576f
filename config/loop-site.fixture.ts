/** The template's loop as content to be broken by tests, and its metres. */

import { siteOf } from "./load-site.ts";
import { toLocal, toLonLat } from "./projection.ts";
import { loopSiteText } from "./templates.ts";

export interface MutableFeature {
  type: string;
  properties: Record<string, unknown> & { kind: string; id: string };
  geometry: { type: string; coordinates: unknown };
}

export interface MutableSite extends Record<string, unknown> {
  features: MutableFeature[];
}

export type XY = readonly [x: number, y: number];

/** A fresh copy of the loop: lanes `east.1`.., `turn-north`, `west.1`.., `turn-south`, `siding-<station>.1` (in) and `.2` (out). */
export function loopContent(): MutableSite {
  return JSON.parse(loopSiteText("loop", "site.schema.json")) as MutableSite;
}

const frame = siteOf("loop", loopContent()).frame;

export function lonLat([x, y]: XY): [number, number] {
  return toLonLat(frame, { x, y });
}

export function byId(site: MutableSite, id: string): MutableFeature {
  const found = site.features.find((feature) => feature.properties.id === id);
  if (found === undefined) throw new Error(`the loop has no ${id}`);
  return found;
}

export function remove(site: MutableSite, id: string): void {
  site.features.splice(site.features.indexOf(byId(site, id)), 1);
}

/** The points of a lane, local metres. */
export function pointsOf(feature: MutableFeature): XY[] {
  return (feature.geometry.coordinates as [number, number][]).map((position): XY => {
    const { x, y } = toLocal(frame, position);
    return [x, y];
  });
}

export function setPoints(feature: MutableFeature, points: readonly XY[]): void {
  feature.geometry = { type: "LineString", coordinates: points.map(lonLat) };
}

export function lane(id: string, points: readonly XY[], properties: Record<string, unknown> = {}): MutableFeature {
  return {
    type: "Feature",
    properties: { kind: "lane", id, speedLimit: 3, ...properties },
    geometry: { type: "LineString", coordinates: points.map(lonLat) },
  };
}

export function station(id: string, role: string, at: XY, properties: Record<string, unknown> = {}): MutableFeature {
  return {
    type: "Feature",
    properties: { kind: "station", id, role, side: "vn", ...properties },
    geometry: { type: "Point", coordinates: lonLat(at) },
  };
}

/** A rectangle from (x0, y0) to (x1, y1). */
export function surface(id: string, kind: string, [x0, y0]: XY, [x1, y1]: XY): MutableFeature {
  const ring: XY[] = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
    [x0, y0],
  ];
  return {
    type: "Feature",
    properties: { kind: "surface", id, surface: kind },
    geometry: { type: "Polygon", coordinates: [ring.map(lonLat)] },
  };
}
