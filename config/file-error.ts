import { readFileSync } from "node:fs";
import type * as z from "zod";

/**
 * A file that people wrote is not usable. `path` is the place inside the file ("" is the whole of it), `found` and
 * `expected` are phrases; the message is one sentence. At the command's edge it means exit code 2.
 */
export class FileError extends Error {
  readonly file: string;
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** Exit code of a command that meets it. */
  readonly exitCode = 2;

  constructor(file: string, path: string, found: string, expected: string) {
    super(`${file}: ${path === "" ? "the file" : path}: found ${found}, expected ${expected}.`);
    this.name = "FileError";
    this.file = file;
    this.path = path;
    this.found = found;
    this.expected = expected;
  }
}

/** Reads a JSON file. @throws FileError where it cannot be read or is no JSON. */
export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new FileError(file, "", `text that is no JSON (${(error as Error).message})`, "one JSON document");
  }
}

/** Reads a UTF-8 file. @throws FileError where it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "an unknown error";
    const found = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : `unreadable (${code})`;
    throw new FileError(file, "", found, "a readable file");
  }
}

/**
 * Checks `value`, the content of `file`, against a schema.
 * @param namePath names a place for people; default "a.b[2].c"
 * @returns the value with the schema's defaults
 * @throws FileError for the first thing that is wrong
 */
export function parseFile<T>(
  file: string,
  value: unknown,
  schema: z.ZodType<T>,
  namePath: (path: readonly PropertyKey[]) => string = pathText,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw new FileError(file, "", "something unusable", "a file that follows the schema");
  const more = result.error.issues.length - 1;
  const { path, found, expected } = describeIssue(issue, value);
  const tail = more === 0 ? "" : ` (and ${more} more ${more === 1 ? "problem" : "problems"} here)`;
  throw new FileError(file, namePath(path), found, expected + tail);
}

/** "demand.directions[0].share" for ["demand", "directions", 0, "share"]. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text;
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, root: unknown): { path: PropertyKey[]; found: string; expected: string } {
  const path = [...issue.path];
  const value = valueAt(root, path);
  const found = foundText(value);
  switch (issue.code) {
    case "invalid_type":
      return { path, found, expected: typeText(issue.expected) };
    case "invalid_value":
      return { path, found, expected: oneOf(issue.values.map((allowed) => JSON.stringify(allowed))) };
    case "too_small":
      return { path, found, expected: sizeText("at least", "more than", issue.minimum, issue.inclusive, issue.origin) };
    case "too_big":
      return { path, found, expected: sizeText("at most", "less than", issue.maximum, issue.inclusive, issue.origin) };
    case "unrecognized_keys": {
      const key = issue.keys[0] ?? "";
      return {
        path: [...path, key],
        found: `the unknown key ${JSON.stringify(key)}`,
        expected: "only the keys of the schema (docs/files.md)",
      };
    }
    case "invalid_union": {
      const options = "options" in issue && Array.isArray(issue.options) ? issue.options : [];
      if (options.length > 0) return { path, found, expected: oneOf(options.map((option) => JSON.stringify(option))) };
      const inner = issue.errors[0]?.[0];
      return inner === undefined
        ? { path, found, expected: issue.message }
        : { path, found, expected: describeIssue(inner, value).expected };
    }
    case "custom": {
      const params = (issue.params ?? {}) as { found?: string; expected?: string };
      return { path, found: params.found ?? found, expected: params.expected ?? issue.message };
    }
    case "invalid_format":
      return {
        path,
        found,
        expected: issue.pattern === undefined ? `the format ${issue.format}` : `text like ${issue.pattern}`,
      };
    default:
      return { path, found, expected: issue.message };
  }
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function foundText(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(value);
}

function sizeText(
  inclusiveWord: string,
  word: string,
  limit: number | bigint,
  inclusive: boolean | undefined,
  origin: string,
): string {
  const bound = `${inclusive === false ? word : inclusiveWord} ${limit}`;
  if (origin === "array") return `a list of ${bound}`;
  if (origin === "string") return `text of ${bound} characters`;
  return `a number of ${bound}`;
}

function oneOf(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : `one of ${texts.join(", ")}`;
}

function typeText(type: string): string {
  if (type === "int") return "a whole number";
  return `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;
}
