import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { resolveFile, scenarioIds } from "./built-in.ts";
import { FileError, readJson } from "./file-error.ts";
import { loadScenario } from "./load-scenario.ts";
import { recordedColumns } from "./recorded-orders.ts";
import { loopSiteText } from "./templates.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests break files in ways that no type allows.
type Loose = any;

const folder = mkdtempSync(join(tmpdir(), "kalong-scenario-"));
writeFileSync(join(folder, "loop.geojson"), loopSiteText("loop", ""));
afterAll(() => rmSync(folder, { recursive: true }));

const pilot = (): Loose => ({ ...(readJson(resolveFile("scenario", "pilot-2026")) as object), site: "bac-luan-ii" });
let written = 0;

function put(content: unknown): string {
  const file = join(folder, `s${++written}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function refusal(file: string): string {
  try {
    loadScenario(file);
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  return "it was accepted";
}

function check(change: (file: Loose) => void, message: string): void {
  const content = pilot();
  change(content);
  expect(refusal(put(content))).toContain(message);
}

describe("a scenario is refused with place, finding and expectation", () => {
  const cases: readonly (readonly [string, (file: Loose) => void, string])[] = [
    ["an unknown key", (file) => (file.weather = "fine"), ': weather: found the unknown key "weather"'],
    ["an id that is none", (file) => (file.id = "Pilot!"), ': id: found "Pilot!", expected text like'],
    ["no duration", (file) => delete file.durationS, ": durationS: found nothing, expected a number."],
    ["a seed that is no whole number", (file) => (file.seed = 1.5), ": seed: found 1.5, expected a whole number."],
    ["an unknown site", (file) => (file.site = "bridge"), "bridge: the file: found no built-in site of this id"],
    [
      "an unknown vehicle type",
      (file) => (file.vehicles[0].type = "cart"),
      "cart: the file: found no built-in vehicle type of this id, expected one of igv",
    ],
    ["no vehicles", (file) => (file.vehicles = []), ": vehicles: found an empty list, expected a list of at least 1."],
    [
      "count and list",
      (file) => (file.vehicles[0].list = [{ id: "A", startBay: "vn-parking-1" }]),
      ": vehicles[0]: found both count and list, expected either count or list.",
    ],
    ["neither count nor list", (file) => delete file.vehicles[0].count, ": vehicles[0]: found neither count nor list"],
    [
      "more vehicles than havens",
      (file) => (file.vehicles[0].count = 25),
      ": vehicles[0].count: found 25, expected at most 24, the free havens of site bac-luan-ii for type igv.",
    ],
    [
      "a start that is no haven",
      (file) => (file.vehicles = [{ type: "igv", list: [{ id: "A", startBay: "vn-gate-in-1" }] }]),
      ': vehicles[0].list[0].startBay: found "vn-gate-in-1", expected a haven of site bac-luan-ii: vn-parking-1, cn-parking-1,',
    ],
    [
      "two in a bay",
      (file) => (file.vehicles = [{ type: "igv", list: ["A", "B"].map((id) => ({ id, startBay: "vn-parking-1" })) }]),
      ': vehicles[0].list[1].startBay: found "vn-parking-1" again, expected one vehicle in a bay.',
    ],
    [
      "a vehicle twice",
      (file) =>
        (file.vehicles = [
          { type: "igv", list: ["vn-parking-1", "vn-parking-2"].map((startBay) => ({ id: "A", startBay })) },
        ]),
      ': vehicles[0].list[1].id: found "A" again, expected each vehicle id once.',
    ],
    [
      "an unknown demand",
      (file) => (file.demand.kind = "random"),
      ': demand.kind: found "random", expected one of "profile", "saturated", "recorded".',
    ],
    [
      "a day of 23 hours",
      (file) => file.demand.hourlyWeights.pop(),
      ": demand.hourlyWeights: found a list of 23, expected",
    ],
    [
      "a day without weight",
      (file) => file.demand.hourlyWeights.fill(0),
      ": demand.hourlyWeights: found only zeros, expected at least one hour with a weight above 0.",
    ],
    [
      "half an order",
      (file) => (file.demand.directions[0].ordersPerDay = 1.5),
      ': demand.directions[0].ordersPerDay: found 1.5, expected a whole number where release is "exact".',
    ],
    [
      "an unknown direction",
      (file) => (file.demand.directions[0].direction = "north"),
      ': demand.directions[0].direction: found "north", expected one of "vn-to-cn", "cn-to-vn".',
    ],
    [
      "a direction twice",
      (file) => (file.demand.directions[0].direction = "vn-to-cn"),
      ": demand.directions[1].direction: found vn-to-cn again, expected each direction once.",
    ],
    [
      "goods twice",
      (file) => (file.demand.directions[1].mix[1].goods = "fruit"),
      ': demand.directions[1].mix[1].goods: found "fruit" again, expected each goods once in a mix',
    ],
    [
      "a share of 0",
      (file) => (file.demand.directions[0].mix[0].share = 0),
      ": demand.directions[0].mix[0].share: found 0, expected a number of more than 0.",
    ],
    [
      "an unknown commodity",
      (file) => (file.demand.directions[0].mix[0].commodity = "fruit"),
      ': demand.directions[0].mix[0].commodity: found "fruit", expected one of "fresh-produce"',
    ],
    [
      "a length that no container has",
      (file) => (file.demand.directions[0].mix[0].lengthFt = 30),
      ": demand.directions[0].mix[0].lengthFt: found 30, expected one of 20, 40, 45.",
    ],
    [
      "a priority of 10",
      (file) => (file.demand.directions[0].mix[0].priority = 10),
      ": demand.directions[0].mix[0].priority: found 10, expected a number of at most 9.",
    ],
    [
      "an unknown crane",
      (file) => (file.demand.cranes = ["vn-gate-in-1"]),
      ': demand.cranes[0]: found "vn-gate-in-1", expected a crane of site bac-luan-ii: vn-crane-vb2,',
    ],
    [
      "cranes on one side only",
      (file) => (file.demand.cranes = ["vn-crane-vb1"]),
      ": demand.cranes: found no crane on side cn, expected a crane on either side.",
    ],
    [
      "a rule for unknown goods",
      (file) => (file.passRules[2].goods = ["gold"]),
      ': passRules[2].goods: found "gold", expected goods of a mix:',
    ],
    [
      "a rule above 1",
      (file) => (file.passRules[3].fraction = 30),
      ": passRules[3].fraction: found 30, expected a number of at most 1.",
    ],
    [
      "a rule for a role that does not serve passes",
      (file) => (file.passRules[0].role = "crane"),
      ': passRules[0].role: found "crane", expected one of "gate", "scanner", "disinfection".',
    ],
    [
      "services of an unknown station",
      (file) => (file.services = { stations: { nowhere: { kind: "constant", valueS: 1 } } }),
      ": services.stations.nowhere: found a station without a service or unknown, expected a station with a service on site bac-luan-ii.",
    ],
    [
      "services of an unknown role",
      (file) => (file.services = { roles: { parking: { kind: "constant", valueS: 1 } } }),
      ": services.roles",
    ],
    [
      "a target of 0",
      (file) => (file.targets.containersPerDay = 0),
      ": targets.containersPerDay: found 0, expected a number of more than 0.",
    ],
    [
      "an unknown event",
      (file) => (file.events = [{ kind: "flood", fromS: 0, toS: 1 }]),
      ': events[0].kind: found "flood", expected one of "lane-closed"',
    ],
    [
      "an event that ends before it begins",
      (file) => (file.events = [{ kind: "speed-limit", limitMps: 3, fromS: 9, toS: 5 }]),
      ": events[0].toS: found 5, expected more than fromS = 9.",
    ],
    [
      "an event on an unknown lane",
      (file) => (file.events = [{ kind: "lane-closed", lane: "x", fromS: 0, toS: 1 }]),
      ': events[0].lane: found "x", expected a lane of this scenario: bridge-nb.1',
    ],
    [
      "a limit on an unknown lane",
      (file) => (file.events = [{ kind: "speed-limit", limitMps: 3, lanes: ["x"], fromS: 0, toS: 1 }]),
      ': events[0].lanes[0]: found "x"',
    ],
    [
      "an event at an unknown station",
      (file) => (file.events = [{ kind: "station-out", station: "x", fromS: 0, toS: 1 }]),
      ': events[0].station: found "x", expected a station of this scenario',
    ],
    [
      "an event of an unknown vehicle",
      (file) => (file.events = [{ kind: "link-lost", vehicle: "V09", fromS: 0, toS: 1 }]),
      ': events[0].vehicle: found "V09", expected a vehicle of this scenario: V01, V02, V03, V04, V05.',
    ],
  ];
  test.each(cases)("%s", (_name, change, message) => {
    check(change, message);
  });
  test("a rule for a role that the site lacks", () => {
    check(
      (file) => Object.assign(file, { site: "loop.geojson", vehicles: [{ type: "igv", count: 1 }] }),
      ": passRules[0]: found the role gate on side vn, expected a station of that role on that side of site loop.",
    );
  });
});

describe("recorded orders", () => {
  const header = Object.keys(recordedColumns).join(",");
  const good = "O1,C1,vn-crane-vb1,cn-crane-cb1,vn-gate cn-gate cn-scanner,60,14460,2,fresh-produce,24000,40,true,true";
  const scenarioOf = (text: string) => {
    const csv = `orders${++written}.csv`;
    writeFileSync(join(folder, csv), text);
    return put({ ...pilot(), demand: { kind: "recorded", csv }, passRules: [] });
  };
  test("are read, sorted and turned into milliseconds", () => {
    const second = "O2,C2,cn-crane-cb3,vn-crane-vb4,,0.5,100,9,general,4000.5,20,false,false";
    const { demand } = loadScenario(scenarioOf(`${header}\r\n${good}\r\n${second}\r\n`));
    if (demand.kind !== "recorded") throw new Error("no recorded demand");
    expect(demand.orders.map((order) => [order.id, order.releaseMs, order.dueMs])).toEqual([
      ["O2", 500, 100_000],
      ["O1", 60_000, 14_460_000],
    ]);
    expect(demand.orders[1]).toEqual({
      id: "O1",
      container: { id: "C1", lengthFt: 40, laden: true, reefer: true, commodity: "fresh-produce", massKg: 24000 },
      from: "vn-crane-vb1",
      to: "cn-crane-cb1",
      via: [
        { side: "vn", role: "gate" },
        { side: "cn", role: "gate" },
        { side: "cn", role: "scanner" },
      ],
      releaseMs: 60_000,
      dueMs: 14_460_000,
      priority: 2,
    });
    expect(demand.orders[0]!.via).toEqual([]);
  });
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "a missing column",
      `${header.replace("via,", "")}\n`,
      ".csv: line 1: found no column via, expected the columns id,container,",
    ],
    ["a short line", `${header}\nO1,C1\n`, ".csv: line 2: found 2 fields, expected 13, as in line 1."],
    [
      "a number that is none",
      `${header}\n${good.replace("24000", "24 t")}\n`,
      '.csv: line 2, column massKg: found "24 t", expected text like',
    ],
    [
      "an unknown stop",
      `${header}\n${good.replace("vn-gate ", "vn-crane ")}\n`,
      '.csv: line 2, column via: found "vn-crane cn-gate cn-scanner", expected text like',
    ],
    [
      "a flag that is none",
      `${header}\n${good.replace("true,true", "yes,true")}\n`,
      '.csv: line 2, column laden: found "yes", expected one of "true", "false".',
    ],
    [
      "an order twice",
      `${header}\n${good}\n${good.replace("C1", "C2")}\n`,
      ".csv: line 3: found order O1 again, expected each order and each container once.",
    ],
    [
      "due before release",
      `${header}\n${good.replace("14460", "50")}\n`,
      ".csv: line 2, column dueS: found 50, expected more than releaseS = 60.",
    ],
    [
      "an unknown crane",
      `${header}\n${good.replace("vn-crane-vb1", "vn-crane-vb9")}\n`,
      '.csv: order O1, column from: found "vn-crane-vb9", expected a crane of site bac-luan-ii',
    ],
  ];
  test.each(cases)("%s", (_name, text, message) => {
    const file = scenarioOf(text);
    expect(() => loadScenario(file)).toThrow(message);
  });
  test("a station to pass that the site has not on that side", () => {
    const csv = `orders${++written}.csv`;
    const order = good.replace("vn-crane-vb1", "vn-crane-1").replace("cn-crane-cb1", "cn-crane-1");
    writeFileSync(join(folder, csv), `${header}\n${order}\n`);
    const changes = { site: "loop.geojson", vehicles: [{ type: "igv", count: 1 }], passRules: [] };
    const file = put({ ...pilot(), ...changes, demand: { kind: "recorded", csv } });
    expect(() => loadScenario(file)).toThrow(
      ".csv: order O1, column via: found vn-gate, expected a station of that role on that side of site loop.",
    );
  });
  test("a file that is not there, and rules that only a mix can have", () => {
    const file = put({ ...pilot(), demand: { kind: "recorded", csv: "none.csv" }, passRules: [] });
    expect(() => loadScenario(file)).toThrow("none.csv: the file: found no such file, expected a readable file.");
    check(
      (content) => (content.demand = { kind: "recorded", csv: "none.csv" }),
      ": passRules[2]: found a rule with a fraction or goods, expected none with recorded orders",
    );
  });
});

test("service times of a scenario replace those of the site, a station's before its role's", () => {
  const constant = (valueS: number) => ({ kind: "constant" as const, valueS });
  const content = pilot();
  content.services = {
    positioning: constant(7),
    roles: { gate: constant(1) },
    stations: { "cn-gate-in-1": constant(2) },
  };
  const scenario = loadScenario(put(content));
  const service = (id: string) => scenario.site.stations.find((station) => station.id === id)!.service;
  expect(service("vn-gate-in-1")).toEqual(constant(1));
  expect(service("cn-gate-in-1")).toEqual(constant(2));
  expect(service("vn-scan-in-1")).toMatchObject({ kind: "normal", meanS: 24 });
  expect(service("vn-parking-1")).toBeNull();
  expect(scenario.positioning).toEqual(constant(7));
});

test("vehicles by name keep their bays, others get the free ones in turn", () => {
  const content = pilot();
  content.vehicles = [
    { type: "igv", count: 3 },
    { type: "igv-2030", list: [{ id: "V02", startBay: "cn-parking-1" }] },
  ];
  const scenario = loadScenario(put(content));
  expect(scenario.vehicles).toEqual([
    { id: "V02", type: "igv-2030", startBay: "cn-parking-1" },
    { id: "V01", type: "igv", startBay: "vn-parking-1" },
    { id: "V03", type: "igv", startBay: "vn-parking-2" },
    { id: "V04", type: "igv", startBay: "cn-parking-2" },
  ]);
  expect(scenario.vehicleTypes.map((type) => type.type)).toEqual(["igv", "igv-2030"]);
});

describe("the scenarios that come with the project", () => {
  test.each(scenarioIds())("%s loads and has its file's name", (id) => {
    expect(loadScenario(id).id).toBe(id);
  });
  test("pilot-2026 releases 165 + 135 containers with the highest hour from 15 to 16 h", () => {
    const { demand, vehicles, durationS } = loadScenario("pilot-2026");
    if (demand.kind !== "profile") throw new Error("no profile");
    expect(demand.directions.map(({ direction, ordersPerDay }) => [direction, ordersPerDay])).toEqual([
      ["cn-to-vn", 165],
      ["vn-to-cn", 135],
    ]);
    expect(demand.hourlyWeights.indexOf(Math.max(...demand.hourlyWeights))).toBe(15);
    expect(demand.hourlyWeights.indexOf(Math.min(...demand.hourlyWeights))).toBe(3);
    // 4.17 +- 1.85 % in the middle of those hours.
    expect(Math.max(...demand.hourlyWeights)).toBeCloseTo(6.02, 2);
    expect(Math.min(...demand.hourlyWeights)).toBeCloseTo(2.32, 2);
    expect(vehicles).toHaveLength(5);
    expect(durationS).toBe(86_400);
  });
  test("85 % of the containers to China are disinfected, 30 % scanned", () => {
    const { demand, passRules } = loadScenario("pilot-2026");
    if (demand.kind !== "profile") throw new Error("no profile");
    const mix = demand.directions.find(({ direction }) => direction === "vn-to-cn")!.mix;
    const rule = passRules.find(({ role, direction }) => role === "disinfection" && direction === "vn-to-cn")!;
    const total = mix.reduce((sum, item) => sum + item.share, 0);
    const chosen = mix.filter(({ goods }) => rule.goods!.includes(goods)).reduce((sum, item) => sum + item.share, 0);
    expect(chosen / total).toBeCloseTo(0.85, 12);
    expect(passRules.filter(({ role }) => role === "scanner").map(({ fraction }) => fraction)).toEqual([0.3, 0.3]);
  });
  test.each(["pilot-2026-saturated", "contraflow"])("%s splits 55 : 45", (id) => {
    const { demand } = loadScenario(id);
    if (demand.kind !== "saturated") throw new Error("not saturated");
    expect(demand.directions.map(({ direction, share }) => [direction, share])).toEqual([
      ["cn-to-vn", 55],
      ["vn-to-cn", 45],
    ]);
  });
});
