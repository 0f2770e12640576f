import type { AreaUse, Leg } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";

/**
 * Which areas are worth keeping: [area] its new index, or NONE. An area is dropped where another one holds off all that
 * it holds off: each leg over its one side is, for at least as long, on one side of the other area, and each leg over its
 * other side on the opposite one. Areas that no two legs contend for are dropped too.
 */
export function pruneAreas(areaCount: number, legs: readonly Leg[]): Int32Array {
  const users: { leg: number; use: AreaUse }[][] = Array.from({ length: areaCount }, () => []);
  for (const leg of legs) for (const use of leg.uses) users[use.area]!.push({ leg: leg.index, use });
  const kept = new Uint8Array(areaCount).fill(1);
  for (let area = 0; area < areaCount; area++) {
    const sides = [0, 0];
    for (const { use } of users[area]!) sides[use.side]!++;
    if (sides[0] === 0 || sides[1] === 0) kept[area] = 0;
  }
  for (let area = 0; area < areaCount; area++) {
    if (kept[area] === 0) continue;
    // The rarer the user, the fewer the areas that could cover this one.
    const [first] = users[area]!.toSorted(
      (a, b) => legs[a.leg]!.uses.length - legs[b.leg]!.uses.length || a.leg - b.leg,
    );
    for (const candidate of new Set(legs[first!.leg]!.uses.map((use) => use.area))) {
      if (candidate === area || kept[candidate] === 0) continue;
      if (users[candidate]!.length < users[area]!.length) continue;
      if (!covers(candidate, 0) && !covers(candidate, 1)) continue;
      kept[area] = 0;
      break;
    }
    function covers(candidate: number, flip: number): boolean {
      return users[area]!.every(({ leg, use }) =>
        legs[leg]!.uses.some(
          (other) =>
            other.area === candidate &&
            other.side === (use.side ^ flip) &&
            other.enterM <= use.enterM &&
            other.leaveM >= use.leaveM,
        ),
      );
    }
  }
  const newIndex = new Int32Array(areaCount).fill(NONE);
  let next = 0;
  for (let area = 0; area < areaCount; area++) if (kept[area] === 1) newIndex[area] = next++;
  return newIndex;
}
