/**
 * The site as it is drawn: the `/site` message of a recording (WGS84 GeoJSON) turned into local metres once.
 * ENU: x east, y north, angles in radians counter-clockwise from east.
 */
import type { SiteMessage } from "./messages.ts";

/** A directed lane. A two-way lane is two of these; the reverse one's id has "~" behind it. */
export interface LaneLine {
  readonly id: string;
  /** [x0, y0, x1, y1, …] in travel order, metres. */
  readonly xy: Float64Array;
  /** Distance of each point from the start, metres. */
  readonly s: Float64Array;
  readonly lengthM: number;
  readonly widthM: number;
  readonly twoWay: boolean;
  readonly holding: boolean;
  readonly speedLimitMps: number;
}

export interface BayView {
  readonly id: string;
  readonly station: string;
  readonly role: string;
  readonly x: number;
  readonly y: number;
  /** Heading of a vehicle that stands here. */
  readonly theta: number;
}

export interface StationView {
  readonly id: string;
  readonly role: string;
  readonly side: string;
  readonly bays: readonly BayView[];
}

export interface SurfaceView {
  readonly id: string;
  readonly kind: "yard" | "deck" | "building" | "river";
  /** Outer ring first, then holes; [x0, y0, x1, y1, …]. */
  readonly rings: readonly Float64Array[];
}

export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface SiteView {
  readonly id: string;
  /** Every directed lane by id. */
  readonly lanes: ReadonlyMap<string, LaneLine>;
  readonly stations: readonly StationView[];
  readonly bays: ReadonlyMap<string, BayView>;
  readonly surfaces: readonly SurfaceView[];
  readonly borders: readonly Float64Array[];
  /** Of lanes and bays, metres. */
  readonly box: Box;
}

export interface Pose {
  x: number;
  y: number;
  theta: number;
}

type Position = readonly [number, number];

interface Feature {
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
  readonly properties: Readonly<Record<string, unknown>>;
}

/** WGS84 degrees to the run's metres: the inverse of what the recorder wrote (see the `/site` message). */
export function localFrame(frame: SiteMessage["frame"]): (lon: number, lat: number) => Position {
  const cos = Math.cos(frame.bearing);
  const sin = Math.sin(frame.bearing);
  return (lon, lat) => {
    const east = (lon - frame.lon0) * frame.metresPerDegreeLon;
    const north = (lat - frame.lat0) * frame.metresPerDegreeLat;
    return [east * cos - north * sin, east * sin + north * cos];
  };
}

/** Position and heading at `s` metres on a lane; `s` outside the lane is clamped to its ends. */
export function poseOnLane(lane: LaneLine, s: number, out: Pose = { x: 0, y: 0, theta: 0 }): Pose {
  const { xy, s: along } = lane;
  let low = 0;
  let high = along.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (along[middle]! <= s) low = middle;
    else high = middle;
  }
  const span = along[high]! - along[low]!;
  const f = span > 0 ? Math.min(1, Math.max(0, (s - along[low]!) / span)) : 0;
  const x0 = xy[2 * low]!;
  const y0 = xy[2 * low + 1]!;
  const dx = xy[2 * high]! - x0;
  const dy = xy[2 * high + 1]! - y0;
  out.x = x0 + f * dx;
  out.y = y0 + f * dy;
  out.theta = Math.atan2(dy, dx);
  return out;
}

/** The part of a lane from `fromM` to `toM` as points [x0, y0, …]; empty when nothing of it lies on the lane. */
export function cutLane(lane: LaneLine, fromM: number, toM: number): number[] {
  const from = Math.max(0, fromM);
  const to = Math.min(lane.lengthM, toM);
  if (!(to > from)) return [];
  const points: number[] = [];
  const pose = poseOnLane(lane, from);
  points.push(pose.x, pose.y);
  for (let i = 0; i < lane.s.length; i++) {
    const s = lane.s[i]!;
    if (s > from && s < to) points.push(lane.xy[2 * i]!, lane.xy[2 * i + 1]!);
  }
  poseOnLane(lane, to, pose);
  points.push(pose.x, pose.y);
  return points;
}

/** @throws Error that names the feature when the GeoJSON is not a site's. */
export function makeSiteView(message: SiteMessage): SiteView {
  const toLocal = localFrame(message.frame);
  const line = (positions: readonly Position[]): Float64Array => {
    const xy = new Float64Array(positions.length * 2);
    positions.forEach((position, i) => {
      const [x, y] = toLocal(position[0], position[1]);
      xy[2 * i] = x;
      xy[2 * i + 1] = y;
    });
    return xy;
  };
  const lanes = new Map<string, LaneLine>();
  const surfaces: SurfaceView[] = [];
  const borders: Float64Array[] = [];
  const stationFeatures: Feature[] = [];
  const features = (message.geojson as { features?: unknown }).features;
  if (!Array.isArray(features)) throw new Error("the /site message holds no GeoJSON FeatureCollection");
  for (const feature of features as Feature[]) {
    const { geometry, properties } = feature;
    const id = String(properties.id ?? properties.kind);
    switch (properties.kind) {
      case "lane": {
        const lane = makeLane(id, line(expectGeometry(geometry, "LineString", id) as Position[]), properties);
        lanes.set(id, lane);
        if (lane.twoWay) lanes.set(`${id}~`, reverseLane(lane));
        break;
      }
      case "surface": {
        const rings = expectGeometry(geometry, "Polygon", id) as Position[][];
        surfaces.push({ id, kind: properties.surface as SurfaceView["kind"], rings: rings.map(line) });
        break;
      }
      case "border":
        borders.push(line(expectGeometry(geometry, "LineString", id) as Position[]));
        break;
      case "station":
        stationFeatures.push(feature);
        break;
    }
  }
  const stations = stationFeatures.map(({ geometry, properties }): StationView => {
    const id = String(properties.id);
    const role = String(properties.role);
    const positions = (
      geometry.type === "Point" ? [geometry.coordinates] : expectGeometry(geometry, "MultiPoint", id)
    ) as Position[];
    const bays = positions.map((position, i): BayView => {
      const [x, y] = toLocal(position[0], position[1]);
      const bayId = positions.length === 1 ? id : `${id}/${i + 1}`;
      return { id: bayId, station: id, role, x, y, theta: headingAt(lanes, x, y) };
    });
    return { id, role, side: String(properties.side), bays };
  });
  const bays = new Map(stations.flatMap((station) => station.bays.map((bay) => [bay.id, bay] as const)));
  return { id: message.site, lanes, stations, bays, surfaces, borders, box: boxOf(lanes, bays) };
}

function expectGeometry(geometry: Feature["geometry"], type: string, id: string): unknown[] {
  if (geometry.type !== type || !Array.isArray(geometry.coordinates)) {
    throw new Error(`/site: feature ${id} is a ${geometry.type}, expected a ${type}`);
  }
  return geometry.coordinates;
}

function makeLane(id: string, xy: Float64Array, properties: Feature["properties"]): LaneLine {
  const n = xy.length / 2;
  const s = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    s[i] = s[i - 1]! + Math.hypot(xy[2 * i]! - xy[2 * i - 2]!, xy[2 * i + 1]! - xy[2 * i - 1]!);
  }
  return {
    id,
    xy,
    s,
    lengthM: s[n - 1] ?? 0,
    widthM: Number(properties.width ?? 3.5),
    twoWay: properties.twoWay === true,
    holding: properties.holding !== false,
    speedLimitMps: Number(properties.speedLimit ?? 0),
  };
}

function reverseLane(lane: LaneLine): LaneLine {
  const n = lane.s.length;
  const xy = new Float64Array(2 * n);
  const s = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const from = n - 1 - i;
    xy[2 * i] = lane.xy[2 * from]!;
    xy[2 * i + 1] = lane.xy[2 * from + 1]!;
    s[i] = lane.lengthM - lane.s[from]!;
  }
  return { ...lane, id: `${lane.id}~`, xy, s };
}

/** Heading of the lane that passes or ends nearest to a bay: bays lie within 0.25 m of a lane's end. */
function headingAt(lanes: ReadonlyMap<string, LaneLine>, x: number, y: number): number {
  let best = Number.POSITIVE_INFINITY;
  let theta = 0;
  const pose: Pose = { x: 0, y: 0, theta: 0 };
  for (const lane of lanes.values()) {
    for (const s of [lane.lengthM, 0]) {
      poseOnLane(lane, s, pose);
      const distance = Math.hypot(pose.x - x, pose.y - y);
      if (distance < best - 1e-6) {
        best = distance;
        theta = pose.theta;
      }
    }
  }
  return theta;
}

function boxOf(lanes: ReadonlyMap<string, LaneLine>, bays: ReadonlyMap<string, BayView>): Box {
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  const add = (x: number, y: number): void => {
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  };
  for (const lane of lanes.values()) for (let i = 0; i < lane.xy.length; i += 2) add(lane.xy[i]!, lane.xy[i + 1]!);
  for (const bay of bays.values()) add(bay.x, bay.y);
  return minX <= maxX ? { minX, minY, maxX, maxY } : { minX: 0, minY: 0, maxX: 1, maxY: 1 };
}
