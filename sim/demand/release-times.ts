import type { Prng } from "../../planner/index.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How the share of a day's orders grows over the day: `shares[h]` of them are released before hour h; 25 values. */
function cumulativeShares(hourlyWeights: readonly number[]): number[] {
  const total = hourlyWeights.reduce((sum, weight) => sum + weight, 0);
  const shares = [0];
  let sum = 0;
  for (const weight of hourlyWeights) {
    sum += weight;
    shares.push(sum / total);
  }
  return shares;
}

/** The time of day in milliseconds by which the share `u` in [0, 1) of the orders is released. */
function timeOfShare(shares: readonly number[], u: number): number {
  let hour = 0;
  while (hour < 23 && shares[hour + 1]! <= u) hour++;
  const within = (u - shares[hour]!) / (shares[hour + 1]! - shares[hour]!);
  return Math.min(DAY_MS - 1, Math.floor((hour + within) * HOUR_MS));
}

/**
 * Release times of exactly `count` orders of one day, milliseconds from its start, ascending. The day is cut into
 * `count` pieces of equal share; each gets one release at random within it, so the shape is kept closely.
 */
export function exactReleases(count: number, hourlyWeights: readonly number[], random: Prng): number[] {
  const shares = cumulativeShares(hourlyWeights);
  return Array.from({ length: count }, (_, k) => timeOfShare(shares, (k + random.nextFloat()) / count));
}

/** Release times of a Poisson process with `mean` orders a day and the day's shape, ascending. */
export function poissonReleases(mean: number, hourlyWeights: readonly number[], random: Prng): number[] {
  const shares = cumulativeShares(hourlyWeights);
  const times: number[] = [];
  // In units of expected orders the gaps are exponential with mean 1.
  for (let at = gap(random); at < mean; at += gap(random)) times.push(timeOfShare(shares, at / mean));
  return times;
}

function gap(random: Prng): number {
  return -Math.log(1 - random.nextFloat());
}
