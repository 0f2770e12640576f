import { expect, test } from "vitest";
import { followingDistanceM } from "./areas.ts";
import { findUnprotected } from "./areas-check.ts";
import { compileLegs } from "./compile-legs.ts";
import { continues } from "./lane-graph-chains.ts";
import type { LegGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import { prng } from "./prng.ts";
import { SMALL_SITE_KINDS, smallSite, smallSiteVehicle } from "./small-sites.ts";
import { corridorPiece } from "./small-sites-corridor.ts";
import { left, right, startDraft, straight } from "./small-sites-draft.ts";

const legsOf = (graph: LegGraph, from: string): string[] =>
  graph.legsOut[standOf(graph, from)]!.map((leg) => graph.stands[graph.legs[leg]!.to]!.id).sort();

function standOf(graph: LegGraph, id: string): number {
  const stand = graph.stands.find((one) => one.id.startsWith(id));
  if (stand === undefined) expect.fail(`no stand ${id} among ${graph.stands.map((one) => one.id).join(", ")}`);
  return stand.index;
}

/** Everything that leg-graph.ts promises of a leg graph. */
function expectSound(graph: LegGraph): void {
  const { lanes, stands, legs, areas } = graph;
  // A recording knows an area by its name.
  expect(new Set(areas.map((area) => area.name)).size).toBe(areas.length);
  stands.forEach((stand, index) => {
    expect(stand.index).toBe(index);
    expect(stand.rangeM).toBeGreaterThanOrEqual(0);
    expect(stand.stopM).toBeGreaterThanOrEqual(0);
    expect(stand.stopM).toBeLessThanOrEqual(lanes.lengthM[stand.stopLane]!);
    if (stand.station !== NONE) expect(graph.standOfBay[stand.station]![stand.bay]).toBe(index);
  });
  legs.forEach((leg, index) => {
    const [from, to] = [stands[leg.from]!, stands[leg.to]!];
    const name = `leg ${from.id} -> ${to.id}`;
    expect(leg.index).toBe(index);
    expect(graph.legsOut[leg.from], name).toContain(index);
    expect(graph.legsIn[leg.to], name).toContain(index);
    expect(leg.lanes[0], name).toBe(from.stopLane);
    expect(leg.startM, name).toBe(from.stopM);
    const last = leg.lanes[leg.lanes.length - 1]!;
    expect(lanes.toNode[last], name).toBe(lanes.toNode[to.stopLane]);
    let laneFromM = -leg.startM;
    leg.lanes.forEach((lane, i) => {
      if (i > 0) {
        const before = leg.lanes[i - 1]!;
        // Out of a place a vehicle may go back along the strip or on from the other end.
        const outOfPlace = i === 1 && from.kind === "place" && lanes.toNode[before] === lanes.fromNode[lane];
        expect(outOfPlace || continues(lanes, before, lane), name).toBe(true);
      }
      if (i < leg.lanes.length - 1) laneFromM += lanes.lengthM[lane]!;
    });
    const endM = laneFromM + (to.kind === "place" ? lanes.lengthM[last]! : to.stopM);
    expect(leg.lengthM, name).toBeCloseTo(endM, 6);
    expect(leg.clearM, name).toBeCloseTo(leg.lengthM - to.rangeM, 6);
    expect(leg.fromClearM, name).toBeGreaterThan(0);
    if (from.kind === "place") expect(leg.fromClearM, name).toBeLessThanOrEqual(leg.clearM);
    for (const use of leg.uses) {
      expect(use.enterM, name).toBeGreaterThanOrEqual(0);
      expect(use.leaveM, name).toBeGreaterThan(use.enterM);
      expect(use.leaveM, name).toBeLessThanOrEqual(leg.clearM);
    }
    expect(leg.limitFromM[0], name).toBe(0);
    expect([...leg.limitFromM], name).toEqual([...leg.limitFromM].sort((a, b) => a - b));
    expect(leg.limitMps.length, name).toBe(leg.limitFromM.length);
    expect(leg.gradient.length, name).toBe(leg.limitFromM.length);
  });
}

test.each(SMALL_SITE_KINDS)("stands and legs of a small site (%s) are as promised", (kind) => {
  for (let seed = 0; seed < 5; seed++) expectSound(smallSite(prng(seed), smallSiteVehicle, kind).graph);
});

test("one site gives one leg graph", () => {
  const json = (): string => JSON.stringify(compileLegs(corridorPiece(), smallSiteVehicle));
  expect(json()).toBe(json());
});

test("corridor piece: a vehicle may wait beside each crane bay, and only there between them", () => {
  const graph = compileLegs(corridorPiece(), smallSiteVehicle);
  expectSound(graph);
  expect(findUnprotected(graph, smallSiteVehicle, 0.5)).toEqual([]);
  // L3 and L5 lie beside the bays, L4 is the 3.5 m between one bay's way out and the next one's way in.
  const pockets = graph.stands
    .filter((stand) => stand.kind === "pocket")
    .map((stand) => graph.lanes.laneId[stand.stopLane]);
  expect(pockets).toContain("L3");
  expect(pockets).toContain("L5");
  expect(pockets).not.toContain("L4");
  const beside = graph.stands[standOf(graph, "L3@")]!;
  expect(beside.rangeM).toBeGreaterThan(2);
  expect(beside.rangeM).toBeLessThan(5);
  expect(legsOf(graph, "L3@")).toEqual([graph.stands[standOf(graph, "L5@")]!.id, "crane-2"]);
  // Out of the first bay one can go to the second or on.
  expect(legsOf(graph, "crane-1")).toEqual(legsOf(graph, "L3@"));
});

test("corridor piece: one leg leads from before the ladder to each slot and to the end lane", () => {
  const graph = compileLegs(corridorPiece(), smallSiteVehicle);
  const slot = graph.stands[graph.standOfBay[standIndex(graph, "parking-1")]![0]!]!;
  const [into] = graph.legsIn[slot.index]!;
  const before = graph.stands[graph.legs[into!]!.from]!;
  expect(legsOf(graph, before.id)).toHaveLength(4);
  expect(slot).toMatchObject({ kind: "place", rangeM: 0, haven: true });

  function standIndex(g: LegGraph, id: string): number {
    return g.stands[standOf(g, id)]!.station;
  }
});

test("a pocket ends at a gate's point, and the next one begins a length and a gap behind it", () => {
  const graph = compileLegs(corridorPiece(), smallSiteVehicle);
  const gate = graph.stands.find((stand) => stand.kind === "pocket" && stand.station !== NONE)!;
  expect(graph.lanes.nodeY[graph.lanes.toNode[gate.stopLane]!]).toBeCloseTo(30, 9);
  expect(gate.stopM).toBe(graph.lanes.lengthM[gate.stopLane]);
  expect(graph.legsOut[gate.index]).toHaveLength(1);
  const leg = graph.legs[graph.legsOut[gate.index]![0]!]!;
  expect(leg.uses).toEqual([]);
  expect(leg.clearM).toBeCloseTo(followingDistanceM(smallSiteVehicle), 6);
  expect(leg.fromClearM).toBe(followingDistanceM(smallSiteVehicle));
});

test("nobody stands on a lane without holding, nor with the tail on it", () => {
  const site = corridorPiece();
  const held = site.lanes.find((lane) => lane.id === "L11")!;
  const graph = compileLegs(
    { ...site, lanes: site.lanes.map((lane) => (lane === held ? { ...lane, holding: false } : lane)) },
    smallSiteVehicle,
  );
  expectSound(graph);
  const before = compileLegs(site, smallSiteVehicle);
  const on = (g: LegGraph): number => g.stands.filter((stand) => g.lanes.laneId[stand.stopLane] === "L11").length;
  expect(on(before)).toBe(1);
  expect(on(graph)).toBe(0);
});

test("a bay at the end of a strip is left backwards along it, and the strip is used one way at a time", () => {
  const { graph } = smallSite(prng(4), smallSiteVehicle, "dead-ends");
  const bay = graph.stands[standOf(graph, "parking-1")]!;
  expect(graph.legsOut[bay.index]!.length).toBeGreaterThan(0);
  for (const index of graph.legsOut[bay.index]!) {
    const leg = graph.legs[index]!;
    expect(leg.lanes[1]).toBe(graph.lanes.opposite[leg.lanes[0]!]);
    for (const into of graph.legsIn[bay.index]!) {
      const shared = leg.uses.filter((use) =>
        graph.legs[into]!.uses.some((other) => other.area === use.area && other.side !== use.side),
      );
      expect(shared.some((use) => graph.areas[use.area]!.section)).toBe(true);
    }
  }
});

test("speed limits and gradients change where the vehicle's centre changes lanes", () => {
  const draft = startDraft();
  const bay = { x: 0, y: 0, theta: 0 };
  draft.station("parking", bay);
  // A strip that ends in a bay at both ends, without holding, so that one leg runs over all of it.
  const a = draft.lane(bay, [straight(100)], { twoWay: true, speedLimitMps: 4 });
  const b = draft.lane(a, [straight(30)], { twoWay: true, speedLimitMps: 2 });
  draft.station("parking", draft.lane(b, [straight(40)], { twoWay: true, speedLimitMps: 2 }));
  const site = draft.site("limits");
  const lanes = site.lanes.map((lane) => (lane.id === "L3" ? { ...lane, gradient: 0.02 } : lane));
  const graph = compileLegs({ ...site, lanes }, smallSiteVehicle);
  const [there, back] = [graph.legs[graph.legsOut[0]![0]!]!, graph.legs[graph.legsOut[1]![0]!]!];
  expect(graph.stands.map((stand) => stand.kind)).toEqual(["place", "place"]);
  expect([...there.limitFromM]).toEqual([0, 100, 130]);
  expect([...there.limitMps]).toEqual([4, 2, 2]);
  expect([...there.gradient]).toEqual([0, 0, 0.02]);
  expect([...back.limitFromM]).toEqual([0, 40, 70]);
  expect([...back.gradient]).toEqual([-0.02, 0, 0]);
});

test("branches without a stand between them are refused by the stand before them", () => {
  const draft = startDraft();
  let at = draft.lane({ x: 0, y: 0, theta: 0 }, [straight(60)]);
  // Thirteen forks that merge again, each into two ways: 8192 legs.
  for (let k = 0; k < 13; k++) {
    draft.lane(at, [left(0.3), right(0.6), left(0.3)]);
    at = draft.lane(at, [right(0.3), left(0.6), right(0.3)]);
  }
  draft.station("parking", draft.lane(at, [straight(60)]));
  expect(() => compileLegs(draft.site("braid"), smallSiteVehicle)).toThrow("more than 5000 legs leave it");
});
