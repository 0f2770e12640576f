/**
 * `npm run figures [-- suite...] [--quick | --full] [--seeds=N]`: runs suites (default: those of the README, standard size),
 * keeps each document in docs/figures, and writes the README's table from what lies there. `--table` only writes the table.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { figuresTable, withFigures } from "./figures-table.ts";
import { type BenchDocument, runSuite } from "./frame.ts";
import { contraflowSuite, pilotSuite, saturatedSuite } from "./runs/suites.ts";
import { SIZES } from "./suite.ts";

const SUITES = [pilotSuite, saturatedSuite, contraflowSuite];
const FOLDER = fileURLToPath(new URL("../docs/figures/", import.meta.url));
const README = fileURLToPath(new URL("../README.md", import.meta.url));

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const fileOf = (suite: string): string => `${FOLDER}${suite}.json`;

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith("--"));
const size = SIZES.find((each) => words.includes(`--${each}`)) ?? "standard";
const seedsWord = words.find((word) => /^--seeds=[1-9]\d*$/.test(word));
const seedsMax = seedsWord === undefined ? undefined : Number(seedsWord.slice("--seeds=".length));
const known = new Set(["--table", ...SIZES.map((each) => `--${each}`), ...SUITES.map((suite) => suite.name)]);
const unknown = words.find((word) => !known.has(word) && word !== seedsWord);

if (unknown !== undefined) {
  say(`figures: found ${unknown}, expected any of ${[...known].join(", ")}, --seeds=N`);
  process.exitCode = 2;
} else {
  mkdirSync(FOLDER, { recursive: true });
  if (!words.includes("--table")) {
    for (const suite of SUITES.filter((each) => named.length === 0 || named.includes(each.name))) {
      const command = `npx kalong bench ${suite.name} --${size}${seedsMax === undefined ? "" : ` --seeds ${seedsMax}`}`;
      say(command);
      const document = await runSuite(suite, size, command, { say, ...(seedsMax === undefined ? {} : { seedsMax }) });
      writeFileSync(fileOf(suite.name), `${JSON.stringify(document, null, 2)}\n`);
      for (const failure of document.failures) say(`FAILED: ${failure}`);
      if (document.failures.length > 0) process.exitCode = 1;
    }
  }
  const documents = SUITES.filter((suite) => existsSync(fileOf(suite.name))).map(
    (suite) => JSON.parse(readFileSync(fileOf(suite.name), "utf8")) as BenchDocument,
  );
  writeFileSync(README, withFigures(readFileSync(README, "utf8"), figuresTable(documents)));
  say(`README.md: figures of ${documents.map((document) => document.suite).join(", ") || "no suite"}`);
}
