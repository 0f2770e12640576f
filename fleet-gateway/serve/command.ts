/** `kalong serve <site>`. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { loadSite, loadVehicleType } from "../../config/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { addRos2Options, parseRos2, type Ros2Flags } from "../ros2/command-options.ts";
import { PortTakenError } from "../viewer/listen.ts";
import { ViewerBuildError, viewerBundle } from "../viewer/viewer-bundle.ts";
import { loadFleet } from "./fleet-file.ts";
import { InputError } from "./input-error.ts";
import { startServe } from "./start-serve.ts";
import { untilStopped } from "./until-stopped.ts";

interface Flags extends Ros2Flags {
  readonly broker: string;
  readonly fleet?: string;
  readonly data?: string;
  readonly port?: string;
  readonly host: string;
  readonly trace?: boolean;
  readonly target?: string;
  readonly useSimTime?: boolean;
}

export function registerServe(program: Command): void {
  const command = program
    .command("serve <site>")
    .summary("the control system alone, for real vehicles or any simulator of them")
    .description(
      "Runs engine, VDA 5050 gateway, API and viewer in real time for the vehicles that the site's fleet file lists and that say ONLINE. No simulated vehicles.",
    )
    .requiredOption("--broker <URL>", "MQTT broker, for example mqtt://127.0.0.1:1883")
    .option("--fleet <file>", "fleet file; without it fleet.json beside the site's file")
    .option("--data <dir>", "folder for the recording")
    .option("--port <N>", "port of API and viewer; without it the next free one from 4700")
    .option("--host <H>", "address to listen at", "127.0.0.1")
    .option("--target <N>", "containers a day that the viewer sets the throughput against")
    .option("--trace", "VDA 5050 messages go into the recording too")
    .action(serve);
  addRos2Options(command).option("--use-sim-time", "stamps in ROS 2 follow /clock, which somebody else sends");
}

async function serve(siteName: string, flags: Flags): Promise<void> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  checkHost(flags.host);
  checkBroker(flags.broker);
  const ros2 = parseRos2(flags);
  if (ros2 === null && flags.useSimTime === true)
    throw new InputError("--use-sim-time needs --ros2 or --rosbridge too.");
  const port = parsePort(flags.port);
  const target = parseTarget(flags.target);
  if (flags.trace === true && flags.data === undefined)
    throw new InputError("--trace writes into the recording: give --data too.");
  const site = loadSite(siteName);
  const fleetFile = flags.fleet ?? join(dirname(site.file), "fleet.json");
  const fleet = loadFleet(fleetFile);
  const types = [...new Set(fleet.map(({ type }) => type))];
  if (types.length !== 1)
    throw new InputError(`${fleetFile}: lists the types ${types.join(", ")}; one type is supported.`);
  const type = loadVehicleType(types[0]!, dirname(fleetFile));

  const running = await startServe({
    site,
    type,
    graph: compileLegs(site, type),
    fleet: fleet.map((vehicle) => ({ ...vehicle, type: type.type })),
    brokerUrl: flags.broker,
    port,
    dataDir: flags.data ?? null,
    trace: flags.trace === true,
    viewer: await viewerBundle(log),
    facts: target === null ? {} : { targetPerDay: String(target) },
    version: ownVersion(),
    log,
    onFailure: failHard,
    ...(ros2 === null ? {} : { ros2: { ...ros2, time: flags.useSimTime === true ? "graph" : "calendar" } }),
  }).catch(asInputError);
  process.stdout.write(`Kalong controls ${site.id}: ${running.address} (Ctrl-C stops it)\n`);
  await untilStopped(() => running.stop(), log);
}

/** Until access control exists nothing but this machine may reach the API. @throws InputError */
export function checkHost(host: string): void {
  if (host === "127.0.0.1" || host === "localhost") return;
  throw new InputError(
    `--host ${host}: only 127.0.0.1 is possible, because the API has no access control yet. Use a tunnel (ssh -L) to reach it from another machine.`,
  );
}

function checkBroker(url: string): void {
  const protocols = ["mqtt:", "mqtts:", "ws:", "wss:"];
  if (!URL.canParse(url) || !protocols.includes(new URL(url).protocol)) {
    throw new InputError(`--broker ${url}: expected an address such as mqtt://127.0.0.1:1883.`);
  }
}

/** @throws InputError */
export function parsePort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InputError(`--port is ${text}, expected a whole number from 0 to 65535.`);
}

/** @throws InputError */
function parseTarget(text: string | undefined): number | null {
  if (text === undefined) return null;
  const target = Number(text);
  if (Number.isFinite(target) && target > 0) return target;
  throw new InputError(`--target is ${text}, expected a number of containers a day above 0.`);
}

/** What a person can put right, in the form that the command line tells with exit code 2. */
export function asInputError(error: unknown): never {
  if (error instanceof PortTakenError || error instanceof ViewerBuildError) throw new InputError(error.message);
  throw error;
}

/** A broken invariant: the vehicles come to a stand inside what they were granted. */
export function failHard(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`kalong: the control system stopped: ${text}\n`);
  process.exit(3);
}

export function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
