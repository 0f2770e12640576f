/** The suite `mapf`: one-shot grid MAPF beside the published figures; quick: small maps of our own, by node budget. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gridOf, randomInstance } from "../../planner/index.ts";
import { checksum } from "../checksum.ts";
import type { Row, Size, Suite, SuiteContext, SuiteResult } from "../suite.ts";
import { type InstanceFigures, measureInstance } from "./measure-instance.ts";
import { planInstance } from "./plan-instance.ts";
import { PUBLISHED, type PublishedInstance } from "./published.ts";

/** Where the public files are looked for unless the command names another folder. */
export const DATA_FOLDER = join("data", "mapf");

const DENSE_FACTOR = 0.9;
const FIRST_WITHIN_FACTOR = 1.1;
const FASTER_FACTOR = 5;
const MANY_AGENTS = 1000;
const FAIR_AGENTS = 400;

/** A measured value, what it is to reach, and whether it must. */
interface Judged extends Row {
  readonly atMost?: number;
}

function judgedRows(published: PublishedInstance, figures: InstanceFigures): readonly Judged[] {
  const { map, agents, plain, standard } = published;
  const name = (what: string): string => `${map}/${agents} ${what}`;
  const least = (atMost: number, from: string): { readonly atMost: number; readonly target: string } => ({
    atMost,
    target: `at most ${Number(atMost.toPrecision(4))} (${from})`,
  });
  const isFair = agents >= FAIR_AGENTS;
  const rows: Judged[] = [
    {
      name: name("first plan"),
      value: figures.firstMs,
      unit: "ms",
      note: `cold ${figures.coldMs.toFixed(0)} ms`,
      ...(plain !== undefined && isFair ? least(plain.firstMs, "plain LaCAM") : {}),
    },
    {
      name: name("first loss/LB"),
      value: figures.firstLoss,
      unit: "",
      ...(plain !== undefined && isFair ? least(plain.loss, "plain LaCAM") : {}),
    },
  ];
  if (standard?.firstMs !== undefined && agents >= MANY_AGENTS) {
    const speedUp = standard.firstMs / figures.firstMs;
    const target = `at least ${FASTER_FACTOR}`;
    rows.push({ name: name("times faster than lacam3"), value: speedUp, unit: "", target });
    const within = FIRST_WITHIN_FACTOR * standard.firstLoss!;
    const value = figures.lossAt.get(1) ?? Number.POSITIVE_INFINITY;
    rows.push({ name: name("loss/LB at 1 s"), value, unit: "", ...least(within, "1.1 of lacam3's first") });
  }
  const factor = published.isDense === true ? DENSE_FACTOR : 1;
  const peers = new Map([
    [10, standard?.lossAt10s],
    [30, standard?.lossAt30s],
  ]);
  for (const [second, peer] of peers) {
    const value = figures.lossAt.get(second);
    if (value === undefined) continue;
    const from = `${factor === 1 ? "" : `${factor} of `}lacam3`;
    const target = peer === undefined ? {} : least(factor * peer, from);
    rows.push({ name: name(`loss/LB at ${second} s`), value, unit: "", ...target });
  }
  const solved = (100 * figures.solved) / figures.scenarios;
  rows.push({
    name: name(`solved within ${published.successS} s`),
    value: solved,
    unit: "%",
    target: "100",
    note: `${figures.scenarios} scenarios`,
  });
  return rows;
}

function missed(row: Judged): boolean {
  if (row.atMost !== undefined) return !(row.value <= row.atMost);
  if (row.unit === "%") return row.value < 100;
  return row.target !== undefined && row.value < FASTER_FACTOR;
}

/** Small maps of our own, each with its agents: rooms of one cell's door, shelves, scattered obstacles. */
const SMALL_MAPS = [
  { agents: 60, map: gridOf("rooms", 23, 17, (x, y) => (x % 6 !== 5 || y % 6 === 2) && (y % 6 !== 5 || x % 6 === 2)) },
  { agents: 80, map: gridOf("shelves", 31, 22, (x, y) => x % 6 === 0 || y % 3 === 0) },
  { agents: 120, map: gridOf("scattered", 24, 24, (x, y) => (x * 7 + y * 13) % 11 > 1) },
];
const SMALL_NODES = 120_000;

function quickRows(context: SuiteContext): SuiteResult {
  const answers: unknown[] = [];
  const failures: string[] = [];
  const rows = SMALL_MAPS.flatMap(({ map, agents }): Row[] => {
    context.say(`mapf: ${map.name}, ${agents} agents`);
    const result = planInstance(randomInstance(map, agents, 1), { seed: 1, nodesMax: SMALL_NODES });
    answers.push(result.solution?.vertices);
    if (result.status !== "solved") failures.push(`${map.name}/${agents}: ${result.status}`);
    const ratio = (loss: number): number => loss / result.lowerBoundSumOfCosts;
    const name = `${map.name}/${agents}`;
    return [
      { name: `${name} first loss/LB`, value: ratio(result.initialSumOfLoss), unit: "" },
      { name: `${name} loss/LB`, value: ratio(result.sumOfLoss), unit: "", note: `${SMALL_NODES} nodes` },
    ];
  });
  return { rows, checksum: checksum(answers), failures };
}

/** The checksum is over the first plans, which depend on the seed alone; later ones depend on the clock. */
function publishedRows(size: Size, context: SuiteContext): SuiteResult {
  const folder = context.dataFolder ?? DATA_FOLDER;
  if (!existsSync(join(folder, "maps"))) {
    const error = new Error(`${folder}: found no folder "maps"; give the MovingAI files with --data DIR`);
    throw Object.assign(error, { exitCode: 2 });
  }
  const isFull = size === "full";
  const answers: unknown[] = [];
  const judged = PUBLISHED.flatMap((published) => {
    context.say(`mapf: ${published.map}, ${published.agents} agents`);
    const figures = measureInstance(published, {
      folder,
      scenarios: published.agents >= 10_000 && !isFull ? 1 : 3,
      limitS: isFull ? 30 : 10,
      momentsS: isFull ? [1, 10, 30] : [1, 10],
    });
    answers.push(figures.sumsOfLoss);
    const rows = judgedRows(published, figures);
    for (const row of rows) context.say(`  ${row.name}: ${row.value.toPrecision(4)} ${row.unit} ${row.target ?? ""}`);
    return rows;
  });
  return {
    rows: judged.map(({ atMost: _, ...row }) => row),
    checksum: checksum(answers),
    failures: judged.filter(missed).map((row) => `${row.name} ${row.value.toPrecision(4)}, ${row.target}`),
  };
}

export const mapfSuite: Suite = {
  name: "mapf",
  what: "one-shot grid MAPF beside published figures (standard: 10 s an instance, full: 30 s; --data names the files)",
  run: async (size, context) => (size === "quick" ? quickRows(context) : publishedRows(size, context)),
};
