import { expect, test } from "vitest";
import { type Prng, prng } from "./prng.ts";
import { fastestProfile, lookaheadTime, type Motion, type SpeedLimits, timeAt } from "./speed-profile.ts";

const motion: Motion = { accelerationMps2: 0.5, decelerationMps2: 1.5, topSpeedMps: 8 };

test("from a stand over 100 m at 5 m/s: 25 m to speed up, 8.33 m to brake", () => {
  const profile = fastestProfile(100, { fromM: [0], limitMps: [5] }, motion, 0);
  expect(profile.durationS).toBeCloseTo(10 + (100 - 25 - 25 / 3) / 5 + 10 / 3, 9);
  expect(timeAt(profile, 25)).toBeCloseTo(10, 9);
});

function draw(random: Prng): { lengthM: number; limits: SpeedLimits; startMps: number } {
  const lengthM = 5 + random.nextFloat() * 200;
  const parts = 1 + Math.floor(random.nextFloat() * 5);
  const fromM = Array.from({ length: parts }, (_, i) => (i === 0 ? 0 : random.nextFloat() * lengthM)).sort(
    (a, b) => a - b,
  );
  const limitMps = fromM.map(() => 1 + random.nextFloat() * 8);
  // Never so fast that it could not stop, nor above the first limit.
  const startMps = random.nextFloat() * Math.min(1, limitMps[0]!);
  return { lengthM, limits: { fromM, limitMps }, startMps };
}

/** The same by small steps: speed forwards by acceleration, backwards by braking, the lower of both. */
function stepwise(
  lengthM: number,
  { fromM, limitMps }: SpeedLimits,
  startMps: number,
): { seconds: number; v: number[]; stepM: number } {
  const steps = 20_000;
  const stepM = lengthM / steps;
  const top = (i: number): number => {
    const at = (i + 0.5) * stepM;
    return Math.min(motion.topSpeedMps, limitMps[fromM.findLastIndex((from) => from <= at)]!);
  };
  const v = new Array<number>(steps + 1).fill(0);
  v[0] = startMps;
  for (let i = 0; i < steps; i++) {
    v[i + 1] = Math.min(
      Math.sqrt(v[i]! ** 2 + 2 * motion.accelerationMps2 * stepM),
      top(i),
      i + 1 < steps ? top(i + 1) : 0,
    );
  }
  for (let i = steps - 1; i >= 0; i--) {
    v[i] = Math.min(v[i]!, Math.sqrt(v[i + 1]! ** 2 + 2 * motion.decelerationMps2 * stepM));
  }
  let seconds = 0;
  for (let i = 0; i < steps; i++) seconds += (2 * stepM) / (v[i]! + v[i + 1]!);
  return { seconds, v, stepM };
}

test("it is as fast as the limits, the acceleration and the brakes allow (200 random paths)", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { lengthM, limits, startMps } = draw(prng(seed));
    const profile = fastestProfile(lengthM, limits, motion, startMps);
    expect(profile.durationS / stepwise(lengthM, limits, startMps).seconds, `seed ${seed}`).toBeCloseTo(1, 2);
  }
});

test("phases join: no jump of time, position or speed, no limit exceeded (200 random paths)", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { lengthM, limits, startMps } = draw(prng(seed));
    const { phases } = fastestProfile(lengthM, limits, motion, startMps);
    for (let i = 1; i < phases.length; i++) {
      const [before, after] = [phases[i - 1]!, phases[i]!];
      const dt = after.t - before.t;
      expect(after.v, `seed ${seed}`).toBeCloseTo(before.v + before.a * dt, 6);
      expect(after.s, `seed ${seed}`).toBeCloseTo(before.s + before.v * dt + (before.a * dt * dt) / 2, 6);
      const limit = limits.limitMps[limits.fromM.findLastIndex((from) => from <= before.s + 1e-9)]!;
      expect(before.v, `seed ${seed}`).toBeLessThanOrEqual(Math.max(limit, limits.limitMps[0]!) + 1e-6);
    }
  }
});

test("the look-ahead reaches a point when position, reaction and braking distance do (100 random paths)", () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = prng(seed);
    const { lengthM, limits, startMps } = draw(random);
    const profile = fastestProfile(lengthM, limits, motion, startMps);
    const targetM = random.nextFloat() * lengthM;
    const seconds = lookaheadTime(profile, targetM, motion.decelerationMps2, 1.3, 1);
    let least = profile.durationS;
    for (let t = 0; t < profile.durationS; t += 0.01) {
      const phase = profile.phases[profile.phases.findLastIndex((each) => each.t <= t)]!;
      const dt = t - phase.t;
      const v = phase.v + phase.a * dt;
      const s = phase.s + phase.v * dt + (phase.a * dt * dt) / 2;
      if (s + v * 1.3 + (v * v) / (2 * motion.decelerationMps2) + 1 >= targetM) {
        least = t;
        break;
      }
    }
    expect(Math.abs(seconds - least), `seed ${seed}`).toBeLessThanOrEqual(0.011);
  }
});
