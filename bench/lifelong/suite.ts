/** The suite `lifelong`: throughput beside published figures; quick: small maps of our own, by node budget. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gridOf, type MotionKind } from "../../planner/index.ts";
import { checksum } from "../checksum.ts";
import type { Row, Size, Suite, SuiteContext, SuiteResult } from "../suite.ts";
import { PUBLISHED_RUNS, type PublishedRun } from "./published.ts";
import { BadRequestError, type LifelongProblem, problemOn, readProblem } from "./read-problem.ts";
import { type LifelongResult, PLANNERS, runLifelong } from "./run-lifelong.ts";

/** Where the public files are looked for unless the command names another folder. */
const DATA_FOLDER = join("data", "mapf");

const SEED = 1;

/** Small maps of our own, each with its agents: shelves, and scattered obstacles, crowded. */
const SMALL_MAPS = [
  { agents: 60, map: gridOf("shelves", 25, 16, (x, y) => x % 6 === 0 || y % 3 === 0) },
  { agents: 90, map: gridOf("scattered", 18, 18, (x, y) => (x * 7 + y * 13) % 11 > 1) },
];
const SMALL_STEPS = 60;
const SMALL_NODES = 4_000;
const MOTIONS: readonly MotionKind[] = ["pebble", "rotation"];

/** What the window must do beside the single-step baseline, so that a broken improvement shows. */
const LEAST_GAIN = 1.2;

function quickRows(context: SuiteContext): SuiteResult {
  const rows: Row[] = [];
  const answers: string[] = [];
  const failures: string[] = [];
  for (const { map, agents } of SMALL_MAPS) {
    const problem = problemOn(map, { agents, seed: SEED });
    for (const motion of MOTIONS) {
      const throughput = PLANNERS.map((planner) => {
        context.say(`lifelong: ${map.name}, ${agents} agents, ${motion}, ${planner}`);
        const limit = { nodes: SMALL_NODES };
        const result = runLifelong(problem, { steps: SMALL_STEPS, motion, planner, limit, seed: SEED });
        answers.push(result.checksum);
        const name = `${map.name}/${agents} ${motion} ${planner}`;
        rows.push({ name, value: result.throughputPerStep, unit: "tasks/step" });
        return result.throughputPerStep;
      });
      const [ours, , pibt] = throughput;
      if (!(ours! >= LEAST_GAIN * pibt!)) {
        failures.push(
          `${map.name}/${agents} ${motion}: ${ours} tasks a step, PIBT ${pibt}, at least ${LEAST_GAIN} of it`,
        );
      }
    }
  }
  return { rows, checksum: checksum(answers), failures };
}

/** The first of the folders in which the benchmark's parts may lie that exists. */
function folderOf(root: string, ...places: readonly string[]): string {
  const found = places.map((place) => join(root, place)).find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new BadRequestError(
    `${root}: found no folder ${places.map((place) => `"${place}"`).join(" or ")}; name the public files' folder with --data DIR`,
  );
}

function problemOf(run: PublishedRun, root: string): LifelongProblem {
  const { agents, source } = run;
  if ("league" in source) {
    const folder = folderOf(root, join("lorr", "2024-main"), join("..", "lorr", "2024-main"));
    return readProblem(join(folder, source.league), { agents, seed: SEED });
  }
  if ("map" in source) {
    const folder = folderOf(root, "maps", join("movingai", "maps"));
    return readProblem(join(folder, source.map), { agents, seed: SEED });
  }
  const folder = join(folderOf(root, "lifelong", join("..", "lifelong")), source.stream);
  const [starts, tasks] = [join(folder, source.starts), join(folder, "tasks_one.csv")];
  return readProblem(join(folder, "map.txt"), { agents, seed: SEED, starts, tasks });
}

function publishedRows(size: Size, context: SuiteContext): SuiteResult {
  const root = context.dataFolder ?? DATA_FOLDER;
  const rows: Row[] = [];
  const failures: string[] = [];
  const inputs: unknown[] = [];
  for (const run of PUBLISHED_RUNS) {
    if (run.isLong === true && size !== "full") continue;
    const { motion, steps, stepMs, peer } = run;
    const name = `${run.name}, ${motion}, ${stepMs} ms`;
    context.say(`lifelong: ${name}, ${steps} steps`);
    const problem = problemOf(run, root);
    inputs.push([run.name, motion, problem.starts, problem.stream?.length ?? 0]);
    const limit = { stepMs };
    const result: LifelongResult = runLifelong(problem, { steps, motion, planner: "window", limit, seed: SEED });
    const least = peer.part * peer.throughput;
    const target = `at least ${Number(least.toPrecision(4))}${peer.part === 1 ? "" : ` = ${peer.part} of ${peer.throughput}`} (${peer.name})`;
    const note = `${result.tasksFinished} tasks in ${steps} steps; the first took ${(result.firstStepMs / 1000).toFixed(1)} s`;
    rows.push(
      { name, value: result.throughputPerStep, unit: "tasks/step", target, note },
      { name: `${name}: step p50`, value: result.stepMs.p50, unit: "ms" },
      {
        name: `${name}: step p99`,
        value: result.stepMs.p99,
        unit: "ms",
        note: `max ${result.stepMs.max.toFixed(0)} ms`,
      },
    );
    context.say(`  ${result.throughputPerStep.toFixed(3)} tasks a step, ${target}`);
    if (!(result.throughputPerStep >= least))
      failures.push(`${name}: ${result.throughputPerStep} tasks a step, ${target}`);
  }
  return { rows, checksum: checksum(inputs), failures };
}

/** Beyond `quick` budgets are milliseconds, so answers depend on the machine: the checksum is over the inputs. */
export const lifelongSuite: Suite = {
  name: "lifelong",
  what: "lifelong grid MAPF beside published figures (full: the league's 10,000 agents too; --data names the files)",
  run: async (size, context) => (size === "quick" ? quickRows(context) : publishedRows(size, context)),
};
