import type { Point } from "../../../planner/index.ts";
import { type GeoFrame, toLonLat } from "../../projection.ts";
import { APPROACH_SUM_Y } from "./corridor.ts";
import { border, FRAME, groundOf } from "./ground.ts";
import type { DrawnLane, DrawnStation, Network } from "./network.ts";
import { type Variant, YARD_SUM_Y } from "./variants.ts";

/** A degree in the 10th decimal is a hundredth of a millimetre: short chords keep their heading within 0.1 mrad. */
const DECIMALS = 10;
const SOURCE = "reference layout";

type LonLat = (point: Point) => [number, number];
type Feature = ReturnType<typeof feature>;

/** The text of a variant's site.geojson. */
export function geojsonText(variant: Variant): string {
  const lonLat = projection(FRAME);
  const features = [
    ...groundOf(variant.endY, variant.yards, APPROACH_SUM_Y, YARD_SUM_Y).map((surface) =>
      feature("Polygon", [surface.ring.map(lonLat)], {
        kind: "surface",
        id: surface.id,
        surface: surface.surface,
        confidence: surface.confidence,
        source: surface.source,
      }),
    ),
    feature("LineString", border.map(lonLat), {
      kind: "border",
      id: "border",
      confidence: "inferred",
      source:
        "public county polygon turned into WGS84, within 100 m; the origin is the point on the bridge's axis, within 500 m",
    }),
    ...networkFeatures(variant.draw(), lonLat),
  ];
  const head = {
    $schema: "../../schema/site.schema.json",
    type: "FeatureCollection",
    id: variant.id,
    name: variant.name,
    description: `${variant.description} Made by config/sites/generate: change that, not this file.`,
    frame: FRAME,
  };
  return collectionText(head, features);
}

/** Text of a FeatureCollection with one feature a line, so that a change shows as the lines it touches. */
export function collectionText(head: object, features: readonly Feature[]): string {
  const start = JSON.stringify(head).slice(0, -1);
  return `${start},"features":[\n${features.map((line) => JSON.stringify(line)).join(",\n")}\n]}\n`;
}

/** The lanes and stations of a network as GeoJSON features. */
export function networkFeatures(network: Network, lonLat: LonLat): Feature[] {
  return [
    ...network.lanes().map((lane) => laneFeature(lane, lonLat)),
    ...network.stations.map((station) => stationFeature(station, lonLat)),
  ];
}

/** Degrees of local metres, rounded as in files. */
export function projection(frame: GeoFrame): LonLat {
  return (point) => {
    const [lon, lat] = toLonLat(frame, point);
    return [Number(lon.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
  };
}

function laneFeature(lane: DrawnLane, lonLat: LonLat) {
  const onBridge = lane.id.startsWith("bridge");
  return feature("LineString", lane.points.map(lonLat), {
    kind: "lane",
    id: lane.id,
    speedLimit: lane.limit,
    width: lane.width,
    ...(lane.twoWay ? { twoWay: true } : {}),
    ...(lane.gradient === 0 ? {} : { gradient: lane.gradient }),
    ...(lane.holding ? {} : { holding: false }),
    confidence: "assumed",
    source: SOURCE,
    ...(onBridge
      ? {
          values: [
            {
              keys: ["geometry"],
              confidence: "inferred",
              source: "27.7 m deck: median 1.0, lanes 4 x 3.75 + 2 x 3.5, footways 2 x 2.35",
            },
            {
              keys: ["width"],
              confidence: "known",
              source: "27.7 m deck with 4 main and 2 auxiliary lanes, class I highway",
            },
          ],
        }
      : {}),
  });
}

const SERVICE_SOURCES: Readonly<Partial<Record<DrawnStation["role"], string>>> = {
  gate: "unmanned gate <= 30 s at Ganqimaodu, 16 s by a vendor; 2 % exceptions assumed",
  scanner: "drive-through portal of 150-160 an hour: Euromax 2008",
  disinfection: "assumed drive-through",
  inspection: "assumed dock time",
  crane: "gantry 20-25 moves an hour; the part that holds the vehicle, for each container",
};

function stationFeature(station: DrawnStation, lonLat: LonLat) {
  const single = station.points.length === 1;
  const coordinates = station.points.map(lonLat);
  const source = SERVICE_SOURCES[station.role];
  return feature(single ? "Point" : "MultiPoint", single ? coordinates[0] : coordinates, {
    kind: "station",
    id: station.id,
    role: station.role,
    side: station.side,
    ...(station.service === null ? {} : { service: station.service }),
    confidence: "assumed",
    source: SOURCE,
    ...(source === undefined || station.role === "disinfection"
      ? {}
      : {
          values: [{ keys: ["service"], confidence: station.role === "inspection" ? "assumed" : "inferred", source }],
        }),
  });
}

/** A GeoJSON feature. */
export function feature(type: string, coordinates: unknown, properties: Record<string, unknown>) {
  return { type: "Feature", properties, geometry: { type, coordinates } };
}
