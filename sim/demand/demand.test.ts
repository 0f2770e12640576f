import { describe, expect, test } from "vitest";
import { loadScenario, type Scenario } from "../../config/index.ts";
import type { TransportOrder } from "../../engine/index.ts";
import { prng } from "../../planner/index.ts";
import { containerNumber } from "./container-number.ts";
import { createDemand } from "./demand.ts";
import { poissonReleases } from "./release-times.ts";

const pilot = loadScenario("pilot-2026");
const saturated = loadScenario("pilot-2026-saturated");

/** All orders of a demand that does not look at the run, asked for in steps. */
function releaseAll(scenario: Scenario, seed: number, hours: number, stepMs = 60_000): TransportOrder[] {
  const demand = createDemand(scenario, seed);
  const orders: TransportOrder[] = [];
  for (let t = 0; t < hours * 3_600_000; t += stepMs) orders.push(...demand.release(t, 0));
  return orders;
}

const sideOf = (station: string): string => pilot.site.stations.find(({ id }) => id === station)!.side;

describe("pilot-2026", () => {
  const day = releaseAll(pilot, 1, 24);
  const northbound = day.filter((order) => sideOf(order.from) === "vn");
  const southbound = day.filter((order) => sideOf(order.from) === "cn");

  test("300 orders in the day, 165 from China, and as many again on the second day", () => {
    expect([day.length, southbound.length, northbound.length]).toEqual([300, 165, 135]);
    const twoDays = releaseAll(pilot, 1, 48);
    expect(twoDays).toHaveLength(600);
    expect(twoDays.slice(0, 300)).toEqual(day);
    expect(new Set(twoDays.map(({ id }) => id)).size).toBe(600);
    expect(new Set(twoDays.map(({ container }) => container.id)).size).toBe(600);
  });

  test("the hours have their weights: each direction is never more than one order off", () => {
    if (pilot.demand.kind !== "profile") throw new Error("pilot-2026 is a profile");
    const weights = pilot.demand.hourlyWeights;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let share = 0;
    for (let hour = 0; hour < 24; hour++) {
      share += weights[hour]! / total;
      for (const direction of [northbound, southbound]) {
        const before = direction.filter(({ releaseMs }) => releaseMs < (hour + 1) * 3_600_000).length;
        expect(Math.abs(before - share * direction.length), `before ${hour + 1}:00`).toBeLessThanOrEqual(1);
      }
    }
  });

  test("orders come in order of release, go from a crane of one side to one of the other, and are due after it", () => {
    day.forEach((order, i) => {
      expect(order.releaseMs).toBeGreaterThanOrEqual(day[i - 1]?.releaseMs ?? 0);
      expect(sideOf(order.to)).not.toBe(sideOf(order.from));
      expect(order.dueMs - order.releaseMs).toBe(order.priority === 2 ? 14_400_000 : 21_600_000);
    });
    const cranes = pilot.site.stations.filter(({ role }) => role === "crane").length;
    expect(new Set(day.map(({ from }) => from)).size).toBe(cranes);
  });

  test("what passes which stations: both gates always, disinfection for agricultural goods, a part to the scanner", () => {
    const vias = (orders: readonly TransportOrder[], role: string): string[] =>
      orders.flatMap(({ via }) => via.filter((stop) => stop.role === role).map(({ side }) => side));
    expect(vias(northbound, "gate")).toHaveLength(270);
    expect(northbound[0]!.via.slice(0, 2)).toEqual([
      { role: "gate", side: "vn" },
      { role: "gate", side: "cn" },
    ]);
    expect(southbound[0]!.via.slice(0, 2)).toEqual([
      { role: "gate", side: "cn" },
      { role: "gate", side: "vn" },
    ]);
    expect(vias(southbound, "disinfection")).toEqual([]);
    for (const order of northbound) {
      const disinfected = order.via.some(({ role }) => role === "disinfection");
      if (order.container.reefer) expect(disinfected).toBe(true);
      if (order.container.commodity === "electronics") expect(disinfected).toBe(false);
    }
    expect(new Set(vias(northbound, "scanner"))).toEqual(new Set(["cn"]));
    expect(new Set(vias(southbound, "scanner"))).toEqual(new Set(["vn"]));
    const year = releaseAll(pilot, 7, 24 * 30, 86_400_000 / 4);
    expect(vias(year, "scanner").length / year.length).toBeCloseTo(0.3, 1);
  });

  test("the mix has its shares", () => {
    const month = releaseAll(pilot, 3, 24 * 60, 21_600_000).filter((order) => sideOf(order.from) === "vn");
    const part = (commodity: string): number =>
      month.filter(({ container }) => container.commodity === commodity).length / month.length;
    expect(part("fresh-produce")).toBeCloseTo(0.4, 1);
    expect(part("frozen-seafood")).toBeCloseTo(0.25, 1);
    expect(part("electronics")).toBeCloseTo(0.1, 1);
  });

  test("a seed gives the same orders however often they are asked for; another seed gives others", () => {
    expect(releaseAll(pilot, 1, 24, 7_000)).toEqual(day);
    expect(releaseAll(pilot, 2, 24)).not.toEqual(day);
  });
});

describe("work always waiting", () => {
  test("as many as asked for wait, whatever is taken, split 55 : 45 at every moment", () => {
    const demand = createDemand(saturated, 1);
    let waiting = 0;
    const all: TransportOrder[] = [];
    for (let t = 0; t < 5000; t++) {
      const released = demand.release(t * 100, waiting);
      all.push(...released);
      waiting += released.length;
      expect(waiting).toBe(40);
      for (const order of released) expect(order.releaseMs).toBe(t * 100);
      waiting -= t % 3;
      const south = all.filter(({ from }) => sideOf(from) === "cn").length;
      if (released.length > 0) expect(Math.abs(south - all.length * 0.55)).toBeLessThanOrEqual(1);
    }
    expect(all.length).toBeGreaterThan(4000);
  });

  test("the n-th order is the same whenever it is released", () => {
    const content = (step: number): unknown[] => {
      const demand = createDemand(saturated, 5);
      const orders: TransportOrder[] = [];
      for (let t = 0; orders.length < 200; t += step) orders.push(...demand.release(t, 40 - (t % 7)));
      return orders.slice(0, 200).map(({ releaseMs: _, dueMs: __, ...rest }) => rest);
    };
    expect(content(100)).toEqual(content(1300));
  });
});

test("a Poisson profile has its mean and spread", () => {
  const random = prng(20_260_701);
  const weights = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 1 : 3));
  const counts = Array.from({ length: 400 }, () => poissonReleases(200, weights, random));
  const mean = counts.reduce((sum, times) => sum + times.length, 0) / counts.length;
  const variance = counts.reduce((sum, times) => sum + (times.length - mean) ** 2, 0) / counts.length;
  expect(Math.abs(mean - 200)).toBeLessThan(4 * Math.sqrt(200 / 400));
  expect(variance).toBeGreaterThan(150);
  expect(variance).toBeLessThan(260);
  const all = counts.flat();
  expect(all.filter((ms) => ms < 43_200_000).length / all.length).toBeCloseTo(0.25, 1);
});

test("container numbers have the check digit of ISO 6346", () => {
  expect(containerNumber(0)).toMatch(/^KLGU000000\d$/);
  // CSQU 305438 has check digit 3 in the standard's own example; the same sum over our letters, by hand:
  // K 21, L 23, G 17, U 32: 21 + 46 + 68 + 256 = 391; serial 000001: 1 * 512; 903 mod 11 = 1.
  expect(containerNumber(1)).toBe("KLGU0000011");
});
