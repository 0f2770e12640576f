/** The README's table of measured figures: Markdown from the documents of the suites, between two marks. */
import type { BenchDocument } from "./frame.ts";
import { numberText } from "./frame.ts";

export const FIGURES_BEGIN = "<!-- figures: npm run figures -->";
export const FIGURES_END = "<!-- end of figures -->";

/** One table for all suites; under it, for each, command, commit, machine and what was missed. */
export function figuresTable(documents: readonly BenchDocument[]): string {
  const rows = documents.flatMap((document) =>
    document.rows.map(
      ({ name, value, unit, target }) =>
        `| ${document.suite} | ${name} | ${`${numberText(value)} ${unit}`.trim()} | ${target ?? ""} |`,
    ),
  );
  const origins = documents.map(({ command, commit, node, machine, failures }) => {
    const missed = failures.length === 0 ? "no target missed" : `missed: ${failures.join("; ")}`;
    const where = `${machine.cpu}, ${machine.cores} cores, Node ${node}, commit ${commit.slice(0, 12)}`;
    return `- \`${command}\` (${where}${commit.endsWith("-dirty") ? " and changes" : ""}): ${missed}`;
  });
  return ["| suite | figure | measured | target |", "| --- | --- | --- | --- |", ...rows, "", ...origins].join("\n");
}

/**
 * `text` with `table` between the marks.
 * @throws Error where a mark is missing
 */
export function withFigures(text: string, table: string): string {
  const begin = text.indexOf(FIGURES_BEGIN);
  const end = text.indexOf(FIGURES_END);
  if (begin < 0 || end < begin) throw new Error(`the text lacks the marks ${FIGURES_BEGIN} and ${FIGURES_END}`);
  return `${text.slice(0, begin + FIGURES_BEGIN.length)}\n${table}\n${text.slice(end)}`;
}
