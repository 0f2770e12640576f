import { expect, test } from "vitest";
import { DrawnBook } from "../drawn-book.fixture.ts";
import { admitVehicle, isAtRest, isFreeHaven, setCleared } from "./book.ts";

const drawn = (): DrawnBook =>
  new DrawnBook({
    havens: ["A", "B", "C"],
    places: ["P"],
    fleet: 2,
    lanes: { L: 2 },
    legs: ["A L", "L A", "B L", "L B", "L C", "C L"],
  });

test("a haven is free if nobody rests there for good, for others than the one who does", () => {
  const made = drawn();
  const free = (name: string, vehicle: number): boolean => isFreeHaven(made.book, made.stand(name), vehicle);
  expect([free("A", 0), free("A", 1), free("C", 0), free("P", 0)]).toEqual([true, false, true, false]);
  expect(made.plan(0, "L@1000 C@5000")).toBeNull();
  expect([free("A", 1), free("C", 0), free("C", 1)]).toEqual([true, true, false]);
});

test("a vehicle is admitted only into a haven that nobody uses or will use, and once", () => {
  const made = drawn();
  made.book.vehicles.push(null);
  expect(admitVehicle(made.book, 2, made.stand("P"))).toBe(false);
  expect(admitVehicle(made.book, 2, made.stand("A"))).toBe(false);
  expect(made.plan(0, "L@1000 C@5000")).toBeNull();
  expect(admitVehicle(made.book, 2, made.stand("C"))).toBe(false);
  expect(admitVehicle(made.book, 0, made.stand("A"))).toBe(false);
  made.drive(0);
  made.drive(0);
  expect(admitVehicle(made.book, 2, made.stand("A"))).toBe(true);
  expect(made.broken()).toEqual([]);
});

test("a vehicle is at rest when its plan is driven and its jobs are done", () => {
  const made = drawn();
  const traffic = made.book.vehicles[0]!;
  expect(isAtRest(traffic)).toBe(true);
  expect(made.plan(0, "L@1000 C@5000+:2000")).toBeNull();
  made.drive(0);
  made.drive(0);
  expect(traffic.visits.map((visit) => visit.stand)).toEqual([made.stand("C")]);
  expect(isAtRest(traffic)).toBe(false);
  made.serve(0);
  expect(isAtRest(traffic)).toBe(true);
});

test("a tail cannot clear what comes later before what comes first", () => {
  const made = new DrawnBook({ havens: ["A", "B"], fleet: 1, legs: ["A B X/0"] });
  expect(made.plan(0, "B@1000")).toBeNull();
  const [stand, area] = made.grant(0).clears;
  expect(() => setCleared(made.book, area!)).toThrow("clears come in travel order");
  setCleared(made.book, stand!);
  setCleared(made.book, area!);
  expect(made.broken()).toEqual([]);
});
