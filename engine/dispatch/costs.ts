import { ageingCost } from "./ageing-cost.ts";
import { backhaulCost } from "./backhaul-cost.ts";
import { emptyTravelCost } from "./empty-travel-cost.ts";
import { latenessCost } from "./lateness-cost.ts";
import type { Criterion, Pair } from "./pair.ts";
import { responseCost } from "./response-cost.ts";
import { switchingCost } from "./switching-cost.ts";
import { waitingCost } from "./waiting-cost.ts";

/** All that dispatch weighs. A cost is in milliseconds of a vehicle's time; the weights (assumptions) make the rest commensurable. */
export const CRITERIA: readonly { readonly name: string; readonly weight: number; readonly cost: Criterion }[] = [
  { name: "empty travel", weight: 1.5, cost: emptyTravelCost },
  { name: "waiting at pick-up", weight: 1, cost: waitingCost },
  { name: "backhaul", weight: 0.5, cost: backhaulCost },
  { name: "response", weight: 0.5, cost: responseCost },
  { name: "lateness", weight: 0.5, cost: latenessCost },
  { name: "ageing", weight: 0.03, cost: ageingCost },
  { name: "switching", weight: 1, cost: switchingCost },
];

/** Weighted sum of all criteria, rounded to integer milliseconds so that sums are exact and ties are ties everywhere. */
export function pairCostMs(pair: Readonly<Pair>): number {
  let sum = 0;
  for (let i = 0; i < CRITERIA.length; i++) {
    const criterion = CRITERIA[i]!;
    sum += criterion.weight * criterion.cost(pair);
  }
  return Math.round(sum);
}
