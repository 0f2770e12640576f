/** The rules of the house, as functions from parsed files to complaints. ARCHITECTURE.md gives the reasons. */
import type { Import, Source } from "./source-files.ts";

type Folder = "planner" | "engine" | "config" | "fleet-gateway" | "sim" | "viz" | "bench";

/** What a folder may import of the others: everything, or types only (its tests and their fixtures: values too). */
const MAY_IMPORT: Readonly<Record<Folder, Readonly<Partial<Record<Folder, "all" | "types">>>>> = {
  planner: {},
  engine: { planner: "all" },
  config: { planner: "all", engine: "types" },
  "fleet-gateway": { engine: "all", planner: "all", config: "all" },
  sim: { engine: "all", planner: "all", config: "all", "fleet-gateway": "all" },
  viz: { engine: "types", planner: "types", config: "types", "fleet-gateway": "types", sim: "types" },
  bench: { planner: "all", engine: "all", config: "all", "fleet-gateway": "all", sim: "all", viz: "all" },
};

const isFolder = (name: string): name is Folder => name in MAY_IMPORT;

/** Judges that share no code with what they judge: of anything outside themselves they import types only. */
const JUDGES = ["planner/validate-plan", "sim/verify"];

/** A run is a function of its inputs: these names would let a clock, chance, a thread or the world in. */
const IMPURE_NAMES = [
  "Date",
  "performance",
  "Math.random",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "requestAnimationFrame",
  "Promise",
  "Worker",
  "SharedWorker",
  "MessageChannel",
  "process",
  "fetch",
  "WebSocket",
  "crypto",
  "console",
  "globalThis",
  "Intl",
];

/** Their last bits differ between runtimes; the engine takes such values from the leg graph. */
const INEXACT_IN_ENGINE = ["sin", "cos", "tan", "asin", "acos", "atan", "atan2", "exp", "log", "pow", "hypot", "cbrt"];

/** Built-ins without any input or output. */
const PURE_BUILT_INS = ["node:assert", "node:assert/strict"];

const LINES_MAX = 600;

const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "");
const isTest = (path: string): boolean => /(\.(test|bench|fixture)|\/fixtures)\.ts$/.test(path);
const isJudge = (path: string): string | undefined =>
  isTest(path) ? undefined : JUDGES.find((judge) => path === `${judge}.ts` || path.startsWith(`${judge}/`));

function judgeImport(source: Source, item: Import): string | null {
  if (item.path === null) return null;
  const from = folderOf(source.path);
  const to = folderOf(item.path);
  const judge = isJudge(source.path);
  if (judge !== undefined && !item.typeOnly && (from !== to || judge === "planner/validate-plan")) {
    if (!item.path.startsWith(`${judge}/`)) return `judges without shared code: import only types from ${item.path}`;
  }
  if (from === to) return null;
  if (to === "bench" && source.path !== "kalong.ts") return "nothing imports bench";
  if (source.path === "kalong.ts") return null;
  if (from === "tools" || from === "" || to === "tools") {
    return isFolder(from) && to === "tools" && !isTest(source.path) ? "production code does not import tools" : null;
  }
  if (!isFolder(from) || !isFolder(to)) return null;
  const may = MAY_IMPORT[from][to];
  if (may === undefined) return `${from} may not import ${to}`;
  if (may === "types" && !item.typeOnly && !isTest(source.path)) return `${from} may import only types of ${to}`;
  if (item.path !== `${to}/index.ts`) return `another folder is imported through its index.ts, not ${item.path}`;
  return null;
}

/** Imports run one way and through index.ts; judges and the viewer take types only; nobody imports bench. */
export function importComplaints(source: Source): readonly string[] {
  return source.imports.flatMap((item) => {
    const complaint = judgeImport(source, item);
    return complaint === null ? [] : [`${source.path} imports "${item.specifier}": ${complaint}`];
  });
}

/** `planner` and `engine` read no clock, do no input or output, start no thread and never wait. */
export function purityComplaints(source: Source): readonly string[] {
  const folder = folderOf(source.path);
  if ((folder !== "planner" && folder !== "engine") || isTest(source.path)) return [];
  const complaints: string[] = [];
  const say = (what: string): void => void complaints.push(`${source.path}: ${folder} is pure, but it uses ${what}`);
  for (const item of source.imports) {
    if (item.dynamic) say(`a dynamic import of "${item.specifier}"`);
    else if (item.specifier.startsWith("node:") && !PURE_BUILT_INS.includes(item.specifier)) say(item.specifier);
  }
  for (const name of IMPURE_NAMES) if (source.names.has(name)) say(name);
  if (source.awaits) say("async or await");
  if (source.names.has("localeCompare")) say("localeCompare");
  if (folder === "engine") {
    for (const name of INEXACT_IN_ENGINE) {
      if (source.names.has(`Math.${name}`)) say(`Math.${name}, whose last bits depend on the runtime`);
    }
  }
  return complaints;
}

/**
 * Each package that must be in use, by the production file that brings it in; null: not yet.
 * @returns complaints where the table and the imports differ
 */
export function packageComplaints(
  table: Readonly<Record<string, string | null>>,
  sources: readonly Source[],
): readonly string[] {
  return Object.entries(table).flatMap(([name, home]) => {
    const importers = sources
      .filter((source) => !isTest(source.path))
      .filter((source) => source.imports.some((item) => item.package === name && !item.typeOnly))
      .map((source) => source.path);
    if (home === null) {
      if (importers.length === 0) return [];
      return [`${name} is imported by ${importers.join(", ")}: name that file in the table, it is in use now`];
    }
    if (importers.includes(home)) return [];
    return [`${name} is said to be imported by ${home}, but its importers are: ${importers.join(", ") || "none"}`];
  });
}

const UNFINISHED = new RegExp(
  `\\b(${["TO", "FIX", "HA"].map((mark, i) => mark + ["DO", "ME", "CK"][i]).join("|")})\\b`,
);
const SWITCHED_OFF = /\b(it|test|describe)\.(only|skip|todo|fails)\b/;
const MACHINE_PATH = /(?<![\w.$}])\/(work|tmp|root|home|farm|Users)\//;
/** Written so that this line does not match itself. */
const REGISTRY = /registry[.](npmjs|yarnpkg|npmmirror)[.]|ver[d]accio|arti[f]actory|j[f]rog|"resolved"[:] *"http/i;
const SHARED_FOLDER = /\.\.\/shared\b|["'`]shared["'`]/;

/** What no file of the project may say. `path` decides which rules hold for it. */
export function textComplaints(path: string, text: string): readonly string[] {
  const complaints: string[] = [];
  const lines = text.split("\n");
  const code = /\.(ts|mjs|js|css|html)$/.test(path);
  const find = (pattern: RegExp, what: string): void => {
    const line = lines.findIndex((each) => pattern.test(each));
    if (line >= 0) complaints.push(`${path}:${line + 1}: ${what}`);
  };
  find(REGISTRY, "names the host of a package registry");
  if (path === "package-lock.json") return complaints;
  find(MACHINE_PATH, "holds a path of one machine");
  if (!code) return complaints;
  find(UNFINISHED, "holds a mark of unfinished work");
  if (isTest(path)) find(SWITCHED_OFF, "switches a test off or others off");
  // tools/ is the test runner: it says why tests that use the folder are skipped.
  else if (folderOf(path) !== "tools") find(SHARED_FOLDER, "reads a folder outside the project");
  if (lines.length > LINES_MAX + 1) complaints.push(`${path}: ${lines.length - 1} lines, at most ${LINES_MAX}`);
  return complaints;
}
