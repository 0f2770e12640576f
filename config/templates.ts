import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { FileError } from "./file-error.ts";
import { type LoadedSite, loadSite } from "./load-site.ts";
import { type GeoFrame, metresPerDegree } from "./projection.ts";
import type { PassRule, ScenarioFile } from "./scenario.ts";
import { collectionText, feature, networkFeatures, projection } from "./sites/generate/geojson.ts";
import { Network } from "./sites/generate/network.ts";
import { NORTH, Path, SOUTH, shiftForwardM } from "./sites/generate/path.ts";
import { liftService } from "./sites/generate/services.ts";

const schemaFolder = fileURLToPath(new URL("./schema/", import.meta.url));

/** Half the length and half the width of the template's loop, radius of its curves, metres. */
const HALF_LENGTH_M = 140;
const RADIUS_M = 12;
const SIDING_SHIFT_M = 5.875;
const SIDING_STRAIGHT_M = 15;
const SIDING_YS = [-90, -30, 30, 90] as const;
const LANE_LIMIT = 4.17;
const SIDING_LIMIT = 3;

/**
 * Writes `<name>/site.geojson`: a closed loop with four parkings, a charger, and a crane on each side of the border.
 * @param folder in which it is put
 * @returns the files written
 * @throws FileError for a name that is no id or is taken
 */
export function newSite(name: string, folder = "."): string[] {
  const file = join(folder, name, "site.geojson");
  checkName(name, file);
  put(file, loopSiteText(name, schemaPath(file, "site.schema.json")));
  return [file];
}

/** The text of the template of a site. @param schema path of its schema, for editors */
export function loopSiteText(name: string, schema: string): string {
  const degree = metresPerDegree(21.54);
  const frame: GeoFrame = {
    lat0: 21.54,
    lon0: 107.97,
    bearing: 0,
    metresPerDegreeLat: degree.lat,
    metresPerDegreeLon: degree.lon,
  };
  const lonLat = projection(frame);
  const network = new Network(() => 0, []);
  const options = { limit: LANE_LIMIT };
  network.road(
    "east",
    new Path({ x: RADIUS_M, y: -HALF_LENGTH_M, heading: NORTH }).straight(2 * HALF_LENGTH_M),
    options,
  );
  network.road(
    "turn-north",
    new Path({ x: RADIUS_M, y: HALF_LENGTH_M, heading: NORTH }).arc("left", RADIUS_M, Math.PI),
    options,
  );
  network.road(
    "west",
    new Path({ x: -RADIUS_M, y: HALF_LENGTH_M, heading: SOUTH }).straight(2 * HALF_LENGTH_M),
    options,
  );
  network.road(
    "turn-south",
    new Path({ x: -RADIUS_M, y: -HALF_LENGTH_M, heading: SOUTH }).arc("left", RADIUS_M, Math.PI),
    options,
  );
  const sidings = [
    { id: "vn-parking-1", role: "parking", side: "vn", east: true },
    { id: "vn-parking-2", role: "parking", side: "vn", east: true },
    { id: "vn-charger-1", role: "charger", side: "vn", east: true },
    { id: "vn-crane-1", role: "crane", side: "vn", east: true },
    { id: "cn-parking-1", role: "parking", side: "cn", east: false },
    { id: "cn-parking-2", role: "parking", side: "cn", east: false },
    { id: "cn-crane-1", role: "crane", side: "cn", east: false },
  ] as const;
  for (const east of [true, false])
    sidings
      .filter((siding) => siding.east === east)
      .forEach(({ id, role, side }, i) => {
        const sign = east ? 1 : -1;
        const at = { x: sign * (RADIUS_M + SIDING_SHIFT_M), y: sign * SIDING_YS[i]! };
        const heading = east ? NORTH : SOUTH;
        const halfM = shiftForwardM(SIDING_SHIFT_M, RADIUS_M) + SIDING_STRAIGHT_M / 2;
        const siding = new Path({ x: sign * RADIUS_M, y: at.y - sign * halfM, heading })
          .shift("right", SIDING_SHIFT_M, RADIUS_M)
          .straight(SIDING_STRAIGHT_M)
          .shift("left", SIDING_SHIFT_M, RADIUS_M);
        network.road(`siding-${id}`, siding, { limit: SIDING_LIMIT });
        network.station({ id, role, side, points: [at], service: role === "crane" ? liftService : null });
      });
  const yard = [
    { x: -40, y: -170 },
    { x: 40, y: -170 },
    { x: 40, y: 170 },
    { x: -40, y: 170 },
    { x: -40, y: -170 },
  ];
  const head = {
    $schema: schema,
    type: "FeatureCollection",
    id: name,
    name,
    frame: { lat0: frame.lat0, lon0: frame.lon0 },
  };
  const features = [
    feature("Polygon", [yard.map(lonLat)], { kind: "surface", id: "yard", surface: "yard" }),
    ...networkFeatures(network, lonLat),
  ];
  return collectionText(head, features);
}

/**
 * Writes `<name>.json`: two vehicles, twenty containers a day each way, past every gate that the site has.
 * @param site   built-in id, or path as seen from the folder
 * @param folder in which it is put
 * @throws FileError for a name that is no id or is taken, or a site that cannot be loaded
 */
export function newScenario(name: string, site: string, folder = "."): string[] {
  const file = join(folder, `${name}.json`);
  checkName(name, file);
  const loaded = loadSite(site, folder);
  const mix = [
    { goods: "fruit", share: 60, commodity: "fresh-produce", massKg: 24000, reefer: true, priority: 2, dueS: 14400 },
    { goods: "other", share: 40, commodity: "general", massKg: 18000, priority: 5, dueS: 21600 },
  ];
  const content = {
    $schema: schemaPath(file, "scenario.schema.json"),
    id: name,
    site,
    durationS: 86400,
    seed: 1,
    vehicles: [{ type: "igv", count: 2 }],
    demand: {
      kind: "profile",
      release: "exact",
      hourlyWeights: Array.from({ length: 24 }, () => 1),
      directions: [
        { direction: "vn-to-cn", ordersPerDay: 20, mix },
        { direction: "cn-to-vn", ordersPerDay: 20, mix },
      ],
    },
    passRules: gateRules(loaded),
    targets: { containersPerDay: 40 },
  } satisfies Record<keyof Omit<ScenarioFile, "description" | "services" | "events" | "physics">, unknown>;
  put(file, `${JSON.stringify(content, null, 2)}\n`);
  return [file];
}

function gateRules(site: LoadedSite): Pick<PassRule, "direction" | "role" | "side">[] {
  const sides = { "vn-to-cn": ["vn", "cn"], "cn-to-vn": ["cn", "vn"] } as const;
  return (["vn-to-cn", "cn-to-vn"] as const).flatMap((direction) =>
    sides[direction]
      .filter((side) => site.stations.some((station) => station.role === "gate" && station.side === side))
      .map((side) => ({ direction, role: "gate" as const, side })),
  );
}

function checkName(name: string, file: string): void {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new FileError(name, "", "a name that is no id", "small letters, digits and hyphens, as in my-site-2");
  if (existsSync(file)) throw new FileError(file, "", "a file that is there already", "a new name");
}

function schemaPath(file: string, schema: string): string {
  return relative(dirname(file), join(schemaFolder, schema));
}

function put(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FileError(file, "", `a file that cannot be written (${code})`, "a folder that can be written to");
  }
}
