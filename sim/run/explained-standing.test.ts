import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { readRecording } from "../../fleet-gateway/index.ts";
import { verifyRecording } from "../verify/verify.ts";
import { runScenario } from "./run-scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "kalong-standing-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a vehicle that stands broken for 25 minutes: who waits behind it is explained by the recording alone", async () => {
  const scenario = {
    ...loadScenario("pilot-2026-saturated"),
    events: [{ kind: "vehicle-broken", vehicle: "V01", fromS: 600, toS: 2100 } as const],
  };
  const summary = await runScenario(scenario, { hours: 0.7, outDir: folder });
  const file = join(folder, "run.mcap");
  const codes: string[] = [];
  let heldS = 0;
  for await (const { topic, message } of readRecording(file)) {
    if (topic === "/events") codes.push(`${message.code} ${message.vehicle ?? ""}`);
    if (topic === "/kpi") heldS = message.waitingS;
  }
  expect(codes).toEqual(expect.arrayContaining(["vehicle-broken V01", "vehicle-repaired V01"]));
  expect(codes.filter((code) => code === "vehicle-broken V01")).toHaveLength(1);
  expect(heldS).toBeGreaterThan(900);
  expect(summary).toMatchObject({ deadlocks: 0, shieldStops: 0, collisions: 0 });
  const report = await verifyRecording(readRecording(file), summary);
  expect(report.violations).toEqual([]);
}, 60_000);
