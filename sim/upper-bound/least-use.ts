/**
 * How much of a resource n containers take at least, where the dispatcher may choose which of the released ones to
 * serve. It will leave what is dear, above all containers of the stronger direction, each of which costs an empty
 * crossing; so the released mix alone would be too strict a bound for a run that leaves a stock of orders waiting.
 *
 * Let a(k) of class k be released, s(k) <= a(k) served, Σ s = n, and σ(k) = +1 for the stronger direction, −1 for the
 * other. The least use is min Σ c(k)·s(k) + e·|Σ σ(k)·s(k)|, and for every λ in [−e, e]
 *
 *   use >= min over s of Σ (c(k) + λ·σ(k))·s(k)
 *
 * whose minimum takes the classes in increasing order of their cost (Lagrangian relaxation). The right side is concave in
 * λ, and its largest value is the least use. Without a choice (all released are served) that is at λ = e.
 */

/** Halvings of the interval of λ: enough for nine digits. */
const SEARCH_STEPS = 50;

interface Batch {
  readonly cost: number;
  /** Part of the released containers. */
  readonly weight: number;
}

export interface LeastUseInputs {
  /** [class] part of the released containers. */
  readonly weights: readonly number[];
  /** [class] +1: stronger direction, -1: weaker. */
  readonly signs: readonly number[];
  /** [class] */
  readonly perContainer: readonly number[];
  readonly perEmptyCrossing: number;
}

/** @returns the least use of n containers out of `released` >= n */
export function leastUse(inputs: LeastUseInputs): (n: number, released: number) => number {
  const { weights, signs, perContainer, perEmptyCrossing } = inputs;
  const batches = (sign: number): readonly Batch[] =>
    perContainer
      .map((cost, k) => ({ cost, weight: weights[k]!, sign: signs[k]! }))
      .filter((batch) => batch.sign === sign)
      .sort((a, b) => a.cost - b.cost);
  const [strong, weak] = [batches(1), batches(-1)];
  return (n, released) => {
    const cheapest = (lambda: number): number => cheapestUse(n, released, strong, weak, lambda);
    let low = -perEmptyCrossing;
    let high = perEmptyCrossing;
    if (released > n) {
      for (let step = 0; step < SEARCH_STEPS && high - low > 0; step += 1) {
        const third = (high - low) / 3;
        if (cheapest(low + third) < cheapest(high - third)) low += third;
        else high -= third;
      }
    }
    return Math.max(cheapest(low), cheapest(high));
  };
}

/** Cost of the n cheapest of the released containers, where each strong one costs λ more and each weak one λ less. */
function cheapestUse(
  n: number,
  released: number,
  strong: readonly Batch[],
  weak: readonly Batch[],
  lambda: number,
): number {
  let left = n;
  let total = 0;
  for (let i = 0, j = 0; left > 0 && (i < strong.length || j < weak.length); ) {
    const strongCost = i < strong.length ? strong[i]!.cost + lambda : Number.POSITIVE_INFINITY;
    const weakCost = j < weak.length ? weak[j]!.cost - lambda : Number.POSITIVE_INFINITY;
    const batch = strongCost <= weakCost ? strong[i++]! : weak[j++]!;
    const taken = Math.min(left, batch.weight * released);
    total += taken * Math.min(strongCost, weakCost);
    left -= taken;
  }
  return total;
}
