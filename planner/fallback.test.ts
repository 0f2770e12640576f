import { describe, expect, test } from "vitest";
import { DrawnBook } from "./drawn-book.fixture.ts";
import { fallbackPlan } from "./fallback.ts";
import { FreeFlow } from "./free-flow.ts";
import { RunTable } from "./runs.ts";
import { smallSiteVehicle } from "./small-sites.ts";
import type { PlannedTail } from "./traffic/adopt.ts";
import { CLEAR_TO_GRANT_MS, LEAST_MS } from "./traffic/book.ts";

/** 0 and 1 go through area X from different sides, and over lane L to their havens. */
function drawnSite(): DrawnBook {
  return new DrawnBook({
    havens: ["a", "b", "a2", "b2"],
    fleet: 2,
    lanes: { L: 2, M: 2 },
    legs: ["a L X/0", "a a2 X/0", "b L X/1", "b M", "M b2", "L a2", "L b2"],
  });
}

/** The fallback of vehicle 1 from haven b to haven b2, over L unless M is faster. */
function fallback(drawn: DrawnBook, closed: readonly number[] = []): PlannedTail | null {
  const flow = new FreeFlow(drawn.graph, smallSiteVehicle);
  flow.setClosed(closed, true);
  return fallbackPlan(drawn.book, new RunTable(drawn.graph, smallSiteVehicle), flow, {
    vehicle: 1,
    stand: drawn.stand("b"),
    position: 0,
    readyMs: drawn.book.nowMs,
    laden: false,
    flight: null,
    stops: [{ stands: [drawn.stand("L")], jobs: [] }],
    havens: [{ stand: drawn.stand("b2"), costMs: 0 }],
  });
}

describe("the plan that always exists", () => {
  test("goes after the last use of everything on its way", () => {
    const drawn = drawnSite();
    expect(drawn.plan(0, "L@1000 a2@8000")).toBeNull();
    const [onto, off] = drawn.book.vehicles[0]!.steps;
    const steps = fallback(drawn)!.steps;
    const leftL = off!.clears[0]!.ms + CLEAR_TO_GRANT_MS;
    expect(steps.map(({ leg }) => leg)).toEqual([drawn.leg("b", "L"), drawn.leg("L", "b2")]);
    expect(steps[0]!.grantMs).toBe(Math.max(onto!.clears[1]!.ms + CLEAR_TO_GRANT_MS, leftL, off!.grantMs + LEAST_MS));
  });

  test("does not exist through an area in which somebody is stuck", () => {
    const drawn = drawnSite();
    expect(drawn.plan(0, "a2@1000")).toBeNull();
    drawn.grant(0);
    drawn.block(0);
    drawn.retime(2000);
    expect(fallback(drawn)).toBeNull();
  });

  test("does not exist over a lane on which somebody is stuck", () => {
    const drawn = drawnSite();
    expect(drawn.plan(0, "L@1000 a2@8000")).toBeNull();
    drawn.drive(0);
    drawn.block(0, 18);
    drawn.retime(2000);
    expect(drawn.order("X")).toEqual([]);
    expect(fallback(drawn)).toBeNull();
  });

  test("goes before those who are not granted and never will be as things are", () => {
    const drawn = drawnSite();
    expect(drawn.plan(0, "L@1000 a2@8000")).toBeNull();
    drawn.block(0);
    drawn.retime(2000);
    const tail = fallback(drawn)!;
    expect(tail.steps[0]!.grantMs).toBe(2000);
    expect(drawn.plan(1, tail)).toBeNull();
    expect(drawn.order("L")).toEqual([1, 0]);
    drawn.retime();
    expect(drawn.broken()).toEqual([]);
  });

  test("does not exist to a stop that no open leg leads to", () => {
    const drawn = drawnSite();
    expect(fallback(drawn, [drawn.leg("b", "L")])).toBeNull();
  });
});
