import { describe, expect, test } from "vitest";
import { loadSite, siteOf } from "./load-site.ts";
import { loadVehicleType } from "./load-vehicle-type.ts";
import {
  byId,
  lane,
  loopContent,
  type MutableSite,
  pointsOf,
  remove,
  setPoints,
  station,
  surface,
  type XY,
} from "./loop-site.fixture.ts";
import { reportLines, siteReport } from "./site-report.ts";
import { problemText } from "./site-words.ts";

const igv = loadVehicleType("igv");

function report(change: (site: MutableSite) => void, fleet = 2) {
  const content = loopContent();
  change(content);
  return siteReport(siteOf("loop", content), igv, fleet);
}

const texts = (change: (site: MutableSite) => void, fleet?: number) =>
  report(change, fleet).problems.map(({ text }) => text);

/** Splits a lane at one of its points. */
function split(site: MutableSite, id: string, at: number): void {
  const whole = byId(site, id);
  const points = pointsOf(whole);
  const { id: _id, kind: _kind, ...properties } = whole.properties;
  setPoints(whole, points.slice(0, at + 1));
  site.features.push(lane(`${id}-rest`, points.slice(at), properties));
}

test("the loop as it is", () => {
  const found = report(() => {});
  expect(found.problems).toEqual([]);
  expect(found.ok).toBe(true);
  expect(found.counts).toMatchObject({ havens: 5, havensInCore: 5, places: 7, fleetMax: 2 });
  expect(found.fleetPossible).toBe(4);
  expect(found.sections).toEqual([]);
  expect(found.reachability).toMatchObject({ bays: 7, unreachable: [], withoutWayOut: [] });
  const lines = reportLines(found);
  expect(lines[0]).toBe("Site loop for vehicle type igv");
  expect(lines).toContain("  havens        5, 5 of them in the core: at most 4 vehicles (asked for 2)");
  expect(lines).toContain("  W1 to W5      hold");
});

describe("each refusal in words", () => {
  test("a lane end that meets nothing", () => {
    const found = texts((site) => remove(site, "turn-north"));
    expect(found).toContain(
      "Lane east.9 ends at x 12.0 m, y 140.0 m and meets nothing there. Join it to another lane within 0.25 m, or take it out.",
    );
    expect(found).toContain(
      "Lane west.1 begins at x -12.0 m, y 140.0 m and meets nothing there. Join it to another lane within 0.25 m, or take it out.",
    );
  });

  test("lanes that meet at a corner", () => {
    const found = texts((site) => {
      const turn = byId(site, "turn-north");
      setPoints(turn, [
        [12, 140],
        [-12, 140],
      ]);
    });
    expect(found).toContain(
      "Lane east.9 ends at x 12.0 m, y 140.0 m beside lanes that turn off too sharply to drive on. Let them meet with the same heading.",
    );
  });

  test("a station that cannot be reached", () => {
    const found = texts((site) => remove(site, "siding-vn-crane-1.1"));
    expect(found).toContain("Bay vn-crane-1 cannot be reached: no way leads to it from vn-parking-1.");
    expect(found.filter((text) => text.startsWith("W2: no way leads from")).join()).toContain(
      "to vn-crane-1 without passing another place.",
    );
  });

  test("a station that cannot be left", () => {
    const found = texts((site) => remove(site, "siding-vn-crane-1.2"));
    expect(found).toContain("Bay vn-crane-1 cannot be left: no way leads from it to vn-parking-1.");
    expect(found.filter((text) => text.startsWith("W2: no way leads from vn-crane-1 to")).length).toBe(1);
  });

  test("a swept footprint off the deck", () => {
    const deck = (halfWidth: number) => (site: MutableSite) => {
      site.features.push(
        surface("ka-long", "river", [-60, -5], [60, 5]),
        surface("deck", "deck", [-40, -9], [12 + halfWidth, 9]),
      );
    };
    expect(texts(deck(1.7))).toContain(
      "Lane east.5: the swept footprint with its margin leaves the deck over ka-long near x 13.7 m, y 0.0 m. Move the lane inwards, or correct the deck.",
    );
    // 1.5 m of vehicle and 0.25 m of margin fit exactly.
    expect(texts(deck(1.751))).toEqual([]);
  });

  test("W1: a haven whose footprint blocks a through lane", () => {
    const closer = (factor: number) => (site: MutableSite) => {
      for (const id of ["siding-vn-parking-1.1", "siding-vn-parking-1.2"])
        setPoints(
          byId(site, id),
          pointsOf(byId(site, id)).map(([x, y]): XY => [12 + (x - 12) * factor, y]),
        );
      byId(site, "vn-parking-1").geometry = station("a", "parking", [12 + 5.875 * factor, -90]).geometry;
    };
    expect(
      texts(closer(0.5))
        .filter((text) => text.startsWith("W1"))
        .join(),
    ).toMatch(
      /^W1: a vehicle standing in vn-parking-1 blocks the leg .+, which does not lead into or out of it\. Move the bay, or the lane, further away\./,
    );
    // Two vehicles of 3 m with 0.25 m of margin each need 3.5 m.
    expect(texts(closer(0.65))).toEqual([]);
  });

  test("a crane bay on a through lane", () => {
    const found = texts((site) => {
      split(site, "turn-north", 38);
      site.features.push(
        station("cn-crane-2", "crane", pointsOf(byId(site, "turn-north"))[38]!, {
          service: { kind: "constant", valueS: 60 },
        }),
      );
    });
    expect(found.filter((text) => text.startsWith("A vehicle standing in cn-crane-2")).join()).toMatch(
      /^A vehicle standing in cn-crane-2 blocks a through lane: it cuts off .+\. Put the bay on a siding of its own\.$/,
    );
  });

  test("W2: a place behind another place", () => {
    const found = texts((site) => {
      const out = byId(site, "siding-vn-parking-1.2");
      const points = pointsOf(out);
      split(site, "siding-vn-parking-1.2", 1);
      site.features.push(station("vn-parking-3", "parking", points[1]!));
    });
    expect(found).toContain(
      "W2: no way leads from vn-parking-2 to vn-parking-3 without passing another place. Join the lanes so that every place can be entered from and left into the same loop.",
    );
  });

  test("W3: a fleet without a spare haven", () => {
    expect(texts(() => {}, 4)).toEqual([]);
    expect(texts(() => {}, 5)).toEqual([
      "W3: 5 havens (parking, chargers) can be reached and left, the fleet needs 6, one more than its vehicles. Add parking, or use fewer vehicles.",
    ]);
  });

  test("W4: a loop of lanes with nowhere to stop", () => {
    const found = texts((site) => {
      for (const id of ["turn-north", "turn-south"]) {
        const away = pointsOf(byId(site, id)).map(([x, y]): XY => [x + 200, id === "turn-north" ? y - 140 : y + 140]);
        site.features.push(lane(`island-${id}`, away, { holding: false }));
      }
    });
    expect(found).toEqual([
      "W4: from the loop of lanes through island-turn-north no place to stop can be reached. Join it to a lane on which a vehicle can stand clear of all branches.",
    ]);
  });

  test("W4: a leg without room at its end", () => {
    const detail = { leg: "a@3 -> b@9" };
    expect(problemText({ rule: "W4", subject: "b@9", detail })).toBe(
      "W4: the leg a@3 -> b@9 ends without room for its vehicle clear of the areas behind it. Lengthen the lane before b@9.",
    );
  });

  test("W5: no charger", () => {
    expect(texts((site) => remove(site, "vn-charger-1"))).toEqual(
      ["vn-parking-1", "vn-parking-2", "cn-parking-1", "cn-parking-2"].map(
        (haven) => `W5: no charger can be reached from the haven ${haven}. Join it to a lane that leads to one.`,
      ),
    );
  });

  test("a gate where no vehicle may stand", () => {
    const gate = (at: XY) => station("vn-gate-1", "gate", at, { service: { kind: "constant", valueS: 20 } });
    expect(
      texts((site) => {
        const middle = pointsOf(byId(site, "turn-north"))[38]!;
        split(site, "turn-north", 38);
        for (const id of ["turn-north", "turn-north-rest"]) byId(site, id).properties.holding = false;
        site.features.push(gate(middle));
      }),
    ).toEqual([
      "The station at vn-gate-1 stands inside an area or on a lane without planned standing, where no vehicle may stop. Move it away from the branch, or allow holding.",
    ]);
    expect(texts((site) => site.features.push(gate([12, 140])))).toEqual([]);
  });

  test("a bay beside all lane ends", () => {
    expect(problemText({ rule: "bay-off-lane", subject: "vn-crane-1", detail: { x: 30, y: 12.25 } })).toBe(
      "Bay vn-crane-1 at x 30.0 m, y 12.3 m has no lane end within 0.25 m. End a lane at it.",
    );
  });

  test("two bays at one lane end", () => {
    const found = texts((site) => site.features.push(station("vn-parking-3", "parking", [17.875, -90])));
    expect(found).toContain(
      "Bays vn-parking-3 and vn-parking-1 are at the same lane end. Give each an end of its own.",
    );
  });

  test("a lane that crosses itself", () => {
    const found = texts((site) =>
      setPoints(byId(site, "turn-north"), [
        [12, 140],
        [12, 200],
        [-40, 200],
        [-40, 170],
        [40, 170],
        [40, 230],
        [-60, 230],
        [-60, 150],
        [-12, 150],
        [-12, 140],
      ]),
    );
    expect(found.filter((text) => text.startsWith("turn-north")).join()).toMatch(
      /^turn-north comes back to its own ground at \d+\.\d m: a vehicle on it could meet itself\. Split the lane, or lead it further away\.$/,
    );
  });

  test("more branches in a row than can be planned on", () => {
    const found = report((site) => {
      remove(site, "east.9");
      // Thirteen pairs of lanes side by side: 8192 ways through.
      let y = 113.232;
      for (let i = 0; i < 13; i++) {
        const to = i === 12 ? 140 : y + 2;
        site.features.push(
          lane(`straight-${i}`, [
            [12, y],
            [12, to],
          ]),
          lane(`bowed-${i}`, [
            [12, y],
            [12.01, (y + to) / 2],
            [12, to],
          ]),
        );
        y = to;
      }
    });
    expect(found.problems.map(({ rule }) => rule)).toContain("too-many-legs");
    expect(found.ok).toBe(false);
    expect(found.counts).toBeNull();
    expect(reportLines(found).join("\n")).toMatch(
      / {2}- From .+ so many branches follow without a place to stop between them that they cannot be planned on\./,
    );
  });
});

test("the contraflow site has one section, the strip over the bridge", () => {
  const found = siteReport(loadSite("bac-luan-ii-contraflow"), igv, 12);
  expect(found.problems).toEqual([]);
  expect(found.sections).toHaveLength(1);
  expect(found.sections[0]!.name).toBe("bridge-strip.1 .. bridge-strip.3");
  expect(found.sections[0]!.lengthM).toBeCloseTo(629, 3);
});

test.each([
  ["bac-luan-ii", "igv", 23],
  ["bac-luan-ii-2030", "igv-2030", 49],
] as const)("%s is well-formed for %s, with room for %d vehicles", (id, type, fleet) => {
  const site = loadSite(id);
  const found = siteReport(site, loadVehicleType(type), fleet);
  expect(found.problems.map(({ text }) => text)).toEqual([]);
  expect(found.fleetPossible).toBe(fleet);
  const bays = site.stations.reduce((sum, { bays: all }) => sum + all.length, 0);
  expect(found.reachability).toMatchObject({ bays, unreachable: [], withoutWayOut: [] });
});
