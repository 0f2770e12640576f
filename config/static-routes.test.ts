import { expect, test } from "vitest";
import { loadSite, siteOf } from "./load-site.ts";
import { loadVehicleType } from "./load-vehicle-type.ts";
import { byId, lane, loopContent, pointsOf, remove } from "./loop-site.fixture.ts";
import { StaticRoutes } from "./static-routes.ts";

const igv = loadVehicleType("igv");
const routesOf = (content: unknown) => new StaticRoutes(siteOf("loop", content), igv);

test("round the loop: through lanes, not through the sidings of others", () => {
  const routes = routesOf(loopContent());
  const route = routes.route("vn-parking-1", "cn-parking-1")!;
  expect(route.lanes).toEqual([
    "siding-vn-parking-1.2",
    "east.3",
    "east.4",
    "east.5",
    "east.6",
    "east.7",
    "east.8",
    "east.9",
    "turn-north",
    "west.1",
    "siding-cn-parking-1.1",
  ]);
  // Half a siding is 7.5 m and two arcs of 12 m that shift by 5.875 m: 2 x 12 x acos(1 - 5.875 / 24).
  const halfSiding = 7.5 + 24 * Math.acos(1 - 5.875 / 24);
  const forward = 24 * Math.sin(Math.acos(1 - 5.875 / 24));
  const onLanes = 140 + 90 - 7.5 - forward + Math.PI * 12 + (140 - 90 - 7.5 - forward);
  expect(route.lengthM).toBeCloseTo(2 * halfSiding + onLanes, 1);
  const arcM = Math.PI * 12;
  expect(route.timeS).toBeCloseTo((2 * halfSiding + arcM) / 3 + (onLanes - arcM) / 4.17, 1);
});

test("by time and by length the ways can differ", () => {
  const content = loopContent();
  // A way round that is 1 m longer and twice as fast.
  byId(content, "west.7").properties.speedLimit = 1;
  const points = pointsOf(byId(content, "west.7"));
  const [a, b] = [points[0]!, points[1]!];
  const middle = (a[1] + b[1]) / 2;
  content.features.push(lane("bend", [a, [a[0] - 4, middle], b], { speedLimit: 4 }));
  const routes = routesOf(content);
  const fast = routes.route("cn-crane-1", "vn-parking-1", "time")!;
  const short = routes.route("cn-crane-1", "vn-parking-1", "length")!;
  expect(fast.lanes).toContain("bend");
  expect(short.lanes).toContain("west.7");
  expect(fast.lengthM).toBeGreaterThan(short.lengthM);
  expect(fast.timeS).toBeLessThan(short.timeS);
});

test("from a bay to itself is once round; without a way, or for unknown bays, there is no route", () => {
  const whole = routesOf(loopContent()).route("vn-parking-1", "vn-parking-1")!;
  expect(whole.lanes[0]).toBe("siding-vn-parking-1.2");
  expect(whole.lanes.at(-1)).toBe("siding-vn-parking-1.1");
  const content = loopContent();
  remove(content, "turn-south");
  const open = routesOf(content);
  expect(open.route("vn-parking-1", "cn-parking-1")).not.toBeNull();
  expect(open.route("cn-parking-1", "vn-parking-1")).toBeNull();
  expect(open.route("vn-parking-1", "nowhere")).toBeNull();
});

test("a way never leads through another place, even where it is the only one", () => {
  const content = loopContent();
  // The lane beside the siding of vn-parking-2.
  remove(content, "east.4");
  const routes = routesOf(content);
  expect(routes.route("vn-parking-1", "vn-parking-2")).not.toBeNull();
  expect(routes.route("vn-parking-1", "vn-crane-1")).toBeNull();
});

test("lanes and bays of other modes are not used", () => {
  const content = loopContent();
  byId(content, "turn-south").properties.modes = ["truck"];
  byId(content, "vn-crane-1").properties.modes = ["truck"];
  const routes = routesOf(content);
  expect(routes.bays).not.toContain("vn-crane-1");
  expect(routes.route("cn-parking-1", "vn-parking-1")).toBeNull();
});

test("a strip is used in both directions", () => {
  const routes = new StaticRoutes(loadSite("bac-luan-ii-contraflow"), igv);
  const north = routes.route("vn-gate-out-1", "cn-gate-in-1")!;
  const south = routes.route("cn-gate-out-1", "vn-gate-in-1")!;
  expect(north.lanes.filter((id) => id.startsWith("bridge"))).toEqual([
    "bridge-strip.1",
    "bridge-strip.2",
    "bridge-strip.3",
  ]);
  expect(south.lanes.filter((id) => /^(bridge|cross)/.test(id))).toEqual([
    "crossover-cn",
    "bridge-strip.3~",
    "bridge-strip.2~",
    "bridge-strip.1~",
    "crossover-vn",
  ]);
});
