import {
  area,
  booleanPointInPolygon,
  centroid,
  difference,
  featureCollection,
  intersect,
  kinks,
  lineIntersect,
  lineString,
  polygon,
} from "@turf/turf";
import type { Lane, Point, Surface } from "../planner/index.ts";
import { FileError } from "./file-error.ts";

// Turf's boolean functions are planar: they take local metres as well as degrees.
const positions = (points: readonly Point[]): [number, number][] => points.map((point) => [point.x, point.y]);
const polygonOf = (rings: readonly (readonly Point[])[]) => polygon(rings.map(positions));

type Ground = ReturnType<typeof polygonOf>;

/** Refuses a polygon with an open ring or one that crosses itself. @throws FileError */
export function checkPolygon(file: string, path: string, rings: readonly (readonly Point[])[]): void {
  rings.forEach((ring, i) => {
    const first = ring[0]!;
    const last = ring[ring.length - 1]!;
    if (first.x !== last.x || first.y !== last.y)
      throw new FileError(file, `${path}[${i}]`, "a ring whose last position is not its first", "a closed ring");
  });
  const crossing = kinks(polygonOf(rings)).features[0];
  if (crossing === undefined) return;
  const [x, y] = crossing.geometry.coordinates as [number, number];
  throw new FileError(
    file,
    path,
    `a polygon that crosses itself at x ${x.toFixed(1)} m, y ${y.toFixed(1)} m`,
    "a simple polygon",
  );
}

/** Refuses a lane whose line is over a river and not on a deck. @throws FileError */
export function checkLaneOnDeck(file: string, path: string, lane: Lane, surfaces: readonly Surface[]): void {
  const decks = surfaces.filter((surface) => surface.kind === "deck").map((surface) => polygonOf(surface.rings));
  for (const river of surfaces) {
    if (river.kind !== "river" || !boxesMeet(lane.points, river.rings[0]!)) continue;
    const water = polygonOf(river.rings);
    for (let i = 1; i < lane.points.length; i++) {
      const wet = middlesBetweenEdges(lane.points[i - 1]!, lane.points[i]!, [water, ...decks]).find(
        (middle) =>
          booleanPointInPolygon([middle.x, middle.y], water, { ignoreBoundary: true }) &&
          !decks.some((deck) => booleanPointInPolygon([middle.x, middle.y], deck)),
      );
      if (wet === undefined) continue;
      throw new FileError(
        file,
        path,
        `a lane over the river ${river.id} and off every deck at x ${wet.x.toFixed(1)} m, y ${wet.y.toFixed(1)} m`,
        "a lane that stays on a deck while it is over a river",
      );
    }
  }
}

/** The middles of the parts into which the polygons' edges cut the line from a to b: each part is all inside or all outside. */
function middlesBetweenEdges(a: Point, b: Point, polygons: readonly Ground[]): Point[] {
  const piece = lineString(positions([a, b]));
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const cuts = polygons
    .flatMap((ground) => lineIntersect(piece, ground).features)
    .map(({ geometry }) => Math.hypot(geometry.coordinates[0]! - a.x, geometry.coordinates[1]! - a.y) / length)
    .sort((one, other) => one - other);
  const ends = [0, ...cuts, 1];
  return ends.slice(1).map((to, i) => {
    const middle = (ends[i]! + to) / 2;
    return { x: a.x + middle * (b.x - a.x), y: a.y + middle * (b.y - a.y) };
  });
}

/** Less than this is rounding, square metres. */
const AREA_MIN_M2 = 1e-3;

/**
 * A point, in the middle of where a polygon lies over a river and no deck is under it; null where there is none.
 * @param ring closed, metres
 */
export function overhang(ring: readonly Point[], river: Surface, decks: readonly Surface[]): Point | null {
  let part = intersect(featureCollection([clippable([ring]), clippable(river.rings)]));
  for (const deck of decks) if (part !== null) part = difference(featureCollection([part, clippable(deck.rings)]));
  if (part === null || area(part) < AREA_MIN_M2) return null;
  const [x, y] = centroid(part).geometry.coordinates as [number, number];
  return { x: x / CLIP_DEGREES_PER_METRE, y: y / CLIP_DEGREES_PER_METRE };
}

/** Turf measures areas on the globe: 1e-5 degrees beside the equator are about a metre. */
const CLIP_DEGREES_PER_METRE = 1e-5;

function clippable(rings: readonly (readonly Point[])[]) {
  return polygon(rings.map((ring) => ring.map(({ x, y }) => [x * CLIP_DEGREES_PER_METRE, y * CLIP_DEGREES_PER_METRE])));
}

/** Whether the boxes around two lists of points have a point in common. */
export function boxesMeet(a: readonly Point[], b: readonly Point[]): boolean {
  const range = (points: readonly Point[], axis: "x" | "y") => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const point of points) {
      low = Math.min(low, point[axis]);
      high = Math.max(high, point[axis]);
    }
    return { low, high };
  };
  return (["x", "y"] as const).every((axis) => {
    const one = range(a, axis);
    const other = range(b, axis);
    return one.low <= other.high && other.low <= one.high;
  });
}
