import { expect, test } from "vitest";
import type { LinkReport } from "../mqtt/fleet-dialog.ts";
import { RepeatedReports } from "./repeated-reports.ts";

const report = (code: LinkReport["code"], vehicle: string | null, reason = "why"): LinkReport => ({
  ...{ code, vehicle, topic: null, reason },
});

test("of many wrong messages of a vehicle the first is told, then one in ten seconds with how many came in between", () => {
  const reports = new RepeatedReports();
  const told: string[] = [];
  for (let ms = 0; ms <= 20_000; ms += 100) {
    const next = reports.take(report("malformed", "V01"), ms);
    if (next !== null) told.push(`${ms} ${next.reason}`);
  }
  const more = " (and 99 more since the last report)";
  expect(told).toEqual(["0 why", `10000 why${more}`, `20000 why${more}`]);
});

test("another vehicle, another code, and what is no message's fault, are told at once", () => {
  const reports = new RepeatedReports();
  const all = [
    report("malformed", "V01"),
    report("malformed", "V02"),
    report("oversized", "V01"),
    report("order-rejected", "V01"),
    report("order-rejected", "V01"),
    report("safety-stop", "V01"),
    report("safety-stop", "V01"),
  ];
  expect(all.map((each) => reports.take(each, 0))).toEqual(all);
});

test("strangers under ever new names are one", () => {
  const reports = new RepeatedReports();
  const told = Array.from({ length: 5000 }, (_, i) => reports.take(report("unknown-vehicle", null, `x${i}`), i));
  expect(told.filter((each) => each !== null)).toHaveLength(1);
});
