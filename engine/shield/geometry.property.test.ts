import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeBrakingSweep } from "./braking-sweep.ts";
import { arc, shieldVehicle } from "./fixtures.ts";
import { writeHeading } from "./heading.ts";
import { rectangleDistance, widestGap } from "./rectangle.ts";

const SEED = 20_261_122;

/** Distance by brute force: the least distance between points sampled on both outlines, 0 if a corner or point is inside. */
function sampledDistance(a: Float64Array, al: number, aw: number, b: Float64Array, bl: number, bw: number): number {
  const outline = (r: Float64Array, l: number, w: number) => {
    const points: [number, number][] = [];
    for (let k = 0; k <= 200; k++) {
      const t = (k / 100 - 1) * l;
      const s = (k / 100 - 1) * w;
      for (const [p, q] of [
        [t, w],
        [t, -w],
        [l, s],
        [-l, s],
        [t, 0],
      ] as const)
        points.push([r[0]! + p * r[2]! - q * r[3]!, r[1]! + p * r[3]! + q * r[2]!]);
    }
    return points;
  };
  let least = Number.POSITIVE_INFINITY;
  for (const [x, y] of outline(a, al, aw)) {
    const [dx, dy] = [x - b[0]!, y - b[1]!];
    const ox = Math.max(0, Math.abs(dx * b[2]! + dy * b[3]!) - bl);
    const oy = Math.max(0, Math.abs(dy * b[2]! - dx * b[3]!) - bw);
    least = Math.min(least, Math.hypot(ox, oy));
  }
  return least;
}

const rectangle = fc.record({
  x: fc.double({ min: -20, max: 20, noNaN: true }),
  y: fc.double({ min: -20, max: 20, noNaN: true }),
  theta: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  l: fc.double({ min: 0.5, max: 9, noNaN: true }),
  w: fc.double({ min: 0.5, max: 3, noNaN: true }),
});

describe("geometry of the shield", () => {
  test("headings are those of sin and cos to 1e-12", () => {
    const out = new Float64Array(2);
    for (let k = -2000; k <= 2000; k++) {
      writeHeading(k / 250, out, 0);
      expect(Math.abs(out[0]! - Math.cos(k / 250))).toBeLessThan(1e-12);
      expect(Math.abs(out[1]! - Math.sin(k / 250))).toBeLessThan(1e-12);
    }
  });

  test("the distance of two rectangles is that of their sampled outlines, symmetric, and never below the widest gap", () => {
    let apart = 0;
    fc.assert(
      fc.property(rectangle, rectangle, (p, q) => {
        const a = Float64Array.of(p.x, p.y, Math.cos(p.theta), Math.sin(p.theta));
        const b = Float64Array.of(q.x, q.y, Math.cos(q.theta), Math.sin(q.theta));
        const distance = rectangleDistance(a, 0, p.l, p.w, b, 0, q.l, q.w);
        const sampled = Math.min(sampledDistance(a, p.l, p.w, b, q.l, q.w), sampledDistance(b, q.l, q.w, a, p.l, p.w));
        expect(sampled).toBeGreaterThanOrEqual(distance - 1e-9);
        expect(sampled - distance).toBeLessThan(0.1);
        expect(rectangleDistance(b, 0, q.l, q.w, a, 0, p.l, p.w)).toBeCloseTo(distance, 9);
        const gap = widestGap(a, 0, p.l, p.w, b, 0, q.l, q.w);
        expect(gap).toBeLessThanOrEqual(distance + 1e-9);
        expect(gap > 0).toBe(distance > 0);
        if (distance > 0) apart++;
      }),
      { seed: SEED, numRuns: 500, endOnFailure: true },
    );
    expect(apart).toBeGreaterThan(100);
    expect(apart).toBeLessThan(490);
  });

  test("a sweep along an arc stays on it, tangent to it within a degree, and goes straight on where the path ends", () => {
    const path = arc(0, 0, 90, 12, 90);
    const poses = new Float64Array(40 * 4);
    const count = writeBrakingSweep(shieldVehicle(0, 0, 0, 90, 3, path), 25, poses);
    expect(count).toBe(14);
    const arcLength = (12 * Math.PI) / 2;
    for (let k = 0; k < count; k++) {
      const d = Math.min(25, 2 * k);
      const [x, y, ux, uy] = poses.subarray(4 * k, 4 * k + 4);
      const angle = Math.min(d, arcLength) / 12;
      const rest = Math.max(0, d - arcLength);
      expect(Math.abs(x! - (-12 + 12 * Math.cos(angle) - rest)), `x at ${d} m`).toBeLessThan(0.05);
      expect(Math.abs(y! - 12 * Math.sin(angle)), `y at ${d} m`).toBeLessThan(0.3); // straight on at the last chord's heading
      expect(ux! * -Math.sin(angle) + uy! * Math.cos(angle), `heading at ${d} m`).toBeGreaterThan(
        Math.cos(Math.PI / 60),
      );
      expect(Math.hypot(ux!, uy!)).toBeCloseTo(1, 9);
    }
  });

  test("between the points of a path the heading turns evenly", () => {
    const path = arc(0, 0, 90, 30, 90).filter((_, k) => k % 6 < 2); // every third point: 3 m, 5.6 degrees
    const poses = new Float64Array(40 * 4);
    const count = writeBrakingSweep(shieldVehicle(0, 0, 0, 90, 3, path), 30, poses);
    for (let k = 2; k < count; k++) {
      const angle = (2 * k) / 30;
      const along = poses[4 * k + 2]! * -Math.sin(angle) + poses[4 * k + 3]! * Math.cos(angle);
      expect(along, `heading at ${2 * k} m`).toBeGreaterThan(Math.cos(Math.PI / 180));
    }
  });

  test("without a path, off its path, or in reverse", () => {
    const poses = new Float64Array(40 * 4);
    expect(writeBrakingSweep(shieldVehicle(0, 5, 5, 0, 2), 3, poses)).toBe(3);
    expect([...poses.subarray(8, 12)]).toEqual([8, 5, 1, 0]);
    writeBrakingSweep(shieldVehicle(0, 5, 5, 0, 2, [5, 6.5, 5, 20]), 3, poses);
    expect([...poses.subarray(8, 12)]).toEqual([8, 5, 1, 0]);
    writeBrakingSweep(shieldVehicle(0, 5, 5, 0, -2, [5, 5, -20, 5]), 3, poses);
    expect([...poses.subarray(8, 12)]).toEqual([2, 5, 1, -0]);
    expect(writeBrakingSweep(shieldVehicle(0, 5, 5, 0, 0), 0, poses)).toBe(1);
  });
});
