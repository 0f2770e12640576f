import { describe, expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { compileLegs, type Distribution, meanServiceS, type Site, type StationRole } from "../../planner/index.ts";
import { type DemandClass, demandMix } from "./demand-mix.ts";
import { leastUse } from "./least-use.ts";
import { Travel } from "./travel.ts";
import { type BoundInputs, boundOfScenario, upperBound } from "./upper-bound.ts";
import { leastEfforts } from "./vehicle-time.ts";

const scenario = loadScenario("pilot-2026-saturated");
const { site } = scenario;
const type = scenario.vehicleTypes[0]!;
const graph = compileLegs(site, type);
const classes = demandMix(scenario);
const inputs: BoundInputs = {
  graph,
  site,
  type,
  vehicles: 5,
  classes,
  positioningS: meanServiceS(scenario.positioning),
  horizonS: 86_400,
  choice: { kind: "none" },
  energy: "free",
};
const steadyPlugIn = { firstChargeKwh: 0 };
const dayPlugIn = { firstChargeKwh: (type.battery.fullSoc - type.battery.reserveSoc) * type.battery.capacityKwh };

/** Within three per cent of the figure that the layout study computed by another program. */
function expectNear(actual: number, figure: number): void {
  expect(actual / figure).toBeGreaterThan(0.97);
  expect(actual / figure).toBeLessThan(1.03);
}

describe("the figures of the layout study", () => {
  test("468 a day for five vehicles and 1,123 for twelve, where energy costs no time", () => {
    expectNear(upperBound(inputs).perDay, 468);
    expectNear(upperBound({ ...inputs, vehicles: 12 }).perDay, 1123);
    expectNear(upperBound(inputs).cycleS, 1674);
    expect(upperBound(inputs).limitedBy).toBe("fleet");
  });

  test("407 with chargers, year in, year out; more in a day that starts with full batteries", () => {
    const steady = upperBound({ ...inputs, energy: steadyPlugIn }).perDay;
    expectNear(steady, 407);
    const day = upperBound({ ...inputs, energy: dayPlugIn }).perDay;
    expect(day).toBeGreaterThan(1.03 * steady);
    expect(day).toBeLessThan(upperBound(inputs).perDay);
    const week = upperBound({ ...inputs, energy: dayPlugIn, horizonS: 7 * 86_400 }).perDay;
    expect(week).toBeGreaterThan(steady);
    expect(week).toBeLessThan(1.01 * steady);
  });

  test("with every station on the way, gates of 20 s and lifts of 90 s: 468 and 1,123 too", () => {
    const times: Partial<Record<StationRole, number>> = { gate: 20, scanner: 25, disinfection: 20, crane: 90 };
    const constant = (valueS: number): Distribution => ({ kind: "constant", valueS });
    const stated: Site = {
      ...site,
      stations: site.stations.map((station) => ({ ...station, service: constant(times[station.role] ?? 0) })),
    };
    const all = classes.map((each) => {
      const [here, there] = each.from.startsWith("vn") ? (["vn", "cn"] as const) : (["cn", "vn"] as const);
      const via = [
        { role: "gate", side: here },
        { role: "gate", side: there },
        { role: "disinfection", side: there },
        { role: "scanner", side: there },
      ] as const;
      return { ...each, via };
    });
    expectNear(upperBound({ ...inputs, site: stated, classes: all }).perDay, 468);
    expectNear(upperBound({ ...inputs, site: stated, classes: all, vehicles: 12 }).perDay, 1123);
  });

  test("504 where as much waits in either direction", () => {
    const even = classes.map((each) => ({ ...each, weight: each.weight / (each.from.startsWith("vn") ? 0.9 : 1.1) }));
    expectNear(upperBound({ ...inputs, classes: even }).perDay, 504);
  });
});

describe("the bound bounds", () => {
  /** Seconds a container of a plan that can be driven: each crane uses one bay, a drop is followed by a pick there. */
  function secondsOfAPlan(bayOf: (crane: string) => number): number {
    const travel = new Travel(graph, type);
    const index = (id: string): number => site.stations.findIndex((station) => station.id === id);
    let seconds = 0;
    for (const each of classes) {
      let at = bayOf(each.from);
      for (const pass of each.via) {
        const way = each.from.startsWith(pass.side) ? "-out-" : "-in-";
        const station = site.stations.findIndex(
          (s) => s.role === pass.role && s.side === pass.side && s.id.includes(way),
        );
        const stand = graph.standOfBay[station]![0]!;
        const drive = travel.between(at, stand, true).seconds;
        seconds += each.weight * (drive + meanServiceS(site.stations[station]!.service));
        at = stand;
      }
      const lifts = [each.from, each.to].map((id) => meanServiceS(site.stations[index(id)]!.service));
      seconds += each.weight * (travel.between(at, bayOf(each.to), true).seconds + lifts[0]! + lifts[1]!);
    }
    // One container in ten more comes from China: so many vehicles go back empty, from a crane to its like opposite.
    const empty = ["1", "2", "3", "4"].map(
      (block) => travel.between(bayOf(`vn-crane-vb${block}`), bayOf(`cn-crane-cb${block}`), false).seconds,
    );
    seconds += (0.1 * empty.reduce((sum, each) => sum + each, 0)) / empty.length;
    return seconds + 1.1 * meanServiceS(scenario.positioning);
  }

  test("no plan that can be driven takes less vehicle time, and the best of these hardly more", () => {
    const { container, emptyCrossing } = leastEfforts(graph, site, type, classes, inputs.positioningS);
    const laden = container.reduce((sum, effort, k) => sum + classes[k]!.weight * effort.seconds, 0);
    const bound = laden + 0.1 * emptyCrossing.seconds;
    const plans = [0, 1, 2].map((bay) =>
      secondsOfAPlan((crane) => graph.standOfBay[site.stations.findIndex((s) => s.id === crane)]![bay]!),
    );
    for (const plan of plans) expect(plan).toBeGreaterThanOrEqual(bound - 1e-6);
    expect(Math.min(...plans) / bound).toBeLessThan(1.01);
  });

  test("more of what costs time never gives more containers", () => {
    const reference = upperBound(inputs).perDay;
    const slower = { ...type, maxSpeedLadenMps: 4, maxSpeedEmptyMps: 4 };
    expect(upperBound({ ...inputs, type: slower }).perDay).toBeLessThan(0.9 * reference);
    expect(upperBound({ ...inputs, positioningS: 60 }).perDay).toBeLessThan(reference);
    expect(upperBound({ ...inputs, vehicles: 4 }).perDay).toBeCloseTo((reference * 4) / 5, 5);
    const oneWay = classes.filter((each) => each.from.startsWith("cn"));
    const share = oneWay.reduce((sum, each) => sum + each.weight, 0);
    const only = oneWay.map((each) => ({ ...each, weight: each.weight / share }));
    expect(upperBound({ ...inputs, classes: only }).perDay).toBeLessThan(0.65 * reference);
  });

  test("a large fleet is limited by stations, then by lanes", () => {
    const many = upperBound({ ...inputs, vehicles: 1000 });
    expect(many.limitedBy).toBe("cn crane");
    // Four cranes of one lift each 95 s: every container needs one lift on each side.
    expect(many.perDay).toBeCloseTo((4 * 86_400) / 95, 3);
    const lanes = many.limits.filter((limit) => limit.name.startsWith("lanes"));
    // A lane passes 610 an hour at 7.35 m/s, 591 at this site's 5.56; the stronger direction has 55 % of the crossings.
    for (const lane of lanes) expect((lane.perDay * 0.55) / (24 * 591)).toBeCloseTo(1, 2);
    const gates = many.limits.find((limit) => limit.name === "vn gate")!;
    // Two gates, one a direction, of 24 s and at least 10 s to move up 18 m.
    expect(gates.perDay).toBeCloseTo((2 * 86_400) / (23.64 + Math.sqrt(36 / 0.35)), 0);
  });

  test("chargers limit a fleet that drives without end", () => {
    const hungry = { ...type, battery: { ...type.battery, chargePowerKw: 12 } };
    const bound = upperBound({ ...inputs, type: hungry, vehicles: 40, energy: steadyPlugIn });
    expect(bound.limitedBy).toBe("chargers");
    expect(bound.perDay).toBeLessThan(200);
  });
});

describe("a choice of orders", () => {
  const even = classes.map((each) => ({ ...each, weight: each.weight / (each.from.startsWith("vn") ? 0.9 : 1.1) }));
  const balanced = upperBound({ ...inputs, classes: even }).perDay;
  const released = upperBound(inputs).perDay;
  const withChoice = (orders: number, kind: "stock" | "released" = "stock"): number =>
    upperBound({ ...inputs, choice: { kind, orders } }).perDay;

  test("a stock of waiting orders lets a fleet leave those that cost an empty crossing", () => {
    expect(withChoice(0)).toBeCloseTo(released, 2);
    expect(withChoice(10)).toBeGreaterThan(1.005 * released);
    expect(withChoice(40)).toBeGreaterThan(withChoice(10));
    // Of 40 + 490 orders the fleet can leave 40 of the stronger direction: it serves 51:49, hardly an empty crossing.
    expect(withChoice(40)).toBeLessThan(1.02 * balanced);
    // A stock is worth less in a longer run.
    const week = upperBound({ ...inputs, choice: { kind: "stock", orders: 40 }, horizonS: 7 * 86_400 }).perDay;
    expect(week).toBeLessThan(released + (withChoice(40) - released) / 4);
  });

  test("orders beyond what the fleet can do are a choice, fewer are none", () => {
    expect(withChoice(300, "released")).toBeCloseTo(released, 2);
    expect(withChoice(600, "released")).toBeGreaterThan(balanced * 0.995);
  });

  test("the use of the chosen orders is what they take: two classes by hand", () => {
    // 60 + 40 released at 10 each, 5 an empty crossing. Serve 100: 20 empty. Serve 90: leave 10 strong ones, 10 empty.
    const halves = { weights: [0.6, 0.4], signs: [1, -1], perEmptyCrossing: 5 };
    const use = (n: number): number => leastUse({ ...halves, perContainer: [10, 10] })(n, 100);
    expect(use(100)).toBeCloseTo(1000 + 100, 9);
    expect(use(90)).toBeCloseTo(900 + 50, 6);
    expect(use(80)).toBeCloseTo(800, 6);
    expect(use(40)).toBeCloseTo(400, 6);
    // Weak ones at 4: all 40 of them with 30 strong ones leave 10 empty crossings. Where these cost 5 it is cheaper to
    // serve 35 of each (6 more for another strong one, two crossings less); where they cost 2 it is not.
    const cheapWeak = { ...halves, perContainer: [10, 4] };
    expect(leastUse(cheapWeak)(70, 100)).toBeCloseTo(35 * 4 + 35 * 10, 6);
    expect(leastUse({ ...cheapWeak, perEmptyCrossing: 2 })(70, 100)).toBeCloseTo(40 * 4 + 30 * 10 + 10 * 2, 6);
  });
});

describe("the contraflow variant", () => {
  test("both directions share the one lane", () => {
    const contraflow = loadScenario("contraflow");
    const bound = boundOfScenario(contraflow);
    const lane = bound.limits.find((limit) => limit.name === "lanes vn to cn")!;
    expect((lane.perDay * 1.1) / (24 * 591)).toBeCloseTo(1, 2);
    expect(bound.limitedBy).toBe("fleet with charging");
    expect(bound.crossingsPerHour).toBeCloseTo((bound.perDay * 1.1) / 24, 6);
  });
});

describe("what cannot be bounded is refused", () => {
  test("no demand", () => {
    expect(() => upperBound({ ...inputs, classes: [] })).toThrow("a demand without containers has no bound");
  });
  test("a station that the site lacks", () => {
    const elsewhere: DemandClass[] = [{ ...classes[0]!, from: "vn-crane-vb9" }];
    expect(() => upperBound({ ...inputs, classes: elsewhere })).toThrow("the site has no station vn-crane-vb9");
  });
  test("a stop for which there is no station", () => {
    const swap: DemandClass[] = [{ ...classes[0]!, weight: 1, via: [{ role: "swap", side: "vn" }] }];
    expect(() => upperBound({ ...inputs, classes: swap })).toThrow("has no way on this site");
  });
});
