/**
 * `npm run test:mutants [-- name...]`: plants each fault in a copy of the sources and runs the test file that must notice
 * it. Fails if one survives. Takes about half an hour for all.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MUTANTS } from "./mutants/index.ts";
import { type Mutant, planted } from "./mutants/mutant.ts";
import { PROJECT_FOLDER, projectFiles } from "./source-files.ts";

const TEST_TIMEOUT_MS = 600_000;

/** What became of a mutant; `unclear`: the test ran into no verdict at all. */
type Verdict = "killed" | "SURVIVED" | "unclear";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function copySources(): string {
  const folder = mkdtempSync(join(tmpdir(), "kalong-mutants-"));
  for (const path of projectFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(PROJECT_FOLDER, path), join(folder, path));
  }
  symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Exit code 1 of vitest is a test that failed; without the fault the same test passes, as the test line shows. */
function judge(folder: string, { test }: Mutant): Verdict {
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const { status } = spawnSync(process.execPath, [vitest, "run", test, "--maxWorkers=1", "--bail=1"], {
    cwd: folder,
    stdio: "ignore",
    timeout: TEST_TIMEOUT_MS,
  });
  if (status === 0) return "SURVIVED";
  return status === 1 ? "killed" : "unclear";
}

function tryMutant(folder: string, mutant: Mutant): Verdict {
  const files = [...new Set(mutant.edits.map(({ file }) => file))];
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8"));
  try {
    files.forEach((file, i) => {
      writeFileSync(join(folder, file), planted(texts[i]!, file, mutant));
    });
    return judge(folder, mutant);
  } finally {
    files.forEach((file, i) => {
      writeFileSync(join(folder, file), texts[i]!);
    });
  }
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !MUTANTS.some((mutant) => mutant.name === name));
if (unknown !== undefined) {
  process.stderr.write(`test:mutants: found ${unknown}, expected names of mutants (tools/mutants)\n`);
  process.exitCode = 2;
} else {
  const chosen = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));
  const folder = copySources();
  const counts: Record<Verdict, number> = { killed: 0, SURVIVED: 0, unclear: 0 };
  try {
    for (const mutant of chosen) {
      const startMs = performance.now();
      const verdict = tryMutant(folder, mutant);
      counts[verdict]++;
      say(
        `${verdict.padEnd(8)} ${mutant.name} (${mutant.test}, ${((performance.now() - startMs) / 1000).toFixed(0)} s)`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(`${counts.killed} killed, ${counts.SURVIVED} survived, ${counts.unclear} unclear`);
  if (counts.SURVIVED + counts.unclear > 0) process.exitCode = 1;
}
