import { beforeEach, describe, expect, test } from "vitest";
import { AssertionFailed } from "../assert.ts";
import { type Activity, KpiRecorder, type Task } from "./kpi-recorder.ts";
import { Samples } from "./samples.ts";

const MINUTE = 60_000;
const counts = (delivered: number, open = 0, cancelled = 0) => ({
  accepted: delivered + open + cancelled,
  open,
  delivered,
  cancelled,
});

let kpi: KpiRecorder;
let nowMs = 0;
beforeEach(() => {
  kpi = new KpiRecorder({
    vehiclesMax: 2,
    assumptions: {
      dieselKgCo2PerContainer: 6,
      gridKgCo2PerKwh: 0.5,
      costPerKwh: 0.1,
      costPerVehicleDay: 100,
      costFixedPerDay: 50,
    },
  });
  nowMs = 0;
});

const TASK: Partial<Record<Activity, Task>> = { moving: "worked", serving: "worked", waiting: "held" };

/** Vehicle 0 does one thing for some minutes. */
function spend(minutes: number, activity: Activity, distanceM = 0, laden = false, soc = 0.8) {
  nowMs += minutes * MINUTE;
  kpi.advance(nowMs, 1);
  kpi.vehicle(0, minutes * MINUTE, activity, TASK[activity] ?? "none", distanceM, laden, soc, 100);
}

describe("figures", () => {
  test("nothing has happened: nothing is known", () => {
    expect(kpi.snapshot(counts(0))).toMatchObject({
      containersPerDay: null,
      leadTimeS: { p50: null, p95: null },
      emptyKmRatio: null,
      waitingRatio: null,
      costPerContainer: null,
      minSeparationM: null,
      deliveredPerHour: [],
    });
  });

  test("distances, ratios of time and the rates follow their definitions", () => {
    spend(10, "moving", 3000, false);
    spend(10, "moving", 1000, true);
    spend(5, "waiting");
    spend(15, "serving");
    spend(20, "charging");
    spend(40, "resting");
    spend(20, "down");
    const figures = kpi.snapshot(counts(3, 2, 1));
    expect(figures).toMatchObject({
      simulatedS: 7200,
      vehicles: 1,
      orders: { accepted: 6, delivered: 3, waiting: 2, cancelled: 1 },
      containersPerDay: 36,
      emptyKmRatio: 0.75,
      waitingRatio: 5 / 40,
      busyRatio: 60 / 100,
      distanceKm: 4,
    });
  });

  test("energy: falls are drawn, rises are charged; the first reading is neither", () => {
    spend(1, "moving", 0, false, 0.5);
    spend(1, "moving", 0, false, 0.3);
    spend(1, "charging", 0, false, 0.6);
    spend(1, "moving", 0, false, 0.5);
    const figures = kpi.snapshot(counts(2));
    expect(figures.energyKwh).toBeCloseTo(30, 9);
    expect(figures.chargedKwh).toBeCloseTo(30, 9);
    expect(figures.co2SavedKg).toBeCloseTo(2 * 6 - 30 * 0.5, 9);
    expect(figures.costPerContainer).toBeCloseTo((30 * 0.1 + (150 * 4) / 1440) / 2, 9);
  });

  test("lead times and waits for pick-up count from what is passed, deliveries by the hour", () => {
    spend(10, "moving");
    kpi.pickedUp(0, "vn", 4 * MINUTE);
    spend(40, "moving");
    kpi.delivered(4 * MINUTE);
    spend(130, "moving");
    kpi.delivered(160 * MINUTE);
    const figures = kpi.snapshot(counts(2));
    expect(figures.pickupWaitS).toEqual({ p50: 360, p95: 360 });
    expect(figures.leadTimeS).toEqual({ p50: 1200, p95: 2760 });
    expect(figures.deliveredPerHour).toEqual([1, 0, 0, 1]);
  });

  test("a cycle runs from pick-up to pick-up on the same side, without charging, rest and repair", () => {
    spend(3, "moving");
    kpi.pickedUp(0, "vn", 0);
    spend(12, "moving");
    kpi.pickedUp(0, "cn", 0); // the first on that side ends no cycle
    spend(7, "waiting");
    spend(30, "charging");
    spend(5, "resting");
    spend(5, "down");
    spend(6, "serving");
    kpi.pickedUp(0, "vn", 0);
    spend(4, "moving");
    kpi.pickedUp(0, "cn", 0);
    expect(kpi.snapshot(counts(0)).cycleTimeS).toEqual({ p50: 17 * 60, p95: 25 * 60 });
    kpi.forgetVehicle(0);
    spend(1, "moving");
    kpi.pickedUp(0, "vn", 0);
    expect(kpi.snapshot(counts(0)).cycleTimeS.p95).toBe(25 * 60);
  });

  test("stops, deadlocks and the smallest separation", () => {
    kpi.separation(3);
    kpi.separation(1.5);
    kpi.separation(2);
    kpi.shieldStopped();
    kpi.deadlocked(2);
    expect(kpi.snapshot(counts(0))).toMatchObject({ minSeparationM: 1.5, shieldStops: 1, deadlocks: 2 });
  });

  test("a broken vehicle with an order is held by it; what is done without one counts in no ratio of tasks", () => {
    nowMs = 4000;
    kpi.advance(nowMs, 1);
    kpi.vehicle(0, 1000, "down", "held", 0, true, 0.8, 100);
    kpi.vehicle(0, 1000, "moving", "none", 5, false, 0.8, 100);
    kpi.vehicle(0, 2000, "moving", "worked", 5, false, 0.8, 100);
    expect(kpi.snapshot(counts(0)).waitingRatio).toBeCloseTo(1 / 3, 9);
  });

  test("run time does not go back", () => {
    spend(1, "moving");
    expect(() => kpi.advance(0, 1)).toThrow(AssertionFailed);
  });
});

test("percentiles by nearest rank, also beyond the first block", () => {
  const samples = new Samples();
  for (let i = 1000; i >= 1; i--) samples.add(i);
  expect([0.001, 0.5, 0.95, 1].map((share) => samples.percentile(share))).toEqual([1, 500, 950, 1000]);
  expect(samples.count).toBe(1000);
});
