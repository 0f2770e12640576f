import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRunRecorder } from "../../fleet-gateway/index.ts";
import { messagesOf, orderEvent, record, soundRun, stream, summaryOf } from "../synthetic-run.fixture.ts";
import { busiestWindow } from "./charts.ts";
import { collect } from "./collect.ts";
import { reportPage } from "./page.ts";
import { roundTicks } from "./svg.ts";
import { writeReport } from "./write-report.ts";

test("a run's deliveries, order times, waiting and trails are gathered", async () => {
  const data = await collect(stream(messagesOf(soundRun())));
  expect(data.endS).toBe(160);
  expect(data.deliveredAt).toEqual([145]);
  expect(data.stages).toEqual([{ waitedS: 0, fetchedS: 0, carriedS: 145 }]);
  expect(data.waiting).toEqual([{ place: "X", seconds: 112, mostly: "another vehicle" }]);
  expect(data.axis).toBe("y");
  expect(data.bridge).toEqual([[expect.closeTo(200, 3), expect.closeTo(400, 3)]]);
  const [v1] = data.trails;
  expect(v1!.id).toBe("V1");
  expect([v1!.alongM[0], v1!.alongM.at(-1)]).toEqual([100, 640]);
  // A sample where the load changes, besides one every four seconds.
  expect(v1!.t.filter((t, i) => i > 0 && v1!.laden[i] !== v1!.laden[i - 1] && t === 145)).toHaveLength(1);
});

test("the busiest two hours are those with most deliveries", async () => {
  const data = await collect(stream(messagesOf(soundRun())));
  const deliveredAt = [100, 20_000, 21_000, 22_000, 40_000];
  expect(busiestWindow({ ...data, endS: 50_000, deliveredAt })).toEqual([16_200, 23_400]);
});

test("axes have round values", () => {
  expect(roundTicks(0, 20, 5)).toEqual([0, 5, 10, 15, 20]);
  expect(roundTicks(-1030, 1530, 6)).toEqual([-1000, -500, 0, 500, 1000, 1500]);
  expect(roundTicks(3, 3, 5)).toEqual([3]);
});

test("the page is one file with all charts, needs no network, and shows hostile names as text", async () => {
  const run = soundRun();
  run.items.push(orderEvent(3, "O9<script>", "accepted", null));
  for (const t of [70, 50]) {
    run.items.push({
      topic: "/events",
      t,
      message: { t, code: "lane-closed", vehicle: null, data: {}, text: `shut <at> ${t}` },
    });
  }
  const data = await collect(stream(messagesOf(run)));
  const page = reportPage({ ...summaryOf(run), scenario: "<b>night & day</b>", targetPerDay: 300 }, data);
  expect(page).toContain("&#60;b&#62;night &#38; day&#60;/b&#62;, seed 1");
  expect(page).not.toContain("<b>night");
  expect(page.match(/<svg viewBox[^>]*role="img"/g)).toHaveLength(4);
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import|https?:/);
  for (const heading of ["delivered by hour", "Time–space diagram", "Waiting by place", "Order times", "All figures"]) {
    expect(page).toContain(heading);
  }
  expect(page).toContain("target 12.5");
  expect(page).toContain('<td>lane-closed</td><td class="n">2</td><td>00:01</td><td>shut &#60;at&#62; 50</td>');
  expect(page).toContain('<td>picked up to delivered</td><td class="n">2.4</td>');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});

test("a run without deliveries, waiting or vehicles has a page, too", async () => {
  const items = messagesOf(soundRun()).filter(({ topic }) => topic === "/site");
  const page = reportPage({ ...summaryOf(soundRun()), minSeparationM: null }, await collect(stream(items)));
  expect(page).toContain("No order was delivered.");
  expect(page).toContain("No vehicle with an order waited.");
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});

test("writeReport writes report.html beside the recording", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kalong-report-"));
  try {
    const run = soundRun();
    const recorder = createRunRecorder(join(folder, "run.mcap"));
    record(recorder, messagesOf(run));
    await recorder.close();
    writeFileSync(join(folder, "summary.json"), JSON.stringify(summaryOf(run)));
    expect(await writeReport(folder)).toBe(join(folder, "report.html"));
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("synthetic, seed 1");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
