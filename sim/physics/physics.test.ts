import { describe, expect, test } from "vitest";
import { defaultVehiclePhysics } from "../../config/index.ts";
import { buildLaneGraph, prng, referenceVehicle } from "../../planner/index.ts";
import {
  Conditions,
  chargingS,
  Delay,
  DriveTrain,
  excessM,
  extentOf,
  HeatBody,
  LaneCurves,
  Localisation,
  MovingAverage,
  powerShare,
  Steering,
  socAfter,
} from "./index.ts";

const parameters = defaultVehiclePhysics();
const STEP_S = 0.05;

describe("moving average", () => {
  test("makes ramps of acceleration steps, ends where the motion ends, is never ahead", () => {
    const average = new MovingAverage(12);
    average.fill(0);
    let [p, v, before, beforeV, beforeA, jerk] = [0, 0, 0, 0, 0, 0];
    for (let step = 0; step < 200; step++) {
      const a = step < 60 ? 0.5 : step < 80 ? -1.5 : 0;
      p += v * STEP_S + (a * STEP_S * STEP_S) / 2;
      v = Math.max(0, v + a * STEP_S);
      const smooth = average.push(p);
      expect(smooth).toBeLessThanOrEqual(p);
      const smoothV = (smooth - before) / STEP_S;
      const smoothA = (smoothV - beforeV) / STEP_S;
      if (step > 1) jerk = Math.max(jerk, Math.abs(smoothA - beforeA) / STEP_S);
      [before, beforeV, beforeA] = [smooth, smoothV, smoothA];
    }
    expect(average.mean).toBeCloseTo(p, 9);
    // A change of 2 m/s² within the window of 0.6 s.
    expect(jerk).toBeLessThan(2 / 0.6 + 0.1);
  });

  test("a delay gives back what came so many steps before", () => {
    const delay = new Delay(3);
    expect([1, 2, 3, 4, 5].map((value) => delay.push(value))).toEqual([0, 0, 0, 1, 2]);
    expect(new Delay(0).push(7)).toBe(7);
  });
});

describe("drive train", () => {
  /** Acceleration reached after a second with full demand. */
  const accelerates = (massKg: number, gradient: number, roadFactor: number, v = 1): number => {
    const conditions = new Conditions();
    conditions.roadFactor = roadFactor;
    const drive = new DriveTrain(referenceVehicle, parameters, conditions, STEP_S, 0);
    drive.setGross(referenceVehicle.massEmptyKg + massKg);
    let a = 0;
    for (let i = 0; i < 40; i++) a = drive.step(0.5, v, gradient);
    return a;
  };

  test("empty and on the level it gives what is asked", () => {
    expect(accelerates(0, 0, 1)).toBeCloseTo(0.5, 3);
  });

  test("the greatest force limits a heavy vehicle on a gradient: force, weight and rolling resistance in balance", () => {
    const kg = referenceVehicle.massEmptyKg + 61_000;
    const rolling = 0.045 * 3.6 * 0.85;
    const expected = (45_000 / kg - 9.81 * 0.03 - rolling) / 1.03;
    expect(accelerates(61_000, 0.03, 1)).toBeCloseTo(expected, 3);
    expect(expected).toBeLessThan(0.35);
  });

  test("the drive's power limits it at speed, slippery tyres from the start", () => {
    const kg = referenceVehicle.massEmptyKg + 61_000;
    expect(accelerates(61_000, 0, 1, 8)).toBeCloseTo((300_000 / 8 / kg - 0.045 * 3.6 * 0.85) / 1.03, 2);
    // Half the weight on driven axles, adhesion 0.6 · 0.1.
    expect(accelerates(0, 0, 0.1)).toBeCloseTo((0.5 * 0.06 * 9.81 - 0.045 * 3.6 * 0.85) / 1.03, 3);
  });

  test("rain takes 0.3 of the brake, a gradient adds to it or takes from it", () => {
    const conditions = new Conditions();
    const drive = new DriveTrain(referenceVehicle, parameters, conditions, STEP_S, 0);
    const brakes = (gradient: number): number => {
      let a = 0;
      for (let i = 0; i < 40; i++) a = drive.step(-9, 5, gradient);
      return -a;
    };
    const rolling = (0.045 * 3.6 * 0.85) / 1.03;
    expect(brakes(0)).toBeCloseTo(2.5 + rolling, 3);
    conditions.roadFactor = 0.7;
    expect(brakes(0)).toBeCloseTo(1.75 + rolling, 3);
    expect(brakes(-0.03)).toBeCloseTo(1.75 + rolling - (9.81 * 0.03) / 1.03, 3);
  });

  test("from a stand it never rolls backwards", () => {
    const drive = new DriveTrain(referenceVehicle, parameters, new Conditions(), STEP_S, 0);
    for (let i = 0; i < 20; i++) expect(drive.step(-1, 0, 0.03)).toBe(0);
  });
});

describe("heat", () => {
  const body = (temperatureC: number) =>
    new HeatBody({ heatCapacityKjpK: 500, coolingWpK: 900, deratingC: 90, maxC: 110 }, temperatureC);

  test("constant loss ends at loss over cooling, whatever the step", () => {
    const [fine, coarse] = [body(22), body(22)];
    for (let i = 0; i < 36_000; i++) fine.advance(9000 * 0.1, 0.1, 22);
    coarse.advance(9000 * 3600, 3600, 22);
    expect(fine.temperatureC).toBeCloseTo(coarse.temperatureC, 6);
    expect(coarse.temperatureC).toBeCloseTo(22 + 10 * (1 - Math.exp((-3600 * 900) / 500_000)), 9);
  });

  test("power is whole up to the derating temperature and falls to 0.3", () => {
    for (const [c, share] of [
      [80, 1],
      [90, 1],
      [100, 0.65],
      [110, 0.3],
      [130, 0.3],
    ] as const)
      expect(body(c).share).toBeCloseTo(share, 9);
  });

  test("a hot drive gives less force at speed", () => {
    const drive = new DriveTrain(referenceVehicle, parameters, new Conditions(), STEP_S, 0);
    const cold = drive.tractionLimitMps2(8, 0);
    drive.heat.temperatureC = 115;
    expect(drive.tractionLimitMps2(8, 0)).toBeLessThan(cold / 2);
  });
});

describe("charging", () => {
  const rate = 240 / 350 / 3600;

  test("constant power to the taper: 245 kWh of 350 in 61 min without a taper", () => {
    expect(chargingS(0.2, 0.9, rate, 1) / 60).toBeCloseTo(61.25, 6);
    expect(socAfter(0.2, 3600, rate, 1)).toBeCloseTo(0.2 + 240 / 350, 9);
  });

  test("the closed form is the sum of small steps of falling power", () => {
    let soc = 0.8;
    for (let i = 0; i < 30 * 600; i++) soc += (rate * powerShare(soc, 0.85)) / 10;
    expect(socAfter(0.8, 1800, rate, 0.85)).toBeCloseTo(soc, 4);
    expect(socAfter(0.8, 1800, rate, 0.85)).toBeLessThan(1);
    const s = chargingS(0.3, 0.9, rate, 0.85);
    expect(socAfter(0.3, s, rate, 0.85)).toBeCloseTo(0.9, 9);
    expect(chargingS(0.3, 1, rate, 0.85)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("curves of lanes", () => {
  const arc = (from: number, to: number) =>
    Array.from({ length: 25 }, (_, i) => {
      const angle = from + ((to - from) * i) / 24;
      return { x: 12 * Math.sin(angle), y: 12 - 12 * Math.cos(angle) };
    });
  const lane = (id: string, points: readonly { x: number; y: number }[]) => ({
    id,
    points,
    speedLimitMps: 3,
    widthM: 4,
    twoWay: false,
    modes: ["igv"],
    gradient: 0,
    holding: true,
  });
  const lanes = buildLaneGraph(
    {
      id: "arc",
      frame: { lat0: 0, lon0: 0, bearing: 0 },
      lanes: [
        lane("in", [
          { x: -30, y: 0 },
          { x: 0, y: 0 },
        ]),
        lane("arc", arc(0, Math.PI / 2)),
      ],
      stations: [],
      surfaces: [],
      border: [],
    },
    ["igv"],
  );
  const curves = new LaneCurves(lanes);

  test("the curvature of an arc is one over its radius, and adds up to the turn", () => {
    const length = lanes.lengthM[1]!;
    expect(curves.curvature(1, length / 2, 0, -1)).toBeCloseTo(1 / 12, 3);
    let turn = 0;
    const step = 0.001;
    for (let s = -1; s < length - 1; s += step)
      turn += step * (s < 0 ? curves.curvature(0, 30 + s, -1, 1) : curves.curvature(1, s, 0, -1));
    expect(turn).toBeCloseTo((length - 1) / 12, 1);
  });

  test("heading is continuous along and over the joint of lanes", () => {
    let last: number | null = null;
    for (let s = -2; s < lanes.lengthM[1]! - 1; s += 0.01) {
      const on = s < 0 ? 0 : 1;
      const at = s < 0 ? 30 + s : s;
      const theta = lanes.segmentTheta[on]!;
      const along = lanes.pointsS[on]!;
      let i = 0;
      while (i + 2 < along.length && along[i + 1]! <= at) i++;
      const heading = theta[i]! + curves.headingOffset(on, at, on === 0 ? -1 : 0, on === 0 ? 1 : -1);
      if (last !== null) expect(Math.abs(heading - last)).toBeLessThan(0.0015);
      last = heading;
    }
    expect(last).toBeGreaterThan(1.3);
  });
});

test("steering: a steady curve needs the bicycle's angles, and keeps its line", () => {
  const steering = new Steering(referenceVehicle, parameters, STEP_S);
  for (let i = 0; i < 600; i++) steering.step(0.1, 1 / 12, 1 / 12, steering.offsetM, steering.headingError);
  expect((steering.front - steering.rear) / 2).toBeCloseTo(4 / 12, 2);
  expect(Math.abs(steering.headingError)).toBeLessThan(0.01);
  expect(Math.abs(steering.offsetM)).toBeLessThan(0.05);
});

describe("localisation", () => {
  const drive = (seed: number, steps: number, changes: Partial<typeof parameters> = {}, atMarker = false) => {
    const localisation = new Localisation({ ...parameters, ...changes }, prng(seed), STEP_S);
    const errors: number[] = [];
    let worst = Number.NEGATIVE_INFINITY;
    let jumped = 0;
    for (let i = 0; i < steps; i++) {
      localisation.step(0.25, atMarker);
      errors.push(localisation.alongM);
      worst = Math.max(worst, Math.abs(localisation.alongM) - localisation.boundM);
      if (localisation.jumping) jumped++;
    }
    const mean = errors.reduce((sum, error) => sum + error, 0) / steps;
    const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / steps);
    return { errors, worst, mean, sd, jumped, localisation };
  };

  test("one seed is one course of errors, another seed another", () => {
    expect(drive(1, 2000).errors).toEqual(drive(1, 2000).errors);
    expect(drive(1, 2000).errors).not.toEqual(drive(2, 2000).errors);
  });

  test.each([11, 12, 13])("noise on lanes: no bias, a third of its bound as deviation (seed %i)", (seed) => {
    const { mean, sd } = drive(seed, 200_000, { jumpsPerHour: 0, odometryDriftShare: 1e-9 });
    expect(Math.abs(mean)).toBeLessThan(0.004);
    // Of fixes with 0.1/3 m, smoothed by the filter.
    expect(sd).toBeGreaterThan(0.022);
    expect(sd).toBeLessThan(0.034);
  });

  test("at a marker the errors are within its bound", () => {
    const { errors } = drive(5, 20_000, { odometryDriftShare: 1e-9 }, true);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(parameters.markerNoiseM);
  });

  test("the reported bound holds the error always: noise, drift, jumps, and without fixes", () => {
    for (const seed of [21, 22, 23, 24]) {
      const { worst, jumped, localisation } = drive(seed, 100_000, { jumpsPerHour: 200 });
      expect(worst, `seed ${seed}`).toBeLessThanOrEqual(0);
      expect(jumped).toBeGreaterThan(1000);
      const bound = localisation.boundM;
      localisation.lose(60);
      for (let i = 0; i < 1200; i++) {
        localisation.step(0.25, false);
        expect(Math.abs(localisation.alongM)).toBeLessThanOrEqual(localisation.boundM);
      }
      expect(localisation.boundM - bound).toBeGreaterThan(0.8 * 300 * parameters.odometryDriftShare);
    }
  });

  test("jumps come as often as they are said to", () => {
    const hours = 20;
    const localisation = new Localisation({ ...parameters, jumpsPerHour: 30 }, prng(3), STEP_S);
    let jumps = 0;
    let before = false;
    for (let i = 0; i < hours * 72_000; i++) {
      localisation.step(0, false);
      if (localisation.jumping && !before) jumps++;
      before = localisation.jumping;
    }
    expect(jumps).toBeGreaterThan(30 * hours - 4 * Math.sqrt(30 * hours));
    expect(jumps).toBeLessThan(30 * hours + 4 * Math.sqrt(30 * hours));
  });
});

describe("covered ground", () => {
  test("containers up to 45 ft are within the reference vehicle's footprint; a short vehicle's is its container's", () => {
    expect(extentOf(referenceVehicle, 45)).toEqual({ halfLengthM: 7.5, halfWidthM: 1.5 });
    expect(extentOf({ lengthM: 12, widthM: 2.4 }, 45)).toEqual({ halfLengthM: 6.858, halfWidthM: 1.25 });
    expect(extentOf({ lengthM: 12, widthM: 2.4 }, null)).toEqual({ halfLengthM: 6, halfWidthM: 1.2 });
  });

  test("offset and heading error add up at the corners", () => {
    const extent = extentOf(referenceVehicle, null);
    expect(excessM(referenceVehicle, extent, 0, 0)).toBe(0);
    expect(excessM(referenceVehicle, extent, 0.1, 0)).toBeCloseTo(0.1, 9);
    expect(excessM(referenceVehicle, extent, -0.1, 0.02)).toBeCloseTo(0.1 + 7.5 * Math.sin(0.02), 3);
    const over = excessM({ lengthM: 12, widthM: 2.4 }, extentOf({ lengthM: 12, widthM: 2.4 }, 45), 0, 0);
    expect(over).toBeCloseTo(0.858, 9);
  });
});
