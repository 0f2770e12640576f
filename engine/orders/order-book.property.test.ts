import fc from "fast-check";
import { expect, test } from "vitest";
import type { OrderEventMessage } from "../messages.ts";
import { transportOrder } from "./fixtures.ts";
import { OrderBook } from "./order-book.ts";

const SEED = 20_261_122;
const STATIONS = ["crane-a", "crane-b", "crane-c"];

/** What may follow what in the events of one order. */
const NEXT: Readonly<Record<string, readonly OrderEventMessage["event"][]>> = {
  "": ["accepted"],
  accepted: ["assigned", "cancelled", "waiting"],
  waiting: ["assigned", "cancelled", "waiting"],
  assigned: ["assigned", "waiting", "pickedUp", "cancelled"],
  pickedUp: ["atStation", "delivered"],
  atStation: ["atStation", "delivered"],
  delivered: [],
  cancelled: [],
};

const command = fc.record({
  act: fc.constantFrom(
    "accept",
    "assign",
    "free",
    "wait",
    "pick",
    "pass",
    "deliver",
    "cancel",
    "retarget",
    "prioritise",
  ),
  order: fc.nat({ max: 7 }),
  vehicle: fc.nat({ max: 2 }),
  station: fc.nat({ max: 3 }),
  priority: fc.integer({ min: -1, max: 10 }),
});

test("whatever is asked in whatever order: containers are conserved and each order lives one life", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
      const book = new OrderBook({ handoverStations: new Set(STATIONS), openOrdersMax: 5 });
      const last = new Map<string, string>();
      let now = 0;
      for (const { act, order, vehicle, station, priority } of commands) {
        now++;
        const id = `o${order}`;
        const phase = book.get(id)?.phase;
        const to = STATIONS[station] ?? "nowhere";
        const container = { ...transportOrder(id).container, id: `C${order % 4}` };
        const name = `V${vehicle}`;
        // What only the engine asks for is asked when it is lawful; what people ask for, at any time.
        if (act === "accept") book.accept(transportOrder(id, { container, to, priority }), now);
        if (act === "assign" && (phase === "accepted" || phase === "assigned")) book.assign(id, name);
        if (act === "free" && phase === "assigned") book.free(id, "no-charge");
        if (act === "wait" && phase === "accepted") book.wait(id, "no-vehicle-free");
        const carrier = book.get(id)?.vehicle ?? "";
        if (act === "pick" && phase === "assigned" && book.loadOf(carrier) === undefined) book.pickedUp(id, "bay", now);
        if (act === "pass" && phase === "pickedUp") book.atStation(id, "gate");
        if (act === "deliver" && phase === "pickedUp") book.delivered(id, "bay", now);
        if (act === "cancel") book.cancel(id, now);
        if (act === "retarget") book.retarget(id, to);
        if (act === "prioritise") book.prioritise(id, priority);
        book.assertConservation();
        expect(book.open.length).toBeLessThanOrEqual(5);
        expect(book.open.map((r) => r.seq)).toEqual([...book.open.map((r) => r.seq)].sort((a, b) => a - b));
        for (const event of book.drainEvents()) {
          expect(
            NEXT[last.get(event.order) ?? ""],
            `${event.order}: ${last.get(event.order)} -> ${event.event}`,
          ).toContain(event.event);
          last.set(event.order, event.event);
        }
      }
      const ends = [...last.values()];
      expect(ends.filter((e) => e === "delivered").length).toBe(book.counts.delivered);
      expect(ends.filter((e) => e === "cancelled").length).toBe(book.counts.cancelled);
    }),
    { seed: SEED, numRuns: 300 },
  );
});
