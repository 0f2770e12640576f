/** `npm run check`: types, lint and format, unused code and packages, structure. Runs all, shows what failed. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "./source-files.ts";

interface Step {
  readonly name: string;
  /** Program in node_modules/.bin with its arguments. */
  readonly command: readonly [string, ...string[]];
}

const VIEWER_SETTINGS = "viz/app/tsconfig.json";

const steps: readonly Step[] = [
  { name: "types", command: ["tsc", "-p", "."] },
  ...(existsSync(join(PROJECT_FOLDER, VIEWER_SETTINGS))
    ? [{ name: "types of the viewer", command: ["tsc", "-p", VIEWER_SETTINGS] as const }]
    : []),
  { name: "lint and format", command: ["biome", "check", "--error-on-warnings", "--diagnostic-level=warn", "."] },
  { name: "unused files, exports, packages", command: ["knip"] },
  { name: "structure", command: ["vitest", "run", "structure.test.ts"] },
];

let failures = 0;
for (const step of steps) {
  const [program, ...args] = step.command;
  const startMs = Date.now();
  const result = spawnSync(join(PROJECT_FOLDER, "node_modules/.bin", program), args, {
    cwd: PROJECT_FOLDER,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 << 20,
  });
  const ok = result.status === 0;
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${step.name} (${step.command.join(" ")}, ${seconds} s)\n`);
  if (ok) continue;
  failures += 1;
  process.stdout.write(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}\n`);
}
process.exitCode = failures === 0 ? 0 : 1;
