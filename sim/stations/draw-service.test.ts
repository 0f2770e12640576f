import { describe, expect, test } from "vitest";
import { type Distribution, meanServiceS, prng } from "../../planner/index.ts";
import { drawServiceS } from "./draw-service.ts";

const SEED = 4_711;
const DRAWS = 40_000;

function moments(distribution: Distribution): { mean: number; sd: number; min: number; max: number } {
  const random = prng(SEED);
  let sum = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < DRAWS; i++) {
    const drawn = drawServiceS(distribution, random);
    sum += drawn;
    squares += drawn * drawn;
    min = Math.min(min, drawn);
    max = Math.max(max, drawn);
  }
  const mean = sum / DRAWS;
  return { mean, sd: Math.sqrt(squares / DRAWS - mean * mean), min, max };
}

/** Mean and standard deviation of each in seconds; the triangular's is √((a² + b² + c² − ab − ac − bc) / 18). */
describe("service times have the mean and spread of their distribution", () => {
  test.each<[string, Distribution, number, number]>([
    ["constant", { kind: "constant", valueS: 20 }, 20, 0],
    ["gate, triangular", { kind: "triangular", minS: 8, modeS: 16, maxS: 30 }, 18, Math.sqrt(372 / 18)],
    ["crane, triangular", { kind: "triangular", minS: 50, modeS: 85, maxS: 150 }, 95, Math.sqrt(7725 / 18)],
    ["scanner, normal", { kind: "normal", meanS: 24, sdS: 3 }, 24, 3],
    ["inspection, lognormal", { kind: "lognormal", meanS: 2700, cv: 0.6 }, 2700, 1620],
    ["crane move, gamma", { kind: "gamma", meanS: 144, cv: 0.35 }, 144, 50.4],
    ["gamma of shape below 1", { kind: "gamma", meanS: 10, cv: 1.5 }, 10, 15],
  ])("%s", (_name, distribution, mean, sd) => {
    const drawn = moments(distribution);
    expect(Math.abs(drawn.mean - mean)).toBeLessThanOrEqual(4 * (sd / Math.sqrt(DRAWS)) + 1e-9);
    expect(Math.abs(drawn.sd - sd)).toBeLessThanOrEqual(0.04 * sd + 1e-5);
    expect(meanServiceS(distribution)).toBeCloseTo(mean, 9);
  });

  test("a triangular stays within its ends and reaches close to them", () => {
    const drawn = moments({ kind: "triangular", minS: 8, modeS: 16, maxS: 30 });
    expect(drawn.min).toBeGreaterThanOrEqual(8);
    expect(drawn.min).toBeLessThan(8.5);
    expect(drawn.max).toBeLessThanOrEqual(30);
    expect(drawn.max).toBeGreaterThan(29.3);
  });

  test("a normal is drawn again until it is positive", () => {
    expect(moments({ kind: "normal", meanS: 1, sdS: 3 }).min).toBeGreaterThan(0);
  });

  test("an exception takes the place of a draw with its probability", () => {
    const gate: Distribution = {
      kind: "triangular",
      minS: 8,
      modeS: 16,
      maxS: 30,
      exception: { probability: 0.02, service: { kind: "lognormal", meanS: 300, cv: 0.8 } },
    };
    const random = prng(SEED);
    const draws = Array.from({ length: DRAWS }, () => drawServiceS(gate, random));
    const mean = draws.reduce((sum, drawn) => sum + drawn, 0) / DRAWS;
    expect(Math.abs(mean - meanServiceS(gate))).toBeLessThan(0.9);
    const long = draws.filter((drawn) => drawn > 30).length / DRAWS;
    expect(long).toBeGreaterThan(0.018);
    expect(long).toBeLessThan(0.022);
  });
});
