/** Two runs' figures side by side, and where their courses part. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  firstDifference,
  type RecordingDifference,
  type RunSummary,
  runSummarySchema,
} from "../../fleet-gateway/index.ts";

export interface FigureComparison {
  /** Path of the figure in summary.json, "leadTimeS.p95". */
  readonly figure: string;
  readonly a: string | number | null;
  readonly b: string | number | null;
  /** b - a; null where either is no number. */
  readonly difference: number | null;
  /** Percent of a; null where a is 0 or no number. */
  readonly percent: number | null;
}

export interface RunComparison {
  readonly a: string;
  readonly b: string;
  /** The engine decided the same at every tick. */
  readonly sameDigest: boolean;
  readonly figures: readonly FigureComparison[];
  /** Null: the recordings are the same, or `recordingsCompared` is false. */
  readonly firstDifference: RecordingDifference | null;
  /** False when either run was not recorded. */
  readonly recordingsCompared: boolean;
}

interface Run {
  readonly summary: RunSummary;
  readonly recording: string | null;
}

/** A path that is no run, as a sentence for people; exit code 2. */
export class NoRunError extends Error {
  readonly exitCode = 2;
}

/**
 * @param pathA, pathB folders of runs, or their summary.json
 * @throws NoRunError or RecordingError (exitCode 2) when either cannot be read
 */
export async function compareRuns(pathA: string, pathB: string): Promise<RunComparison> {
  const a = readRun(pathA);
  const b = readRun(pathB);
  const recordingsCompared = a.recording !== null && b.recording !== null;
  const valuesB = new Map(flatten(b.summary));
  return {
    a: pathA,
    b: pathB,
    sameDigest: a.summary.digest === b.summary.digest,
    figures: flatten(a.summary).map(([figure, value]) => compareFigure(figure, value, valuesB.get(figure) ?? null)),
    firstDifference: recordingsCompared ? await firstDifference(a.recording!, b.recording!) : null,
    recordingsCompared,
  };
}

function readRun(path: string): Run {
  if (!existsSync(path)) throw new NoRunError(`There is no ${path}; expected a run's folder or its summary.json`);
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  const summaryPath = folder === path ? join(path, "summary.json") : path;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(summaryPath, "utf8"));
  } catch (error) {
    throw new NoRunError(`Cannot read ${summaryPath}: ${(error as Error).message}; expected a run's summary.json`);
  }
  const result = runSummarySchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new NoRunError(
      `${summaryPath} is no run's summary: ${issue.path.join(".") || "the whole"}: ${issue.message}`,
    );
  }
  const recording = join(folder, "run.mcap");
  return { summary: result.data, recording: existsSync(recording) ? recording : null };
}

type Value = string | number | null;

function flatten(value: object, prefix = ""): [string, Value][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, Value][] => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (inner !== null && typeof inner === "object") return flatten(inner, path);
    return [[path, inner as Value]];
  });
}

function compareFigure(figure: string, a: Value, b: Value): FigureComparison {
  const difference = typeof a === "number" && typeof b === "number" ? b - a : null;
  const percent = difference !== null && a !== 0 ? (100 * difference) / (a as number) : null;
  return { figure, a, b, difference, percent };
}
