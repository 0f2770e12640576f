import { expect, test } from "vitest";
import type { Scenario } from "../../config/index.ts";
import { prng } from "../../planner/index.ts";
import { Stations } from "../stations/index.ts";
import { Bench, straightSite } from "../vehicle/fixtures.ts";
import { InProcessLink } from "./in-process-link.ts";
import { ScenarioEvents } from "./scenario-events.ts";

const lanes = [
  { lengthM: 100, limitMps: 6 },
  { lengthM: 100, limitMps: 6 },
];

function world(events: Scenario["events"]) {
  const bench = new Bench(lanes);
  const site = straightSite(lanes);
  const stations = new Stations({ site, random: prng(1), positioning: { kind: "constant", valueS: 0 } });
  const link = new InProcessLink([bench.vehicle]);
  const heard: string[] = [];
  link.onState(() => heard.push("state"));
  link.onConnection((vehicle, connection) => heard.push(`${vehicle} ${connection}`));
  const targets = { vehicles: new Map([["V1", bench.vehicle]]), map: bench.map, stations, link };
  const happen = new ScenarioEvents(events);
  return { bench, link, heard, advance: (nowMs: number) => happen.advance(nowMs, targets) };
}

test("closures and outages become inputs at their time; the engine tells the recording of them", () => {
  const { advance } = world([
    { kind: "station-out", station: "G", fromS: 20, toS: 30 },
    { kind: "lane-closed", lane: "L1", fromS: 10, toS: 20 },
  ]);
  expect(advance(9900)).toEqual({ inputs: [], events: [] });
  expect(advance(10_000)).toEqual({
    inputs: [{ kind: "close-lane", lane: "L1" }],
    events: [],
  });
  expect(advance(20_000).inputs).toEqual([
    { kind: "station-out", station: "G" },
    { kind: "open-lane", lane: "L1" },
  ]);
  expect(advance(40_000).inputs).toEqual([{ kind: "station-in", station: "G" }]);
  expect(advance(50_000).inputs).toEqual([]);
});

test("a breakdown stops the vehicle and is told; after it the vehicle goes on", () => {
  const { bench, advance } = world([{ kind: "vehicle-broken", vehicle: "V1", fromS: 10, toS: 20 }]);
  expect(advance(10_000)).toEqual({
    inputs: [{ kind: "vehicle-broken", vehicle: "V1" }],
    events: [],
  });
  expect(bench.state.errors).toMatchObject([{ errorType: "breakdown", errorLevel: "FATAL" }]);
  advance(20_000);
  expect(bench.state.errors).toEqual([]);
});

test("overlapping speed limits: the lowest holds, and each is lifted at its own end", () => {
  const { bench, advance } = world([
    { kind: "speed-limit", limitMps: 4, fromS: 10, toS: 30 },
    { kind: "speed-limit", limitMps: 2, lanes: ["L1"], fromS: 20, toS: 40 },
  ]);
  const limits = (): number[] => [bench.map.limitMps(0), bench.map.limitMps(1)];
  const seen = [10, 20, 30, 40].map((s) => {
    advance(s * 1000);
    return limits();
  });
  expect(seen).toEqual([
    [4, 4],
    [4, 2],
    [6, 2],
    [6, 6],
  ]);
});

test("without its link a vehicle is not heard and hears nothing; what was sent to it comes when the link is back", () => {
  const { bench, link, heard, advance } = world([{ kind: "link-lost", vehicle: "V1", fromS: 10, toS: 20 }]);
  link.publish(9900);
  expect(heard.splice(0)).toEqual(["state"]);
  advance(10_000);
  link.sendOrder(bench.order({ fromM: 0, atM: [100] }));
  link.publish(12_000);
  expect(heard.splice(0)).toEqual(["V1 CONNECTIONBROKEN"]);
  expect(bench.state.orderId).toBe("");
  advance(20_000);
  link.publish(20_000);
  expect(heard).toEqual(["V1 ONLINE", "state"]);
  expect(bench.state.orderId).toBe("O1");
});

test("a state that has not changed is sent once a second", () => {
  const { link, heard } = world([]);
  for (let t = 0; t <= 3000; t += 100) link.publish(t);
  expect(heard).toHaveLength(4);
});
