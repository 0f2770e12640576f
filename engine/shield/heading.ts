/** π/2 in two parts, the first with 33 significant bits, so that `quarters * HALF_PI_HIGH` is exact (Cody and Waite). */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.077100506506192e-11;

/**
 * Writes the unit vector of a heading to out[at] (east) and out[at + 1] (north). Only sums and products in a fixed order:
 * unlike Math.cos and Math.sin the result has the same last bit on every machine. Error below 1e-12 for headings of up
 * to a few turns.
 * @param theta radians, counter-clockwise from east
 */
export function writeHeading(theta: number, out: Float64Array, at: number): void {
  const quarters = Math.round(theta * (2 / Math.PI));
  const r = theta - quarters * HALF_PI_HIGH - quarters * HALF_PI_LOW;
  const q = r * r;
  // Taylor series on [-π/4, π/4], nested.
  const sin =
    r *
    (1 -
      (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - (q / 72) * (1 - (q / 110) * (1 - (q / 156) * (1 - q / 210)))))));
  const cos =
    1 - (q / 2) * (1 - (q / 12) * (1 - (q / 30) * (1 - (q / 56) * (1 - (q / 90) * (1 - (q / 132) * (1 - q / 182))))));
  const turn = ((quarters % 4) + 4) % 4;
  out[at] = turn === 0 ? cos : turn === 1 ? -sin : turn === 2 ? -cos : sin;
  out[at + 1] = turn === 0 ? sin : turn === 1 ? cos : turn === 2 ? -sin : -cos;
}
