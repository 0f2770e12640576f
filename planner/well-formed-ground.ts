import type { LegGraph } from "./leg-graph.ts";
import type { VehicleType } from "./vehicle-type.ts";

/** Areas whose ground overlaps or touches, taken as one piece. */
export interface JoinedGround {
  /** Name of its longest area. */
  readonly name: string;
  readonly areas: number;
  /** Longest way over it on one leg, metres of ground. */
  readonly lengthM: number;
}

/**
 * Areas joined where a leg leaves the ground of one after it has come onto the next one's. Ground runs from where the
 * front with margin first touches to where the tail with margin leaves. Longest first, then by first area.
 */
export function joinAreas(graph: LegGraph, type: VehicleType): JoinedGround[] {
  const parent = graph.areas.map((_, area) => area);
  const root = (area: number): number => {
    let r = area;
    while (parent[r] !== r) r = parent[r]!;
    parent[area] = r;
    return r;
  };
  const half = type.lengthM / 2 + type.marginM;
  const spans = graph.legs.map((leg) =>
    leg.uses.map((use) => ({
      area: use.area,
      from: use.enterM + half,
      to: Math.max(use.enterM + half, use.leaveM - type.standstillGapM - half),
    })),
  );
  for (const span of spans) {
    // Uses are sorted by enterM.
    let reach = Number.NEGATIVE_INFINITY;
    let last = -1;
    for (const { area, from, to } of span) {
      if (last !== -1 && from <= reach) {
        const [a, b] = [root(area), root(last)];
        parent[Math.max(a, b)] = Math.min(a, b);
      }
      if (to > reach) {
        reach = to;
        last = area;
      }
    }
  }
  const lengthM = new Map<number, number>();
  for (const span of spans) {
    const bounds = new Map<number, { from: number; to: number }>();
    for (const { area, from, to } of span) {
      const bound = bounds.get(root(area));
      if (bound === undefined) bounds.set(root(area), { from, to });
      else bound.to = Math.max(bound.to, to);
    }
    for (const [r, { from, to }] of bounds) lengthM.set(r, Math.max(lengthM.get(r) ?? 0, to - from));
  }
  const members = new Map<number, number[]>();
  for (const { index } of graph.areas) {
    const r = root(index);
    const found = members.get(r);
    if (found === undefined) members.set(r, [index]);
    else found.push(index);
  }
  return [...members]
    .map(([r, areas]) => {
      const longest = areas.reduce((a, b) => (Math.max(...lengths(b)) > Math.max(...lengths(a)) ? b : a));
      return { first: r, name: graph.areas[longest]!.name, areas: areas.length, lengthM: lengthM.get(r) ?? 0 };
    })
    .sort((a, b) => b.lengthM - a.lengthM || a.first - b.first)
    .map(({ name, areas, lengthM: longestM }) => ({ name, areas, lengthM: longestM }));

  function lengths(area: number): readonly [number, number] {
    return graph.areas[area]!.lengthM;
  }
}
