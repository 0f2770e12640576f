/** Reads MovingAI maps and scenarios from disk, as they are or gzipped. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { type GridMap, type Instance, parseMap, parseScenario } from "../../planner/index.ts";

/** A file cannot be read or written at all. */
class FileAccessError extends Error {
  /** Exit code of a command that meets it. */
  readonly exitCode = 2;
}

/**
 * The text of `file`, or of `file`.gz where only that exists; unpacked where its name ends in .gz.
 * @throws Error with exit code 2, naming the file
 */
export function readPlainText(file: string): string {
  const path = !existsSync(file) && existsSync(`${file}.gz`) ? `${file}.gz` : file;
  try {
    const bytes = readFileSync(path);
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new FileAccessError(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

/** @throws GridFileError with the line */
export function readMap(file: string): GridMap {
  return parseMap(readPlainText(file), basename(file));
}

/** @throws GridFileError with the line */
export function readScenario(file: string, map: GridMap, agents: number): Instance {
  return parseScenario(readPlainText(file), basename(file), map, agents);
}

/** @throws Error with exit code 2, naming the file */
export function writePlainText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new FileAccessError(`${file}: cannot be written: ${(error as Error).message}`);
  }
}
