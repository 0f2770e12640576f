/** The site as the recording states it: directed lanes in local metres, who follows whom, and the bays. */
import type { RecordedVehicleType, SiteMessage } from "../../fleet-gateway/index.ts";
import { type Pose, wrapAngle } from "./geometry.ts";
import { UnreadableRecording } from "./rules.ts";

/** A lane in one direction of travel. */
export interface DirectedLane {
  readonly index: number;
  readonly id: string;
  /** Points in travel order, distance of each from the start, and heading there. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly ss: Float64Array;
  readonly headings: Float64Array;
  readonly lengthM: number;
  readonly speedLimitMps: number;
  readonly holding: boolean;
  /** The same strip in the other direction, or -1. */
  opposite: number;
  /** Lanes that begin where this one ends. */
  readonly next: number[];
}

export interface RecordedBay {
  readonly id: string;
  readonly station: string;
  readonly x: number;
  readonly y: number;
  /** Heading of a vehicle in it, from a lane that ends or begins there. */
  readonly theta: number | null;
}

export interface RecordedSite {
  readonly lanes: readonly DirectedLane[];
  readonly laneIndex: ReadonlyMap<string, number>;
  readonly bays: ReadonlyMap<string, RecordedBay>;
  readonly types: ReadonlyMap<string, RecordedVehicleType>;
}

/** Lane ends this near to one another are one node (the site format's rule). */
const nodeRadiusM = 0.25;
/** Two successive pieces of a lane that bend less are samples of a curve; more is a corner. */
const curveBendMax = 0.3;

/** @throws UnreadableRecording when the GeoJSON is not what the format asks for */
export function readSite(message: SiteMessage): RecordedSite {
  const lanes: DirectedLane[] = [];
  const stations: Properties[] = [];
  for (const [number, feature] of message.geojson.features.entries()) {
    const properties = feature.properties as Properties | null | undefined;
    const geometry = feature.geometry as { type?: string; coordinates?: unknown } | null | undefined;
    if (properties?.kind === "lane") addLane(lanes, message, number, properties, geometry);
    else if (properties?.kind === "station") stations.push({ ...properties, number, geometry });
  }
  if (lanes.length === 0) throw new UnreadableRecording("/site holds no lanes, so the run cannot be judged");
  linkLanes(lanes);
  const laneIndex = new Map(lanes.map((lane) => [lane.id, lane.index]));
  if (laneIndex.size !== lanes.length) throw new UnreadableRecording("/site: two lanes have the same id");
  const bays = new Map<string, RecordedBay>();
  for (const station of stations) {
    for (const bay of readBays(message, station, lanes)) bays.set(bay.id, bay);
  }
  return { lanes, laneIndex, bays, types: new Map(message.vehicleTypes.map((type) => [type.type, type])) };
}

type Properties = Record<string, unknown>;

function readPoints(message: SiteMessage, where: string, coordinates: unknown): { x: number; y: number }[] {
  const { frame } = message;
  const cos = Math.cos(frame.bearing);
  const sin = Math.sin(frame.bearing);
  if (!Array.isArray(coordinates)) throw new UnreadableRecording(`/site ${where}: coordinates are missing`);
  return coordinates.map((position: unknown) => {
    const [lon, lat] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof lon !== "number" || typeof lat !== "number") {
      throw new UnreadableRecording(
        `/site ${where}: expected [longitude, latitude], found ${JSON.stringify(position)}`,
      );
    }
    const east = (lon - frame.lon0) * frame.metresPerDegreeLon;
    const north = (lat - frame.lat0) * frame.metresPerDegreeLat;
    return { x: east * cos - north * sin, y: east * sin + north * cos };
  });
}

function addLane(
  lanes: DirectedLane[],
  message: SiteMessage,
  number: number,
  properties: Properties,
  geometry: { type?: string; coordinates?: unknown } | null | undefined,
): void {
  const id = properties.id;
  const where = `feature ${number} (lane ${String(id)})`;
  const speedLimitMps = properties.speedLimit;
  if (typeof id !== "string" || typeof speedLimitMps !== "number") {
    throw new UnreadableRecording(`/site ${where}: a lane needs an id and a speedLimit`);
  }
  const points = readPoints(message, where, geometry?.coordinates);
  if (geometry?.type !== "LineString" || points.length < 2) {
    throw new UnreadableRecording(`/site ${where}: expected a LineString of at least two points`);
  }
  const holding = properties.holding !== false;
  const forward = directedLane(lanes.length, id, points, speedLimitMps, holding);
  lanes.push(forward);
  if (properties.twoWay !== true) return;
  const back = directedLane(lanes.length, `${id}~`, [...points].reverse(), speedLimitMps, holding);
  lanes.push(back);
  forward.opposite = back.index;
  back.opposite = forward.index;
}

function directedLane(
  index: number,
  id: string,
  points: readonly { x: number; y: number }[],
  speedLimitMps: number,
  holding: boolean,
): DirectedLane {
  const xs = Float64Array.from(points, (point) => point.x);
  const ys = Float64Array.from(points, (point) => point.y);
  const ss = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) ss[i] = ss[i - 1]! + Math.hypot(xs[i]! - xs[i - 1]!, ys[i]! - ys[i - 1]!);
  const headings = headingsAtPoints(xs, ys);
  return {
    index,
    id,
    xs,
    ys,
    ss,
    headings,
    lengthM: ss[points.length - 1]!,
    speedLimitMps,
    holding,
    opposite: -1,
    next: [],
  };
}

/** Heading at each point: between its two pieces; at the ends continued as on an arc, so that curves have their tangent. */
function headingsAtPoints(xs: Float64Array, ys: Float64Array): Float64Array {
  const count = xs.length;
  const pieces = Array.from({ length: count - 1 }, (_, i) => Math.atan2(ys[i + 1]! - ys[i]!, xs[i + 1]! - xs[i]!));
  const headings = new Float64Array(count);
  for (let i = 1; i < count - 1; i++) headings[i] = pieces[i - 1]! + wrapAngle(pieces[i]! - pieces[i - 1]!) / 2;
  const end = (piece: number, inner: number): number => {
    const half = wrapAngle(inner - piece);
    return Math.abs(half) <= curveBendMax / 2 ? piece - half : piece;
  };
  headings[0] = count > 2 ? end(pieces[0]!, headings[1]!) : pieces[0]!;
  headings[count - 1] = count > 2 ? end(pieces[count - 2]!, headings[count - 2]!) : pieces[count - 2]!;
  return headings;
}

function linkLanes(lanes: readonly DirectedLane[]): void {
  const starts = new Map<string, DirectedLane[]>();
  const cell = (value: number): number => Math.floor(value / 1);
  for (const lane of lanes) {
    const key = `${cell(lane.xs[0]!)},${cell(lane.ys[0]!)}`;
    starts.set(key, [...(starts.get(key) ?? []), lane]);
  }
  for (const lane of lanes) {
    const x = lane.xs[lane.xs.length - 1]!;
    const y = lane.ys[lane.ys.length - 1]!;
    for (let i = cell(x) - 1; i <= cell(x) + 1; i++) {
      for (let j = cell(y) - 1; j <= cell(y) + 1; j++) {
        for (const other of starts.get(`${i},${j}`) ?? []) {
          // Nobody turns on the spot: the strip's other direction does not follow.
          if (other.index === lane.opposite) continue;
          if (Math.hypot(other.xs[0]! - x, other.ys[0]! - y) <= nodeRadiusM + 0.01) lane.next.push(other.index);
        }
      }
    }
  }
}

function readBays(message: SiteMessage, station: Properties, lanes: readonly DirectedLane[]): RecordedBay[] {
  const where = `feature ${String(station.number)} (station ${String(station.id)})`;
  const geometry = station.geometry as { type?: string; coordinates?: unknown } | null | undefined;
  const coordinates = geometry?.type === "Point" ? [geometry.coordinates] : geometry?.coordinates;
  const points = readPoints(message, where, coordinates);
  const id = String(station.id);
  const names = Array.isArray(station.bays) ? (station.bays as unknown[]).map(String) : [];
  return points.map((point, i) => {
    const name = names[i] ?? (points.length === 1 ? id : `${id}/${i + 1}`);
    return { id: name, station: id, x: point.x, y: point.y, theta: headingAtEnd(lanes, point) };
  });
}

function headingAtEnd(lanes: readonly DirectedLane[], point: { x: number; y: number }): number | null {
  for (const lane of lanes) {
    for (const end of [lane.xs.length - 1, 0]) {
      if (Math.hypot(lane.xs[end]! - point.x, lane.ys[end]! - point.y) <= 2 * nodeRadiusM) return lane.headings[end]!;
    }
  }
  return null;
}

/** Pose of a vehicle's centre at `s` metres along a lane, clamped to the lane, into `out`. */
export function poseOnLane(lane: DirectedLane, s: number, out: Pose): void {
  const { ss } = lane;
  let low = 0;
  let high = ss.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ss[middle]! <= s) low = middle;
    else high = middle;
  }
  const span = ss[high]! - ss[low]!;
  const raw = span > 0 ? (s - ss[low]!) / span : 0;
  const u = raw < 0 ? 0 : Math.min(raw, 1);
  out.x = lane.xs[low]! + u * (lane.xs[high]! - lane.xs[low]!);
  out.y = lane.ys[low]! + u * (lane.ys[high]! - lane.ys[low]!);
  out.theta = lane.headings[low]! + u * wrapAngle(lane.headings[high]! - lane.headings[low]!);
}
