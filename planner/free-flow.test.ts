import { expect, test } from "vitest";
import { FreeFlow } from "./free-flow.ts";
import type { LegGraph } from "./leg-graph.ts";
import { fork, prng } from "./prng.ts";
import { knownSite } from "./random-book.fixture.ts";
import { SMALL_SITE_KINDS, smallSiteVehicle } from "./small-sites.ts";

const siteOf = (kind: (typeof SMALL_SITE_KINDS)[number]) => knownSite(kind, 0, (name, seed) => fork(prng(seed), name));

/** Least times by relaxing every leg until nothing changes. */
function relaxed(graph: LegGraph, flow: FreeFlow, goal: number): number[] {
  const cost = graph.stands.map((stand) => (stand.index === goal ? 0 : Number.POSITIVE_INFINITY));
  for (let changed = true; changed; ) {
    changed = false;
    for (const leg of graph.legs) {
      if (flow.isClosed(leg.index) || (leg.to !== goal && graph.stands[leg.to]!.kind === "place")) continue;
      const total = cost[leg.to]! + flow.legMs(leg.index, false);
      if (total >= cost[leg.from]!) continue;
      cost[leg.from] = total;
      changed = true;
    }
  }
  return cost;
}

test.each(SMALL_SITE_KINDS)(
  "least times and ways to every stand of a %s, with a leg closed and opened again",
  (kind) => {
    const { graph } = siteOf(kind);
    const flow = new FreeFlow(graph, smallSiteVehicle);
    const check = (): void => {
      for (const { index: goal } of graph.stands) {
        const table = flow.toGoal(goal, false);
        expect([...table]).toEqual(relaxed(graph, flow, goal));
        for (const { index: from } of graph.stands) {
          const route = flow.route(from, goal, false);
          if (route === null) {
            expect(table[from]).toBe(Number.POSITIVE_INFINITY);
            continue;
          }
          expect(route.reduce((sum, leg) => sum + flow.legMs(leg, false), 0)).toBe(table[from]);
          expect(route.some((leg) => flow.isClosed(leg))).toBe(false);
        }
      }
    };
    check();
    flow.setClosed([0], true);
    check();
    flow.setClosed([0], false);
    check();
  },
);
