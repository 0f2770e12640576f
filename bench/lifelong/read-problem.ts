/** Reads lifelong instances from disk: a map with starts and a task stream, or an instance of the League of Robot Runners. */
import { basename, dirname, join } from "node:path";
import {
  type GridMap,
  type MotionKind,
  NearestTasks,
  parseLeagueAgents,
  parseLeagueMap,
  parseLeagueProblem,
  parseLeagueTasks,
  parseMap,
  parseStarts,
  parseTasks,
  randomGoals,
  randomStarts,
  StreamTasks,
  type TaskSource,
} from "../../planner/index.ts";
import { readPlainText } from "../mapf/read-instance.ts";

/** A request that no instance can meet. */
export class BadRequestError extends Error {
  /** Exit code of a command that meets it. */
  readonly exitCode = 2;
}

export interface LifelongProblem {
  readonly map: GridMap;
  /** Vertices. */
  readonly starts: Int32Array;
  /** The stream of goals; null where tasks have several errands. */
  readonly stream: Int32Array | null;
  /** The tasks from the beginning. */
  readonly tasks: () => TaskSource;
  /** What the instance says of motion, where it does. */
  readonly motion: MotionKind | null;
}

export interface ProblemRequest {
  readonly agents: number;
  readonly seed: number;
  /** Files; without them starts and goals are drawn from the seed. */
  readonly starts?: string;
  readonly tasks?: string;
}

/** Goals drawn for each agent where no stream is given; then the stream starts again. */
const GOALS_PER_AGENT = 500;

/** The problem of a map with starts and a task stream from files or from the seed. */
export function problemOn(map: GridMap, request: ProblemRequest): LifelongProblem {
  const { agents, seed } = request;
  try {
    const starts =
      request.starts === undefined
        ? randomStarts(map, agents, seed)
        : parseStarts(readPlainText(request.starts), basename(request.starts), map, agents);
    const stream =
      request.tasks === undefined
        ? randomGoals(map, agents * GOALS_PER_AGENT, seed + 1)
        : parseTasks(readPlainText(request.tasks), basename(request.tasks), map);
    return { map, starts, stream, tasks: () => new StreamTasks(stream, agents), motion: null };
  } catch (error) {
    if (error instanceof RangeError) throw new BadRequestError(error.message);
    throw error;
  }
}

function readLeague(file: string, request: ProblemRequest): LifelongProblem {
  const problem = parseLeagueProblem(readPlainText(file), basename(file));
  const { agents } = request;
  if (agents > problem.teamSize) {
    throw new BadRequestError(`${file}: the instance is for ${problem.teamSize} agents, ${agents} are asked for`);
  }
  const text = (name: string): string => readPlainText(join(dirname(file), name));
  const map = parseLeagueMap(text(problem.mapFile), problem.mapFile);
  const starts = parseLeagueAgents(text(problem.agentFile), problem.agentFile, map, agents);
  const errands = parseLeagueTasks(text(problem.taskFile), problem.taskFile, map);
  const openMax = Math.max(agents, Math.floor(problem.tasksReveal * agents));
  const tasks = (): TaskSource => new NearestTasks(map, { ...errands, openMax }, agents);
  return { map, starts, stream: null, tasks, motion: "rotation" };
}

/** @param file a MovingAI map or the JSON file of a league instance, as it is or gzipped */
export function readProblem(file: string, request: ProblemRequest): LifelongProblem {
  if (/\.json(\.gz)?$/.test(file)) {
    if (request.starts !== undefined || request.tasks !== undefined) {
      throw new BadRequestError(`${file}: a league instance names its own starts and tasks`);
    }
    return readLeague(file, request);
  }
  return problemOn(parseMap(readPlainText(file), basename(file)), request);
}
