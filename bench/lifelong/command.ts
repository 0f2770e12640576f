/** `kalong lifelong`: lifelong grid MAPF on public or drawn instances. */
import { closeSync, openSync, writeSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type GridMap, LIFELONG_AGENTS_MAX, type MotionKind, startsText, tasksText } from "../../planner/index.ts";
import { writePlainText } from "../mapf/read-instance.ts";
import { BadRequestError, readProblem } from "./read-problem.ts";
import { type LifelongResult, PLANNERS, type PlannerName, runLifelong } from "./run-lifelong.ts";

interface LifelongOptions {
  readonly agents: number;
  readonly steps: number;
  readonly starts?: string;
  readonly tasks?: string;
  readonly motion?: MotionKind;
  readonly planner: PlannerName;
  readonly stepBudget?: number;
  readonly nodeBudget?: number;
  readonly threads: number;
  readonly active?: number;
  readonly seed: number;
  readonly out?: string;
  readonly writeStarts?: string;
  readonly writeTasks?: string;
  readonly json?: boolean;
}

const STEP_BUDGET_MS = 20;
const STEPS_MAX = 1_000_000;

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`found ${text}, expected an integer from ${least} to ${most}.`);
  };
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`found ${text}, expected milliseconds above 0.`);
}

/** Writes `t:(x,y),(x,y),…` a line as the run goes, so that long runs need no memory. */
function openSolution(file: string, map: GridMap): { line(step: number, vertices: Int32Array): void; close(): void } {
  let handle: number;
  try {
    handle = openSync(file, "w");
  } catch (error) {
    throw new BadRequestError(`${file}: cannot be written: ${(error as Error).message}`);
  }
  const cell = (vertex: number): string => {
    const at = map.cellOf[vertex]!;
    return `(${at % map.width},${Math.floor(at / map.width)})`;
  };
  return {
    line: (step, vertices) => void writeSync(handle, `${step}:${Array.from(vertices, cell).join(",")}\n`),
    close: () => closeSync(handle),
  };
}

function words(result: LifelongResult, motion: MotionKind): string {
  const { stepMs } = result;
  return [
    `${result.agents} agents, ${motion}, ${result.steps} steps: ${result.tasksFinished} tasks finished, ${result.throughputPerStep.toFixed(3)} a step`,
    `step ms  p50 ${stepMs.p50.toFixed(2)}, p99 ${stepMs.p99.toFixed(2)}, max ${stepMs.max.toFixed(2)}; the first ${result.firstStepMs.toFixed(0)}`,
    `checksum ${result.checksum}`,
  ].join("\n");
}

function act(file: string, options: LifelongOptions, command: Command): void {
  if (options.stepBudget !== undefined && options.nodeBudget !== undefined) {
    command.error("error: give --step-budget or --node-budget, not both", { exitCode: 2 });
  }
  const { agents, seed, steps, planner } = options;
  const given = (["starts", "tasks"] as const).filter((key) => options[key] !== undefined);
  const files = Object.fromEntries(given.map((key) => [key, options[key]!]));
  const problem = readProblem(file, { agents, seed, ...files });
  if (options.writeStarts !== undefined) writePlainText(options.writeStarts, startsText(problem.map, problem.starts));
  if (options.writeTasks !== undefined) {
    if (problem.stream === null) throw new BadRequestError("--write-tasks: tasks of several errands are no stream");
    writePlainText(options.writeTasks, tasksText(problem.map, problem.stream));
  }
  const motion = options.motion ?? problem.motion ?? "pebble";
  const solution = options.out === undefined ? null : openSolution(options.out, problem.map);
  const result = runLifelong(problem, {
    steps,
    motion,
    planner,
    seed,
    limit:
      options.nodeBudget === undefined
        ? { stepMs: options.stepBudget ?? STEP_BUDGET_MS }
        : { nodes: options.nodeBudget },
    ...(options.active === undefined ? {} : { activeMax: options.active }),
    ...(solution === null ? {} : { onStep: (step, vertices) => solution.line(step, vertices) }),
  });
  solution?.close();
  const document = { ...result, motion, planner, seed, threads: options.threads };
  process.stdout.write(options.json === true ? `${JSON.stringify(document, null, 2)}\n` : `${words(result, motion)}\n`);
}

/** Adds `kalong lifelong`. Exit code 2 for bad files. Every step is checked before it counts. */
export function register(program: Command): void {
  program
    .command("lifelong")
    .summary("plan lifelong grid MAPF: tasks without end")
    .description(
      "Agents that get a new goal as soon as they reach one, for so many steps. Without --starts and --tasks both are drawn from the seed. Files may be gzipped.",
    )
    .argument("<map|lorr.json>", "MovingAI .map file, or an instance of the League of Robot Runners 2024")
    .requiredOption("--agents <n>", "the first n agents", integer(1, LIFELONG_AGENTS_MAX))
    .requiredOption("--steps <t>", "steps to run", integer(1, STEPS_MAX))
    .option("--starts <file>", 'start cells: "agent id,row,col", then a line an agent')
    .option("--tasks <file>", 'goals: "targets", then a cell (row * width + column) a line')
    .addOption(
      new Option("--motion <model>", "four directions, or rotate and go (default: pebble; league instances: rotation)") //
        .choices(["pebble", "rotation"]),
    )
    .addOption(
      new Option("--planner <name>", "window: plan of the next steps, improved; epibt, pibt: the baselines") //
        .choices(PLANNERS)
        .default("window"),
    )
    .option("--step-budget <ms>", `milliseconds on the clock a step (default ${STEP_BUDGET_MS})`, milliseconds)
    .option("--node-budget <n>", "search nodes a step instead of time: the same answer everywhere", integer(1, 1e15))
    .option("--threads <k>", "threads: lifelong planning uses one", integer(1, 1), 1)
    .option(
      "--active <n>",
      "agents that have a goal at a time; the others yield and wait",
      integer(1, LIFELONG_AGENTS_MAX),
    )
    .option("--seed <k>", "seed of all choices", integer(0, 2 ** 32 - 1), 1)
    .option("--out <file>", "write where all were: one line a timestep, t:(x,y),(x,y),…")
    .option("--write-starts <file>", "write the starts as --starts reads them")
    .option("--write-tasks <file>", "write the goals as --tasks reads them")
    .option("--json", "print one JSON document")
    .action(act);
}
