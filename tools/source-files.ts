/** Reads the project's own files and, of its TypeScript, the imports and the free names: what the structure rules judge. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "vite";

export const PROJECT_FOLDER = fileURLToPath(new URL("..", import.meta.url));

const NOT_OURS = new Set(["node_modules", ".git", "out", "data", "runs", "coverage", "dist"]);

export interface Import {
  /** As written: "./leg-graph.ts", "node:fs", "three". */
  readonly specifier: string;
  /** Path from the project's folder for a relative import, else null. */
  readonly path: string | null;
  /** Package name ("@turf/turf") of a bare import, else null. */
  readonly package: string | null;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

export interface Source {
  /** Path from the project's folder, with "/". */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Names used as values or types and not as a member or key: `Date`, `Promise`; and members of Math as "Math.sin". */
  readonly names: ReadonlySet<string>;
  /** It has an async function, an await or a for await. */
  readonly awaits: boolean;
}

/** Paths of all files of the project, sorted, without what npm, git and runs put there. */
export function projectFiles(folder = PROJECT_FOLDER): readonly string[] {
  const files: string[] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) files.push(path);
    }
  };
  visit("");
  return files.sort();
}

function importOf(from: string, specifier: string, typeOnly: boolean, dynamic: boolean): Import {
  const relative = specifier.startsWith(".");
  const bare = !relative && !specifier.startsWith("node:");
  const parts = specifier.split("/");
  return {
    specifier,
    path: relative ? posix.join(dirname(from), specifier) : null,
    package: bare ? parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/") : null,
    typeOnly,
    dynamic,
  };
}

/** Parses one TypeScript file. @throws Error with the parser's message for text that is no TypeScript */
export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text);
  const error = errors[0];
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const imports: Import[] = [];
  for (const statement of module.staticImports) {
    const typeOnly = statement.entries.length > 0 && statement.entries.every((entry) => entry.isType);
    imports.push(importOf(path, statement.moduleRequest.value, typeOnly, false));
  }
  for (const statement of module.staticExports) {
    const source = statement.entries.find((entry) => entry.moduleRequest != null)?.moduleRequest?.value;
    if (source === undefined) continue;
    const typeOnly = statement.entries.every((entry) => entry.isType);
    imports.push(importOf(path, source, typeOnly, false));
  }
  const names = new Set<string>();
  const members = new Set<number>();
  let awaits = false;
  const visitor = new Visitor({
    ImportExpression(node) {
      if (node.source.type === "Literal") imports.push(importOf(path, String(node.source.value), false, true));
    },
    TSImportType(node) {
      imports.push(importOf(path, String(node.source.value), true, false));
    },
    MemberExpression(node) {
      if (node.computed || node.property.type !== "Identifier") return;
      members.add(node.property.start);
      if (node.object.type === "Identifier" && node.object.name === "Math") names.add(`Math.${node.property.name}`);
    },
    Property(node) {
      if (!node.computed && !node.shorthand && node.key.type === "Identifier") members.add(node.key.start);
    },
    TSPropertySignature(node) {
      if (!node.computed && node.key.type === "Identifier") members.add(node.key.start);
    },
    Identifier(node) {
      if (!members.has(node.start)) names.add(node.name);
    },
    AwaitExpression() {
      awaits = true;
    },
    ForOfStatement(node) {
      if (node.await) awaits = true;
    },
    FunctionDeclaration(node) {
      if (node.async) awaits = true;
    },
    FunctionExpression(node) {
      if (node.async) awaits = true;
    },
    ArrowFunctionExpression(node) {
      if (node.async) awaits = true;
    },
  });
  visitor.visit(program);
  return { path, text, imports, names, awaits };
}

/** All TypeScript of the project, parsed. */
export function projectSources(folder = PROJECT_FOLDER): readonly Source[] {
  return projectFiles(folder)
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .map((path) => parseSource(path, readFileSync(join(folder, path), "utf8")));
}
