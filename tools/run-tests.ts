/**
 * The test run: starts the real servers that are installed, runs every test against them, stops what it started, and
 * ends with the totals as one plain line. `--install` first installs what is missing (as root on Debian or Ubuntu).
 * Other arguments go to vitest. Exit code 0: all passed, 1: something failed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../config/find-program.ts";
import { installProblem, installPrograms } from "./install-programs.ts";
import { PROGRAMS } from "./requirements.ts";
import { type RunningServer, startServer } from "./servers.ts";
import { type Totals, totalsLine } from "./totals-reporter.ts";

const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function installMissing(): void {
  const missing = PROGRAMS.filter((program) => process.env[program.variable] === undefined).filter(
    (program) => findProgram(program.binaries) === null,
  );
  if (missing.length === 0) return;
  const names = missing.map((program) => program.name).join(", ");
  const problem = installProblem() ?? installPrograms(missing);
  if (problem !== null) say(`Not installed: ${names} (${problem}). The tests that need them are skipped.`);
}

/** Starts what can be started. @returns the environment variables that tell the tests where */
async function startAll(started: RunningServer[]): Promise<Record<string, string>> {
  const addresses: Record<string, string> = {};
  for (const program of PROGRAMS) {
    if (process.env[program.variable] !== undefined) continue;
    const binary = findProgram(program.binaries);
    if (binary === null) continue;
    if (program.name === "chromium") {
      addresses[program.variable] = binary;
      continue;
    }
    const server = await startServer(program, binary);
    started.push(server);
    addresses[program.variable] = server.address;
    // For tests that start, restart and stop one of their own.
    addresses[`${program.variable}_PROGRAM`] = binary;
    say(`${server.name} at ${server.address}`);
  }
  return addresses;
}

async function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", () => resolve(1));
  });
}

function readTotals(file: string): Totals | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Totals;
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes("--install")) installMissing();
  const started: RunningServer[] = [];
  const folder = mkdtempSync(join(tmpdir(), "kalong-totals-"));
  const totalsFile = join(folder, "totals.json");
  let child: ChildProcess | null = null;
  let interruptedBy: NodeJS.Signals | null = null;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interruptedBy = signal;
      child?.kill(signal === "SIGINT" ? "SIGTERM" : signal);
    });
  }
  try {
    const addresses = await startAll(started);
    const env = { ...process.env, ...addresses, KALONG_TEST_TOTALS: totalsFile };
    const vitestArgs = [VITEST, "run", ...args.filter((arg) => arg !== "--install")];
    let code = 1;
    if (interruptedBy === null) {
      child = spawn(process.execPath, vitestArgs, { env, stdio: ["ignore", "inherit", "inherit"] });
      code = await ended(child);
    }
    const totals = readTotals(totalsFile);
    if (interruptedBy !== null) say(`Stopped by ${interruptedBy}.`);
    else if (totals === null) say("Vitest ended without a result.");
    const final = totals ?? { passed: 0, failed: 1, skipped: 0 };
    await Promise.all(started.map((server) => server.stop()));
    process.stdout.write(`\n${totalsLine(final)}\n`);
    return code === 0 && final.failed === 0 && interruptedBy === null ? 0 : 1;
  } catch (error) {
    // A server that is there but does not start is a failure, not a reason to skip.
    say(error instanceof Error ? error.message : String(error));
    process.stdout.write(`\n${totalsLine({ passed: 0, failed: 1, skipped: 0 })}\n`);
    return 1;
  } finally {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
