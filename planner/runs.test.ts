import { describe, expect, test } from "vitest";
import { DrawnBook } from "./drawn-book.fixture.ts";
import { fork, prng } from "./prng.ts";
import { below, knownSite } from "./random-book.fixture.ts";
import { computeRun, LOOKAHEAD_MARGIN_M, lookaheadM, MESSAGE_DELAY_S, RunTable } from "./runs.ts";
import { SMALL_SITE_KINDS, smallSiteVehicle as type } from "./small-sites.ts";
import { brakingDistanceM } from "./vehicle-type.ts";

/** a -> L -> M -> b, legs of 60 m and a lane's room, 5 m/s; area X on the middle one. */
const drawn = new DrawnBook({ havens: ["a", "b"], lanes: { L: 1, M: 1 }, legs: ["a L", "L M X/0", "M b"] });
const runs = new RunTable(drawn.graph, type);
const ALL = [0, 1, 2];
/** Straight from the equations: from rest to 5 m/s, on at 5 m/s, to rest. */
const driveS = (metres: number): number => {
  const [upS, downS] = [5 / type.accelerationEmptyMps2, 5 / type.serviceDecelerationMps2];
  return upS + downS + (metres - (5 * upS) / 2 - (5 * downS) / 2) / 5;
};

describe("times of a run", () => {
  test("it arrives after reaction, acceleration, speed limit and service brake", () => {
    const run = runs.runOver(ALL, false);
    expect(run.lengthM).toBe(180);
    expect(run.arriveMs).toBe(Math.ceil(driveS(180) * 1000) + type.reactionS * 1000);
  });

  test("a leg's grant is due when the look-ahead of the speed there first reaches its stop line", () => {
    const run = runs.runOver(ALL, false);
    expect(run.grantMs[0]).toBe(0);
    // At 5 m/s its stop line is reached so many metres, so many seconds, after the grant.
    const aheadS = lookaheadM(type, 5) / 5;
    const arriveAtLineS = driveS(180) - (5 / type.serviceDecelerationMps2 + (60 - brakingDistanceM(type, 5)) / 5);
    expect(run.grantMs[2]).toBe(type.reactionS * 1000 + Math.floor((arriveAtLineS - aheadS) * 1000));
  });

  test("a stop in between costs time; a grant is not before the one of the leg before", () => {
    const whole = runs.runOver(ALL, false);
    const parts = ALL.reduce((sum, leg) => sum + runs.runOver([leg], false).arriveMs, 0);
    expect(whole.arriveMs).toBeLessThan(parts);
    // On legs shorter than the margin of the look-ahead all grants are wanted at the start.
    const short = { ...drawn.graph, legs: drawn.graph.legs.map((leg) => ({ ...leg, lengthM: 0.4, clearM: 0.4 })) };
    const { grantMs } = computeRun(short, type, ALL, false);
    expect(grantMs[1]).toBeGreaterThan(grantMs[0]!);
    expect(grantMs[2]).toBeGreaterThan(grantMs[1]!);
  });

  test("laden it is slower; each load's run is computed once", () => {
    expect(runs.runOver(ALL, true).arriveMs).toBeGreaterThan(runs.runOver(ALL, false).arriveMs);
    expect(runs.runOver(ALL, true)).toBe(runs.runOver(ALL, true));
    expect(runs.runOver(ALL, true).laden).toBe(true);
  });

  test("ground is clear when the tail has passed it, in travel order, before the vehicle stands", () => {
    let areas = 0;
    for (const kind of SMALL_SITE_KINDS) {
      const { graph } = knownSite(kind, 0, (name, seed) => fork(prng(seed), name));
      const table = new RunTable(graph, type);
      const random = fork(prng(7), kind);
      for (let i = 0; i < 30; i++) {
        const legs = [below(random, graph.legs.length)];
        const next = graph.legsOut[graph.legs[legs[0]!]!.to]!;
        if (next.length > 0) legs.push(next[below(random, next.length)]!);
        const run = table.runOver(legs, random.nextFloat() < 0.5);
        legs.forEach((leg, k) => {
          const { uses, fromClearM, lengthM } = graph.legs[leg]!;
          expect(run.standClearMs[k]).toBeGreaterThan(run.grantMs[k]!);
          const clears = [{ at: fromClearM, ms: run.standClearMs[k]! }];
          uses.forEach((use, u) => {
            clears.push({ at: use.leaveM, ms: run.areaClearMs[k]![u]! });
            areas++;
          });
          clears.sort((a, b) => a.at - b.at || a.ms - b.ms);
          clears.forEach((clear, c) => {
            if (c > 0) expect(clear.ms).toBeGreaterThanOrEqual(clears[c - 1]!.ms);
            if (clear.at <= lengthM) expect(clear.ms).toBeLessThanOrEqual(run.arriveMs);
          });
        });
      }
    }
    expect(areas).toBeGreaterThan(100);
  });
});

describe("look-ahead", () => {
  test("is reaction, message delay, braking distance and margin", () => {
    expect(lookaheadM(type, 0)).toBe(LOOKAHEAD_MARGIN_M);
    expect(lookaheadM(type, 5)).toBeCloseTo(5 * (type.reactionS + MESSAGE_DELAY_S) + 25 / 3 + LOOKAHEAD_MARGIN_M, 9);
  });
});

describe("a run that begins on the move", () => {
  test("counts from now, from where the vehicle is and at its speed", () => {
    const flight = { legs: [0], offsetM: 40, speedMps: 5 };
    const run = computeRun(drawn.graph, type, [1, 2], false, flight);
    // 20 m of the first leg and 120 m of the run, the last of them braking.
    const stopS = 5 / type.serviceDecelerationMps2;
    expect(run.arriveMs).toBe(Math.ceil(((140 - brakingDistanceM(type, 5)) / 5 + stopS) * 1000));
    expect(run.lengthM).toBe(120);
    expect(run.grantMs[0]).toBe(Math.floor(((20 - lookaheadM(type, 5)) / 5) * 1000));
    expect(run.standClearMs[0]).toBe(Math.ceil(((20 + drawn.graph.legs[1]!.fromClearM) / 5) * 1000));
  });

  test("is never later than from a stand at the same place", () => {
    const flying = computeRun(drawn.graph, type, [1, 2], false, { legs: [0], offsetM: 60, speedMps: 3 });
    expect(flying.arriveMs).toBeLessThan(runs.runOver([1, 2], false).arriveMs);
  });
});
