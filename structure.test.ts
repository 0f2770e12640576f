import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT_FOLDER, parseSource, projectFiles, projectSources } from "./tools/source-files.ts";
import { importComplaints, packageComplaints, purityComplaints, textComplaints } from "./tools/structure-rules.ts";

/** The packages that the customer named, each with the production file that brings it in; null: not yet in use. */
const NAMED_PACKAGES: Readonly<Record<string, string | null>> = {
  rclnodejs: "fleet-gateway/ros2/rcl-child.ts",
  mqtt: "fleet-gateway/mqtt/link.ts",
  three: "viz/app/scene/three.ts",
  "@turf/turf": "config/surface-checks.ts",
  "ngraph.path": "config/static-routes.ts",
  bullmq: null,
  ioredis: null,
  fastify: "fleet-gateway/api/build-api.ts",
  vitest: "vitest.config.ts",
  benchmark: "bench/micro/run-benchmark-files.ts",
};

const TEXT_FILE = /\.(ts|mjs|js|json|md|html|css|yml|yaml|conf|geojson|npmrc|gitignore)$|^LICENSE$|^\.ci\//;
const BIG_DATA_BYTES = 20_000_000;

const sources = projectSources();

describe("the project", () => {
  test("imports run one way, through index.ts", () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(importComplaints)).toEqual([]);
  });

  test("planner and engine are pure", () => {
    expect(sources.flatMap(purityComplaints)).toEqual([]);
  });

  test("each named package is imported by the file that the table names", () => {
    expect(packageComplaints(NAMED_PACKAGES, sources)).toEqual([]);
  });

  test("no machine paths, registry hosts, unfinished marks, switched-off tests, outside folders, overlong files", () => {
    const files = projectFiles().filter((path) => TEXT_FILE.test(path));
    const small = files.filter((path) => statSync(join(PROJECT_FOLDER, path)).size < BIG_DATA_BYTES);
    expect(small.length).toBe(files.length);
    expect(files.flatMap((path) => textComplaints(path, readFileSync(join(PROJECT_FOLDER, path), "utf8")))).toEqual([]);
  });
});

describe("every rule can fail", () => {
  const wrongImports: readonly (readonly [string, string, string])[] = [
    ["planner/a.ts", 'import type { B } from "../engine/index.ts";', "planner may not import engine"],
    ["engine/a.ts", 'import { b } from "../config/index.ts";', "engine may not import config"],
    ["config/a.ts", 'import { b } from "../engine/index.ts";', "only types of engine"],
    ["config/a.ts", 'export { b } from "../engine/index.ts";', "only types of engine"],
    ["fleet-gateway/a.ts", 'import { b } from "../sim/index.ts";', "fleet-gateway may not import sim"],
    ["sim/run/a.ts", 'import { b } from "../../engine/step.ts";', "through its index.ts"],
    ["sim/a.ts", 'const b = await import("../viz/index.ts");', "sim may not import viz"],
    ["viz/app/a.ts", 'import { b } from "../../engine/index.ts";', "only types of engine"],
    ["viz/a.ts", 'import { type A, b } from "../config/index.ts";', "only types of config"],
    ["sim/a.ts", 'import { b } from "../bench/index.ts";', "nothing imports bench"],
    ["sim/a.ts", 'import { b } from "../tools/servers.ts";', "does not import tools"],
    ["sim/verify/a.ts", 'import { b } from "../../planner/index.ts";', "judges without shared code"],
    ["planner/validate-plan.ts", 'import { b } from "./speed-profile.ts";', "judges without shared code"],
  ];
  test.each(wrongImports)("%s with %s", (path, text, complaint) => {
    expect(importComplaints(parseSource(path, text)).join()).toContain(complaint);
  });

  const rightImports: readonly (readonly [string, string])[] = [
    ["engine/a.ts", 'import { b } from "../planner/index.ts"; import { c } from "./c.ts";'],
    ["viz/a.ts", 'import type { A } from "../engine/index.ts"; type B = import("../config/index.ts").B;'],
    ["sim/verify/a.ts", 'import type { A } from "../../planner/index.ts"; import { b } from "./b.ts";'],
    ["planner/validate-plan.ts", 'import type { A } from "./leg-graph.ts";'],
    ["kalong.ts", 'import { register } from "./bench/command.ts";'],
    ["viz/recorded.fixture.ts", 'import { b } from "../fleet-gateway/index.ts";'],
  ];
  test.each(rightImports)("but not %s with %s", (path, text) => {
    expect(importComplaints(parseSource(path, text))).toEqual([]);
  });

  const impure: readonly (readonly [string, string, string])[] = [
    ["planner/a.ts", 'import { readFileSync } from "node:fs";', "node:fs"],
    ["planner/a.ts", "export const a = Date.now();", "Date"],
    ["engine/a.ts", "export const a = performance.now();", "performance"],
    ["engine/a.ts", "export const a = Math.random();", "Math.random"],
    ["engine/a.ts", "setTimeout(() => {}, 1);", "setTimeout"],
    ["engine/a.ts", "setInterval(() => {}, 1);", "setInterval"],
    ["planner/a.ts", "export const a = (): Promise<void> => b;", "Promise"],
    ["planner/a.ts", "export async function a() {}", "async or await"],
    ["planner/a.ts", "const a = async () => 1;", "async or await"],
    ["engine/a.ts", "await a;", "async or await"],
    ["engine/a.ts", 'new Worker("./b.ts");', "Worker"],
    ["engine/a.ts", 'const a = import("./b.ts");', "a dynamic import"],
    ["engine/a.ts", "export const a = Math.sin(1);", "Math.sin"],
  ];
  test.each(impure)("%s with %s", (path, text, what) => {
    expect(purityComplaints(parseSource(path, text)).join()).toContain(`it uses ${what}`);
  });

  test("but members, keys, tests and other folders may use such names", () => {
    const text = "export const a = { Date: 1, process: b.performance }; // Date, await";
    expect(purityComplaints(parseSource("engine/a.ts", text))).toEqual([]);
    for (const path of ["engine/a.test.ts", "engine/a.fixture.ts", "engine/a/fixtures.ts"]) {
      expect(purityComplaints(parseSource(path, "Date.now();"))).toEqual([]);
    }
    expect(purityComplaints(parseSource("sim/a.ts", "Date.now();"))).toEqual([]);
    expect(purityComplaints(parseSource("planner/a.ts", "export const a = Math.sin(1);"))).toEqual([]);
  });

  test("a package in use that nobody imports, and one not yet in use that somebody does", () => {
    const importer = parseSource("config/a.ts", 'import { buffer } from "@turf/turf";');
    const typesOnly = parseSource("viz/a.ts", 'import type { Mesh } from "three";');
    const inTest = parseSource("sim/a.test.ts", 'import mqtt from "mqtt";');
    expect(packageComplaints({ "@turf/turf": "config/a.ts" }, [importer])).toEqual([]);
    expect(packageComplaints({ "@turf/turf": "config/b.ts" }, [importer])).toHaveLength(1);
    expect(packageComplaints({ "@turf/turf": "config/surface-checks.ts" }, [importer])).toHaveLength(1);
    expect(packageComplaints({ three: "viz/a.ts" }, [typesOnly])).toHaveLength(1);
    expect(packageComplaints({ mqtt: "sim/a.test.ts" }, [inTest])).toHaveLength(1);
  });

  const slash = "/";
  const wrongTexts: readonly (readonly [string, string, string])[] = [
    ["docs/a.md", `see ${slash}home/someone/a`, "path of one machine"],
    ["sim/a.ts", `open("${slash}tmp/a")`, "path of one machine"],
    ["package-lock.json", `"${"resolved"}": "https://host/a.tgz"`, "package registry"],
    ["README.md", ["registry", "npmjs", "org"].join("."), "package registry"],
    ["sim/a.ts", `// ${"TO"}${"DO"}: later`, "unfinished"],
    ["sim/a.test.ts", `test${"."}only("x", () => {});`, "switches a test off"],
    ["sim/a.ts", `readFileSync("${".."}/shared/x")`, "outside the project"],
    ["sim/a.ts", "\n".repeat(601), "601 lines"],
  ];
  test.each(wrongTexts)("$0: $2", (path, text, complaint) => {
    expect(textComplaints(path, text).join()).toContain(complaint);
  });
});
