import { describe, expect, test } from "vitest";
import { DrawnBook } from "../drawn-book.fixture.ts";
import { adoptTail, openPlan } from "./adopt.ts";
import { bookText } from "./assertions.ts";
import { OVERTAKEN_MAX } from "./book.ts";

/** Vehicles 0, 1, … in H0, H1, …; each drives over one lane for two and back into its own haven. */
function laneForTwo(fleet: number): DrawnBook {
  const havens = Array.from({ length: fleet }, (_, i) => `H${i}`);
  return new DrawnBook({
    havens,
    lanes: { L: 2 },
    legs: havens.flatMap((haven) => [`${haven} L`, `L ${haven}`]),
  });
}

/** Expects a plan to be refused, and the book to be as it was. */
function refused(drawn: DrawnBook, vehicle: number, way: Parameters<DrawnBook["plan"]>[1]) {
  const before = bookText(drawn.book);
  const refusal = drawn.plan(vehicle, way);
  expect(bookText(drawn.book)).toBe(before);
  return refusal;
}

describe("room", () => {
  /**
   * Lanes L0 and L1 for two vehicles each. p, q and j use L0 in this order, j, d and q use L1: q goes on from L0 to L1,
   * j from L1 to L0.
   */
  function twoLanes(): DrawnBook {
    const drawn = new DrawnBook({
      havens: ["p", "q", "j", "d", "x"],
      lanes: { L0: 2, L1: 2 },
      legs: ["p L0", "L0 p", "q L0", "L0 L1", "L1 q", "j L1", "L1 L0", "L0 j", "d L1", "L1 d", "x L0", "L0 x"],
    });
    expect(drawn.plan(0, "L0@1000 p@5000")).toBeNull();
    expect(drawn.plan(2, "L1@1500 L0@7000 j@15000")).toBeNull();
    expect(drawn.plan(3, "L1@3000 d@8000")).toBeNull();
    expect(drawn.plan(1, "L0@2000 L1@9000 q@18000")).toBeNull();
    expect([drawn.order("L0"), drawn.order("L1")]).toEqual([
      [0, 1, 2],
      [2, 3, 1],
    ]);
    drawn.retime(1);
    expect(drawn.broken()).toEqual([]);
    return drawn;
  }

  test("one put between two of a full lane takes the room of those behind it: what would be a cycle is refused", () => {
    const drawn = twoLanes();
    // Behind x, j would need q gone from L0, and q goes to L1 only when j has left that.
    expect(refused(drawn, 4, "L0@6000 x@10000")).toMatchObject({ kind: "order", vehicle: 2, edge: "room" });
    expect(drawn.broken()).toEqual([]);
  });

  test("behind all of them it is accepted", () => {
    const drawn = twoLanes();
    expect(drawn.plan(4, "L0@12000 x@16000")).toBeNull();
    expect(drawn.order("L0")).toEqual([0, 1, 2, 4]);
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });

  test("a tail that must be gone first counts too, not only the grant off the lane", () => {
    const drawn = laneForTwo(4);
    expect(drawn.plan(0, "L@1000 H0@5000")).toBeNull();
    const tail = drawn.tail(1, "L@2000 H1@7000");
    const slow = tail.steps.map((step, k) => (k === 1 ? { ...step, standClearAfterMs: 900 } : step));
    expect(drawn.plan(1, { ...tail, steps: slow })).toBeNull();
    expect(drawn.plan(3, "L@7001 H3@20000")).toBeNull();
    // With 2 before it, 3 would need 1 gone: that is granted off in time, but 3's tail moves before 1's is clear.
    expect(refused(drawn, 2, "L@6000 H2@9000")).toMatchObject({ kind: "order", vehicle: 3, edge: "room" });
    expect(drawn.broken()).toEqual([]);
  });
});

describe("a plan that never ends", () => {
  test("behind a blocked one in an area: never granted, so not taken", () => {
    const drawn = new DrawnBook({ havens: ["a", "b", "a2", "b2"], fleet: 2, legs: ["a a2 X/0", "b b2 X/1"] });
    expect(drawn.plan(0, "a2@1000")).toBeNull();
    drawn.grant(0);
    drawn.block(0);
    drawn.retime(2000);
    expect(refused(drawn, 1, "b2@90000")).toEqual({ kind: "never", leg: drawn.leg("b", "b2") });
  });

  test("behind one that stands blocked on a lane without room: never granted, so not taken", () => {
    const drawn = laneForTwo(2);
    expect(drawn.plan(0, "L@1000 H0@50000")).toBeNull();
    drawn.drive(0);
    drawn.block(0, 5);
    drawn.retime(2000);
    expect(refused(drawn, 1, "L@90000 H1@95000")).toEqual({ kind: "never", leg: drawn.leg("H1", "L") });
  });

  test("a tail that never clears: not taken, though the grant alone would have a time", () => {
    // The lane holds two; 0 is off it but for its tail when it breaks down, so 2 may be let on and never be clear of X.
    const drawn = laneForTwo(3);
    expect(drawn.plan(0, "L@1000 H0@3000")).toBeNull();
    expect(drawn.plan(1, "L@2000 H1@80000")).toBeNull();
    drawn.drive(0);
    drawn.drive(1);
    drawn.grant(0);
    drawn.block(0, 18);
    drawn.retime(4000);
    expect(refused(drawn, 2, "L@90000 H2@95000")).toMatchObject({ kind: "never" });
  });

  test("a station out of service: its job never ends, so the plan is not taken", () => {
    const drawn = new DrawnBook({ havens: ["a", "b"], places: ["crane"], fleet: 1, legs: ["a crane", "crane a"] });
    drawn.book.stationOut[0] = 1;
    expect(refused(drawn, 0, "crane@1000+0:5000 a@9000")).toEqual({ kind: "never-served", station: 0 });
    expect(drawn.plan(0, "crane@1000+1:5000 a@9000")).toBeNull();
  });

  test("a job of a station out of service where the vehicle rests anyway", () => {
    const drawn = new DrawnBook({ havens: ["a"], legs: ["a a"] });
    drawn.book.stationOut[0] = 1;
    const job = { station: 0, job: "charge", durationMs: 1000, endMs: 1000 };
    expect(refused(drawn, 0, { vehicle: 0, baseServices: [job], steps: [] })).toEqual({
      kind: "never-served",
      station: 0,
    });
    const other = { vehicle: 0, baseServices: [{ ...job, station: 1 }], steps: [] };
    expect(drawn.plan(0, other)).toBeNull();
  });

  test("a closed leg", () => {
    const drawn = laneForTwo(1);
    drawn.book.closedLeg[drawn.leg("L", "H0")] = 1;
    expect(refused(drawn, 0, "L@1000 H0@5000")).toEqual({ kind: "never", leg: drawn.leg("L", "H0") });
  });

  test("before a blocked use that is not granted a plan is taken, and nothing finite comes behind it", () => {
    const drawn = new DrawnBook({ havens: ["a", "b", "a2", "b2"], fleet: 2, legs: ["a a2 X/0", "b b2 X/1"] });
    expect(drawn.plan(0, "a2@50000")).toBeNull();
    drawn.block(0);
    drawn.retime(2000);
    expect(drawn.plan(1, "b2@3000")).toBeNull();
    expect(drawn.order("X")).toEqual([1, 0]);
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });
});

describe("havens", () => {
  /** 0 rests in A, 1 in B, C is free; all over lane L, from B to A over M too. */
  const threeHavens = (): DrawnBook =>
    new DrawnBook({
      havens: ["A", "B", "C"],
      fleet: 2,
      lanes: { L: 2, M: 2 },
      legs: ["A L", "L A", "B L", "L B", "C L", "L C", "B M", "M A"],
    });

  test("nobody ends in another's haven, nor is ordered behind its end", () => {
    const drawn = threeHavens();
    expect(refused(drawn, 1, "L@1000 A@5000")).toEqual({ kind: "never", leg: drawn.leg("L", "A") });
    expect(drawn.plan(0, "L@1000 C@5000")).toBeNull();
    expect(refused(drawn, 1, "L@9000 C@12000")).toEqual({ kind: "never", leg: drawn.leg("L", "C") });
  });

  test("nobody ends in a haven before the one who comes to it for good", () => {
    const drawn = threeHavens();
    expect(drawn.plan(0, "L@8000 C@12000")).toBeNull();
    expect(refused(drawn, 1, "L@1000 C@3000")).toMatchObject({ kind: "haven-taken", vehicle: 0 });
  });

  test("a plan ends in a haven, and starts where the granted part ends", () => {
    const drawn = threeHavens();
    expect(refused(drawn, 0, "L@1000")).toEqual({ kind: "no-haven", stand: drawn.stand("L") });
    const elsewhere = { ...drawn.tail(1, "L@1000 B@5000"), vehicle: 0 };
    expect(refused(drawn, 0, elsewhere)).toEqual({ kind: "starts-elsewhere", stand: drawn.stand("A") });
  });

  test("once somebody is ordered into a haven behind its vehicle, that clears it before, whatever it plans then", () => {
    const drawn = threeHavens();
    expect(drawn.plan(0, "L@1000 C@5000")).toBeNull();
    // They meet nowhere but in the haven.
    expect(drawn.plan(1, "M@2000 A@6000")).toBeNull();
    drawn.retime(1);
    // Leaving later than the other wants to come in; not at all; back into it behind the other, who stays for good.
    expect(refused(drawn, 0, "L@7000 C@9000")).toMatchObject({ kind: "order", vehicle: 1, edge: "place" });
    expect(refused(drawn, 0, { vehicle: 0, baseServices: [], steps: [] })).toMatchObject({ vehicle: 1 });
    expect(refused(drawn, 0, "L@1000 A@9000")).toMatchObject({ kind: "never" });
    expect(drawn.plan(0, "L@1500 C@5500")).toBeNull();
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });
});

describe("order", () => {
  test("nobody comes between others where there is no time, on either side of it", () => {
    const drawn = new DrawnBook({
      havens: ["a", "b", "c", "a2", "b2", "c2"],
      fleet: 3,
      legs: ["a a2 X/0", "b b2 X/1", "c c2 X/0"],
    });
    expect(drawn.plan(0, "a2@1000")).toBeNull();
    expect(drawn.plan(1, "b2@3000")).toBeNull();
    // X is left at 1,800 and granted to the other side at 3,000; a passage takes 800 and 200 to either side.
    expect(refused(drawn, 2, "c2@2100")).toMatchObject({ kind: "order", vehicle: 1, edge: "area" });
    expect(drawn.plan(2, "c2@1990")).toBeNull();
    expect(drawn.order("X")).toEqual([0, 2, 1]);
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });

  test("a follower of one side does not come before one who leaves the area after it", () => {
    const drawn = new DrawnBook({ havens: ["a", "b", "a2", "b2"], fleet: 2, legs: ["a a2 X/0", "b b2 X/0"] });
    expect(drawn.plan(0, "a2@1000")).toBeNull();
    const tail = drawn.tail(1, "b2@900");
    const slow = { ...tail, steps: tail.steps.map((step) => ({ ...step, areaClearAfterMs: [1500] })) };
    expect(refused(drawn, 1, slow)).toMatchObject({ kind: "order", vehicle: 0, edge: "follow" });
  });

  test("a job does not come before one of the same station that is to begin before it ends", () => {
    const drawn = new DrawnBook({
      havens: ["a", "b"],
      places: ["bay1", "bay2"],
      legs: ["a bay1", "bay1 a", "b bay2", "bay2 b"],
    });
    expect(drawn.plan(0, "bay1@3000+0:5000 a@20000")).toBeNull();
    expect(refused(drawn, 1, "bay2@1000+0:5000 b@20000")).toMatchObject({ kind: "order", edge: "server" });
    expect(drawn.plan(1, "bay2@1000+0:1500 b@20000")).toBeNull();
    expect(drawn.book.jobs[0]!.map((job) => job.vehicle)).toEqual([1, 0]);
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });

  test("what is granted is not overtaken", () => {
    const drawn = new DrawnBook({ havens: ["a", "b", "a2", "b2"], fleet: 2, legs: ["a a2 X/0", "b b2 X/1"] });
    expect(drawn.plan(0, "a2@1000")).toBeNull();
    drawn.book.nowMs = 900;
    drawn.grant(0);
    const way = drawn.tail(1, "b2@100");
    expect(drawn.plan(1, way)).toBeNull();
    expect(drawn.order("X")).toEqual([0, 1]);
    expect(drawn.step(1).grantMs).toBeGreaterThan(drawn.step(0).clears.at(-1)!.ms);
  });

  test("what is granted onto a lane is not overtaken", () => {
    const drawn = laneForTwo(2);
    expect(drawn.plan(0, "L@1000 H0@9000")).toBeNull();
    drawn.book.nowMs = 900;
    drawn.grant(0);
    expect(drawn.plan(1, "L@100 H1@20000")).toBeNull();
    expect(drawn.order("L")).toEqual([0, 1]);
  });
});

describe("overtaking", () => {
  /** 0 waits at its stop line, the others want to pass before it: through area X, or into lane L. */
  function waiting(
    legs: (vehicle: number) => readonly string[],
    lanes: Record<string, number>,
    way: string,
  ): DrawnBook {
    const vehicles = Array.from({ length: OVERTAKEN_MAX + 2 }, (_, i) => i);
    const havens = vehicles.map((i) => `a${i}`);
    const drawn = new DrawnBook({
      havens: [...havens, "z0"],
      fleet: havens.length,
      lanes,
      legs: vehicles.flatMap(legs),
    });
    expect(drawn.plan(0, way)).toBeNull();
    drawn.step(0).waits = true;
    return drawn;
  }

  const overArea = (): DrawnBook =>
    waiting((i) => [`a${i} q${i} X/${i === 0 ? 0 : 1}`, `q${i} a${i}`], laneOfEach(), "q0@50000 a0@60000");
  const overLane = (): DrawnBook => waiting((i) => [`a${i} L`, `L a${i}`], { L: 9 }, "L@50000 a0@60000");

  function laneOfEach(): Record<string, number> {
    return Object.fromEntries(Array.from({ length: OVERTAKEN_MAX + 2 }, (_, i) => [`q${i}`, 2]));
  }

  test.each([
    ["in an area", overArea, (i: number) => `q${i}@${2000 * i} a${i}@${2000 * i + 1500}`],
    ["on a lane", overLane, (i: number) => `L@${2000 * i} a${i}@${2000 * i + 1500}`],
  ])("a leg that is waited for is overtaken K times %s, and not once more", (_, make, way) => {
    const drawn = make();
    for (let i = 1; i <= OVERTAKEN_MAX; i++) {
      expect(drawn.plan(i, way(i))).toBeNull();
      expect(drawn.step(0).overtaken).toBe(i);
    }
    const last = OVERTAKEN_MAX + 1;
    expect(refused(drawn, last, way(last))).toEqual({ kind: "overtaken", vehicle: 0 });
    expect(drawn.step(0).overtaken).toBe(OVERTAKEN_MAX);
    drawn.step(0).waits = false;
    expect(drawn.plan(last, way(last))).toBeNull();
  });
});

describe("a refused plan leaves no trace", () => {
  test("another plan may be tried right after it, with other jobs where the vehicle stands", () => {
    const drawn = laneForTwo(1);
    drawn.book.stationOut[0] = 1;
    const withJob = (station: number) => ({
      ...drawn.tail(0, "L@5000 H0@9000"),
      baseServices: [{ station, job: `job of ${station}`, durationMs: 2000, endMs: 2000 }],
    });
    const opened = openPlan(drawn.book, 0);
    expect(adoptTail(drawn.book, withJob(0), opened)).toEqual({ kind: "never-served", station: 0 });
    expect(adoptTail(drawn.book, withJob(1), opened)).toBeNull();
    expect(opened.base.services.map(({ station }) => station)).toEqual([1]);
    expect(drawn.book.jobs.map((jobs) => jobs.length)).toEqual([0, 1]);
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });

  test("uses, jobs, their numbers and labels are as before", () => {
    const drawn = new DrawnBook({
      havens: ["a", "b", "a2", "b2"],
      fleet: 2,
      places: ["bay"],
      lanes: { L: 2 },
      legs: ["a bay X/0", "bay L X/1", "L a2", "b L X/0", "L bay", "L b2", "bay b2"],
    });
    const job = { station: 1, job: "first", durationMs: 2000, endMs: 2000 };
    expect(drawn.plan(0, { ...drawn.tail(0, "bay@3000+0:4000 L@20000 a2@30000"), baseServices: [job] })).toBeNull();
    expect(drawn.plan(1, "L@40000 bay@50000+0:1000 b2@60000")).toBeNull();
    drawn.retime(1);
    expect(drawn.broken()).toEqual([]);
    expect(
      refused(drawn, 0, { ...drawn.tail(0, "bay@3000+0:4000 L@20000 a2@55000"), baseServices: [job] }),
    ).not.toBeNull();
    expect(refused(drawn, 0, { ...drawn.tail(0, "bay@3000+0:4000"), baseServices: [job] })).not.toBeNull();
    expect(refused(drawn, 1, "L@100 bay@50000+0:1000 b2@60000")).not.toBeNull();
    expect(drawn.broken()).toEqual([]);
  });
});

test("ground is clear when the tail has left it: each leg has the positions of the leg graph, in travel order", () => {
  const drawn = new DrawnBook({ havens: ["a", "b"], fleet: 1, legs: ["a b X/0 Y/1"] });
  const leg = drawn.graph.legs[0]!;
  const uses = leg.uses.map((use, i) => ({ ...use, leaveM: 30 + i, enterM: 5 }));
  Object.assign(leg, { uses, fromClearM: 32 });
  expect(drawn.plan(0, "b@1000")).toBeNull();
  expect(drawn.step(0).clears.map(({ area, side, positionM }) => [area, side, positionM])).toEqual([
    [0, 0, 30],
    [1, 1, 31],
    [-1, 0, 32],
  ]);
});
