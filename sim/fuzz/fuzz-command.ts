/** `kalong fuzz`: random worlds in which things go wrong, each judged tick by tick. */
import { type Command, InvalidArgumentError } from "commander";
import { type Cut, drawCase, NOTHING_CUT } from "./draw-case.ts";
import { type CaseOutcome, rerunLine, runCase, shrink } from "./run-fuzz.ts";

interface FuzzArguments {
  readonly seed: number;
  readonly count: number;
  readonly hours?: number;
  readonly withoutFaults?: ReadonlySet<number>;
  readonly withoutOrders?: ReadonlySet<number>;
  readonly idealNetwork?: boolean;
  readonly shrink: boolean;
  readonly json?: boolean;
}

/** Failing cases that are told, and made small, in one run of the command. */
const TOLD_MAX = 5;
const PROGRESS_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;

export function registerFuzz(program: Command): void {
  program
    .command("fuzz")
    .description("draw sites, fleets, orders, network troubles and faults from seeds; judge each run tick by tick")
    .option("--seed <n>", "first seed", wholeNumber, 1)
    .option("--count <n>", "number of seeds, one after the other", wholeNumber, 50)
    .option("--hours <h>", "go on until so many hours are simulated, whatever --count says", positive)
    .option("--without-faults <list>", "leave these faults of the case out (places in its list)", places)
    .option("--without-orders <list>", "leave these orders out", places)
    .option("--ideal-network", "nothing happens to messages")
    .option("--no-shrink", "do not make failing cases small")
    .option("--json", "print one JSON document")
    .action((options: FuzzArguments) => fuzz(options));
}

function fuzz(options: FuzzArguments): void {
  const cut: Cut = {
    faults: options.withoutFaults ?? NOTHING_CUT.faults,
    orders: options.withoutOrders ?? NOTHING_CUT.orders,
    idealNetwork: options.idealNetwork === true,
  };
  const failed: CaseOutcome[] = [];
  let cases = 0;
  let simulatedMs = 0;
  let shownMs = performance.now();
  const cpu = process.threadCpuUsage();
  const goOn = (): boolean =>
    options.hours === undefined ? cases < options.count : simulatedMs < options.hours * HOUR_MS;
  const digests: { readonly seed: number; readonly digest: string }[] = [];
  for (let seed = options.seed; goOn(); seed++) {
    const outcome = runCase(drawCase(seed), cut);
    cases++;
    simulatedMs += outcome.simulatedMs;
    digests.push({ seed, digest: outcome.digest });
    if (outcome.fault !== null) {
      failed.push(outcome);
      if (failed.length <= TOLD_MAX) tell(outcome, cut);
      if (failed.length <= TOLD_MAX && options.shrink && isWhole(cut)) tellSmall(outcome);
    }
    if (performance.now() - shownMs < PROGRESS_EVERY_MS) continue;
    shownMs = performance.now();
    process.stderr.write(`${cases} cases, ${(simulatedMs / HOUR_MS).toFixed(1)} h, ${failed.length} failed\n`);
  }
  const { user, system } = process.threadCpuUsage(cpu);
  const summary = {
    firstSeed: options.seed,
    cases,
    simulatedHours: simulatedMs / HOUR_MS,
    simulatedPerCpu: simulatedMs / 1000 / ((user + system) / 1e6),
    failed: failed.map(({ seed, tick, fault }) => ({ seed, tick, rule: fault!.rule, text: fault!.text })),
  };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ ...summary, digests }, null, 2)}\n`
      : `${cases} cases from seed ${options.seed}, ${summary.simulatedHours.toFixed(1)} simulated h, ${summary.simulatedPerCpu.toFixed(0)} simulated s a CPU s, ${failed.length} failed\n`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

const isWhole = (cut: Cut): boolean => cut.faults.size === 0 && cut.orders.size === 0 && !cut.idealNetwork;

function tell({ seed, tick, fault }: CaseOutcome, cut: Cut): void {
  process.stderr.write(
    `FAILED: seed ${seed}, tick ${tick}: ${fault!.rule}: ${fault!.text}\n  again: ${rerunLine(seed, cut)}\n`,
  );
}

function tellSmall(outcome: CaseOutcome): void {
  const whole = drawCase(outcome.seed);
  const small = shrink(whole, outcome);
  const faults = whole.faults.filter((_, i) => !small.cut.faults.has(i));
  const orders = whole.orders.length - small.cut.orders.size;
  process.stderr.write(
    `  small (${small.runs} runs): ${faults.length} faults, ${orders} orders${small.cut.idealNetwork ? ", ideal network" : ""}; tick ${small.outcome.tick}: ${small.outcome.fault!.text}\n` +
      `  again: ${rerunLine(outcome.seed, small.cut)}\n` +
      faults.map((fault) => `    ${JSON.stringify(fault)}\n`).join(""),
  );
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 0xffffffff)
    throw new InvalidArgumentError(`found ${text}, expected a whole number from 0 to 4294967295.`);
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError(`found ${text}, expected a number above 0.`);
  return value;
}

function places(text: string): ReadonlySet<number> {
  if (!/^\d+(,\d+)*$/.test(text))
    throw new InvalidArgumentError(`found ${text}, expected places with commas between them, as in 0,3,4.`);
  return new Set(text.split(",").map(Number));
}
