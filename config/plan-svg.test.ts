import { expect, test } from "vitest";
import { siteOf } from "./load-site.ts";
import { loadVehicleType } from "./load-vehicle-type.ts";
import { byId, loopContent, surface } from "./loop-site.fixture.ts";
import { planSvg } from "./plan-svg.ts";

const igv = loadVehicleType("igv");

test("a plan shows each lane, bay, surface and area, with north to the right where the site is longer that way", () => {
  const content = loopContent();
  content.features.push(surface("house", "building", [50, 0], [60, 10]));
  byId(content, "turn-north").properties.holding = false;
  const site = siteOf("loop", content);
  const svg = planSvg(site, igv);
  expect(svg.startsWith("<svg ")).toBe(true);
  for (const lane of site.lanes) expect(svg).toContain(`<title>${lane.id}: ${lane.speedLimitMps} m/s</title>`);
  for (const bay of site.stations.flatMap((station) => station.bays)) expect(svg).toContain(`>${bay.id}</text>`);
  for (const { id } of site.surfaces) expect(svg).toContain(`<title>${id}</title>`);
  // 340 m from south to north lie along x: y of the world is x of the plan.
  const [, left, top, width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg)!.map(Number);
  expect([left, top]).toEqual([-185, -55]);
  expect(width!).toBeGreaterThan(height!);
  const colours = (name: string) => svg.split(name).length - 1;
  expect(colours("#2e8b3d")).toBe(3); // two crane bays and the legend
  expect(colours("#2563eb")).toBe(2); // the lane without standing and the legend
  expect(colours('stroke-opacity="0.12"')).toBeGreaterThan(14);
  expect(svg).not.toContain("NaN");
});

test("a site that is wider than long keeps north up, and ids are escaped", () => {
  const content = loopContent();
  for (const feature of content.features) {
    const turn = (value: unknown): unknown =>
      Array.isArray(value) && typeof value[0] === "number"
        ? [107.97 + (value[1] - 21.54), 21.54 + (value[0] - 107.97)]
        : (value as unknown[]).map(turn);
    feature.geometry.coordinates = turn(feature.geometry.coordinates);
  }
  Object.assign(content, { id: "wide" });
  const svg = planSvg(siteOf("wide", content), { ...igv, type: "a<b&c" });
  const [, , , width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg)!.map(Number);
  expect(width!).toBeGreaterThan(height!);
  expect(svg).toContain("areas of a&lt;b&amp;c</title>");
});
