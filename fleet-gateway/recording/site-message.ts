/** The site as the run used it, written out as GeoJSON in WGS84 with the projection that takes it back to metres. */
import { type GeoFrame, toLonLat } from "../../config/index.ts";
import type { Point, Site, SiteFrame, VehicleType } from "../../planner/index.ts";
import type { RecordedVehicleType, SiteMessage } from "./messages.ts";

/** The site's own projection; for a site made without GeoJSON that of a sphere. Either way the recording states it. */
function recordedFrame(frame: SiteFrame | GeoFrame): GeoFrame {
  const { lat0, lon0, bearing } = frame;
  const { metresPerDegreeLat, metresPerDegreeLon } =
    "metresPerDegreeLat" in frame
      ? frame
      : { metresPerDegreeLat: 111_195, metresPerDegreeLon: 111_195 * Math.cos((lat0 * Math.PI) / 180) };
  return { lat0, lon0, bearing, metresPerDegreeLat, metresPerDegreeLon };
}

/** Degrees to 1e-9 (0.1 mm). */
function lonLat(frame: GeoFrame, point: Point): [number, number] {
  const [lon, lat] = toLonLat(frame, point);
  return [Math.round(lon * 1e9) / 1e9, Math.round(lat * 1e9) / 1e9];
}

/** What a recording says of a vehicle type. */
function recordedVehicleType(type: VehicleType): RecordedVehicleType {
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
  const line = (points: readonly Point[]): [number, number][] => points.map((point) => lonLat(frame, point));
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
