import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examine, type Finding, findingLine } from "./doctor.ts";

const named = (findings: readonly Finding[], name: string): Finding => {
  const finding = findings.find((each) => each.name === name);
  if (finding === undefined) throw new Error(`no finding is named ${name}`);
  return finding;
};

test("doctor looks at everything once and gives a fix exactly where something is missing", async () => {
  const findings = await examine(join(tmpdir(), "kalong-not-there", "yet"), { PATH: "" });
  expect(new Set(findings.map((finding) => finding.name)).size).toBe(findings.length);
  for (const name of ["node", "memory", "disk", "write access", "mqtt port", "viewer port", "mosquitto", "redis"]) {
    named(findings, name);
  }
  for (const finding of findings) expect([finding.name, finding.fix === ""]).toEqual([finding.name, finding.ok]);
  expect(named(findings, "node").ok).toBe(true);
  expect(named(findings, "ros 2")).toMatchObject({ ok: false, optional: true });
  expect(findingLine(named(findings, "ros 2"))).toMatch(/^missing {2}ros 2 .* {2}-> {2}install ROS 2 /);
});

test("doctor believes in ROS 2 when its environment is sourced", async () => {
  const findings = await examine(tmpdir(), { PATH: "", ROS_DISTRO: "jazzy", AMENT_PREFIX_PATH: "/opt/ros/jazzy" });
  expect(named(findings, "ros 2")).toMatchObject({ ok: true, found: "jazzy", fix: "" });
});

test("doctor sees a port that is in use", async () => {
  const server = createServer();
  const taken = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(true));
    server.listen(1883, () => resolve(true));
  });
  expect(taken).toBe(true);
  const finding = named(await examine(tmpdir()), "mqtt port");
  server.close();
  expect(finding).toMatchObject({ ok: false, found: "port 1883 is in use" });
});
