import fc from "fast-check";
import { expect, test } from "vitest";
import { overlap, placeRectangle, type Rectangle, separation, shareGround } from "./geometry.ts";

const seed = 20_260_101;

const pose = fc.record({
  x: fc.double({ min: -12, max: 12, noNaN: true }),
  y: fc.double({ min: -12, max: 12, noNaN: true }),
  theta: fc.double({ min: -4, max: 4, noNaN: true }),
});
type Pose = { x: number; y: number; theta: number };

const lengthM = 15;
const widthM = 3;

function rectangle(at: Pose): Rectangle {
  const out = new Float64Array(8);
  placeRectangle(out, at, lengthM, widthM);
  return out;
}

/** Points of a footprint on a grid, corners included, each in the plane. */
function points(at: Pose): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i <= 60; i++) {
    for (let j = 0; j <= 12; j++) {
      const u = (i / 60 - 0.5) * lengthM;
      const v = (j / 12 - 0.5) * widthM;
      const [cos, sin] = [Math.cos(at.theta), Math.sin(at.theta)];
      found.push([at.x + u * cos - v * sin, at.y + u * sin + v * cos]);
    }
  }
  return found;
}

/** Distance of a point from a footprint; 0 inside. */
function distance([x, y]: readonly [number, number], from: Pose): number {
  const [cos, sin] = [Math.cos(from.theta), Math.sin(from.theta)];
  const u = (x - from.x) * cos + (y - from.y) * sin;
  const v = -(x - from.x) * sin + (y - from.y) * cos;
  return Math.hypot(Math.max(0, Math.abs(u) - lengthM / 2), Math.max(0, Math.abs(v) - widthM / 2));
}

test(`separation agrees with a grid of points of one footprint and its distance from the other (seed ${seed})`, () => {
  fc.assert(
    fc.property(pose, pose, (p, q) => {
      const least = Math.min(
        ...points(p).map((point) => distance(point, q)),
        ...points(q).map((point) => distance(point, p)),
      );
      const found = separation(rectangle(p), rectangle(q));
      // The grid can miss by half a cell's diagonal, and never finds less.
      expect(found).toBeLessThanOrEqual(least + 1e-9);
      expect(found).toBeGreaterThanOrEqual(least - 0.18);
      expect(overlap(rectangle(p), rectangle(q))).toBe(found === 0);
      expect(separation(rectangle(q), rectangle(p))).toBeCloseTo(found, 9);
    }),
    { seed, numRuns: 300 },
  );
});

test(`ground shared by three footprints has a point inside all (seed ${seed})`, () => {
  fc.assert(
    fc.property(pose, pose, pose, (p, q, r) => {
      const common = points(p).some((point) => distance(point, q) === 0 && distance(point, r) === 0);
      if (common) expect(overlap(rectangle(p), rectangle(q)) && overlap(rectangle(p), rectangle(r))).toBe(true);
      const inner = points(p).some(
        (point) => distance(point, q) === 0 && distance(point, r) === 0 && distance(point, p) === 0,
      );
      // A shared piece that the grid sees well inside is seen; a piece that is seen is near a point of the grid.
      const near = points(p).some((point) => distance(point, q) < 0.3 && distance(point, r) < 0.3);
      const shared = shareGround(rectangle(p), rectangle(q), rectangle(r));
      if (shared) expect(near).toBe(true);
      if (inner && !shared) {
        const deep = points(p).filter((point) => distance(point, q) === 0 && distance(point, r) === 0);
        expect(deep.length).toBeLessThan(3);
      }
    }),
    { seed, numRuns: 300 },
  );
});
