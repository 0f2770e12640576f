import { expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { type DemandClass, demandMix } from "./demand-mix.ts";

const scenario = loadScenario("pilot-2026-saturated");
const classes = demandMix(scenario);

const weightOf = (which: (each: DemandClass) => boolean): number =>
  classes.filter(which).reduce((sum, each) => sum + each.weight, 0);
const passes = (role: string, side: string) => (each: DemandClass) =>
  each.via.some((pass) => pass.role === role && pass.side === side);

test("the released mix: 55:45 by direction, cranes alike, stations by their rules", () => {
  expect(weightOf(() => true)).toBeCloseTo(1, 12);
  expect(weightOf((each) => each.from.startsWith("cn"))).toBeCloseTo(0.55, 12);
  expect(weightOf((each) => each.from === "vn-crane-vb1" && each.to === "cn-crane-cb4")).toBeCloseTo(0.45 / 16, 12);
  expect(weightOf(passes("gate", "vn"))).toBeCloseTo(1, 12);
  expect(weightOf(passes("scanner", "vn"))).toBeCloseTo(0.3 * 0.55, 12);
  expect(weightOf(passes("scanner", "cn"))).toBeCloseTo(0.3 * 0.45, 12);
  // Fruit, frozen seafood and dry goods are 85 % of what goes to China.
  expect(weightOf(passes("disinfection", "cn"))).toBeCloseTo(0.85 * 0.45, 12);
  const keys = classes.map((each) => JSON.stringify([each.from, each.to, each.via]));
  expect(new Set(keys).size).toBe(classes.length);
});

test("the mean mass is that of the mix", () => {
  const south = classes.filter((each) => each.from.startsWith("cn"));
  const mean = south.reduce((sum, each) => sum + each.weight * each.massKg, 0) / 0.55;
  expect(mean).toBeCloseTo(0.45 * 14_000 + 0.25 * 25_000 + 0.2 * 18_000 + 0.1 * 18_000, 6);
});

test("recorded orders are counted as they are", () => {
  const order = (id: string, from: string, to: string, massKg: number) => ({
    id,
    from,
    to,
    container: { id, lengthFt: 40, laden: true, reefer: false, commodity: "general", massKg } as const,
    via: [{ role: "gate", side: "vn" } as const],
    releaseMs: 0,
    dueMs: 1,
    priority: 5,
  });
  const orders = [
    order("a", "vn-crane-vb1", "cn-crane-cb1", 10_000),
    order("b", "vn-crane-vb1", "cn-crane-cb1", 20_000),
    order("c", "cn-crane-cb1", "vn-crane-vb1", 5000),
  ];
  const mix = demandMix({ ...scenario, demand: { kind: "recorded", orders } });
  expect(mix.map((each) => [each.from, each.massKg])).toEqual([
    ["vn-crane-vb1", 15_000],
    ["cn-crane-cb1", 5000],
  ]);
  expect(mix[0]!.weight).toBeCloseTo(2 / 3, 12);
});
