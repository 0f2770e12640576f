/** `kalong mapf`: one-shot grid MAPF on MovingAI files. */
import { type Command, InvalidArgumentError } from "commander";
import { solutionText } from "../../planner/index.ts";
import { checksum } from "../checksum.ts";
import { type PlanResult, planInstance } from "./plan-instance.ts";
import { readMap, readScenario, writePlainText } from "./read-instance.ts";

interface MapfOptions {
  readonly agents: number;
  readonly timeLimit?: number;
  readonly nodeBudget?: number;
  readonly threads: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
}

const TIME_LIMIT_S = 10;
const THREADS_MAX = 64;

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`found ${text}, expected an integer from ${least} to ${most}.`);
  };
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`found ${text}, expected seconds above 0.`);
}

/** Why there is no plan, in words. */
const UNSOLVED: Readonly<Record<Exclude<PlanResult["status"], "solved">, string>> = {
  unsolvable: "unsolvable: no plan exists",
  "timed-out": "timed out: no plan was found, and none was ruled out",
  "budget-spent": "the node budget is spent: no plan was found, and none was ruled out",
  "memory-full": "the search is full: no plan was found, and none was ruled out",
};

function words(result: PlanResult): string {
  const { agents, makespan, sumOfCosts, sumOfLoss, lowerBoundSumOfCosts: bound } = result;
  if (result.solution === null) {
    return `${agents} agents: ${UNSOLVED[result.status as keyof typeof UNSOLVED]} (${result.elapsedMs.toFixed(0)} ms)`;
  }
  const ratio = (value: number): string => (bound === 0 ? "" : ` (${(value / bound).toFixed(3)} of the lower bound)`);
  return [
    `${agents} agents, solved: makespan ${makespan} (at least ${result.lowerBoundMakespan})`,
    `sum of loss   ${sumOfLoss}${ratio(sumOfLoss)}`,
    `sum of costs  ${sumOfCosts}${ratio(sumOfCosts)}`,
    `first plan    ${result.initialSumOfLoss}${ratio(result.initialSumOfLoss)} after ${result.initialMs.toFixed(1)} ms`,
    `elapsed       ${result.elapsedMs.toFixed(1)} ms, ${result.nodes} nodes`,
  ].join("\n");
}

/** Adds `kalong mapf`. Exit code 1 where no plan was found, 2 for bad files. */
export function register(program: Command): void {
  program
    .command("mapf")
    .summary("plan a one-shot grid MAPF instance (MovingAI files)")
    .description(
      "Plans the first agents of a MovingAI scenario: a plan at once, made better until the limit. Files may be gzipped.",
    )
    .argument("<map>", "MovingAI .map file, or .map.gz")
    .argument("<scen>", "MovingAI .scen file, or .scen.gz")
    .requiredOption("--agents <n>", "the first n agents of the scenario", integer(1, 1_000_000))
    .option("--time-limit <s>", `seconds on the clock (default ${TIME_LIMIT_S})`, seconds)
    .option("--node-budget <n>", "search nodes instead of time: the same answer everywhere", integer(1, 1e15))
    .option("--threads <k>", "threads; the node budget is that of each", integer(1, THREADS_MAX), 1)
    .option("--seed <k>", "seed of all choices", integer(0, 2 ** 32 - 1), 1)
    .option("--out <file>", "write the plan: one line a timestep, t:(x,y),(x,y),…")
    .option("--json", "print one JSON document")
    .action((mapFile: string, scenFile: string, options: MapfOptions, command: Command) => {
      if (options.timeLimit !== undefined && options.nodeBudget !== undefined) {
        command.error("error: give --time-limit or --node-budget, not both", { exitCode: 2 });
      }
      const instance = readScenario(scenFile, readMap(mapFile), options.agents);
      const result = planInstance(instance, {
        seed: options.seed,
        threads: options.threads,
        ...(options.nodeBudget === undefined
          ? { timeLimitMs: 1000 * (options.timeLimit ?? TIME_LIMIT_S) }
          : { nodesMax: options.nodeBudget }),
      });
      const { solution, checkpoints: _, ...figures } = result;
      if (solution !== null && options.out !== undefined) writePlainText(options.out, solutionText(solution, instance));
      const document = {
        solved: solution !== null,
        ...figures,
        seed: options.seed,
        threads: options.threads,
        checksum: solution === null ? null : checksum(solution.vertices),
      };
      process.stdout.write(options.json === true ? `${JSON.stringify(document, null, 2)}\n` : `${words(result)}\n`);
      process.exitCode = solution === null ? 1 : 0;
    });
}
