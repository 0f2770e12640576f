import fc from "fast-check";
import { expect, test } from "vitest";
import { assignOrders } from "./assign-orders.ts";
import { line, order, vehicle } from "./fixtures.ts";

const SEED = 20_261_122;

const stand = fc.integer({ min: 0, max: 40 });
const vehicles = fc.uniqueArray(
  fc
    .record({
      index: fc.nat({ max: 30 }),
      stand,
      freeMs: fc.nat({ max: 900_000 }),
      margin: fc.integer({ min: -5, max: 40 }),
    })
    .map((v) => vehicle(v.index, v.stand, { availableAtMs: v.freeMs, energyMarginKwh: v.margin })),
  { selector: (v) => v.index, maxLength: 8 },
);
const orders = fc.uniqueArray(
  fc
    .record({
      index: fc.nat({ max: 60 }),
      from: stand,
      to: stand,
      releaseMs: fc.nat({ max: 900_000 }),
      holder: fc.nat({ max: 40 }),
    })
    .map((o) =>
      order(o.index, o.from, o.to, {
        releaseMs: o.releaseMs,
        urgencyMs: (o.index % 5) * 900_000,
        dueMs: o.releaseMs + 1_200_000,
        assignedTo: o.holder > 30 ? -1 : o.holder,
      }),
    ),
  { selector: (o) => o.index, maxLength: 15 },
);

test("every order is assigned once or waits with a reason; lists in any order give the same; a second solve keeps all", () => {
  let kept = 0;
  fc.assert(
    fc.property(vehicles, orders, fc.nat({ max: 600_000 }), (fleet, book, nowMs) => {
      // A vehicle holds at most one order that it has not picked up.
      const holders = new Set<number>();
      const open = book.map((o) => {
        const twice = holders.has(o.assignedTo);
        holders.add(o.assignedTo);
        return twice ? { ...o, assignedTo: -1 } : o;
      });
      const result = assignOrders({ nowMs, vehicles: fleet, orders: open, travel: line });
      const seen = [...result.assignments.map((a) => a.order), ...result.waiting.map((w) => w.order)];
      expect(seen.sort((a, b) => a - b)).toEqual(open.map((o) => o.index).sort((a, b) => a - b));
      expect(new Set(result.assignments.map((a) => a.vehicle)).size).toBe(result.assignments.length);
      for (const a of result.assignments) {
        const v = fleet.find((x) => x.index === a.vehicle)!;
        const o = open.find((x) => x.index === a.order)!;
        expect(a.energyKwh + line.chargerKm(a.dropStand) * v.emptyKwhPerKm).toBeLessThanOrEqual(v.energyMarginKwh);
        expect(a.pickupMs).toBeGreaterThanOrEqual(Math.max(nowMs, v.availableAtMs, o.releaseMs));
        expect(a.kept).toBe(o.assignedTo === a.vehicle);
      }
      expect(
        assignOrders({ nowMs, vehicles: [...fleet].reverse(), orders: [...open].reverse(), travel: line }),
      ).toEqual(result);
      const after = open.map((o) => ({
        ...o,
        assignedTo: result.assignments.find((a) => a.order === o.index)?.vehicle ?? -1,
      }));
      const again = assignOrders({ nowMs, vehicles: fleet, orders: after, travel: line });
      expect(again.assignments.map((a) => [a.vehicle, a.order])).toEqual(
        result.assignments.map((a) => [a.vehicle, a.order]),
      );
      kept += again.assignments.length;
    }),
    { seed: SEED, numRuns: 400, endOnFailure: true },
  );
  expect(kept).toBeGreaterThan(400);
});
