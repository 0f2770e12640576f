/** The site as the run used it, written out as GeoJSON in WGS84 with the projection that takes it back to metres. */
import type { Point, Site, SiteFrame, VehicleType } from "../../planner/index.ts";
import type { RecordedVehicleType, SiteMessage } from "./messages.ts";

type RecordedFrame = SiteMessage["frame"];

/**
 * Metres in a degree of latitude and of longitude at a latitude, WGS84 ellipsoid (series of the meridian and parallel
 * arc; NIMA TR8350.2). The recording states the two numbers, so a reader needs no formula.
 */
export function recordedFrame(frame: SiteFrame): RecordedFrame {
  const lat = (frame.lat0 * Math.PI) / 180;
  return {
    lat0: frame.lat0,
    lon0: frame.lon0,
    bearing: frame.bearing,
    metresPerDegreeLat: 111132.954 - 559.822 * Math.cos(2 * lat) + 1.175 * Math.cos(4 * lat),
    metresPerDegreeLon: 111412.84 * Math.cos(lat) - 93.5 * Math.cos(3 * lat) + 0.118 * Math.cos(5 * lat),
  };
}

/** [longitude, latitude] of a local point, to 1e-9 degrees (0.1 mm). */
export function toLonLat(frame: RecordedFrame, point: Point): [number, number] {
  const cos = Math.cos(frame.bearing);
  const sin = Math.sin(frame.bearing);
  const east = point.x * cos + point.y * sin;
  const north = point.y * cos - point.x * sin;
  const round = (degrees: number): number => Math.round(degrees * 1e9) / 1e9;
  return [round(frame.lon0 + east / frame.metresPerDegreeLon), round(frame.lat0 + north / frame.metresPerDegreeLat)];
}

/** What a recording says of a vehicle type. */
export function recordedVehicleType(type: VehicleType): RecordedVehicleType {
  return {
    type: type.type,
    length: type.lengthM,
    width: type.widthM,
    frontOverhang: type.frontOverhangM,
    rearOverhang: type.rearOverhangM,
    margin: type.marginM,
    standstillGap: type.standstillGapM,
    maxSpeed: Math.max(type.maxSpeedEmptyMps, type.maxSpeedLadenMps),
    maxAcceleration: Math.max(type.accelerationEmptyMps2, type.accelerationLadenMps2),
    maxDeceleration: Math.max(type.serviceDecelerationMps2, type.emergencyDecelerationMps2),
  };
}

/** The `/site` message: every lane, station bay, surface and the border, as features with `properties.kind`. */
export function siteMessage(site: Site, vehicleTypes: readonly VehicleType[]): SiteMessage {
  const frame = recordedFrame(site.frame);
  const line = (points: readonly Point[]): [number, number][] => points.map((point) => toLonLat(frame, point));
  const feature = (
    geometry: object,
    properties: object,
  ): { type: "Feature"; geometry: object; properties: object } => ({
    type: "Feature",
    geometry,
    properties,
  });
  return {
    t: 0,
    site: site.id,
    frame,
    geojson: {
      type: "FeatureCollection",
      features: [
        ...site.lanes.map((lane) =>
          feature(
            { type: "LineString", coordinates: line(lane.points) },
            {
              kind: "lane",
              id: lane.id,
              speedLimit: lane.speedLimitMps,
              width: lane.widthM,
              twoWay: lane.twoWay,
              modes: lane.modes,
              gradient: lane.gradient,
              holding: lane.holding,
            },
          ),
        ),
        ...site.stations.map((station) =>
          feature(
            { type: "MultiPoint", coordinates: line(station.bays) },
            {
              kind: "station",
              id: station.id,
              role: station.role,
              side: station.side,
              bays: station.bays.map((bay) => bay.id),
              resting: station.resting,
              modes: station.modes,
            },
          ),
        ),
        ...site.surfaces.map((surface) =>
          feature(
            { type: "Polygon", coordinates: surface.rings.map(line) },
            { kind: "surface", id: surface.id, surface: surface.kind },
          ),
        ),
        ...(site.border.length > 1
          ? [feature({ type: "LineString", coordinates: line(site.border) }, { kind: "border" })]
          : []),
      ],
    },
    vehicleTypes: vehicleTypes.map(recordedVehicleType),
    border: site.border.map((point): [number, number] => [point.x, point.y]),
  };
}

/** A point of the recorded GeoJSON in local metres: the inverse of `toLonLat`. */
export function fromLonLat(frame: RecordedFrame, [lon, lat]: readonly [number, number]): Point {
  const cos = Math.cos(frame.bearing);
  const sin = Math.sin(frame.bearing);
  const east = (lon - frame.lon0) * frame.metresPerDegreeLon;
  const north = (lat - frame.lat0) * frame.metresPerDegreeLat;
  return { x: east * cos - north * sin, y: east * sin + north * cos };
}
