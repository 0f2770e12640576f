import { expect, test } from "vitest";
import { compileLegs } from "./compile-legs.ts";
import { prng } from "./prng.ts";
import type { Lane, Site } from "./site.ts";
import { SMALL_SITE_KINDS, smallSite, smallSiteVehicle } from "./small-sites.ts";
import { type CorridorPieceOptions, corridorPiece } from "./small-sites-corridor.ts";
import { left, right, startDraft, straight } from "./small-sites-draft.ts";
import { checkWellFormed } from "./well-formed.ts";
import type { WellFormedProblem } from "./well-formed-problem.ts";

function reportOf(site: Site, fleetMax = 2) {
  return checkWellFormed(site, smallSiteVehicle, compileLegs(site, smallSiteVehicle), fleetMax);
}

const problemsOf = (site: Site, fleetMax = 2): readonly WellFormedProblem[] => reportOf(site, fleetMax).problems;
const piece = (
  options: CorridorPieceOptions,
  change: (site: Site) => Site = (site) => site,
): readonly WellFormedProblem[] => problemsOf(change(corridorPiece(options)));
const rules = (problems: readonly WellFormedProblem[]): string[] =>
  [...new Set(problems.map((one) => one.rule))].sort();
const withLane = (site: Site, id: string, change: (lane: Lane) => Lane): Site => ({
  ...site,
  lanes: site.lanes.map((lane) => (lane.id === id ? change(lane) : lane)),
});

test("the corridor piece is well-formed for two vehicles and counted", () => {
  const report = reportOf(corridorPiece());
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({
    wellFormed: true,
    havens: 3,
    havensInCore: 3,
    places: 5,
    sections: 0,
    stations: { crane: { stations: 2, bays: 2 }, gate: { stations: 1, bays: 1 }, charger: { stations: 1, bays: 1 } },
  });
  expect(report.km).toBeCloseTo(1.4, 0);
  expect(report.joined.length).toBeGreaterThan(5);
  expect(report.joined.reduce((sum, ground) => sum + ground.areas, 0)).toBe(report.areas);
  // A ladder side is the longest piece of ground: the fork, three slots and the end lane.
  expect(report.joined[0]!.lengthM).toBeGreaterThan(30);
  expect(report.joined[0]!.lengthM).toBeLessThan(60);
});

test.each(SMALL_SITE_KINDS)(
  "small sites (%s) are well-formed for the fleet they name, and not for one more",
  (kind) => {
    for (let seed = 0; seed < 5; seed++) {
      const { site, graph, fleetMax } = smallSite(prng(seed), smallSiteVehicle, kind);
      expect(fleetMax).toBeGreaterThanOrEqual(2);
      expect(checkWellFormed(site, smallSiteVehicle, graph, fleetMax).problems).toEqual([]);
      expect(rules(checkWellFormed(site, smallSiteVehicle, graph, fleetMax + 1).problems)).toEqual(["W3"]);
    }
  },
);

test("W1: crane bays too near to the through lane stand in the way of its legs", () => {
  const problems = piece({ bayShiftM: 3.175 });
  const blocked = problems.filter((one) => one.rule === "W1");
  expect(new Set(blocked.map((one) => one.subject))).toEqual(new Set(["crane-1", "crane-2"]));
  expect(String(blocked[0]!.detail.leg)).toMatch(/^L\d+@[\d.]+ -> /);
});

test("W1: slots too near to one another", () => {
  const problems = piece({ slotPitchM: 3.4 });
  expect(rules(problems)).toContain("W1");
  expect(problems.filter((one) => one.rule === "W1").map((one) => one.subject)).toContain("parking-1");
});

test("W2: where slots are the only way on, the bays before them cannot be left without passing a slot", () => {
  expect(piece({ uTurn: false })).toEqual([]);
  const problems = piece({ uTurn: false, endLane: false });
  // The only loop leads through a slot: no place is part of one.
  expect(rules(problems)).toEqual(["W2", "W3"]);
  const bays = ["crane-1", "crane-2", "charger-1", "parking-1", "parking-2", "gate-1"];
  expect(new Set(problems.filter((one) => one.rule === "W2").map((one) => one.subject))).toEqual(new Set(bays));
  expect(problems).toContainEqual({
    rule: "W2",
    subject: "crane-1",
    detail: { from: "crane-1", to: "any loop of lanes" },
  });
});

test("W2: a station to which no lane leads is named with the pair that has no way", () => {
  const site = corridorPiece();
  const problems = problemsOf(withLane(site, "L8", (lane) => ({ ...lane, points: [...lane.points].reverse() })));
  expect(problems.filter((one) => one.rule === "W2" && one.subject === "crane-1").length).toBeGreaterThan(0);
});

test("W3: fewer havens than vehicles and one", () => {
  expect(problemsOf(corridorPiece(), 3)).toEqual([
    { rule: "W3", subject: "corridor-piece", detail: { havens: 3, needed: 4 } },
  ]);
});

test("W5: no charger", () => {
  const site = corridorPiece();
  const without = {
    ...site,
    stations: site.stations.map((one) => (one.role === "charger" ? { ...one, role: "parking" as const } : one)),
  };
  expect(problemsOf(without)).toEqual(
    ["charger-1", "parking-1", "parking-2"].map((subject) => ({ rule: "W5", subject, detail: {} })),
  );
});

test("a lane end that meets nothing, and one that others leave at a sharp angle", () => {
  const site = corridorPiece();
  const added = (points: Lane["points"]): Site => ({
    ...site,
    lanes: [...site.lanes, { ...site.lanes[0]!, id: "stray", points }],
  });
  const from = site.lanes[0]!.points[0]!;
  const stray = problemsOf(
    added([
      { x: from.x, y: from.y },
      { x: from.x, y: from.y - 30.5 },
    ]),
  );
  expect(stray.filter((one) => one.rule === "lane-end")).toEqual([
    { rule: "lane-end", subject: "stray", detail: { end: "end", x: -6.125, y: 29.5, turnsTooSharply: false } },
  ]);
  const sharp = problemsOf(
    added([
      { x: -60, y: 60 },
      { x: from.x, y: from.y },
    ]),
  );
  expect(
    sharp
      .filter((one) => one.rule === "lane-end")
      .map((one) => [one.subject, one.detail.end, one.detail.turnsTooSharply]),
  ).toEqual([
    ["stray", "end", true],
    ["stray", "start", false],
  ]);
});

test("a bay beside all lane ends, and two bays at one", () => {
  const site = corridorPiece();
  const moved = (x: number, y: number): Site => ({
    ...site,
    stations: site.stations.map((one) =>
      one.id === "parking-2" ? { ...one, bays: [{ id: "parking-2", x, y }] } : one,
    ),
  });
  const { x, y } = site.stations.find((one) => one.id === "parking-2")!.bays[0]!;
  expect(rules(problemsOf(moved(x + 0.24, y)))).toEqual([]);
  expect(problemsOf(moved(x + 0.3, y)).filter((one) => one.rule === "bay-off-lane")).toEqual([
    { rule: "bay-off-lane", subject: "parking-2", detail: { x: x + 0.3, y } },
  ]);
  const other = site.stations.find((one) => one.id === "parking-1")!.bays[0]!;
  expect(problemsOf(moved(other.x, other.y)).filter((one) => one.rule === "bays-together")).toEqual([
    { rule: "bays-together", subject: "parking-2", detail: { other: "parking-1" } },
  ]);
});

test("a gate inside an area or on a lane without holding is no place to stand", () => {
  const site = corridorPiece();
  const gateLane = site.lanes.find((lane) => lane.points.at(-1)!.y === 30)!;
  expect(problemsOf(withLane(site, gateLane.id, (lane) => ({ ...lane, holding: false })))).toContainEqual({
    rule: "no-standing",
    subject: "gate-1",
    detail: {},
  });
});

test("parking and crane bays on a through lane block it", () => {
  for (const role of ["parking", "crane"] as const) {
    const site = corridorPiece({ returnTurn: false });
    expect(problemsOf(site)).toEqual([]);
    const problems = problemsOf({
      ...site,
      stations: site.stations.map((one) => (one.role === "gate" ? { ...one, role, resting: role === "parking" } : one)),
    });
    expect(problems.filter((one) => one.rule === "blocks-lane")).toEqual([
      { rule: "blocks-lane", subject: "gate-1", detail: { cutsOff: "crane-1" } },
    ]);
  }
});

test("W4: a loop into which vehicles come and find no stand", () => {
  const draft = startDraft();
  const fork = draft.lane({ x: 0, y: 0, theta: 0 }, [straight(60)]);
  draft.station("parking", draft.lane(fork, [right(1), straight(50)]));
  // A circle with no way out and no holding.
  const ring = draft.lane(fork, [straight(5)]);
  const half = draft.lane(ring, [left(Math.PI)]);
  draft.lane(half, [left(Math.PI)]);
  const site = draft.site("whirl");
  const problems = problemsOf(
    ["L3", "L4", "L5"].reduce((made, id) => withLane(made, id, (lane) => ({ ...lane, holding: false })), site),
  );
  expect(problems.filter((one) => one.rule === "W4")).toEqual([{ rule: "W4", subject: "L4", detail: { lane: "L4" } }]);
});

test("a lane that crosses itself", () => {
  const draft = startDraft();
  draft.lane({ x: 0, y: 0, theta: 0 }, [straight(60), left(1.5 * Math.PI, 20), straight(60)]);
  expect(
    problemsOf(draft.site("knot"))
      .filter((one) => one.rule === "meets-itself")
      .map((one) => one.subject),
  ).toEqual(["L1"]);
});
