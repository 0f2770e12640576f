import { describe, expect, test } from "vitest";
import { AREA_CLEAR_MS, DrawnBook, STAND_CLEAR_MS } from "../drawn-book.fixture.ts";
import { CLEAR_TO_GRANT_MS, LEAST_MS } from "./book.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Three vehicles through area X, 2 from the other side; each in a place of its own before and after. */
function throughArea(): DrawnBook {
  return new DrawnBook({
    havens: ["a", "b", "c", "a2", "b2", "c2"],
    fleet: 3,
    legs: ["a a2 X/0", "b b2 X/0", "c c2 X/1"],
  });
}

/** So many vehicles, each over lane L and back. */
function overLane(fleet: number, fit: number): DrawnBook {
  const havens = Array.from({ length: fleet }, (_, i) => `H${i}`);
  return new DrawnBook({ havens, lanes: { L: fit }, legs: havens.flatMap((haven) => [`${haven} L`, `L ${haven}`]) });
}

/** Labels of all undone events of a leg: its grant (unless it is granted), its clears. */
function labels(drawn: DrawnBook, vehicle: number, k = 0): number[] {
  const { granted, grantMs, clears } = drawn.step(vehicle, k);
  return [...(granted ? [] : [grantMs]), ...clears.filter((clear) => !clear.done).map((clear) => clear.ms)];
}

describe("labels", () => {
  test("nothing that has not happened is expected before now", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.retime(7000);
    expect(labels(drawn, 0)).toEqual([7000, 7000 + STAND_CLEAR_MS, 7000 + AREA_CLEAR_MS]);
  });

  test("a late one makes those behind it late, by the least times of the edges, and nobody else", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.plan(2, "c2@3000");
    drawn.grant(0);
    drawn.step(0).grantMs = 1000;
    drawn.step(0).clears[1]!.afterMs = 5000;
    drawn.retime(1000);
    expect(labels(drawn, 2)[0]).toBe(1000 + 5000 + CLEAR_TO_GRANT_MS);
    drawn.step(0).clears[1]!.afterMs = AREA_CLEAR_MS;
    drawn.retime(1000);
    expect(labels(drawn, 2)[0]).toBe(3000);
  });

  test("tails leave a lane in the order in which they came", () => {
    const drawn = overLane(2, 2);
    drawn.plan(0, "L@1000 H0@5000");
    drawn.plan(1, "L@2000 H1@5500");
    drawn.step(0, 1).clears[0]!.afterMs = 3000;
    drawn.retime(1);
    expect(labels(drawn, 0, 1)).toEqual([5000, 8000]);
    expect(labels(drawn, 1, 1)).toEqual([5500, 8000 + LEAST_MS]);
  });

  test("a grant onto a full lane comes after the one off it, and its tail after that tail", () => {
    const drawn = overLane(2, 1);
    drawn.plan(0, "L@1000 H0@5000");
    drawn.plan(1, "L@6000 H1@9000");
    drawn.step(0, 1).readyMs = 8000;
    drawn.step(0, 1).clears[0]!.afterMs = 3000;
    drawn.retime(1);
    expect(labels(drawn, 1)).toEqual([8000 + LEAST_MS, 11_000 + LEAST_MS]);
  });

  test("a passage of the other side comes after all of a side, not after the last of it", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.plan(1, "b2@1500");
    drawn.plan(2, "c2@9000");
    drawn.grant(0);
    drawn.grant(1);
    drawn.step(0).clears[1]!.afterMs = 60_000;
    drawn.retime(0);
    expect(labels(drawn, 2)[0]).toBeGreaterThanOrEqual(60_000 + CLEAR_TO_GRANT_MS);
  });
});

describe("behind a blocked vehicle", () => {
  test("a granted leg behind it through an area never clears, not even the place that it came from", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.plan(1, "b2@2000");
    drawn.grant(0);
    drawn.grant(1);
    drawn.block(0);
    drawn.retime(3000);
    expect(labels(drawn, 1)).toEqual([NEVER, NEVER]);
    expect(drawn.broken()).toEqual([]);
  });

  test("an ungranted leg behind it is never granted, on its side and on the other", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.plan(1, "b2@2000");
    drawn.plan(2, "c2@9000");
    drawn.grant(0);
    drawn.block(0);
    drawn.retime(3000);
    expect(labels(drawn, 1)).toEqual([NEVER, NEVER, NEVER]);
    expect(labels(drawn, 2)).toEqual([NEVER, NEVER, NEVER]);
    expect(drawn.broken()).toEqual([]);
  });

  test("in a lane: as many as fit behind its tail come onto it, none of them off it; a granted one without room is stuck", () => {
    // Slots of 18 m: behind one that stands 40 m past the first clear position is room for two.
    const drawn = overLane(4, 5);
    ["L@1000 H0@50000", "L@2000 H1@51000", "L@3000 H2@52000", "L@4000 H3@53000"].forEach((way, i) => {
      drawn.plan(i, way);
    });
    drawn.drive(0);
    drawn.block(0, 40);
    drawn.retime(1500);
    expect([1, 2, 3].map((vehicle) => drawn.step(vehicle).grantMs)).toEqual([2000, 3000, NEVER]);
    expect([1, 2].map((vehicle) => drawn.step(vehicle, 1).grantMs)).toEqual([NEVER, NEVER]);
    for (const vehicle of [1, 2, 3]) drawn.grant(vehicle);
    drawn.retime(4500);
    expect(labels(drawn, 1)).not.toContain(NEVER);
    expect(labels(drawn, 3)).toEqual([NEVER]);
    expect(drawn.broken()).toEqual([]);
  });

  test("granted onto a lane and broken down before it: nobody behind it comes onto the lane", () => {
    const drawn = overLane(3, 3);
    drawn.plan(0, "L@1000 H0@50000");
    drawn.plan(1, "L@2000 H1@51000");
    drawn.plan(2, "L@3000 H2@52000");
    drawn.grant(0);
    drawn.grant(1);
    // It stands in its haven still; the metres of a place say nothing of the lane.
    drawn.block(0, 1000);
    drawn.retime(1500);
    expect(labels(drawn, 1)).toEqual([NEVER]);
    expect(labels(drawn, 2)).toEqual([NEVER, NEVER]);
    expect(drawn.broken()).toEqual([]);
  });

  test("a leg is not entered if its tail would be stuck in it, though its grant waits for nobody", () => {
    // 0 is granted off the lane and breaks down with its tail on it: the lane is full for 1.
    const drawn = overLane(2, 1);
    drawn.plan(0, "L@1000 H0@2000");
    drawn.plan(1, "L@6000 H1@9000");
    drawn.drive(0);
    drawn.grant(0);
    drawn.block(0, 0);
    drawn.book.vehicles[0]!.blockedAtM = 18;
    drawn.retime(3000);
    expect(labels(drawn, 1)).toEqual([NEVER, NEVER]);
    expect(drawn.broken()).toEqual([]);
  });

  test("a job at the end of a leg in which its vehicle is stuck never ends", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.plan(1, "b2@2000+1:5000");
    drawn.grant(0);
    drawn.grant(1);
    drawn.retime(2500);
    const job = drawn.book.vehicles[1]!.visits[1]!.services[0]!;
    expect(job.endMs).toBeLessThan(NEVER);
    drawn.block(0);
    drawn.retime(3000);
    expect(job.endMs).toBe(NEVER);
    expect(drawn.broken()).toEqual([]);
  });

  test("after the repair all have a time again, in the old order", () => {
    const drawn = throughArea();
    drawn.plan(0, "a2@1000");
    drawn.plan(1, "b2@2000");
    drawn.plan(2, "c2@9000");
    drawn.grant(0);
    drawn.grant(1);
    drawn.block(0);
    drawn.retime(3000);
    drawn.book.vehicles[0]!.blocked = false;
    drawn.retime(100_000);
    for (const vehicle of [0, 1, 2]) expect(labels(drawn, vehicle)).not.toContain(NEVER);
    expect(drawn.order("X")).toEqual([0, 1, 2]);
    expect(drawn.broken()).toEqual([]);
  });
});

test("a closed leg, a station out of service and what depends on them are never, and come back", () => {
  const drawn = overLane(2, 1);
  drawn.plan(0, "L@1000+1:2000 H0@8000");
  drawn.plan(1, "L@12000 H1@20000");
  drawn.book.stationOut[1] = 1;
  drawn.retime(10);
  expect(drawn.step(0).grantMs).toBe(1000);
  expect([...labels(drawn, 0, 1), ...labels(drawn, 1)]).toEqual([NEVER, NEVER, NEVER, NEVER]);
  drawn.book.stationOut[1] = 0;
  drawn.book.closedLeg[drawn.leg("L", "H0")] = 1;
  drawn.retime(20);
  expect([...labels(drawn, 0, 1), ...labels(drawn, 1)]).toEqual([NEVER, NEVER, NEVER, NEVER]);
  drawn.book.closedLeg.fill(0);
  drawn.retime(30);
  expect([...labels(drawn, 0, 1), ...labels(drawn, 1)]).not.toContain(NEVER);
  expect(drawn.broken()).toEqual([]);
});
