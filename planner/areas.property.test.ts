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
    for (let seed = 0; seed < 6; seed++) {
      const { graph } = smallSite(fork(prng(seed), kind), smallSiteVehicle, kind);
      expect(described(graph), `seed ${seed}`).toEqual([]);
    }
  },
);

test("two vehicles anywhere in crossing streets follow, share an area, or do not touch", () => {
  let areas = 0;
  let legs = 0;
  for (let seed = 0; seed < 25; seed++) {
    const graph = compileLegs(streetSite(prng(seed)), smallSiteVehicle);
    areas += graph.areas.length;
    legs += graph.legs.length;
    expect(described(graph), `seed ${seed}`).toEqual([]);
  }
  expect(areas).toBeGreaterThan(500);
  expect(legs).toBeGreaterThan(500);
});

test("the check sees that an area is missing", () => {
  let missed = 0;
  let removed = 0;
  for (let seed = 0; seed < 6; seed++) {
    const graph = compileLegs(streetSite(prng(seed)), smallSiteVehicle);
    // Some areas are implied by others together; all of them at once never are.
    const without = (drop: (area: number) => boolean): LegGraph => ({
      ...graph,
      legs: graph.legs.map((leg) => ({ ...leg, uses: leg.uses.filter((use) => !drop(use.area)) })),
    });
    if (graph.areas.length > 0) expect(described(without(() => true)).length, `seed ${seed}`).toBeGreaterThan(0);
    for (let area = 0; area < graph.areas.length; area += 7) {
      removed++;
      if (described(without((one) => one === area)).length === 0) missed++;
    }
  }
  expect(removed).toBeGreaterThan(20);
  expect(missed / removed).toBeLessThan(0.5);
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
