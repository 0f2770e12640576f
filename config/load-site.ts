import type { Bay, Lane, Point, Site, Station, Surface } from "../planner/index.ts";
import { resolveFile } from "./built-in.ts";
import { FileError, readJson } from "./file-error.ts";
import { joinEnds } from "./join-ends.ts";
import { type GeoFrame, metresPerDegree, toLocal } from "./projection.ts";
import {
  featurePath,
  isKind,
  needsService,
  parseSiteFile,
  restsByDefault,
  type SiteFile,
  type StationFeature,
  serviceOf,
} from "./site-file.ts";
import { checkLaneOnDeck, checkPolygon } from "./surface-checks.ts";

/** A site, the file that it came from, and that file's content (for a recording or a map). */
export interface LoadedSite extends Site {
  readonly frame: GeoFrame;
  readonly file: string;
  readonly geojson: SiteFile;
}

/** Lane ends and bays closer than this are one node, metres. */
export const NODE_TOLERANCE_M = 0.25;

/**
 * Loads a site: checks the file, turns degrees into local metres, joins lane ends into nodes (ends and bays that belong
 * to one node get the same coordinates), and checks what the schema cannot: ids, bays, polygons, lanes over the river.
 * @param idOrPath built-in id or path of a GeoJSON file
 * @param besides  folder for relative paths
 * @throws FileError
 */
export function loadSite(idOrPath: string, besides?: string): LoadedSite {
  const file = resolveFile("site", idOrPath, besides);
  return siteOf(file, readJson(file));
}

/**
 * The site in a file's content.
 * @param file name for messages
 * @throws FileError
 */
export function siteOf(file: string, content: unknown): LoadedSite {
  const geojson = parseSiteFile(file, content);
  const degree = metresPerDegree(geojson.frame.lat0);
  const frame: GeoFrame = {
    lat0: geojson.frame.lat0,
    lon0: geojson.frame.lon0,
    bearing: geojson.frame.bearing,
    metresPerDegreeLat: geojson.frame.metresPerDegreeLat ?? degree.lat,
    metresPerDegreeLon: geojson.frame.metresPerDegreeLon ?? degree.lon,
  };
  const local = (lonLat: readonly [number, number]): Point => toLocal(frame, lonLat);
  const at = (index: number, path: readonly PropertyKey[] = []) => featurePath(geojson.features[index], index, path);

  const lanes: { lane: Lane; index: number }[] = [];
  const stations: { feature: StationFeature; points: Point[]; index: number }[] = [];
  const surfaces: { surface: Surface; index: number }[] = [];
  let border: readonly Point[] | null = null;
  const seen = new Map<string, string>();

  geojson.features.forEach((feature, index) => {
    const { kind, id } = feature.properties;
    const before = seen.get(id);
    if (before !== undefined)
      throw new FileError(
        file,
        at(index, ["properties", "id"]),
        `"${id}", the id of a ${before} too`,
        "an id of its own",
      );
    seen.set(id, kind);
    if (isKind(feature, "lane")) {
      const { speedLimit, width, twoWay, modes, gradient, holding } = feature.properties;
      const points = feature.geometry.coordinates.map(local);
      checkLine(file, at(index, ["geometry", "coordinates"]), points);
      lanes.push({
        lane: { id, points, speedLimitMps: speedLimit, widthM: width, twoWay, modes, gradient, holding },
        index,
      });
    } else if (isKind(feature, "station")) {
      const { geometry } = feature;
      const coordinates = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
      checkStation(file, at(index, ["properties", "service"]), feature);
      stations.push({ feature, points: coordinates.map(local), index });
    } else if (isKind(feature, "surface")) {
      const rings = feature.geometry.coordinates.map((ring) => ring.map(local));
      checkPolygon(file, at(index, ["geometry", "coordinates"]), rings);
      surfaces.push({ surface: { id, kind: feature.properties.surface, rings }, index });
    } else if (isKind(feature, "border")) {
      if (border !== null) throw new FileError(file, at(index), "a second border", "at most one border");
      border = feature.geometry.coordinates.map(local);
    }
  });
  if (lanes.length === 0) throw new FileError(file, "features", "no lane", "at least one lane");

  const nodes = joinEnds(
    lanes.map(({ lane }) => lane),
    NODE_TOLERANCE_M,
  );
  const ground = surfaces.map(({ surface }) => surface);
  nodes.lanes.forEach((lane, i) => {
    checkLaneOnDeck(file, at(lanes[i]!.index), lane, ground);
  });
  return {
    id: geojson.id,
    frame,
    lanes: nodes.lanes,
    stations: stations.map(({ feature, points, index }) => {
      const { id, role, side, modes, resting } = feature.properties;
      const bays = points.map((point, k): Bay => {
        const bay = points.length === 1 ? id : `${id}/${k + 1}`;
        const node = nodes.near(point);
        if (node === null)
          throw new FileError(
            file,
            at(index, ["geometry", "coordinates"]),
            `bay ${bay} at x ${point.x.toFixed(2)} m, y ${point.y.toFixed(2)} m, ${nodes.distanceToNearest(point).toFixed(2)} m from the nearest lane end`,
            `a lane end within ${NODE_TOLERANCE_M} m of each bay`,
          );
        return { id: bay, x: node.x, y: node.y };
      });
      const station: Station = {
        id,
        role,
        side,
        bays,
        service: serviceOf(feature.properties),
        resting: resting ?? restsByDefault(role),
        modes,
      };
      return station;
    }),
    surfaces: ground,
    border: border ?? [],
    file,
    geojson,
  };
}

function checkLine(file: string, path: string, points: readonly Point[]): void {
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1]!;
    const b = points[i]!;
    if (Math.hypot(b.x - a.x, b.y - a.y) < 0.001)
      throw new FileError(
        file,
        `${path}[${i}]`,
        "the same position as the one before it",
        "positions at least 1 mm apart",
      );
  }
}

function checkStation(file: string, path: string, feature: StationFeature): void {
  const { role, service } = feature.properties;
  if (needsService(role) && service === undefined)
    throw new FileError(file, path, "nothing", `a service time for the role ${role}`);
  if (!needsService(role) && service !== undefined)
    throw new FileError(
      file,
      path,
      "a service time",
      role === "parking" ? "none: nothing is done at a parking" : "none: charging time follows from the battery",
    );
}
