import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkHost, parsePort } from "./command.ts";
import { loadFleet } from "./fleet-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kalong-fleet-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fleetOf(content: string) {
  const file = join(folder, "fleet.json");
  writeFileSync(file, content);
  return loadFleet(file);
}

test("a listed vehicle is itself on the wire unless the file says otherwise", () => {
  const vehicles = [
    { id: "V01", type: "igv" },
    { id: "V02", type: "igv", manufacturer: "acme", serialNumber: "77", version: "2.0.0" },
  ];
  expect(fleetOf(JSON.stringify({ vehicles }))).toEqual([
    {
      id: "V01",
      type: "igv",
      manufacturer: "kalong",
      serialNumber: "V01",
      version: "2.1.0",
      instantActionsKey: "actions",
    },
    {
      id: "V02",
      type: "igv",
      manufacturer: "acme",
      serialNumber: "77",
      version: "2.0.0",
      instantActionsKey: "actions",
    },
  ]);
});

test.each([
  ["no JSON", "{", /fleet\.json: .*JSON/],
  ["no vehicles", '{"vehicles": []}', /vehicles: /],
  ["an unknown key", '{"vehicles": [{"id": "V1", "type": "igv", "colour": "red"}]}', /vehicles\.0: .*colour/],
  ["an id that no topic can hold", '{"vehicles": [{"id": "V/1", "type": "igv"}]}', /vehicles\.0\.id: expected letters/],
  [
    "an id twice",
    '{"vehicles": [{"id": "V1", "type": "igv"}, {"id": "V1", "type": "igv", "serialNumber": "x"}]}',
    /V1 is listed twice/,
  ],
  [
    "a serial number twice",
    '{"vehicles": [{"id": "A", "type": "igv"}, {"id": "B", "type": "igv", "serialNumber": "A"}]}',
    /kalong\/A is listed twice/,
  ],
  [
    "a version that is not spoken",
    '{"vehicles": [{"id": "A", "type": "igv", "version": "1.1.0"}]}',
    /vehicles\.0\.version/,
  ],
])("refused with the place: %s", (_, content, message) => {
  expect(() => fleetOf(content)).toThrow(message);
});

test("a missing file is named with what it would hold", () => {
  expect(() => loadFleet(join(folder, "none.json"))).toThrow(/none\.json: there is no such file\. A fleet file lists/);
});

test("only this machine is served until access control exists; ports are numbers", () => {
  expect(() => checkHost("0.0.0.0")).toThrow(/only 127\.0\.0\.1 is possible/);
  expect(() => checkHost("192.168.1.4")).toThrow(/no access control/);
  expect(checkHost("localhost")).toBeUndefined();
  expect([parsePort(undefined), parsePort("0"), parsePort("4711")]).toEqual([null, 0, 4711]);
  for (const text of ["x", "-1", "70000", "1.5", ""]) {
    if (text !== "") expect(() => parsePort(text)).toThrow(/--port is/);
  }
});
