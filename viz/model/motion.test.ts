import { expect, test } from "vitest";
import { angleBetween, extrapolate, interpolate, type MotionSample, travelledM } from "./motion.ts";
import type { LaneLine, Pose, SiteView } from "./site-view.ts";

function lane(id: string, ...points: readonly (readonly [number, number])[]): LaneLine {
  const s = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) {
    s[i] = s[i - 1]! + Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]);
  }
  const xy = Float64Array.from(points.flat());
  return { id, xy, s, lengthM: s[points.length - 1]!, widthM: 3.5, twoWay: false, holding: true, speedLimitMps: 5 };
}

const lanes = [lane("a", [0, 0], [30, 0]), lane("b", [30, 0], [30, 40]), lane("far", [100, 100], [200, 100])];
const site: SiteView = {
  id: "test",
  lanes: new Map(lanes.map((one) => [one.id, one])),
  stations: [],
  bays: new Map(),
  surfaces: [],
  borders: [],
  box: { minX: 0, minY: 0, maxX: 200, maxY: 100 },
};

function sample(values: Partial<MotionSample>): MotionSample {
  return { tMs: 0, lane: "a", s: 0, x: 0, y: 0, theta: 0, v: 0, a: 0, ...values };
}

function between(from: MotionSample, to: MotionSample, tMs: number): Pose {
  const pose = { x: 0, y: 0, theta: 0 };
  interpolate(site, from, to, tMs, pose);
  return pose;
}

test("a braking vehicle stops and does not reverse", () => {
  expect(travelledM(4, -2, 2)).toBe(4);
  expect(travelledM(4, -2, 5)).toBe(4);
  expect(travelledM(3, 0.5, 2)).toBe(7);
});

test("between two samples a vehicle moves with its acceleration, not evenly", () => {
  const from = sample({ v: 0, a: 1 });
  const to = sample({ tMs: 4000, s: 8, x: 8, v: 4 });
  expect(between(from, to, 2000).x).toBeCloseTo(2, 9);
  expect(between(from, to, 4000).x).toBeCloseTo(8, 9);
});

test("from one lane to the next it keeps to the corner", () => {
  const from = sample({ s: 28, x: 28, v: 4 });
  const to = sample({ tMs: 1000, lane: "b", s: 2, x: 30, y: 2, theta: Math.PI / 2, v: 4 });
  const pose = between(from, to, 750);
  expect([pose.x, pose.y]).toEqual([30, expect.closeTo(1, 9)]);
  expect(pose.theta).toBeCloseTo((0.75 * Math.PI) / 2, 9);
});

test("to a lane that does not follow it goes straight", () => {
  const pose = between(sample({ v: 1 }), sample({ tMs: 1000, lane: "far", x: 100, y: 100 }), 500);
  expect([pose.x, pose.y]).toEqual([50, 50]);
});

test("after the last sample it drives on for one second only, and not off its lane", () => {
  const pose = { x: 0, y: 0, theta: 0 };
  extrapolate(site, sample({ s: 10, x: 10, v: 2 }), 500, pose);
  expect(pose.x).toBeCloseTo(11, 9);
  extrapolate(site, sample({ s: 10, x: 10, v: 2 }), 60_000, pose);
  expect(pose.x).toBeCloseTo(12, 9);
  extrapolate(site, sample({ s: 29.5, x: 29.5, v: 2 }), 900, pose);
  expect(pose.x).toBe(29.5);
});

test("a turn is taken the short way round", () => {
  expect(angleBetween(3, -3)).toBeCloseTo(2 * Math.PI - 6, 12);
  expect(angleBetween(-3, 3)).toBeCloseTo(6 - 2 * Math.PI, 12);
});
