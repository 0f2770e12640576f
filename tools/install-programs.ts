/** Installs missing test programs with apt-get, where this process may: as root, on Debian or Ubuntu. */
import { spawnSync } from "node:child_process";
import { findProgram } from "../config/find-program.ts";
import type { ServerProgram } from "./requirements.ts";

/** @returns why nothing can be installed here, or null where it can */
export function installProblem(): string | null {
  if (process.platform !== "linux" || findProgram(["apt-get"]) === null) return "this is not Debian or Ubuntu";
  if (process.getuid?.() !== 0) return "this is not root";
  return null;
}

/**
 * Installs the packages of `programs`; apt-get's own words go to standard error.
 * @returns null, or what failed
 */
export function installPrograms(programs: readonly ServerProgram[]): string | null {
  const packages = programs.map((program) => program.debianPackage);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const steps = [
    ["update", "-q"],
    ["install", "-y", "-q", "--no-install-recommends", ...packages],
  ];
  for (const step of steps) {
    process.stderr.write(`apt-get ${step.join(" ")}\n`);
    const result = spawnSync("apt-get", step, { env, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
    if (result.status !== 0) return `apt-get ${step[0]} failed: ${(result.stderr ?? "").trim().split("\n").at(-1)}`;
  }
  return null;
}
