/** Names of a recording's files: `run.mcap` for the first day, `run.day2.mcap`, `run.day3.mcap`, … for the next ones. */
import { existsSync, rmSync } from "node:fs";

/** @param part counts from 1 */
export function partPath(path: string, part: number): string {
  if (part === 1) return path;
  return path.endsWith(".mcap") ? `${path.slice(0, -".mcap".length)}.day${part}.mcap` : `${path}.day${part}`;
}

/** The recording's files in order, beginning with `path`; the following ones as far as they are there. */
export function recordingParts(path: string): readonly string[] {
  const paths = [path];
  for (let part = 2; existsSync(partPath(path, part)); part++) paths.push(partPath(path, part));
  return paths;
}

/** Removes the later days of an older recording of the same name, which would be read as this one's. */
export function removeLaterParts(path: string): void {
  for (const part of recordingParts(path).slice(1)) rmSync(part);
}
