/** `kalong doctor`: what this machine has and lacks for running Kalong, one line each, with the fix in one line. */
import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, freemem, totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { findProgram } from "./find-program.ts";

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Nothing stops without it; only the named feature is missing. */
  readonly optional: boolean;
  readonly found: string;
  /** What to do, one line; "" where all is well. */
  readonly fix: string;
}

const NODE_MAJOR_MIN = 24;
const MEMORY_MIN_GB = 2;
const DISK_MIN_GB = 2;
const MQTT_PORT = 1883;
const VIEWER_PORT = 4700;

interface Program {
  readonly name: string;
  readonly binaries: readonly string[];
  readonly use: string;
  readonly debianPackage: string;
}

const PROGRAMS: readonly Program[] = [
  {
    name: "mosquitto",
    binaries: ["mosquitto"],
    use: "a broker of its own; without it Kalong's embedded one serves MQTT 3.1.1",
    debianPackage: "mosquitto",
  },
  {
    name: "redis",
    binaries: ["redis-server"],
    use: "queues over several machines; without it state is kept in the project's own journal",
    debianPackage: "redis-server",
  },
  {
    name: "browser",
    binaries: ["chromium", "chromium-browser", "google-chrome", "firefox"],
    use: "the viewer on this machine, and its tests",
    debianPackage: "chromium",
  },
];

async function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

function nodeFinding(version: string): Finding {
  const ok = Number.parseInt(version, 10) >= NODE_MAJOR_MIN;
  const fix = ok ? "" : `run 'npm ci' and start Kalong with 'npx kalong': it uses the Node ${NODE_MAJOR_MIN} from npm`;
  return { name: "node", ok, optional: false, found: version, fix };
}

/** Memory that may be used: of the machine, or of the container where a limit is set. */
function memoryFinding(): Finding {
  const limited = process.constrainedMemory();
  const totalGb = (limited > 0 && limited < totalmem() ? limited : totalmem()) / 1e9;
  const ok = totalGb >= MEMORY_MIN_GB;
  return {
    name: "memory",
    ok,
    optional: false,
    found: `${totalGb.toFixed(1)} GB, ${(freemem() / 1e9).toFixed(1)} GB free, ${availableParallelism()} cores`,
    fix: ok ? "" : `give the machine or container at least ${MEMORY_MIN_GB} GB`,
  };
}

function diskFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const freeGb = (bavail * bsize) / 1e9;
  const ok = freeGb >= DISK_MIN_GB;
  const fix = ok ? "" : `free ${DISK_MIN_GB} GB on the disk of ${folder}, or give another one with --data`;
  return { name: "disk", ok, optional: false, found: `${freeGb.toFixed(1)} GB free in ${folder}`, fix };
}

function writeFinding(folder: string): Finding {
  let ok = true;
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    ok = false;
  }
  const fix = ok ? "" : "start Kalong in a folder that you may write to, or give one with --out and --data";
  return { name: "write access", ok, optional: false, found: folder, fix };
}

async function portFinding(name: string, port: number, option: string): Promise<Finding> {
  const ok = await portIsFree(port);
  const fix = ok
    ? ""
    : `stop the program that listens on port ${port} (ss -ltnp), or choose another port with ${option}`;
  return { name, ok, optional: true, found: `port ${port} ${ok ? "is free" : "is in use"}`, fix };
}

function programFinding(program: Program, path: string): Finding {
  const file = findProgram(program.binaries, path);
  return {
    name: program.name,
    ok: file !== null,
    optional: true,
    found: file ?? "not found",
    fix: file === null ? `apt-get install ${program.debianPackage} (${program.use})` : "",
  };
}

function rosFinding(env: Readonly<Record<string, string | undefined>>): Finding {
  const distro = env.ROS_DISTRO;
  const sourced = distro !== undefined && env.AMENT_PREFIX_PATH !== undefined;
  return {
    name: "ros 2",
    ok: sourced,
    optional: true,
    found: sourced ? distro : "no ROS 2 environment",
    fix: sourced
      ? ""
      : "install ROS 2 and run 'source /opt/ros/<distro>/setup.bash' first (only the ROS 2 link needs it)",
  };
}

/** npm leaves this file when an installation is complete. */
function packageFinding(): Finding {
  const file = new URL("../node_modules/.package-lock.json", import.meta.url);
  let ok = true;
  try {
    JSON.parse(readFileSync(file, "utf8"));
  } catch {
    ok = false;
  }
  return {
    name: "packages",
    ok,
    optional: false,
    found: ok ? "installed" : "incomplete",
    fix: ok ? "" : "run 'npm ci' in the project's folder",
  };
}

/** The folder itself or, where it is still to be made, the nearest one above that exists. */
function existingFolder(folder: string): string {
  let existing = resolve(folder);
  while (!existsSync(existing)) existing = dirname(existing);
  return existing;
}

/**
 * Looks at this machine. Changes nothing: a port is probed by opening and closing it.
 * @param folder where runs and data would be written
 */
export async function examine(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly Finding[]> {
  const path = env.PATH ?? "";
  const existing = existingFolder(folder);
  return [
    nodeFinding(process.versions.node),
    packageFinding(),
    memoryFinding(),
    diskFinding(existing),
    writeFinding(existing),
    await portFinding("mqtt port", MQTT_PORT, "--broker"),
    await portFinding("viewer port", VIEWER_PORT, "--port"),
    ...PROGRAMS.map((program) => programFinding(program, path)),
    rosFinding(env),
  ];
}

/** One line a finding: state, name, what was found, and the fix where something is missing. */
export function findingLine(finding: Finding): string {
  const state = finding.ok ? "ok     " : "missing";
  const fix = finding.ok ? "" : `  ->  ${finding.fix}`;
  return `${state}  ${finding.name.padEnd(12)}  ${finding.found}${fix}`;
}

/** Adds `kalong doctor`. Exit code 1 when something is missing that Kalong cannot run without. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .summary("tell what is missing on this machine, and the fix")
    .description(
      "Looks at runtime, packages, memory, disk, ports, servers, browser and ROS 2, and says what is missing and how to get it. Exit code 1 when something is missing that no command can do without; optional things only limit single features.",
    )
    .option("--data <dir>", "folder in which runs would be written", process.cwd())
    .option("--json", "print one JSON document")
    .action(async (options: { data: string; json?: boolean }) => {
      const findings = await examine(options.data);
      const ok = findings.every((finding) => finding.ok || finding.optional);
      if (options.json === true) process.stdout.write(`${JSON.stringify({ ok, findings }, null, 2)}\n`);
      else {
        for (const finding of findings) process.stdout.write(`${findingLine(finding)}\n`);
        const missing = findings.filter((finding) => !finding.ok);
        const optional = missing.filter((finding) => finding.optional).length;
        process.stdout.write(
          `${ok ? "Kalong can run here" : "Kalong cannot run here yet"}: ${missing.length - optional} needed and ${optional} optional missing.\n`,
        );
      }
      process.exitCode = ok ? 0 : 1;
    });
}
