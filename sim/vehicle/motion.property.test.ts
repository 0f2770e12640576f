import fc from "fast-check";
import { expect, test } from "vitest";
import { Bench } from "./fixtures.ts";

/** Fixed, so that a failure comes again; the failing case is printed with it. */
const SEED = 20_260_612;

const lanes = fc.array(
  fc.record({
    lengthM: fc.integer({ min: 1, max: 120 }),
    limitMps: fc.constantFrom(0.5, 1, 2, 3, 4.17, 5.56, 6.94, 8.33, 12),
  }),
  { minLength: 1, maxLength: 8 },
);
const grants = fc.array(
  fc.record({ afterTicks: fc.integer({ min: 0, max: 300 }), share: fc.double({ min: 0.02, max: 1, noNaN: true }) }),
  { minLength: 1, maxLength: 10 },
);

test("random bases at random times: no limit and no base end is passed, and all is driven in the end", () => {
  fc.assert(
    fc.property(lanes, grants, (row, steps) => {
      const bench = new Bench(row);
      const limits: number[] = row.map(({ limitMps }) => Math.min(limitMps, 8.33));
      const total = row.reduce((sum, { lengthM }) => sum + lengthM, 0);
      let baseEnd = 0;
      let updateId = 0;
      let sequenceId = 0;
      const extend = (to: number): void => {
        const order = bench.order({ updateId, fromM: baseEnd, atM: [to], firstSequenceId: sequenceId });
        bench.vehicle.receiveOrder(order);
        expect(bench.state.errors).toEqual([]);
        updateId++;
        sequenceId = order.nodes.at(-1)!.sequenceId;
        baseEnd = to;
      };
      let x = 0;
      // The worst of each over the run: speed above the limit, metres past the base end, metres back, leap in a tick,
      // metres past the end of the lane that it says it is on.
      const worst = { speed: -1, past: -1, back: -1, leap: -1, off: -1 };
      const check = (): void => {
        const { vehicle } = bench;
        worst.speed = Math.max(worst.speed, vehicle.v - limits[vehicle.lane]!);
        worst.past = Math.max(worst.past, bench.x - baseEnd);
        worst.back = Math.max(worst.back, x - bench.x);
        worst.leap = Math.max(worst.leap, bench.x - x - 0.1 * 8.33);
        worst.off = Math.max(worst.off, vehicle.s - row[vehicle.lane]!.lengthM);
        x = bench.x;
      };
      for (const { afterTicks, share } of steps) {
        const to = Math.max(baseEnd, Math.round(share * total * 8) / 8);
        if (to > baseEnd) extend(to);
        for (let i = 0; i < afterTicks; i++) {
          bench.tick();
          check();
        }
      }
      if (baseEnd < total) extend(total);
      for (let i = 0; i < 60_000 && bench.x < total; i++) {
        bench.tick();
        check();
      }
      expect(Math.max(worst.speed, worst.past, worst.back, worst.leap, worst.off)).toBeLessThanOrEqual(1e-9);
      expect(bench.x).toBeCloseTo(total, 9);
      expect(bench.vehicle.v).toBe(0);
      for (let i = 1; i < bench.samples.length; i++) {
        const [from, to] = [bench.samples[i - 1]!, bench.samples[i]!];
        expect(to.v).toBeCloseTo(from.v + (from.a * (to.tMs - from.tMs)) / 1000, 6);
        expect([0.5, 0, -1.5]).toContain(from.a);
      }
    }),
    { seed: SEED, numRuns: 150 },
  );
});

test("random pauses: the vehicle stands within reaction and braking distance and then drives on", () => {
  fc.assert(
    fc.property(lanes, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 100 }), (row, at, pauseTicks) => {
      const bench = new Bench(row);
      const total = row.reduce((sum, { lengthM }) => sum + lengthM, 0);
      bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [total] }));
      for (let i = 0; i < at; i++) bench.tick();
      const x = bench.x;
      const instant = (actionType: "startPause" | "stopPause"): void =>
        bench.vehicle.receiveInstantAction({ vehicle: "V1", actionId: actionType, actionType, parameters: {} });
      instant("startPause");
      for (let i = 0; i < pauseTicks; i++) bench.tick();
      expect(bench.x - x).toBeLessThanOrEqual(8.33 + 8.33 ** 2 / 3 + 1e-9);
      if (pauseTicks > 70) expect(bench.vehicle.v).toBe(0);
      instant("stopPause");
      let past = -1;
      for (let i = 0; i < 30_000 && bench.x < total; i++) {
        bench.tick();
        past = Math.max(past, bench.x - total);
      }
      expect(past).toBeLessThanOrEqual(1e-9);
      expect(bench.x).toBeCloseTo(total, 9);
    }),
    { seed: SEED, numRuns: 100 },
  );
});
