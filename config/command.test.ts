import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { register } from "./command.ts";
import { FileError } from "./file-error.ts";
import { loadScenario } from "./load-scenario.ts";
import { byId, loopContent, remove } from "./loop-site.fixture.ts";
import { newScenario, newSite } from "./templates.ts";

const folder = mkdtempSync(join(tmpdir(), "kalong-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

let out = "";
let err = "";
beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command line; the exit code that it asked for. */
async function kalong(...args: string[]): Promise<number> {
  const program = new Command("kalong").exitOverride();
  register(program);
  await program.parseAsync(["node", "kalong", ...args]);
  return Number(process.exitCode ?? 0);
}

test("new site passes its own check, new scenario loads on it", async () => {
  const [file] = newSite("my-yard", folder);
  expect(file).toBe(join(folder, "my-yard", "site.geojson"));
  expect(await kalong("site", "check", file!, "--fleet", "4")).toBe(0);
  expect(out).toContain("4 parking, 1 charger, 2 crane");
  expect(out).toContain("W1 to W5      hold");

  const [scenario] = newScenario("my-day", "my-yard/site.geojson", folder);
  const loaded = loadScenario(scenario!);
  expect(loaded.site.id).toBe("my-yard");
  expect(loaded.vehicles.map(({ startBay }) => startBay)).toEqual(["vn-parking-1", "cn-parking-1"]);
  expect(loaded.passRules).toEqual([]);
  const [other] = newScenario("my-gates", "bac-luan-ii", folder);
  expect(loadScenario(other!).passRules.map(({ direction, role, side }) => `${direction} ${role} ${side}`)).toEqual([
    "vn-to-cn gate vn",
    "vn-to-cn gate cn",
    "cn-to-vn gate cn",
    "cn-to-vn gate vn",
  ]);
  // The schema that an editor looks for is where the file says.
  const schema = (JSON.parse(readFileSync(file!, "utf8")) as { $schema: string }).$schema;
  expect(existsSync(join(folder, "my-yard", schema))).toBe(true);

  expect(() => newSite("my-yard", folder)).toThrow("found a file that is there already, expected a new name.");
  expect(() => newScenario("my-day", "bac-luan-ii", folder)).toThrow("found a file that is there already");
  expect(() => newSite("../up", folder)).toThrow(
    "../up: the file: found a name that is no id, expected small letters, digits and hyphens",
  );
  expect(() => newScenario("x", "nowhere", folder)).toThrow("found no built-in site of this id");
  expect(existsSync(join(folder, "x.json"))).toBe(false);
  // A file stands where a folder would have to be made.
  expect(() => newSite("other-yard", file!)).toThrow(
    "found a file that cannot be written (ENOTDIR), expected a folder",
  );
});

test("site check --json prints one document and exits 1 on a breach", async () => {
  const content = loopContent();
  remove(content, "vn-charger-1");
  const file = join(folder, "broken.geojson");
  writeFileSync(file, JSON.stringify(content));
  expect(await kalong("site", "check", file, "--json")).toBe(1);
  const report = JSON.parse(out);
  expect(report).toMatchObject({ site: "loop", ok: false, reports: [{ vehicleType: "igv", ok: false }] });
  expect(report.reports[0].problems[0]).toMatchObject({ rule: "W5", subject: "vn-parking-1" });
  out = "";
  expect(await kalong("site", "check", file)).toBe(1);
  expect(out).toContain("4 problems:\n  - W5: no charger can be reached from the haven vn-parking-1.");
});

test("site check for several vehicle types; a breach of one is a breach", async () => {
  const content = loopContent();
  const wide = {
    ...JSON.parse(readFileSync(new URL("./vehicles/igv.json", import.meta.url), "utf8")),
    type: "wide",
    widthM: 5.6,
  };
  writeFileSync(join(folder, "wide.json"), JSON.stringify(wide));
  const file = join(folder, "loop.geojson");
  writeFileSync(file, JSON.stringify(content));
  expect(await kalong("site", "check", file, "--type", "igv", join(folder, "wide.json"), "--json")).toBe(1);
  const { reports } = JSON.parse(out);
  expect(reports.map(({ vehicleType, ok }: { vehicleType: string; ok: boolean }) => [vehicleType, ok])).toEqual([
    ["igv", true],
    ["wide", false],
  ]);
  expect(reports[1].problems[0].rule).toBe("W1");
});

test("bad input is a FileError with exit code 2; a fleet that is no number is bad usage", async () => {
  const file = join(folder, "limit.geojson");
  const content = loopContent();
  byId(content, "east.1").properties.speedLimit = "fast";
  writeFileSync(file, JSON.stringify(content));
  const error = await kalong("site", "check", file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FileError);
  expect((error as FileError).exitCode).toBe(2);
  expect((error as FileError).message).toBe(
    `${file}: features[1] (lane east.1) properties.speedLimit: found "fast", expected a number.`,
  );
  await expect(kalong("site", "check", "bac-luan-ii", "--fleet", "many")).rejects.toThrow(
    "expected a whole number of at least 1.",
  );
  expect(err).toContain("expected a whole number of at least 1.");
});

test("site route, by time or length, between stations or bays", async () => {
  expect(await kalong("site", "route", "vn-crane-vb1", "vn-gate-out-1")).toBe(0);
  // Of the block's three bays the one next to the gate.
  expect(out).toMatch(/^vn-crane-vb1\/1 to vn-gate-out-1: 4\d\d\.\d m, \d+\.\d s at the limits\n {2}vn-bay-vb1-1\.3\n/);
  out = "";
  expect(await kalong("site", "route", "vn-crane-vb1/3", "vn-gate-out-1", "--shortest", "--json")).toBe(0);
  const route = JSON.parse(out);
  expect(route).toMatchObject({ from: "vn-crane-vb1/3", to: "vn-gate-out-1" });
  expect(route.lengthM).toBeCloseTo(
    815 - 300 + (2 * 24 * Math.acos(1 - 5.875 / 24)) / 2 - 24 * Math.sin(Math.acos(1 - 5.875 / 24)),
    0,
  );
  await expect(kalong("site", "route", "vn-crane-vb1", "moon")).rejects.toThrow(
    'found no station or bay "moon", expected the id of a station or bay of the site.',
  );
  const content = loopContent();
  remove(content, "turn-north");
  const file = join(folder, "open.geojson");
  writeFileSync(file, JSON.stringify(content));
  out = "";
  expect(await kalong("site", "route", "vn-parking-1", "cn-parking-1", "--site", file)).toBe(1);
  expect(out).toBe("No way leads from vn-parking-1 to cn-parking-1.\n");
});

test("site draw writes an SVG, or says why not", async () => {
  const file = join(folder, "loop2.geojson");
  writeFileSync(file, JSON.stringify(loopContent()));
  const svg = join(folder, "plan.svg");
  expect(await kalong("site", "draw", file, "--out", svg)).toBe(0);
  expect(readFileSync(svg, "utf8")).toContain("vn-crane-1</text>");
  await expect(kalong("site", "draw", file, "--out", join(folder, "no", "plan.svg"))).rejects.toThrow(
    "found a file that cannot be written (ENOENT), expected a path in a folder that exists.",
  );
});
