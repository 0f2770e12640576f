/** `kalong compare`: prints how two runs differ. */
import type { Command } from "commander";
import { compareRuns, type RunComparison } from "./compare-runs.ts";

export function registerCompare(program: Command): void {
  program
    .command("compare")
    .description("set two runs' figures side by side, and tell where their courses part")
    .argument("<a>", "a run's folder, or its summary.json")
    .argument("<b>", "the other run's")
    .option("--same", "fail (exit 1) unless both took the same decisions")
    .option("--json", "print the comparison as JSON")
    .action(async (a: string, b: string, options: { same?: boolean; json?: boolean }) => {
      const comparison = await compareRuns(a, b);
      process.stdout.write(options.json === true ? `${JSON.stringify(comparison, null, 2)}\n` : text(comparison));
      if (options.same === true && !(comparison.sameDigest && comparison.firstDifference === null))
        process.exitCode = 1;
    });
}

function text(comparison: RunComparison): string {
  const rows = comparison.figures.map(({ figure, a, b, difference, percent }) => [
    figure,
    show(a),
    show(b),
    difference === null || difference === 0 ? "" : signed(difference),
    percent === null || difference === 0 ? "" : `${signed(percent)} %`,
  ]);
  const table = [["", "A", "B", "B - A", ""], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
  return `A: ${comparison.a}\nB: ${comparison.b}\n\n${lines.join("\n")}\n\n${verdict(comparison)}\n`;
}

function verdict({ sameDigest, recordingsCompared, firstDifference }: RunComparison): string {
  const digest = sameDigest ? "The digests are equal: the same decisions at every tick." : "The digests differ.";
  if (!recordingsCompared) return `${digest} The recordings cannot be compared: not both runs have a run.mcap.`;
  if (firstDifference === null) return `${digest} The recordings are the same, message for message.`;
  const side = (name: string, message: { topic: string; json: string } | null): string =>
    message === null ? `  ${name} has ended` : `  ${name} ${message.topic} ${shorten(message.json)}`;
  const { t, a, b } = firstDifference;
  return `${digest} The recordings differ first at ${t.toFixed(3)} s of run time:\n${side("A", a)}\n${side("B", b)}`;
}

function shorten(json: string): string {
  return json.length <= 400 ? json : `${json.slice(0, 400)}…`;
}

function show(value: string | number | null): string {
  if (value === null) return "-";
  return typeof value === "number" ? round(value) : value;
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${round(Number(value.toPrecision(4)))}`;
}
