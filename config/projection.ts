import type { Point, SiteFrame } from "../planner/index.ts";

/**
 * The frame of a site with its linear projection: a degree is the same number of metres all over the site. Over the
 * few kilometres of a site that is wrong by less than a millimetre a metre, and it can be inverted exactly.
 */
export interface GeoFrame extends SiteFrame {
  readonly metresPerDegreeLat: number;
  readonly metresPerDegreeLon: number;
}

/**
 * Metres of a degree of latitude and of longitude at a latitude, from the series of the WGS84 ellipsoid.
 * @param lat degrees
 */
export function metresPerDegree(lat: number): { lat: number; lon: number } {
  const phi = (lat * Math.PI) / 180;
  return {
    lat: 111132.954 - 559.822 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi),
    lon: 111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi),
  };
}

/** Local metres of a WGS84 position [longitude, latitude] in degrees. */
export function toLocal(frame: GeoFrame, lonLat: readonly [number, number]): Point {
  const east = (lonLat[0] - frame.lon0) * frame.metresPerDegreeLon;
  const north = (lonLat[1] - frame.lat0) * frame.metresPerDegreeLat;
  const cos = Math.cos(frame.bearing);
  const sin = Math.sin(frame.bearing);
  return { x: east * cos - north * sin, y: east * sin + north * cos };
}

/** WGS84 [longitude, latitude] in degrees of local metres: the inverse of `toLocal`. */
export function toLonLat(frame: GeoFrame, point: Point): [number, number] {
  const cos = Math.cos(frame.bearing);
  const sin = Math.sin(frame.bearing);
  const east = point.x * cos + point.y * sin;
  const north = -point.x * sin + point.y * cos;
  return [frame.lon0 + east / frame.metresPerDegreeLon, frame.lat0 + north / frame.metresPerDegreeLat];
}
