/** Runs one suite and makes its document: rows, checksum, CPU time, the fixed kernel beside it, and where it ran. */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { threadCpuMs, timeKernel } from "./kernel.ts";
import type { Row, Size, Suite, SuiteContext } from "./suite.ts";

export interface BenchDocument {
  readonly suite: string;
  readonly size: Size;
  readonly command: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGb: number };
  readonly node: string;
  /** Full hash, with "-dirty" behind it where files differ from it; "unknown" outside git. */
  readonly commit: string;
  /** CPU time of the main thread, and time on the clock. */
  readonly cpuS: number;
  readonly wallS: number;
  /** The fixed kernel in the same process; `ratio` is the suite's CPU time in kernels. */
  readonly kernel: { readonly cpuMs: number; readonly expansions: number; readonly ratio: number };
  readonly rows: readonly Row[];
  readonly checksum: string;
  readonly digests?: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
}

/** Commit of the project's own files, whatever folder the command was started in. */
function commitOf(folder: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "-dirty");
  } catch {
    return "unknown";
  }
}

/**
 * Runs `suite` at `size`. CPU time is the main thread's: a suite that uses workers says their time in its rows.
 * @param command the command line, as a person would type it again
 */
export async function runSuite(
  suite: Suite,
  size: Size,
  command: string,
  context: SuiteContext,
): Promise<BenchDocument> {
  const kernel = timeKernel();
  const cpuStartMs = threadCpuMs();
  const wallStartMs = performance.now();
  const result = await suite.run(size, context);
  const cpuS = (threadCpuMs() - cpuStartMs) / 1000;
  const wallS = (performance.now() - wallStartMs) / 1000;
  const processors = cpus();
  return {
    suite: suite.name,
    size,
    command,
    machine: {
      cpu: processors[0]?.model ?? "unknown",
      cores: processors.length,
      memoryGb: Math.round(totalmem() / 1e9),
    },
    node: process.versions.node,
    commit: commitOf(fileURLToPath(new URL("..", import.meta.url))),
    cpuS,
    wallS,
    kernel: { cpuMs: kernel.cpuMs, expansions: kernel.expansions, ratio: (cpuS * 1000) / kernel.cpuMs },
    rows: result.rows,
    checksum: result.checksum,
    ...(result.digests === undefined ? {} : { digests: result.digests }),
    failures: result.failures,
  };
}

/** Four digits of what matters, thousands apart: 12,345; 3.142; 0.001234. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) {
    return Math.round(value).toLocaleString("en-US");
  }
  return value.toPrecision(4);
}

/** The table for the screen. */
export function documentTable(document: BenchDocument): string {
  const rows = document.rows.map(
    (row) =>
      [
        row.name,
        numberText(row.value),
        row.unit,
        [row.target, row.note].filter((text) => text !== undefined).join("; "),
      ] as const,
  );
  const width = (column: 0 | 1 | 2): number => Math.max(0, ...rows.map((row) => row[column].length));
  const [nameWidth, valueWidth, unitWidth] = [width(0), width(1), width(2)];
  const lines = rows.map(([name, value, unit, note]) =>
    `${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)} ${unit.padEnd(unitWidth)}  ${note}`.trimEnd(),
  );
  const { machine, kernel } = document;
  return [
    ...lines,
    "",
    `${document.command}`,
    `checksum ${document.checksum}   CPU ${document.cpuS.toFixed(2)} s, clock ${document.wallS.toFixed(2)} s`,
    `kernel: ${kernel.expansions.toLocaleString("en-US")} grid expansions in ${kernel.cpuMs.toFixed(0)} ms; the suite took ${kernel.ratio.toFixed(2)} kernels`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; Node ${document.node}; commit ${document.commit}`,
    ...Object.entries(document.digests ?? {}).map(([run, digest]) => `digest of ${run}: ${digest}`),
    ...document.failures.map((failure) => `FAILED: ${failure}`),
    "",
  ].join("\n");
}
