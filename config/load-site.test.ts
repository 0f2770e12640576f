import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { siteIds } from "./built-in.ts";
import { FileError } from "./file-error.ts";
import { loadSite, siteOf } from "./load-site.ts";
import {
  byId,
  lane,
  loopContent,
  type MutableSite,
  pointsOf,
  setPoints,
  station,
  surface,
} from "./loop-site.fixture.ts";

function refusal(change: (site: MutableSite) => void): FileError {
  const content = loopContent();
  change(content);
  try {
    siteOf("loop.geojson", content);
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
  throw new Error("the site was accepted");
}

const indexOf = (id: string) => loopContent().features.findIndex((feature) => feature.properties.id === id);

describe("a site file is refused with place, finding and expectation", () => {
  const at = (id: string) => `loop.geojson: features[${indexOf(id)}]`;
  const cases: readonly (readonly [string, (site: MutableSite) => void, string])[] = [
    [
      "no object",
      (site) => Object.assign(site, { type: "Feature" }),
      'loop.geojson: type: found "Feature", expected "FeatureCollection".',
    ],
    [
      "an id that is none",
      (site) => Object.assign(site, { id: "My Loop" }),
      'loop.geojson: id: found "My Loop", expected text like',
    ],
    [
      "an unknown key at the top",
      (site) => Object.assign(site, { crs: {} }),
      'loop.geojson: crs: found the unknown key "crs", expected only the keys of the schema',
    ],
    ["no frame", (site) => delete site.frame, "loop.geojson: frame: found nothing, expected an object."],
    [
      "a frame off the globe",
      (site) => Object.assign(site.frame as object, { lat0: 95 }),
      "loop.geojson: frame.lat0: found 95, expected a number of at most 89.",
    ],
    [
      "no features",
      (site) => (site.features = []),
      "loop.geojson: features: found an empty list, expected a list of at least 1.",
    ],
    [
      "an unknown kind",
      (site) => (byId(site, "yard").properties.kind = "lawn"),
      `${at("yard")}.properties.kind: found "lawn", expected one of "lane", "station", "surface", "border".`,
    ],
    [
      "a feature without properties",
      (site) => (site.features[0] = {} as never),
      "loop.geojson: features[0].properties.kind: found nothing, expected one of",
    ],
    [
      "a lane without a limit",
      (site) => delete byId(site, "west.1").properties.speedLimit,
      `${at("west.1")} (lane west.1) properties.speedLimit: found nothing, expected a number.`,
    ],
    [
      "a limit of 0",
      (site) => (byId(site, "west.1").properties.speedLimit = 0),
      "properties.speedLimit: found 0, expected a number of more than 0.",
    ],
    [
      "an unknown key of a lane",
      (site) => (byId(site, "west.1").properties.speed = 3),
      'properties.speed: found the unknown key "speed"',
    ],
    [
      "a lane as a point",
      (site) => (byId(site, "west.1").geometry = { type: "Point", coordinates: [0, 0] }),
      '(lane west.1) geometry.type: found "Point", expected "LineString" (and 2 more problems here).',
    ],
    [
      "a lane of one position",
      (site) => (byId(site, "west.1").geometry.coordinates = [[107.97, 21.54]]),
      "geometry.coordinates: found a list of 1, expected a list of at least 2.",
    ],
    [
      "degrees the wrong way round",
      (site) =>
        (byId(site, "west.1").geometry.coordinates = [
          [21.54, 107.97],
          [21.55, 107.97],
        ]),
      "geometry.coordinates[0][1]: found 107.97, expected a number of at most 90",
    ],
    [
      "an id with a slash",
      (site) => (byId(site, "west.1").properties.id = "a/b"),
      '(lane a/b) properties.id: found "a/b", expected text like',
    ],
    [
      "a steep lane",
      (site) => (byId(site, "west.1").properties.gradient = 2.5),
      "properties.gradient: found 2.5, expected a number of at most 0.2.",
    ],
    [
      "an id twice",
      (site) => (byId(site, "west.1").properties.id = "east.1"),
      '(lane east.1) properties.id: found "east.1", the id of a lane too, expected an id of its own.',
    ],
    [
      "a position twice",
      (site) =>
        setPoints(byId(site, "east.1"), [
          [12, -140],
          [12, -140],
          [12, -113.23],
        ]),
      "(lane east.1) geometry.coordinates[1]: found the same position as the one before it",
    ],
    [
      "an unknown role",
      (site) => (byId(site, "vn-crane-1").properties.role = "lift"),
      'properties.role: found "lift", expected one of "gate", "scanner"',
    ],
    [
      "an unknown side",
      (site) => (byId(site, "vn-crane-1").properties.side = "la"),
      'properties.side: found "la", expected one of "vn", "cn".',
    ],
    [
      "a crane without service",
      (site) => delete byId(site, "vn-crane-1").properties.service,
      "(station vn-crane-1) properties.service: found nothing, expected a service time for the role crane.",
    ],
    [
      "a parking with service",
      (site) => (byId(site, "vn-parking-1").properties.service = { kind: "constant", valueS: 1 }),
      "found a service time, expected none: nothing is done at a parking.",
    ],
    [
      "a charger with service",
      (site) => (byId(site, "vn-charger-1").properties.service = { kind: "constant", valueS: 1 }),
      "expected none: charging time follows from the battery.",
    ],
    [
      "an unknown distribution",
      (site) => (byId(site, "vn-crane-1").properties.service = { kind: "weibull" }),
      'properties.service.kind: found "weibull", expected one of "constant", "triangular", "normal", "lognormal", "gamma".',
    ],
    [
      "a triangle upside down",
      (site) => (byId(site, "vn-crane-1").properties.service = { kind: "triangular", minS: 9, modeS: 5, maxS: 7 }),
      "found minS 9, modeS 5, maxS 7, expected minS <= modeS <= maxS and minS < maxS.",
    ],
    [
      "a probability above 1",
      (site) =>
        (byId(site, "vn-crane-1").properties.service = {
          kind: "constant",
          valueS: 1,
          exception: { probability: 2, service: { kind: "constant", valueS: 1 } },
        }),
      "properties.service.exception.probability: found 2, expected a number of at most 1.",
    ],
    [
      "a bay beside the lanes",
      (site) => (byId(site, "vn-crane-1").geometry = station("a", "crane", [30, 30]).geometry),
      "found bay vn-crane-1 at x 30.00 m, y 30.00 m, 12.13 m from the nearest lane end, expected a lane end within 0.25 m of each bay.",
    ],
    [
      "an open ring",
      (site) =>
        (byId(site, "yard").geometry.coordinates = [
          [
            [107.97, 21.54],
            [107.98, 21.54],
            [107.98, 21.55],
            [107.97, 21.55],
          ],
        ]),
      "(surface yard) geometry.coordinates[0]: found a ring whose last position is not its first, expected a closed ring.",
    ],
    [
      "a polygon that crosses itself",
      (site) =>
        (byId(site, "yard").geometry.coordinates = [
          [
            [107.97, 21.54],
            [107.98, 21.55],
            [107.98, 21.54],
            [107.97, 21.55],
            [107.97, 21.54],
          ],
        ]),
      "found a polygon that crosses itself at x",
    ],
    [
      "two borders",
      (site) =>
        site.features.push(
          ...["a", "b"].map((id) => ({
            type: "Feature",
            properties: { kind: "border", id },
            geometry: {
              type: "LineString",
              coordinates: [
                [107.9, 21.5],
                [108, 21.5],
              ],
            },
          })),
        ),
      "(border b): found a second border, expected at most one border.",
    ],
    [
      "no lane",
      (site) => (site.features = [byId(site, "yard")]),
      "loop.geojson: features: found no lane, expected at least one lane.",
    ],
    [
      "a lane through a river",
      (site) => site.features.push(surface("ka-long", "river", [-60, -5], [60, 5])),
      "(lane east.5): found a lane over the river ka-long and off every deck at x 12.0 m, y 0.0 m, expected a lane that stays on a deck while it is over a river.",
    ],
  ];
  test.each(cases)("%s", (_name, change, message) => {
    const error = refusal(change);
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(2);
  });
});

test("a deck that ends over the river does not carry the lane", () => {
  const bridged = (north: number) => (site: MutableSite) => {
    site.features.push(
      surface("ka-long", "river", [-60, -5], [60, 5]),
      surface("deck", "deck", [-20, -8], [20, north]),
    );
  };
  const content = loopContent();
  bridged(8)(content);
  expect(siteOf("loop", content).surfaces).toHaveLength(3);
  expect(refusal(bridged(4)).found).toContain("off every deck at x 12.0 m, y 4.5 m");
});

test("ends within 0.25 m are one node, bays lie on it, and further ones are not", () => {
  const content = loopContent();
  const turn = byId(content, "turn-north");
  const points = pointsOf(turn);
  setPoints(turn, [[points[0]![0] + 0.15, points[0]![1] + 0.15], ...points.slice(1)]);
  byId(content, "vn-parking-1").geometry = station("a", "parking", [17.875 + 0.2, -90]).geometry;
  const site = siteOf("loop", content);
  const east = site.lanes.find((candidate) => candidate.id === "east.9")!;
  const joined = site.lanes.find((candidate) => candidate.id === "turn-north")!;
  expect(joined.points[0]).toEqual(east.points[1]);
  const into = site.lanes.find((candidate) => candidate.id === "siding-vn-parking-1.1")!;
  const bay = site.stations.find((candidate) => candidate.id === "vn-parking-1")!.bays[0]!;
  expect({ x: bay.x, y: bay.y }).toEqual(into.points.at(-1));

  setPoints(turn, [[points[0]![0] + 0.3, points[0]![1]], ...points.slice(1)]);
  const apart = siteOf("loop", content).lanes.find((candidate) => candidate.id === "turn-north")!;
  expect(apart.points[0]).not.toEqual(east.points[1]);
});

test("defaults, several bays and modes", () => {
  const content = loopContent();
  content.features.push(
    lane(
      "spare",
      [
        [100, 0],
        [120, 0],
      ],
      { modes: ["truck"], twoWay: true, holding: false },
    ),
  );
  const crane = byId(content, "vn-crane-1");
  crane.geometry = {
    type: "MultiPoint",
    coordinates: [crane.geometry.coordinates, station("a", "crane", [120, 0]).geometry.coordinates],
  };
  const site = siteOf("loop", content);
  expect(site.lanes.find((candidate) => candidate.id === "spare")).toMatchObject({
    modes: ["truck"],
    twoWay: true,
    holding: false,
    gradient: 0,
    widthM: 3.5,
  });
  expect(site.lanes[0]).toMatchObject({ modes: ["igv"], twoWay: false, holding: true });
  expect(site.stations.find(({ id }) => id === "vn-crane-1")!.bays.map(({ id }) => id)).toEqual([
    "vn-crane-1/1",
    "vn-crane-1/2",
  ]);
  expect(site.stations.map(({ id, resting }) => [id, resting])).toContainEqual(["vn-charger-1", true]);
  expect(site.stations.map(({ id, resting }) => [id, resting])).toContainEqual(["vn-crane-1", false]);
});

test("files that cannot be read", () => {
  const folder = mkdtempSync(join(tmpdir(), "kalong-site-"));
  try {
    const file = join(folder, "site.geojson");
    expect(() => loadSite(file)).toThrow(`${file}: the file: found no such file, expected a readable file.`);
    writeFileSync(file, '{"type": ');
    expect(() => loadSite(file)).toThrow(/found text that is no JSON \(.+\), expected one JSON document\./);
    writeFileSync(file, "[]");
    expect(() => loadSite("site.geojson", folder)).toThrow(
      `${file}: the file: found an empty list, expected an object.`,
    );
    expect(() => loadSite(`${folder}/`)).toThrow("found a folder, expected a readable file");
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(() => loadSite("nowhere")).toThrow(
    `nowhere: the file: found no built-in site of this id, expected one of ${siteIds().join(", ")}, or a path to a file.`,
  );
});
