import { expect, test } from "vitest";
import { buildNearGrid, forOverlappingSteps, rectanglesOverlap, SWEEP_STEP_M, sweepLanes } from "./footprint.ts";
import { buildLaneGraph, poseAt } from "./lane-graph.ts";
import { prng } from "./prng.ts";
import { smallSite, smallSiteVehicle } from "./small-sites.ts";

interface Box {
  x: number;
  y: number;
  theta: number;
  half: number;
  side: number;
}

/** Whether a grid of points of one box has one inside the other: finds every overlap but the finest slivers. */
function shareAPoint(a: Box, b: Box): boolean {
  for (let i = -40; i <= 40; i++)
    for (let j = -40; j <= 40; j++) {
      const [along, left] = [(a.half * i) / 40, (a.side * j) / 40];
      const dx = a.x + along * Math.cos(a.theta) - left * Math.sin(a.theta) - b.x;
      const dy = a.y + along * Math.sin(a.theta) + left * Math.cos(a.theta) - b.y;
      const inLength = Math.abs(dx * Math.cos(b.theta) + dy * Math.sin(b.theta)) <= b.half;
      if (inLength && Math.abs(dy * Math.cos(b.theta) - dx * Math.sin(b.theta)) <= b.side) return true;
    }
  return false;
}

function overlapping(a: Box, b: Box): boolean {
  const [ca, sa, cb, sb] = [Math.cos(a.theta), Math.sin(a.theta), Math.cos(b.theta), Math.sin(b.theta)];
  return rectanglesOverlap(b.x - a.x, b.y - a.y, ca, sa, a.half, a.side, cb, sb, b.half, b.side);
}

test("rectangles overlap where they have a point in common", () => {
  const random = prng(11);
  const drawn = (low: number, high: number): number => low + random.nextFloat() * (high - low);
  let overlaps = 0;
  for (let i = 0; i < 2000; i++) {
    const box = (): Box => ({
      x: drawn(-10, 10),
      y: drawn(-10, 10),
      theta: drawn(-4, 4),
      half: drawn(1, 8),
      side: drawn(0.5, 3),
    });
    const [a, b] = [box(), box()];
    const expected = shareAPoint(a, b) || shareAPoint(b, a);
    if (expected) overlaps++;
    if (expected) expect(overlapping(a, b), `seed 11, case ${i}`).toBe(true);
    // What the points miss by less than their spacing may count as touching; a little smaller must not overlap.
    else
      expect(
        overlapping({ ...a, half: a.half * 0.9, side: a.side * 0.9 }, { ...b, half: b.half * 0.9, side: b.side * 0.9 }),
      ).toBe(false);
  }
  expect(overlaps).toBeGreaterThan(300);
  expect(overlaps).toBeLessThan(1700);
});

test("the steps of a sweep follow one another and hold every footprint between", () => {
  const lanes = buildLaneGraph(smallSite(prng(2), smallSiteVehicle, "roundabout").site, ["igv"]);
  const sweep = sweepLanes(lanes, smallSiteVehicle);
  const pose = new Float64Array(3);
  const half = smallSiteVehicle.lengthM / 2 + smallSiteVehicle.marginM;
  for (let lane = 0; lane < lanes.laneCount; lane++) {
    let at = 0;
    for (let step = sweep.firstStep[lane]!; step < sweep.firstStep[lane + 1]!; step++) {
      expect(sweep.fromM[step]).toBeCloseTo(at, 9);
      at = sweep.toM[step]!;
      expect(at - sweep.fromM[step]!).toBeLessThanOrEqual(SWEEP_STEP_M + 1e-9);
      for (const f of [0.01, 0.5, 0.99]) {
        poseAt(lanes, lane, sweep.fromM[step]! + f * (at - sweep.fromM[step]!), pose);
        const [dx, dy] = [pose[0]! - sweep.x[step]!, pose[1]! - sweep.y[step]!];
        expect(Math.abs(dy * sweep.ux[step]! - dx * sweep.uy[step]!)).toBeLessThan(1e-6);
        expect(Math.abs(dx * sweep.ux[step]! + dy * sweep.uy[step]!) + half).toBeLessThanOrEqual(
          sweep.halfLengthM[step]! + 1e-6,
        );
        expect(Math.cos(pose[2]!) * sweep.ux[step]! + Math.sin(pose[2]!) * sweep.uy[step]!).toBeCloseTo(1, 9);
      }
    }
    expect(at).toBeCloseTo(lanes.lengthM[lane]!, 9);
  }
});

test("every two steps that overlap are found, once", () => {
  const lanes = buildLaneGraph(smallSite(prng(5), smallSiteVehicle, "ladder").site, ["igv"]);
  const sweep = sweepLanes(lanes, smallSiteVehicle);
  const found = new Set<string>();
  const never = (): boolean => false;
  forOverlappingSteps(sweep, smallSiteVehicle, never, (i, j) => {
    expect(found.has(`${i},${j}`)).toBe(false);
    found.add(`${i},${j}`);
  });
  let expected = 0;
  for (let i = 0; i < sweep.count; i++)
    for (let j = i + 1; j < sweep.count; j++) {
      if (sweep.lane[i] === sweep.lane[j]) continue;
      const side = sweep.halfWidthM;
      const overlaps = rectanglesOverlap(
        sweep.x[j]! - sweep.x[i]!,
        sweep.y[j]! - sweep.y[i]!,
        sweep.ux[i]!,
        sweep.uy[i]!,
        sweep.halfLengthM[i]!,
        side,
        sweep.ux[j]!,
        sweep.uy[j]!,
        sweep.halfLengthM[j]!,
        side,
      );
      if (!overlaps) continue;
      expected++;
      if (!found.has(`${i},${j}`)) expect.fail(`steps ${i} and ${j} overlap and were not found`);
    }
  expect(expected).toBeGreaterThan(1000);
  expect(found.size).toBe(expected);
});

test("the grid finds far negative coordinates too", () => {
  const one = Float64Array.of(-1e6);
  const grid = buildNearGrid({ x: one, y: one, ux: one, uy: one, halfLengthM: one, halfWidthM: 1 }, 16);
  const seen: number[] = [];
  grid.near(-1e6 + 15, -1e6 - 15, (i) => seen.push(i));
  grid.near(0, 0, (i) => seen.push(i));
  expect(seen).toEqual([0]);
});
