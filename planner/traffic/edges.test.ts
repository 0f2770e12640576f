import { describe, expect, test } from "vitest";
import type { LegGraph } from "../leg-graph.ts";
import { setCleared } from "./book.ts";
import { grantWait } from "./grants.ts";
import { retime } from "./retime.ts";
import type { Clear, Step, TrafficBook, VehicleTraffic, Visit } from "./types.ts";

/** A use of an area by a leg of its own, as `[vehicle, side, granted]`. */
type Use = readonly [vehicle: number, side: 0 | 1, granted: boolean];

/**
 * A book with one area, used in the order given: each vehicle drives from a place of its own through the area to a
 * haven of its own, so that nothing else can hold it back.
 */
function oneArea(uses: readonly Use[]): { book: TrafficBook; steps: Step[] } {
  const stand = (index: number, haven: boolean) => ({
    index,
    id: `S${index}`,
    kind: "place" as const,
    haven,
    rangeM: 0,
  });
  const stands = uses.flatMap((_, i) => [stand(2 * i, false), stand(2 * i + 1, true)]);
  const graph = {
    stands,
    areas: [{ index: 0, name: "A" }],
    legs: uses.map((_, i) => ({ index: i, from: 2 * i, to: 2 * i + 1 })),
  } as unknown as LegGraph;
  const standUses: Visit[][] = stands.map(() => []);
  const areaUses: Clear[][] = [[]];
  const steps: Step[] = [];
  const vehicles = uses.map(([vehicle, side, granted], i): VehicleTraffic => {
    const from = { vehicle, stand: 2 * i, arrive: null, depart: null, services: [], order: 0 } as Visit;
    const to = { vehicle, stand: 2 * i + 1, arrive: null, depart: null, services: [], order: 0 } as Visit;
    const clears: Clear[] = [];
    const step = {
      vehicle,
      leg: i,
      from,
      to,
      granted,
      grantMs: i,
      readyMs: 0,
      afterMs: 1,
      arriveAfterMs: 1,
      clears,
      cleared: 0,
    } as unknown as Step;
    const clear = (area: number, order: number) =>
      ({ step, area, side, positionM: 20, afterMs: 1, ms: 100 + i, done: false, order }) as Clear;
    clears.push(clear(-1, 0), clear(0, i));
    from.depart = step;
    to.arrive = step;
    standUses[from.stand]!.push(from);
    standUses[to.stand]!.push(to);
    areaUses[0]!.push(clears[1]!);
    steps.push(step);
    return { index: vehicle, visits: [from, to], steps: [step], blocked: false } as unknown as VehicleTraffic;
  });
  const book = {
    graph,
    slotM: 18,
    capacity: Int32Array.from(stands, () => 1),
    standUses,
    areaUses,
    jobs: [],
    ordered: new Uint8Array(0),
    closedLeg: new Uint8Array(uses.length),
    stationOut: new Uint8Array(0),
    vehicles,
    nowMs: 10,
  } as unknown as TrafficBook;
  return { book, steps };
}

/** Its tail leaves the place it came from and the area. */
function driveThrough(book: TrafficBook, step: Step): void {
  for (const clear of step.clears) setCleared(book, clear);
}

describe("an area with two sides", () => {
  test("changes side when all of the other side have left, not the last one", () => {
    const { book, steps } = oneArea([
      [0, 0, true],
      [1, 0, true],
      [2, 1, false],
    ]);
    expect(grantWait(book, steps[2]!)).toMatchObject({ kind: "area" });
    // Legs of one side may part inside the area: the second is through while the first is still there.
    driveThrough(book, steps[1]!);
    expect(grantWait(book, steps[2]!)).toMatchObject({ kind: "area", vehicle: 0 });
    driveThrough(book, steps[0]!);
    expect(grantWait(book, steps[2]!)).toBeNull();
  });

  test("the first of the other side to be still inside is enough to wait for, wherever it stands in the order", () => {
    const { book, steps } = oneArea([
      [0, 0, true],
      [1, 0, true],
      [2, 1, false],
    ]);
    driveThrough(book, steps[0]!);
    expect(grantWait(book, steps[2]!)).toMatchObject({ kind: "area", vehicle: 1 });
  });

  test("takes followers of one side one behind the other", () => {
    const { book, steps } = oneArea([
      [0, 0, false],
      [1, 0, false],
    ]);
    expect(grantWait(book, steps[1]!)).toMatchObject({ kind: "follow", vehicle: 0 });
    steps[0]!.granted = true;
    expect(grantWait(book, steps[1]!)).toBeNull();
  });

  test("gives the times of one side to the other: no label before its predecessor's", () => {
    const { book, steps } = oneArea([
      [0, 0, true],
      [1, 0, false],
      [2, 1, false],
    ]);
    expect(retime(book)).toBe(true);
    const left = Math.max(steps[0]!.clears[1]!.ms, steps[1]!.clears[1]!.ms);
    expect(steps[2]!.grantMs).toBeGreaterThan(left);
  });

  test("one that is blocked holds back the other side for ever, and those behind it", () => {
    const { book, steps } = oneArea([
      [0, 0, true],
      [1, 1, false],
      [2, 0, false],
    ]);
    book.vehicles[0]!.blocked = true;
    expect(retime(book)).toBe(true);
    expect(steps[1]!.grantMs).toBe(Number.POSITIVE_INFINITY);
    expect(steps[2]!.grantMs).toBe(Number.POSITIVE_INFINITY);
  });
});
