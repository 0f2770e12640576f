import * as z from "zod";
import type { Distribution, StationRole } from "../planner/index.ts";
import { distributionSchema } from "./distribution-file.ts";
import { FileError, parseFile, pathText } from "./file-error.ts";
import { confidenceSchema } from "./vehicle-type-file.ts";

const position = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
  .describe("WGS84 degrees: [longitude, latitude].");
const line = z.strictObject({ type: z.literal("LineString"), coordinates: z.array(position).min(2) });
const polygon = z.strictObject({ type: z.literal("Polygon"), coordinates: z.array(z.array(position).min(4)).min(1) });
const pointOrPoints = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("Point"), coordinates: position }),
  z.strictObject({ type: z.literal("MultiPoint"), coordinates: z.array(position).min(1) }),
]);

/** Ids stay free of the marks that derived names use: "/" (bay), "~" (reverse direction), "@" (metres), space. */
const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

const provenance = {
  confidence: z.exactOptional(confidenceSchema),
  source: z.exactOptional(z.string()).describe("Where geometry and values come from."),
  values: z
    .exactOptional(
      z.array(
        z.strictObject({
          keys: z.array(z.string()).min(1).describe("Properties of this feature (geometry for its shape)."),
          confidence: confidenceSchema,
          source: z.string().describe("Where they come from."),
        }),
      ),
    )
    .describe("Values that are surer or less sure than the rest."),
};
const modes = z.array(z.string()).min(1).default(["igv"]).describe("Vehicle modes that may use it.");
const feature = { type: z.literal("Feature"), id: z.exactOptional(z.union([z.string(), z.number()])) };

const laneFeatureSchema = z
  .strictObject({
    ...feature,
    geometry: line,
    properties: z.strictObject({
      kind: z.literal("lane"),
      id: idSchema.describe("Lane id, unique."),
      speedLimit: z.number().positive().describe("m/s."),
      width: z.number().positive().default(3.5).describe("Metres."),
      twoWay: z
        .boolean()
        .default(false)
        .describe("One shared strip usable in either direction, one direction at a time."),
      modes,
      gradient: z.number().min(-0.2).max(0.2).default(0).describe("Rise per metre in the direction of the line."),
      holding: z.boolean().default(true).describe("False: no planned standing anywhere on it, as on the bridge."),
      ...provenance,
    }),
  })
  .describe("A lane, driven from first to last coordinate by the centre of the footprint.");

const stationFeatureSchema = z
  .strictObject({
    ...feature,
    geometry: pointOrPoints,
    properties: z.strictObject({
      kind: z.literal("station"),
      id: idSchema.describe("Station id, unique."),
      role: z.enum(["gate", "scanner", "disinfection", "inspection", "crane", "charger", "swap", "parking"]),
      side: z.enum(["vn", "cn"]).describe("Side of the border."),
      service: z
        .exactOptional(distributionSchema)
        .describe("Time in seconds for each pass; at a crane for each container moved. None for parking and charger."),
      resting: z
        .exactOptional(z.boolean())
        .describe(
          "A vehicle may stay in a bay for ever (the bays are havens). Default true for parking and charger, else false.",
        ),
      modes,
      ...provenance,
    }),
  })
  .describe("A station: one crew, crane or scanner; one point a bay, each within 0.25 m of a lane end.");

const surfaceFeatureSchema = z
  .strictObject({
    ...feature,
    geometry: polygon,
    properties: z.strictObject({
      kind: z.literal("surface"),
      id: idSchema.describe("Surface id, unique."),
      surface: z
        .enum(["yard", "deck", "building", "river"])
        .describe("What it is. A lane over a river must be on a deck."),
      ...provenance,
    }),
  })
  .describe("Ground that is drawn and used for checks.");

const borderFeatureSchema = z
  .strictObject({
    ...feature,
    geometry: line,
    properties: z.strictObject({
      kind: z.literal("border"),
      id: idSchema.describe("Id, unique."),
      ...provenance,
    }),
  })
  .describe("The border line; at most one.");

const featureSchemas = {
  lane: laneFeatureSchema,
  station: stationFeatureSchema,
  surface: surfaceFeatureSchema,
  border: borderFeatureSchema,
};

const shell = {
  $schema: z.exactOptional(z.string()).describe("Where this schema is, for editors."),
  type: z.literal("FeatureCollection"),
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .describe("Site id; the folder has its name."),
  name: z.exactOptional(z.string()).describe("For people."),
  description: z.exactOptional(z.string()).describe("For people."),
  bbox: z.exactOptional(z.array(z.number()).min(4)).describe("As in RFC 7946; not used."),
  frame: z
    .strictObject({
      lat0: z.number().min(-89).max(89).describe("Latitude of the local origin, WGS84 degrees."),
      lon0: z.number().min(-180).max(180).describe("Longitude of the local origin, WGS84 degrees."),
      bearing: z
        .number()
        .min(-Math.PI)
        .max(Math.PI)
        .default(0)
        .describe("Bearing of local +y, radians clockwise from true north."),
      metresPerDegreeLat: z
        .exactOptional(z.number().min(110_500).max(111_750))
        .describe("Metres of a degree of latitude; default from the WGS84 ellipsoid at lat0."),
      metresPerDegreeLon: z
        .exactOptional(z.number().min(1_900).max(111_400))
        .describe("Metres of a degree of longitude; default from the WGS84 ellipsoid at lat0."),
    })
    .describe("The linear projection to local metres (x east, y north where bearing is 0)."),
};

/** Schema of `sites/<id>/site.geojson`: an RFC 7946 FeatureCollection. Coordinates are WGS84, everything else is SI. */
export const siteFileSchema = z
  .strictObject({
    ...shell,
    features: z
      .array(
        z.union(
          Object.values(featureSchemas) as [
            typeof laneFeatureSchema,
            typeof stationFeatureSchema,
            typeof surfaceFeatureSchema,
            typeof borderFeatureSchema,
          ],
        ),
      )
      .min(1),
  })
  .meta({ title: "Kalong site", description: "Lanes, stations, surfaces and the border of a place, as GeoJSON." });

const shellSchema = z.strictObject({ ...shell, features: z.array(z.unknown()).min(1) });

export type SiteFile = z.output<typeof siteFileSchema>;
export type LaneFeature = z.output<typeof laneFeatureSchema>;
export type StationFeature = z.output<typeof stationFeatureSchema>;
export type SurfaceFeature = z.output<typeof surfaceFeatureSchema>;
export type BorderFeature = z.output<typeof borderFeatureSchema>;
export type SiteFeature = LaneFeature | StationFeature | SurfaceFeature | BorderFeature;

type FeatureOf<K extends SiteFeature["properties"]["kind"]> = Extract<SiteFeature, { properties: { kind: K } }>;

/** Whether a feature is of a kind. */
export function isKind<K extends SiteFeature["properties"]["kind"]>(
  feature: SiteFeature,
  kind: K,
): feature is FeatureOf<K> {
  return feature.properties.kind === kind;
}

/** Roles whose bays are havens unless the site says otherwise. */
export function restsByDefault(role: StationRole): boolean {
  return role === "parking" || role === "charger";
}

/** Roles that do work on a container or a vehicle and therefore need a service time. */
export function needsService(role: StationRole): boolean {
  return role !== "parking" && role !== "charger";
}

/** The service of a station's properties; null where nothing is done. */
export function serviceOf(properties: StationFeature["properties"]): Distribution | null {
  return properties.service ?? null;
}

/**
 * Checks a site's content against the schema, each feature against that of its kind, so that a message names the one
 * thing that is wrong and not every kind that the feature is not.
 * @throws FileError
 */
export function parseSiteFile(file: string, value: unknown): SiteFile {
  const parsed = parseFile(file, value, shellSchema);
  const features = parsed.features.map((raw, i): SiteFeature => {
    const kind = (raw as { properties?: { kind?: unknown } } | null)?.properties?.kind;
    const schema =
      typeof kind === "string" && Object.hasOwn(featureSchemas, kind)
        ? featureSchemas[kind as keyof typeof featureSchemas]
        : null;
    if (schema === null)
      throw new FileError(
        file,
        `features[${i}].properties.kind`,
        kind === undefined ? "nothing" : JSON.stringify(kind),
        `one of ${Object.keys(featureSchemas)
          .map((name) => JSON.stringify(name))
          .join(", ")}`,
      );
    return parseFile<SiteFeature>(file, raw, schema, (path) => featurePath(raw, i, path));
  });
  return { ...parsed, features };
}

/** "features[3] (lane br-nb) properties.speedLimit": the number for machines, the id for people. */
export function featurePath(raw: unknown, index: number, path: readonly PropertyKey[]): string {
  const properties = (raw as { properties?: { kind?: unknown; id?: unknown } } | null)?.properties;
  const name = typeof properties?.id === "string" ? ` (${String(properties.kind)} ${properties.id})` : "";
  const inside = pathText(path);
  return `features[${index}]${name}${inside === "" ? "" : ` ${inside}`}`;
}
