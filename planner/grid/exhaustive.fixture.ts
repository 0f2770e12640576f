/** An exhaustive solver for tiny instances: Dijkstra over all configurations. It shares no code with the planners. */
import type { Instance } from "./instance.ts";

/** The least sum of loss, or null where there is no solution. */
export function leastLoss(instance: Instance): number | null {
  const { map, starts, goals } = instance;
  const goalKey = Array.from(goals).join();
  const costs = new Map<string, number>([[Array.from(starts).join(), 0]]);
  const buckets: number[][][] = [[Array.from(starts)]];
  for (let cost = 0; cost < buckets.length; cost++) {
    for (const configuration of buckets[cost] ?? []) {
      const key = configuration.join();
      if (costs.get(key) !== cost) continue;
      if (key === goalKey) return cost;
      const visit = (agent: number, next: number[]): void => {
        if (agent < configuration.length) {
          const from = configuration[agent]!;
          for (const to of [from, ...map.neighbours.subarray(4 * from, 4 * from + 4)]) {
            if (to < 0 || next.includes(to)) continue;
            const other = configuration.indexOf(to);
            if (other >= 0 && other < agent && next[other] === from) continue;
            next.push(to);
            visit(agent + 1, next);
            next.pop();
          }
          return;
        }
        let through = cost;
        for (const [each, to] of next.entries()) {
          if (to !== goals[each] || configuration[each] !== to) through++;
        }
        const nextKey = next.join();
        if (through >= (costs.get(nextKey) ?? Number.POSITIVE_INFINITY)) return;
        costs.set(nextKey, through);
        for (let bucket = buckets.length; bucket <= through; bucket++) buckets.push([]);
        buckets[through]!.push([...next]);
      };
      visit(0, []);
    }
  }
  return null;
}
