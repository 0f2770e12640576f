/** Pictures for rviz2: the site's lanes and stations once, the ground that vehicles hold, the vehicles' footprints. */
import type { LaneGraph, Site, VehicleType } from "../../../planner/index.ts";
import type { RecordedReservation } from "../../recording/messages.ts";
import type { LaneGeometry } from "../../vda5050/lane-geometry.ts";
import type { ColorRGBA, Marker, MarkerArray, Time, Vector3 } from "../messages.ts";
import { baseFrame, MAP_FRAME, NO_ROTATION, ZERO } from "./pose.ts";

/** Constants of visualization_msgs/Marker. */
export const MARKER = { cube: 1, lineStrip: 4, lineList: 5, text: 9, add: 0, remove: 2, removeAll: 3 } as const;

const LANE = colour(0.55, 0.6, 0.65, 1);
const SURFACE = colour(0.35, 0.4, 0.45, 0.8);
const BORDER = colour(0.85, 0.1, 0.1, 1);
const STATION = colour(0.2, 0.5, 0.85, 0.8);
const LANE_WIDTH_M = 0.2;
const HELD_WIDTH_M = 2;
const HELD_HEIGHT_M = 0.05;
const VEHICLE_HEIGHT_M = 1.7;
const BAY_SIZE_M = 2;
const TEXT_HEIGHT_M = 2.5;

function colour(r: number, g: number, b: number, a: number): ColorRGBA {
  return { r, g, b, a };
}

/** Colours of the vehicles' ground: hues as far apart as the golden angle. */
export function vehicleColour(index: number): ColorRGBA {
  const hue = (index * 137.508) % 360;
  const part = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return 0.5 - 0.5 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return colour(part(0), part(8), part(4), 0.7);
}

function marker(ns: string, id: number, type: number, stamp: Time, over: Partial<Marker>): Marker {
  return {
    header: { stamp, frame_id: MAP_FRAME },
    ns,
    id,
    type,
    action: MARKER.add,
    pose: { position: ZERO, orientation: NO_ROTATION },
    scale: { x: LANE_WIDTH_M, y: LANE_WIDTH_M, z: LANE_WIDTH_M },
    color: LANE,
    lifetime: { sec: 0, nanosec: 0 },
    frame_locked: false,
    points: [],
    colors: [],
    text: "",
    ...over,
  };
}

const point = (x: number, y: number, z = 0): Vector3 => ({ x, y, z });

/** Lanes, surfaces, the border, and a mark with a name for each station. */
export function siteMarkers(site: Site, lanes: LaneGraph, stamp: Time): MarkerArray {
  const markers: Marker[] = [];
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    if (lanes.reversed[lane] === 1) continue;
    const xy = lanes.pointsXY[lane]!;
    const points = Array.from({ length: xy.length / 2 }, (_, i) => point(xy[2 * i]!, xy[2 * i + 1]!));
    markers.push(marker("lanes", lane, MARKER.lineStrip, stamp, { points }));
  }
  const rings = site.surfaces.flatMap((surface) => surface.rings);
  for (const [i, ring] of rings.entries()) {
    const points = ring.map(({ x, y }) => point(x, y));
    markers.push(marker("surfaces", i, MARKER.lineStrip, stamp, { points, color: SURFACE }));
  }
  if (site.border.length > 1) {
    const points = site.border.map(({ x, y }) => point(x, y));
    markers.push(marker("border", 0, MARKER.lineStrip, stamp, { points, color: BORDER }));
  }
  for (const [i, bay] of site.stations.flatMap((station) => station.bays).entries()) {
    const scale = point(BAY_SIZE_M, BAY_SIZE_M, 0.1);
    const pose = { position: point(bay.x, bay.y), orientation: NO_ROTATION };
    markers.push(marker("bays", i, MARKER.cube, stamp, { pose, scale, color: STATION }));
  }
  for (const [i, station] of site.stations.entries()) {
    const first = station.bays[0];
    if (first === undefined) continue;
    const pose = { position: point(first.x, first.y, TEXT_HEIGHT_M), orientation: NO_ROTATION };
    const scale = point(0, 0, TEXT_HEIGHT_M);
    markers.push(marker("names", i, MARKER.text, stamp, { pose, scale, color: STATION, text: station.id }));
  }
  return { markers };
}

/** The vehicles' footprints, each fixed to its base frame, so that they move with the transforms. */
export function footprintMarkers(vehicles: readonly string[], type: VehicleType, stamp: Time): Marker[] {
  return vehicles.map((vehicle, i) =>
    marker("vehicles", i, MARKER.cube, stamp, {
      // A time of zero means the newest transform.
      header: { stamp: { sec: 0, nanosec: 0 }, frame_id: baseFrame(vehicle) },
      pose: { position: point(0, 0, VEHICLE_HEIGHT_M / 2), orientation: NO_ROTATION },
      scale: point(type.lengthM, type.widthM, VEHICLE_HEIGHT_M),
      color: { ...vehicleColour(i), a: 1 },
      frame_locked: true,
    }),
  );
}

/** Ground that vehicles hold now, kept from the messages about it. */
export class HeldGround {
  readonly #held = new Map<string, Map<string, RecordedReservation>>();
  readonly #index = new Map<string, number>();

  take(message: RecordedReservation): void {
    const key = `${message.kind} ${message.resource}`;
    const own = this.#held.get(message.vehicle) ?? new Map<string, RecordedReservation>();
    this.#held.set(message.vehicle, own);
    if (!this.#index.has(message.vehicle)) this.#index.set(message.vehicle, this.#index.size);
    if (message.event === "granted") own.set(key, message);
    else own.delete(key);
  }

  /**
   * One marker a vehicle: the metres of lane that it holds, its body's and those granted ahead, as line segments. What it
   * holds of areas shows as the lane inside them; a place is a bay's square.
   * @param bays by id
   */
  markers(geometry: LaneGeometry, bays: ReadonlyMap<string, { x: number; y: number }>, stamp: Time): MarkerArray {
    const markers: Marker[] = [];
    for (const [vehicle, own] of this.#held) {
      const points = [...own.values()].flatMap((held) => segmentsOf(held, geometry, bays));
      const id = this.#index.get(vehicle)!;
      const scale = { x: HELD_WIDTH_M, y: 0, z: 0 };
      const action = points.length === 0 ? MARKER.remove : MARKER.add;
      const over = { points, scale, action, color: vehicleColour(id), text: vehicle };
      markers.push(marker("reservations", id, MARKER.lineList, stamp, over));
    }
    return { markers };
  }
}

function segmentsOf(
  held: RecordedReservation,
  geometry: LaneGeometry,
  bays: ReadonlyMap<string, { x: number; y: number }>,
): Vector3[] {
  if (held.kind === "lane") {
    const line = geometry.line(held.resource, held.fromM, held.toM);
    return line.slice(1).flatMap((end, i) => {
      const start = line[i]!;
      return [point(start.x, start.y, HELD_HEIGHT_M), point(end.x, end.y, HELD_HEIGHT_M)];
    });
  }
  const bay = held.kind === "place" ? bays.get(held.resource) : undefined;
  if (bay === undefined) return [];
  const half = BAY_SIZE_M / 2;
  return [point(bay.x - half, bay.y, HELD_HEIGHT_M), point(bay.x + half, bay.y, HELD_HEIGHT_M)];
}
