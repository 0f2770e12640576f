import { describe, expect, test } from "vitest";
import { ARRIVE_MS, DrawnBook } from "./drawn-book.fixture.ts";
import { FreeFlow } from "./free-flow.ts";
import { planTask, readyAtEnd, type TaskRequest, type TaskResult } from "./plan-task.ts";
import { RunTable } from "./runs.ts";
import { SEARCH_DEFAULTS } from "./search.ts";
import { smallSiteVehicle } from "./small-sites.ts";
import { bookText } from "./traffic/assertions.ts";
import { setServiceStarted } from "./traffic/book.ts";

/** Havens A and B, a crane P with one bay and a place Q, round lane L; X lies on the way into P and on the way out of Q. */
function site(fleet = 2): DrawnBook {
  return new DrawnBook({
    havens: ["A", "B", "C"],
    places: ["P", "Q"],
    fleet,
    lanes: { L: 3 },
    legs: ["A L", "L A", "B L", "L B", "C L", "L C", "L P X/0", "P L", "L Q", "Q L X/1"],
  });
}

function ask(drawn: DrawnBook, vehicle: number, over: Partial<TaskRequest> = {}, expansionsMax = 1000): TaskResult {
  const { graph } = drawn;
  const havens = graph.stands.filter((stand) => stand.haven).map(({ index }) => ({ stand: index, costMs: 0 }));
  const request = { vehicle, laden: false, flight: null, stops: [], havens, keepServices: 0, ...over };
  const options = { ...SEARCH_DEFAULTS, expansionsMax };
  const result = planTask(
    drawn.book,
    new RunTable(graph, smallSiteVehicle),
    new FreeFlow(graph, smallSiteVehicle),
    request,
    options,
  );
  drawn.retime();
  expect(drawn.broken()).toEqual([]);
  return result;
}

const stop = (drawn: DrawnBook, place: string, station = -1, durationMs = 5000) => ({
  stands: [drawn.stand(place)],
  jobs: [{ station, job: `job at ${place}`, durationMs, ladenAfter: true }],
});

const way = (drawn: DrawnBook, vehicle: number): string =>
  drawn.book.vehicles[vehicle]!.visits.map((visit) => drawn.graph.stands[visit.stand]!.id).join(" ");

describe("a task", () => {
  test("is planned over its stops to a haven of its own, by search or, with no search at all, by the fallback", () => {
    for (const [expansions, by] of [
      [1000, "search"],
      [0, "fallback"],
    ] as const) {
      const drawn = site();
      const result = ask(drawn, 0, { stops: [stop(drawn, "P", 0), stop(drawn, "Q", 1)] }, expansions);
      expect(result).toMatchObject({ kind: "planned", by });
      expect(way(drawn, 0)).toMatch(/^A L P L Q L [AC]$/);
      const last = drawn.book.vehicles[0]!.steps.at(-1)!;
      // Labels of the least times between events, each rounded to a whole millisecond.
      const endMs = result.kind === "planned" ? result.endMs : Number.NaN;
      expect(Math.abs(endMs - last.grantMs - last.arriveAfterMs)).toBeLessThan(10);
    }
  });

  test("that has no way is refused by both, and the old plan stands", () => {
    const drawn = site();
    expect(drawn.plan(0, "L@1000 C@5000")).toBeNull();
    drawn.book.closedLeg[drawn.leg("L", "P")] = 1;
    const flow = new FreeFlow(drawn.graph, smallSiteVehicle);
    flow.setClosed([drawn.leg("L", "P")], true);
    const before = bookText(drawn.book);
    const request = { vehicle: 0, laden: false, flight: null, keepServices: 0, stops: [stop(drawn, "P")], havens: [] };
    const result = planTask(drawn.book, new RunTable(drawn.graph, smallSiteVehicle), flow, request);
    expect(result).toEqual({ kind: "kept", why: "no-route", refusal: null, expansions: 0 });
    expect(bookText(drawn.book)).toBe(before);
  });

  test("behind a blocked vehicle has no plan, and the old one stands", () => {
    const drawn = site();
    expect(drawn.plan(1, "L@1000 P@5000 L@20000 B@30000")).toBeNull();
    drawn.drive(1);
    drawn.drive(1);
    drawn.block(1);
    drawn.retime(10_000);
    const before = bookText(drawn.book);
    expect(ask(drawn, 0, { stops: [stop(drawn, "P")] })).toMatchObject({ kind: "kept" });
    expect(bookText(drawn.book)).toBe(before);
    expect(ask(drawn, 0, { stops: [stop(drawn, "Q")] })).toMatchObject({ kind: "planned" });
  });
});

describe("a better plan", () => {
  /** 0 is at rest with a plan that waits needlessly. */
  function late(): DrawnBook {
    const drawn = site();
    expect(drawn.plan(0, "L@90000 C@200000")).toBeNull();
    drawn.retime(1000);
    return drawn;
  }

  test("is taken only if it ends earlier", () => {
    const drawn = late();
    const before = bookText(drawn.book);
    const stops = [stop(drawn, "P")];
    const endMs = (result: TaskResult): number => (result.kind === "planned" ? result.endMs : Number.NaN);
    const early = endMs(ask(site(), 0, { stops }));
    expect(ask(drawn, 0, { stops, endBeforeMs: early })).toMatchObject({ kind: "kept", why: "no-better" });
    expect(bookText(drawn.book)).toBe(before);
    const better = ask(drawn, 0, { stops, endBeforeMs: 200_000 });
    expect(better).toMatchObject({ kind: "planned", by: "search" });
    expect(endMs(better)).toBeLessThan(200_000);
  });

  test("is no fallback: one under way that finds nothing keeps what it has", () => {
    const drawn = late();
    drawn.step(0).readyMs = 0;
    drawn.grant(0);
    drawn.retime();
    const before = bookText(drawn.book);
    expect(ask(drawn, 0, { endBeforeMs: 500_000 }, 0)).toMatchObject({ kind: "kept", why: "budget-spent" });
    expect(bookText(drawn.book)).toBe(before);
    expect(ask(drawn, 0, {}, 0)).toMatchObject({ kind: "planned", by: "fallback" });
  });
});

describe("a vehicle is ready at the end of its granted part", () => {
  test("now, if it rests; on arrival, if it drives", () => {
    const drawn = site();
    drawn.book.nowMs = 300;
    expect(readyAtEnd(drawn.book, 0, 0)).toBe(300);
    expect(drawn.plan(0, "L@1000 C@5000")).toBeNull();
    drawn.book.nowMs = 1000;
    drawn.grant(0);
    expect(readyAtEnd(drawn.book, 0, 0)).toBe(1000 + ARRIVE_MS);
  });

  test("after the jobs that stay: those begun, and as many as are to be kept", () => {
    const drawn = site();
    expect(drawn.plan(0, "L@1000 P@3000+0:4000 L@20000 C@30000")).toBeNull();
    drawn.drive(0);
    drawn.book.nowMs = 3000;
    drawn.drive(0);
    drawn.retime(5000);
    const job = drawn.book.vehicles[0]!.visits[0]!.services[0]!;
    expect(job.endMs).toBe(9000);
    expect(readyAtEnd(drawn.book, 0, 0)).toBe(5000);
    expect(readyAtEnd(drawn.book, 0, 1)).toBe(9000);
    drawn.book.nowMs = 6000;
    setServiceStarted(drawn.book, job);
    expect(readyAtEnd(drawn.book, 0, 0)).toBe(10_000);
  });

  test("and a plan from there keeps those jobs, and drops the others", () => {
    const drawn = site();
    expect(drawn.plan(0, "L@1000 P@3000+0:4000 L@20000 C@30000")).toBeNull();
    drawn.drive(0);
    drawn.drive(0);
    const jobs = (): string[] => drawn.book.vehicles[0]!.visits[0]!.services.map(({ job }) => job);
    expect(ask(drawn, 0, { keepServices: 1 })).toMatchObject({ kind: "planned" });
    expect(jobs()).toEqual(["job of 0 at P"]);
    expect(ask(drawn, 0, { keepServices: 0 })).toMatchObject({ kind: "planned" });
    expect(jobs()).toEqual([]);
    expect(drawn.book.jobs[0]).toEqual([]);
  });
});
