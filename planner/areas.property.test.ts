import { expect, test } from "vitest";
import { findUnprotected } from "./areas-check.ts";
import { compileLegs } from "./compile-legs.ts";
import type { LegGraph } from "./leg-graph.ts";
import { fork, prng } from "./prng.ts";
import { SMALL_SITE_KINDS, smallSite, smallSiteVehicle } from "./small-sites.ts";
import { streetSite } from "./small-sites-streets.ts";

const STEP_M = 0.5;

test.each(SMALL_SITE_KINDS)(
  "two vehicles anywhere on a small site (%s) follow, share an area, or do not touch",
  (kind) => {
    for (let seed = 0; seed < 3; seed++) {
      const { graph } = smallSite(fork(prng(seed), kind), smallSiteVehicle, kind);
      expect(described(graph), `seed ${seed}`).toEqual([]);
    }
  },
);

test("two vehicles anywhere in crossing streets follow, share an area, or do not touch", () => {
  let areas = 0;
  let legs = 0;
  for (let seed = 0; seed < 20; seed++) {
    const graph = compileLegs(streetSite(prng(seed)), smallSiteVehicle);
    // The check's time grows with the square of the legs.
    if (graph.legs.length > 40) continue;
    areas += graph.areas.length;
    legs += graph.legs.length;
    expect(described(graph), `seed ${seed}`).toEqual([]);
  }
  expect(areas).toBeGreaterThan(150);
  expect(legs).toBeGreaterThan(100);
});

test.each(["strip", "crossing", "diamond", "dead-ends"] as const)("the check sees an area taken away (%s)", (kind) => {
  const { graph } = smallSite(prng(1), smallSiteVehicle, kind);
  // Some areas are implied by several others together: those need not be seen.
  const unseen = graph.areas.filter(({ index }) => {
    const legs = graph.legs.map((leg) => ({ ...leg, uses: leg.uses.filter((use) => use.area !== index) }));
    return described({ ...graph, legs }).length === 0;
  });
  expect(unseen.length / graph.areas.length).toBeLessThan(0.25);
});

test("the check sees a stop line that is too far forward", () => {
  const { graph } = smallSite(prng(1), smallSiteVehicle, "crossing");
  const legs = graph.legs.map((leg) => ({
    ...leg,
    uses: leg.uses.map((use) => ({ ...use, enterM: use.enterM + 2, leaveM: use.leaveM - 2 })),
  }));
  expect(described({ ...graph, legs })).not.toEqual([]);
});

function described(graph: LegGraph): string[] {
  const stand = (index: number): string => graph.stands[index]!.id;
  return findUnprotected(graph, smallSiteVehicle, STEP_M, 3).map(({ legs, atM, lanes }) =>
    [0, 1]
      .map((k) => {
        const leg = graph.legs[legs[k]!]!;
        const at = `${atM[k]!.toFixed(1)} of ${leg.lengthM.toFixed(1)} m`;
        return `${stand(leg.from)} -> ${stand(leg.to)} at ${at} on ${graph.lanes.laneId[lanes[k]!]}`;
      })
      .join(" | "),
  );
}
