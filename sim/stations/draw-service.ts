import type { Distribution, Prng } from "../../planner/index.ts";

/**
 * A service time in seconds, above 0, from a distribution: triangular by its inverse, normal by the polar method
 * (Marsaglia and Bray 1964) and drawn again while it is not positive, lognormal and gamma (Marsaglia and Tsang 2000) by
 * mean and coefficient of variation. An exception takes the draw's place with its probability.
 */
export function drawServiceS(distribution: Distribution, random: Prng): number {
  const exception = distribution.exception;
  if (exception !== undefined && random.nextFloat() < exception.probability) {
    return drawServiceS(exception.service, random);
  }
  switch (distribution.kind) {
    case "constant":
      return distribution.valueS;
    case "triangular":
      return triangular(distribution.minS, distribution.modeS, distribution.maxS, random);
    case "normal":
      return positiveNormal(distribution.meanS, distribution.sdS, random);
    case "lognormal": {
      const variance = Math.log1p(distribution.cv * distribution.cv);
      const median = distribution.meanS * Math.exp(-variance / 2);
      return median * Math.exp(Math.sqrt(variance) * standardNormal(random));
    }
    case "gamma": {
      const shape = 1 / (distribution.cv * distribution.cv);
      return (distribution.meanS / shape) * standardGamma(shape, random);
    }
  }
}

function triangular(min: number, mode: number, max: number, random: Prng): number {
  const range = max - min;
  if (range <= 0) return mode;
  const u = random.nextFloat();
  if (u * range < mode - min) return min + Math.sqrt(u * range * (mode - min));
  return max - Math.sqrt((1 - u) * range * (max - mode));
}

function positiveNormal(mean: number, sd: number, random: Prng): number {
  if (sd <= 0) return mean;
  for (;;) {
    const drawn = mean + sd * standardNormal(random);
    if (drawn > 0) return drawn;
  }
}

function standardNormal(random: Prng): number {
  for (;;) {
    const x = 2 * random.nextFloat() - 1;
    const y = 2 * random.nextFloat() - 1;
    const r = x * x + y * y;
    if (r > 0 && r < 1) return x * Math.sqrt((-2 * Math.log(r)) / r);
  }
}

function standardGamma(shape: number, random: Prng): number {
  // Below shape 1 the method does not hold: a draw of shape + 1 times a power of a uniform one has shape `shape`.
  if (shape < 1) return standardGamma(shape + 1, random) * (1 - random.nextFloat()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.nextFloat();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
