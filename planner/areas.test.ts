import { expect, test } from "vitest";
import { type AreaGround, findAreas, followingDistanceM } from "./areas.ts";
import { findUnprotected } from "./areas-check.ts";
import { compileLegs } from "./compile-legs.ts";
import { buildLaneGraph } from "./lane-graph.ts";
import { findChains } from "./lane-graph-chains.ts";
import { smallSiteVehicle } from "./small-sites.ts";
import { type Draft, left, type Pose, poseAfter, right, startDraft, straight } from "./small-sites-draft.ts";

const QUARTER = Math.PI / 2;
const start: Pose = { x: 0, y: 0, theta: 0 };
/** Half a footprint with margin, along and across, metres. */
const HALF_M = 7.75;
const SIDE_M = 1.75;

/** The areas of a drawing by the lanes at the start of their chains. */
function areasOf(draw: (draft: Draft) => void): (AreaGround & { names: string })[] {
  const draft = startDraft();
  draw(draft);
  const lanes = buildLaneGraph(draft.site("test"), ["igv"]);
  const chains = findChains(lanes);
  return findAreas(lanes, smallSiteVehicle).map((area) => ({
    ...area,
    names: area.chains.map((chain) => lanes.laneId[chains.chains[chain]!.lanes[0]!]).join(" x "),
  }));
}

test("the following distance is length and gap, or length and margins where those are more", () => {
  expect(followingDistanceM(smallSiteVehicle)).toBe(18);
  expect(followingDistanceM({ ...smallSiteVehicle, standstillGapM: 0.1 })).toBe(15.5);
});

test("lanes that follow one another have no area, however short they are", () => {
  const areas = areasOf((draft) => {
    let at = start;
    for (const moves of [[straight(40)], [straight(4)], [left(QUARTER)], [straight(2)], [straight(40)]])
      at = draft.lane(at, moves);
  });
  expect(areas).toEqual([]);
});

test("lanes side by side with 0.125 m between their bands have no area, with 0.125 m less than none they have one", () => {
  const beside = (apartM: number): number =>
    areasOf((draft) => {
      draft.lane(start, [straight(100)]);
      draft.lane({ ...start, y: apartM }, [straight(100)]);
    }).length;
  expect(beside(2 * SIDE_M + 0.125)).toBe(0);
  expect(beside(2 * SIDE_M - 0.125)).toBe(1);
});

test("a square crossing is entered with the front at the other band and left with the tail behind it", () => {
  const [area, ...more] = areasOf((draft) => {
    draft.lane(start, [straight(100)]);
    draft.lane({ x: 60, y: -30, theta: QUARTER }, [straight(100)]);
  });
  expect(more).toEqual([]);
  expect(area!.section).toBe(false);
  for (const [side, at] of [60, 30].entries()) {
    const [from, to] = [area!.fromM[side]!, area!.toM[side]!];
    // Outwards by at most one step of the sweep.
    expect(at - HALF_M - SIDE_M - from).toBeGreaterThanOrEqual(0);
    expect(at - HALF_M - SIDE_M - from).toBeLessThanOrEqual(0.5);
    expect(to - (at + HALF_M + SIDE_M)).toBeGreaterThanOrEqual(0);
    expect(to - (at + HALF_M + SIDE_M)).toBeLessThanOrEqual(0.5);
  }
});

test("two crossings of one pair of lanes are two areas", () => {
  const areas = areasOf((draft) => {
    draft.lane(start, [straight(200)]);
    draft.lane({ x: 40, y: -40, theta: QUARTER }, [
      straight(60),
      right(QUARTER),
      straight(60),
      right(QUARTER),
      straight(60),
    ]);
  });
  expect(areas).toHaveLength(2);
  expect(areas[0]!.toM[0]).toBeLessThan(areas[1]!.fromM[0]);
});

test("a fork reaches a vehicle's length back over every lane before the node", () => {
  const [area, ...more] = areasOf((draft) => {
    const a = draft.lane(start, [straight(50)]);
    const node = draft.lane(a, [straight(5)]);
    draft.lane(node, [straight(60)]);
    draft.lane(node, [left(QUARTER), straight(60)]);
  });
  expect(more).toEqual([]);
  expect(area!.names).toBe("L3 x L4");
  for (const side of [0, 1]) {
    expect(area!.fromM[side]).toBeLessThanOrEqual(-2 * HALF_M);
    expect(area!.fromM[side]).toBeGreaterThan(-2 * HALF_M - 1.5);
    // They have parted within a length and a half.
    expect(area!.toM[side]).toBeGreaterThan(HALF_M);
    expect(area!.toM[side]).toBeLessThan(3 * HALF_M);
  }
});

test("a merge reaches a vehicle's length on over every lane behind the node", () => {
  const [area, ...more] = areasOf((draft) => {
    const node = draft.lane(start, [straight(50)]);
    const far = poseAfter({ ...node, theta: node.theta + Math.PI }, [right(QUARTER), straight(50)]);
    draft.lane({ ...far, theta: far.theta + Math.PI }, [straight(50), left(QUARTER)]);
    const after = draft.lane(node, [straight(5)]);
    draft.lane(after, [straight(60)]);
  });
  expect(more).toEqual([]);
  expect(area!.names).toBe("L1 x L2");
  const lengths = [50, 50 + 12 * QUARTER];
  for (const side of [0, 1]) {
    const beyond = area!.toM[side]! - lengths[side]!;
    expect(beyond).toBeGreaterThanOrEqual(2 * HALF_M);
    expect(beyond).toBeLessThan(2 * HALF_M + 1.5);
  }
});

test("a two-way strip of several lanes is one section", () => {
  const areas = areasOf((draft) => {
    const middle = draft.lane(start, [straight(60)], { twoWay: true });
    draft.lane(middle, [straight(40)], { twoWay: true });
  });
  expect(areas).toHaveLength(1);
  expect(areas[0]!.section).toBe(true);
  for (const side of [0, 1]) {
    expect(areas[0]!.fromM[side]).toBe(0);
    expect(areas[0]!.toM[side]).toBeCloseTo(100, 9);
  }
});

test.each([
  [2, "left", "left"],
  [4, "left", "right"],
  [8, "right", "left"],
  [8, "right", "right"],
  [12, "left", "right"],
] as const)("a lane goes off %d m before another comes in (off %s, in %s)", (gapM, off, into) => {
  const turn = { left, right };
  const draft = startDraft();
  const fork = draft.lane(start, [straight(60)]);
  draft.station("parking", draft.lane(fork, [turn[off](QUARTER), straight(60)]));
  const merge = draft.lane(fork, [straight(gapM)]);
  draft.station("parking", draft.lane(merge, [straight(60)]));
  const far = poseAfter({ ...merge, theta: merge.theta + Math.PI }, [
    turn[into === "left" ? "right" : "left"](QUARTER),
    straight(60),
  ]);
  draft.lane({ ...far, theta: far.theta + Math.PI }, [straight(60), turn[into](QUARTER)]);
  const graph = compileLegs(draft.site("off-and-in"), smallSiteVehicle);
  expect(graph.legs.length).toBeGreaterThanOrEqual(3);
  expect(findUnprotected(graph, smallSiteVehicle, 0.25)).toEqual([]);
});

test("a ring that is one lane, with one way in and one out at its only node", () => {
  const draft = startDraft();
  // The way in and the way out are at angles to the ring, so that nobody goes straight from one to the other.
  const node = { ...draft.lane({ ...start, theta: -0.35 }, [straight(60)]), theta: 0 };
  draft.lane(node, [left(2 * Math.PI, 16)]);
  draft.station("parking", draft.lane({ ...node, theta: 0.35 }, [straight(70)]));
  const graph = compileLegs(draft.site("ring"), smallSiteVehicle);
  expect(graph.legs.length).toBeGreaterThanOrEqual(3);
  expect(findUnprotected(graph, smallSiteVehicle, 0.5)).toEqual([]);
});
