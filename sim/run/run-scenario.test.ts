import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { kpis } from "../../engine/index.ts";
import { type RunSummary, readRecording, runSummarySchema } from "../../fleet-gateway/index.ts";
import { runFailures } from "./run-failures.ts";
import { runScenario } from "./run-scenario.ts";
import { Simulation } from "./simulation.ts";
import { summaryTable } from "./summary-table.ts";

const pilot = loadScenario("pilot-2026");
const folder = mkdtempSync(join(tmpdir(), "kalong-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("pilot-2026, one hour", async () => {
  const outDir = join(folder, "hour");
  const shown: number[] = [];
  const summary = await runScenario(pilot, {
    hours: 1,
    outDir,
    onProgress: ({ simulatedS }) => shown.push(simulatedS),
  });

  test("it writes summary.json with what it returns, by the schema", () => {
    const written = JSON.parse(readFileSync(join(outDir, "summary.json"), "utf8"));
    expect(runSummarySchema.parse(written)).toEqual(summary);
    expect(summary).toMatchObject({
      scenario: "pilot-2026",
      seed: 1,
      simulatedS: 3600,
      vehicles: 5,
      targetPerDay: 300,
    });
    expect(summary.orders.accepted).toBe(summary.orders.delivered + summary.orders.waiting);
  });

  test("containers are delivered, no footprints overlap, and the vehicles used energy", () => {
    expect(summary.orders.delivered).toBeGreaterThanOrEqual(4);
    expect(summary.collisions).toBe(0);
    expect(summary.energyKwh).toBeGreaterThan(20);
    expect(summary.upperBoundPerDay).toBeGreaterThan(400);
    expect(summary.leadTimeS.p50).toBeGreaterThan(300);
  });

  test("the recording holds what happened, in order of time, to the end", async () => {
    const topics = new Map<string, number>();
    let last = 0;
    let ends = 0;
    for await (const { topic, message } of readRecording(join(outDir, "run.mcap"))) {
      topics.set(topic, (topics.get(topic) ?? 0) + 1);
      expect(message.t).toBeGreaterThanOrEqual(last);
      last = message.t;
      if (topic === "/vehicles" && message.vehicles.length === 5) ends = message.t;
    }
    expect(ends).toBe(3600);
    expect(topics.get("/site")).toBe(1);
    expect(topics.get("/kpi")).toBe(60);
    expect(topics.get("/vehicles")).toBeGreaterThan(7200);
    for (const topic of ["/reservations", "/plans", "/orders"]) expect(topics.get(topic), topic).toBeGreaterThan(5);
  });

  test("progress comes in rising order", () => {
    expect(shown.length).toBeGreaterThan(0);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
  });

  test("without a recording the run is the same", async () => {
    const bare = join(folder, "bare");
    const again = await runScenario(pilot, { hours: 1, outDir: bare, record: false });
    expect(existsSync(join(bare, "run.mcap"))).toBe(false);
    expect(again.digest).toBe(summary.digest);
    expect({ ...again, wallS: 0, tickMs: 0, planMs: 0 }).toEqual({ ...summary, wallS: 0, tickMs: 0, planMs: 0 });
  });

  test("the engine's own figures are those measured from outside", () => {
    const simulation = new Simulation(pilot, { seed: 1 });
    while (simulation.nowMs < 3_600_000) simulation.advance();
    simulation.finish();
    const own = kpis(simulation.engine);
    const outside = simulation.meter.kpi(3600);
    const { accepted, delivered, waiting, cancelled, shieldStops, deadlocks } = outside;
    expect(delivered).toBeGreaterThan(0);
    expect(own).toMatchObject({ orders: { accepted, delivered, waiting, cancelled }, shieldStops, deadlocks });
    expect(own.distanceKm / outside.drivenKm).toBeCloseTo(1, 6);
    expect(own.emptyKmRatio).toBeCloseTo(outside.emptyKmRatio, 6);
    expect(own.energyKwh / outside.energyKwh).toBeCloseTo(1, 2);
    expect(own.minSeparationM).toBeCloseTo(simulation.separation.minSeparationM!, 6);
  });

  test("another seed makes another run", () => {
    const simulation = new Simulation(pilot, { seed: 2 });
    const first = new Simulation(pilot, { seed: 1 });
    for (let tick = 0; tick < 12_000; tick++) {
      simulation.advance();
      first.advance();
    }
    expect(simulation.digest).not.toBe(first.digest);
  });

  test("the end table names every figure with what it is held against", () => {
    const table = summaryTable({ ...summary, containersPerDay: 290, upperBoundPerDay: 468, targetPerDay: 300 });
    expect(table).toContain("290 (target 300; upper bound 468, of which 62.0 %)");
    expect(table).toContain("0 collisions, 0 shield stops, 0 deadlocks");
    expect(table).toContain(summary.digest);
  });

  test("collisions, deadlocks and a rate above the bound are failures, each in a sentence", () => {
    const day: RunSummary = { ...summary, simulatedS: 86_400, containersPerDay: 479, upperBoundPerDay: 468 };
    expect(runFailures(day)).toEqual(["479 containers a day are more than the upper bound of 468 allows."]);
    expect(runFailures({ ...day, containersPerDay: 477 })).toEqual([]);
    expect(runFailures({ ...summary, containersPerDay: 479, upperBoundPerDay: 468 })).toEqual([]);
    expect(runFailures({ ...summary, collisions: 2, deadlocks: 1 })).toHaveLength(2);
  });
});
