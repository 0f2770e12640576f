import { beforeEach, describe, expect, test } from "vitest";
import { AssertionFailed } from "../assert.ts";
import type { TransportOrder } from "../messages.ts";
import { transportOrder } from "./fixtures.ts";
import { OrderBook } from "./order-book.ts";

const handoverStations = new Set(["crane-a", "crane-b", "crane-c"]);
let book: OrderBook;
beforeEach(() => {
  book = new OrderBook({ handoverStations, openOrdersMax: 3 });
});

/** What happened since the last look, a word an event. */
const happened = () => book.drainEvents().map((e) => `${e.order} ${e.event}${e.reason === "" ? "" : `:${e.reason}`}`);

describe("life of an order", () => {
  test("from acceptance to delivery, each step once, container conserved", () => {
    expect(book.accept(transportOrder("o1"), 5)).toBeNull();
    book.wait("o1", "no-vehicle-free");
    book.wait("o1", "no-vehicle-free");
    book.assign("o1", "V1");
    book.assign("o1", "V1");
    book.assertConservation();
    book.pickedUp("o1", "crane-a/2", 100);
    book.assertConservation();
    expect(book.loadOf("V1")?.order.id).toBe("o1");
    book.atStation("o1", "gate-1");
    book.delivered("o1", "crane-b", 200);
    book.assertConservation();
    expect(happened()).toEqual([
      "o1 accepted",
      "o1 waiting:no-vehicle-free",
      "o1 assigned:first-assignment",
      "o1 pickedUp",
      "o1 atStation",
      "o1 delivered",
    ]);
    expect(book.get("o1")).toMatchObject({ phase: "delivered", acceptedMs: 5, pickedUpMs: 100, closedMs: 200 });
    expect(book.counts).toEqual({ accepted: 1, open: 0, delivered: 1, cancelled: 0 });
    expect(book.loadOf("V1")).toBeUndefined();
    expect(happened()).toEqual([]);
  });

  test("before pick-up it may change its vehicle or lose it", () => {
    book.accept(transportOrder("o1"), 0);
    book.assign("o1", "V1");
    book.assign("o1", "V2");
    book.free("o1", "vehicle-lost");
    expect(book.get("o1")).toMatchObject({ phase: "accepted", vehicle: null });
    book.assign("o1", "V3");
    expect(happened()).toEqual([
      "o1 accepted",
      "o1 assigned:first-assignment",
      "o1 assigned:reassigned",
      "o1 waiting:vehicle-lost",
      "o1 assigned:first-assignment",
    ]);
  });

  test("a container may come back with a new order from where the last one left it", () => {
    book.accept(transportOrder("o1"), 0);
    book.assign("o1", "V1");
    book.pickedUp("o1", "crane-a", 1);
    book.delivered("o1", "crane-b", 2);
    const { container } = transportOrder("o1");
    expect(book.accept(transportOrder("o2", { container }), 3)?.kind).toBe("container-elsewhere");
    expect(book.accept(transportOrder("o2", { container, from: "crane-b", to: "crane-c" }), 3)).toBeNull();
    book.assertConservation();
  });
});

describe("refusals change nothing and name what they refuse", () => {
  test.each<[string, Partial<TransportOrder>, string, string]>([
    ["unknown-station", { from: "nowhere" }, "o2", "nowhere"],
    ["unknown-station", { to: "gate-1" }, "o2", "gate-1"],
    ["same-station", { to: "crane-a" }, "o2", "crane-a"],
    ["bad-priority", { priority: 10 }, "o2", "10"],
    ["bad-priority", { priority: 0.5 }, "o2", "0.5"],
    ["due-before-release", { releaseMs: 9, dueMs: 8 }, "o2", "8"],
    ["duplicate-order", { id: "o1" }, "o1", "o1"],
    ["container-in-use", { container: transportOrder("o1").container }, "o2", "o1"],
  ])("%s %j", (kind, over, order, detail) => {
    book.accept(transportOrder("o1"), 0);
    happened();
    expect(book.accept(transportOrder("o2", over), 0)).toEqual({ kind, order, detail });
    expect(book.counts).toEqual({ accepted: 1, open: 1, delivered: 0, cancelled: 0 });
    expect(happened()).toEqual([]);
  });

  test("a full book refuses, and takes again when one is closed", () => {
    for (const id of ["o1", "o2", "o3"]) expect(book.accept(transportOrder(id), 0)).toBeNull();
    expect(book.accept(transportOrder("o4"), 0)).toEqual({ kind: "order-book-full", order: "o4", detail: "3" });
    expect(book.cancel("o2", 1)).toBeNull();
    expect(book.accept(transportOrder("o4"), 2)).toBeNull();
    expect(book.open.map((r) => r.order.id)).toEqual(["o1", "o3", "o4"]);
  });

  test("an id is refused also after its order was closed", () => {
    book.accept(transportOrder("o1"), 0);
    book.cancel("o1", 1);
    expect(book.accept(transportOrder("o1"), 2)?.kind).toBe("duplicate-order");
    expect(book.cancel("o1", 2)).toEqual({ kind: "order-closed", order: "o1", detail: "cancelled" });
    expect(book.retarget("o9", "crane-b")?.kind).toBe("unknown-order");
  });

  test("what is picked up is not cancelled but retargeted", () => {
    book.accept(transportOrder("o1"), 0);
    book.assign("o1", "V1");
    book.pickedUp("o1", "crane-a", 1);
    expect(book.cancel("o1", 2)).toEqual({ kind: "already-picked-up", order: "o1", detail: "V1" });
    expect(book.retarget("o1", "gate-1")?.kind).toBe("unknown-station");
    expect(book.retarget("o1", "crane-a")).toBeNull(); // back to where it came from
    book.delivered("o1", "crane-a", 3);
    book.assertConservation();
    expect(book.accept(transportOrder("o2", { container: transportOrder("o1").container }), 4)).toBeNull();
  });

  test("before pick-up the destination cannot become the pick-up station", () => {
    book.accept(transportOrder("o1"), 0);
    expect(book.retarget("o1", "crane-a")?.kind).toBe("same-station");
    expect(book.retarget("o1", "crane-c")).toBeNull();
    expect(book.get("o1")?.to).toBe("crane-c");
  });
});

describe("what the engine must not ask for stops it", () => {
  test.each<[string, () => void]>([
    ["assign an unknown order", () => book.assign("o9", "V1")],
    ["pick up what is not assigned", () => book.pickedUp("o2", "crane-a", 1)],
    ["deliver what is not picked up", () => book.delivered("o1", "crane-b", 1)],
    [
      "take a second container",
      () => {
        book.pickedUp("o1", "crane-a", 1);
        book.assign("o2", "V1");
        book.pickedUp("o2", "crane-a", 2);
      },
    ],
    [
      "free what is picked up",
      () => {
        book.pickedUp("o1", "crane-a", 1);
        book.free("o1", "no-charge");
      },
    ],
    [
      "reassign what is picked up",
      () => {
        book.pickedUp("o1", "crane-a", 1);
        book.assign("o1", "V2");
      },
    ],
    ["let an assigned order wait", () => book.wait("o1", "no-charge")],
  ])("%s", (_, act) => {
    book.accept(transportOrder("o1"), 0);
    book.accept(transportOrder("o2"), 0);
    book.assign("o1", "V1");
    expect(act).toThrow(AssertionFailed);
    book.assertConservation();
  });
});

test("only the named number of closed orders is remembered", () => {
  book = new OrderBook({ handoverStations, closedOrdersMax: 2 });
  for (const id of ["o1", "o2", "o3"]) {
    book.accept(transportOrder(id), 0);
    book.cancel(id, 1);
  }
  expect(["o1", "o2", "o3"].map((id) => book.get(id)?.phase)).toEqual([undefined, "cancelled", "cancelled"]);
  expect(book.accept(transportOrder("o1"), 2)).toBeNull();
  book.assertConservation();
});
