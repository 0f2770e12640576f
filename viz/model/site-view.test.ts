import { expect, test } from "vitest";
import { siteMessage } from "../../fleet-gateway/index.ts";
import type { Site } from "../../planner/index.ts";
import { smallSite } from "../small-site.fixture.ts";
import { makeLaneRoutes, routePoints } from "./lane-route.ts";
import { cutLane, makeSiteView, poseOnLane } from "./site-view.ts";

test("the recorded site comes back in the run's metres, whatever way it is turned", () => {
  for (const bearing of [0, 0.7, -2]) {
    const site: Site = { ...smallSite, frame: { ...smallSite.frame, bearing } };
    const view = makeSiteView(siteMessage(site, []));
    for (const lane of site.lanes) {
      lane.points.forEach(({ x, y }, i) => {
        const { xy } = view.lanes.get(lane.id)!;
        expect(Math.hypot(xy[2 * i]! - x, xy[2 * i + 1]! - y)).toBeLessThan(0.001);
      });
    }
    expect(view.bays.get("crane-vn")).toMatchObject({
      role: "crane",
      x: expect.closeTo(12, 3),
      y: expect.closeTo(-70, 3),
    });
    expect(view.bays.get("crane-vn")!.theta).toBeCloseTo(Math.PI / 2, 4);
  }
});

test("a two-way lane can be driven both ways", () => {
  const [first, ...others] = smallSite.lanes;
  const view = makeSiteView(siteMessage({ ...smallSite, lanes: [{ ...first!, twoWay: true }, ...others] }, []));
  const there = poseOnLane(view.lanes.get("n1")!, 10);
  const back = poseOnLane(view.lanes.get("n1~")!, 40);
  // The recording rounds to a tenth of a millimetre.
  expect([back.x, back.y]).toEqual([expect.closeTo(there.x, 3), expect.closeTo(there.y, 3)]);
  expect(Math.abs(back.theta - there.theta)).toBeCloseTo(Math.PI, 9);
});

test("the way between stands leads along lanes, through the bay when it is one of them", () => {
  const view = makeSiteView(siteMessage(smallSite, []));
  const routes = makeLaneRoutes(view);
  const lanes = (from: string, to: string): string[] => routes.between(from, to).map(({ lane }) => lane);
  expect(lanes("n1@10", "n1@40")).toEqual(["n1"]);
  expect(lanes("n1@10", "n3@5")).toEqual(["n1", "n2", "n3"]);
  expect(lanes("n1@10", "crane-vn")).toEqual(["n1", "east-in"]);
  expect(lanes("crane-vn", "crane-cn")).toEqual(["east-out", "n3", "turn-north", "s1", "west-in"]);
  expect(lanes("n1@40", "n1@10")[0]).toBe("n1");
  expect(lanes("n1@40", "n1@10").length).toBeGreaterThan(5);
  expect(lanes("nowhere@3", "n1@10")).toEqual([]);
  const points = routePoints(view, routes.between("n1@10", "n3@5"));
  expect(points.slice(0, 2)).toEqual([expect.closeTo(6, 3), expect.closeTo(-140, 3)]);
  expect(points.slice(-2)).toEqual([expect.closeTo(6, 3), expect.closeTo(-35, 3)]);
});

test("a cut of a lane keeps its corners and stays on it", () => {
  const lane = makeSiteView(siteMessage(smallSite, [])).lanes.get("east-in")!;
  expect(cutLane(lane, -5, lane.lengthM + 5).length).toBe(6);
  expect(cutLane(lane, 3, 3)).toEqual([]);
  expect(cutLane(lane, lane.lengthM + 1, lane.lengthM + 2)).toEqual([]);
});

test("a site that is none is refused in words", () => {
  const message = siteMessage(smallSite, []);
  expect(() => makeSiteView({ ...message, geojson: {} as typeof message.geojson })).toThrow(
    "no GeoJSON FeatureCollection",
  );
});
