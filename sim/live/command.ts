/** `kalong live [scenario]` and `kalong vehicles`. */
import type { Command } from "commander";
import { loadScenario, loadSite, loadVehicleType, startBays } from "../../config/index.ts";
import {
  addRos2Options,
  asInputError,
  failHard,
  InputError,
  ownVersion,
  parsePort,
  parseRos2,
  type Ros2Flags,
  untilStopped,
  viewerBundle,
} from "../../fleet-gateway/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { startLive } from "./start-live.ts";
import { startLiveVehicles } from "./start-vehicles.ts";

/** Work is always waiting in it, so that there is something to see from the first minute. */
const DEFAULT_SCENARIO = "pilot-2026-saturated";
/** Time that a vehicle takes to get into position at a crane, where no scenario says. */
const POSITIONING = { kind: "constant", valueS: 20 } as const;

const log = (line: string): void => void process.stderr.write(`${line}\n`);

export function registerLive(program: Command): void {
  const command = program
    .command("live [scenario]")
    .alias("start")
    .summary("a scenario in real time with its own broker and vehicles, in the browser")
    .description(
      `Starts an MQTT broker, the scenario's simulated VDA 5050 vehicles and the control system, and prints the viewer's address. Without a name: ${DEFAULT_SCENARIO}.`,
    )
    .option("--broker <URL>", "use this MQTT broker; without it an embedded one is started")
    .option("--port <N>", "port of API and viewer; without it the next free one from 4700")
    .option("--data <dir>", "folder for the recording")
    .option("--trace", "VDA 5050 messages go into the recording too")
    .option("--seed <N>", "seed of orders and service times; without it the scenario's")
    .action(live);
  addRos2Options(command);
  program
    .command("vehicles")
    .summary("simulated VDA 5050 vehicles")
    .description(
      "Simulated vehicles, each an MQTT client of its own. They stand in the site's havens and obey whoever sends orders.",
    )
    .requiredOption("--count <N>", "how many")
    .requiredOption("--broker <URL>", "MQTT broker, for example mqtt://127.0.0.1:1883")
    .option("--site <site>", "built-in id or path", "bac-luan-ii")
    .option("--type <type>", "vehicle type: built-in id or path", "igv")
    .option("--seed <N>", "seed of service times", "1")
    .action(vehicles);
}

interface LiveFlags extends Ros2Flags {
  readonly broker?: string;
  readonly port?: string;
  readonly data?: string;
  readonly trace?: boolean;
  readonly seed?: string;
}

async function live(name: string | undefined, flags: LiveFlags): Promise<void> {
  const port = parsePort(flags.port);
  const ros2 = parseRos2(flags);
  if (flags.trace === true && flags.data === undefined)
    throw new InputError("--trace writes into the recording: give --data too.");
  const scenario = loadScenario(name ?? DEFAULT_SCENARIO);
  const running = await startLive({
    scenario,
    seed: flags.seed === undefined ? scenario.seed : wholeNumber("--seed", flags.seed, 0),
    brokerUrl: flags.broker ?? null,
    port,
    dataDir: flags.data ?? null,
    trace: flags.trace === true,
    viewer: await viewerBundle(log),
    version: ownVersion(),
    log,
    onFailure: failHard,
    ...(ros2 === null ? {} : { ros2 }),
  }).catch(asInputError);
  log(
    `MQTT broker: ${running.brokerUrl}; ${running.vehicles.vehicles.length} vehicles; API: ${running.serve.address}/docs`,
  );
  process.stdout.write(`Kalong runs ${scenario.id}: ${running.serve.address} (Ctrl-C stops it)\n`);
  await untilStopped(() => running.stop(), log);
}

interface VehiclesFlags {
  readonly count: string;
  readonly broker: string;
  readonly site: string;
  readonly type: string;
  readonly seed: string;
}

async function vehicles(flags: VehiclesFlags): Promise<void> {
  const count = wholeNumber("--count", flags.count, 1);
  const site = loadSite(flags.site);
  const type = loadVehicleType(flags.type);
  const bays = startBays(site, type);
  if (count > bays.length - 1) {
    throw new InputError(
      `--count ${count}: site ${site.id} has ${bays.length} havens, which is room for ${bays.length - 1} vehicles.`,
    );
  }
  const width = Math.max(2, String(count).length);
  const running = await startLiveVehicles({
    site,
    type,
    graph: compileLegs(site, type),
    vehicles: bays.slice(0, count).map((startBay, i) => ({ id: `V${String(i + 1).padStart(width, "0")}`, startBay })),
    positioning: POSITIONING,
    brokerUrl: flags.broker,
    seed: wholeNumber("--seed", flags.seed, 0),
    onReport: (vehicle, code, reason) => log(`${vehicle}: ${code}: ${reason}`),
    onFailure: failHard,
  });
  process.stdout.write(`${count} vehicles of ${site.id} are online at ${flags.broker} (Ctrl-C stops them)\n`);
  await untilStopped(() => running.stop(), log);
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new InputError(`${option} is ${text}, expected a whole number of at least ${least}.`);
}
