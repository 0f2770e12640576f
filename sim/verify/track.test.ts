import { expect, test } from "vitest";
import { siteMessage } from "../../fleet-gateway/index.ts";
import { referenceVehicle } from "../../planner/index.ts";
import { sampleOf, site, soundRun } from "../synthetic-run.fixture.ts";
import { readSite } from "./recorded-site.ts";
import { motionBetween, poseAt, predictedM, travelledM } from "./track.ts";

const recorded = readSite(siteMessage(site, [referenceVehicle]));
const sample = sampleOf(soundRun().drivers[0]!, 0);

test("a vehicle that brakes to a stand stays there", () => {
  expect(predictedM({ ...sample, v: 2, a: -1 }, 1)).toBe(1.5);
  expect(predictedM({ ...sample, v: 2, a: -1 }, 5)).toBe(2);
  expect(predictedM({ ...sample, v: 0, a: 0.5 }, 4)).toBe(4);
});

test("a motion over two lanes passes their joint at the right time and ends where the next sample is", () => {
  const from = { t: 10, sample: { ...sample, lane: "L1", s: 190, x: 0, y: 190, v: 4, a: 0 } };
  const to = { t: 20, sample: { ...sample, lane: "L2", s: 29.9, x: 0, y: 229.9, v: 4, a: 0 } };
  const motion = motionBetween(recorded, from, to);
  expect(motion.lanes.map(({ id }) => id)).toEqual(["L1", "L2"]);
  expect(motion.lengthM).toBeCloseTo(39.9, 3);
  expect(motion.errorM).toBeCloseTo(0.1, 3);
  const pose = { x: 0, y: 0, theta: 0 };
  poseAt(motion, 12.5, pose);
  expect(pose.y).toBeCloseTo(200, 1);
  poseAt(motion, 20, pose);
  expect(pose).toMatchObject({
    x: expect.closeTo(0, 3),
    y: expect.closeTo(229.9, 3),
    theta: expect.closeTo(Math.PI / 2, 4),
  });
  expect(travelledM(motion, 20)).toBe(motion.lengthM);
});

test("a curve's footprints have the tangent at its ends, also where points are a metre apart", () => {
  const radiusM = 12;
  const points = Array.from({ length: 20 }, (_, i) => {
    const angle = (i / 19) * (Math.PI / 2);
    return { x: radiusM * Math.sin(angle), y: radiusM * (1 - Math.cos(angle)) };
  });
  const curve = readSite(
    siteMessage({ ...site, lanes: [{ ...site.lanes[0]!, points }], stations: [] }, [referenceVehicle]),
  ).lanes[0]!;
  expect(curve.headings[0]).toBeCloseTo(0, 3);
  expect(curve.headings[19]).toBeCloseTo(Math.PI / 2, 3);
  expect(curve.headings[10]).toBeCloseTo((10 / 19) * (Math.PI / 2), 3);
});
