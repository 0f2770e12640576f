import fc from "fast-check";
import { expect, test } from "vitest";
import { metresPerDegree, toLocal, toLonLat } from "./projection.ts";

test("the corridor's frame: lat = lat0 + y / 110740, lon = lon0 + x / 103545", () => {
  const frame = { lat0: 21.5465, lon0: 107.998, bearing: 0, metresPerDegreeLat: 110740, metresPerDegreeLon: 103545 };
  const [lon, lat] = toLonLat(frame, { x: 103.545, y: -110.74 });
  expect(lon).toBeCloseTo(107.999, 12);
  expect(lat).toBeCloseTo(21.5455, 12);
});

test("to degrees and back is the same point, whatever the bearing", () => {
  const seed = 20260211;
  const finite = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
  fc.assert(
    fc.property(finite(85), finite(180), finite(Math.PI), finite(5000), finite(5000), (lat0, lon0, bearing, x, y) => {
      const { lat, lon } = metresPerDegree(lat0);
      const frame = { lat0, lon0, bearing, metresPerDegreeLat: lat, metresPerDegreeLon: lon };
      const back = toLocal(frame, toLonLat(frame, { x, y }));
      expect(Math.hypot(back.x - x, back.y - y), `seed ${seed}`).toBeLessThan(1e-5);
    }),
    { seed },
  );
});

test("with a bearing of 90 degrees +y is east", () => {
  const frame = { lat0: 0, lon0: 0, bearing: Math.PI / 2, metresPerDegreeLat: 1, metresPerDegreeLon: 1 };
  const [east, north] = toLonLat(frame, { x: 0, y: 2 });
  expect(east).toBeCloseTo(2, 12);
  expect(north).toBeCloseTo(0, 12);
});

test("a degree on the WGS84 ellipsoid at the equator and at 60 degrees", () => {
  expect(metresPerDegree(0).lat).toBeCloseTo(110_574.3, 0);
  expect(metresPerDegree(0).lon).toBeCloseTo(111_319.5, 0);
  expect(metresPerDegree(60).lat).toBeCloseTo(111_412.2, 0);
  expect(metresPerDegree(60).lon).toBeCloseTo(55_800, 0);
});
