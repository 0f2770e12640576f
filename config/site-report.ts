import {
  checkWellFormed,
  compileLegs,
  type Lane,
  TooManyLegsError,
  type VehicleType,
  type WellFormedReport,
} from "../planner/index.ts";
import { footprintsOffDeck } from "./footprint-on-deck.ts";
import type { LoadedSite } from "./load-site.ts";
import { type Reachability, reachability } from "./reachability.ts";
import { offDeckText, problemText, tooManyLegsText, unreachableText } from "./site-words.ts";
import { StaticRoutes } from "./static-routes.ts";

/** Areas, taken together where they touch, that are longer than this are named in the report, metres. */
const LONG_AREA_M = 50;

/** Why a site is refused. `rule` is for code, `text` for people. */
export interface SiteProblem {
  readonly rule:
    | WellFormedReport["problems"][number]["rule"]
    | "off-deck"
    | "unreachable"
    | "no-way-out"
    | "too-many-legs";
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  readonly text: string;
}

/** The report of `site check` for one vehicle type. */
export interface SiteReport {
  readonly site: string;
  readonly vehicleType: string;
  readonly ok: boolean;
  /** Null where the site cannot be compiled into legs. */
  readonly counts: Omit<
    WellFormedReport,
    "problems" | "site" | "vehicleType" | "joined" | "sections" | "wellFormed"
  > | null;
  /** Most vehicles that W3 allows. */
  readonly fleetPossible: number;
  readonly longAreas: readonly { readonly name: string; readonly areas: number; readonly lengthM: number }[];
  readonly joinedAreas: number;
  /** Two-way strips. */
  readonly sections: readonly { readonly name: string; readonly lengthM: number }[];
  readonly reachability: Reachability | null;
  readonly problems: readonly SiteProblem[];
}

/**
 * Everything that `site check` says of a site and a vehicle type.
 * @param fleet vehicles that are to be in it at once
 */
export function siteReport(site: LoadedSite, type: VehicleType, fleet: number): SiteReport {
  const problems: SiteProblem[] = [];
  for (const { lane, river, at } of footprintsOffDeck(site, type))
    problems.push({
      rule: "off-deck",
      subject: lane,
      detail: { river, x: at.x, y: at.y },
      text: offDeckText(lane, river, at.x, at.y),
    });
  const reach = reachability(new StaticRoutes(site, type));
  for (const bay of reach?.unreachable ?? [])
    problems.push({
      rule: "unreachable",
      subject: bay,
      detail: { from: reach!.reference },
      text: unreachableText(bay, reach!.reference, "to"),
    });
  for (const bay of reach?.withoutWayOut ?? [])
    problems.push({
      rule: "no-way-out",
      subject: bay,
      detail: { to: reach!.reference },
      text: unreachableText(bay, reach!.reference, "from"),
    });

  const base = { site: site.id, vehicleType: type.type, reachability: reach };
  const compiled = compile(site, type);
  if (compiled instanceof TooManyLegsError) {
    problems.push({
      rule: "too-many-legs",
      subject: compiled.stand,
      detail: {},
      text: tooManyLegsText(compiled.stand),
    });
    return {
      ...base,
      ok: false,
      counts: null,
      fleetPossible: 0,
      longAreas: [],
      joinedAreas: 0,
      sections: [],
      problems,
    };
  }
  const report = checkWellFormed(site, type, compiled, fleet);
  for (const problem of report.problems) problems.push({ ...problem, text: problemText(problem) });
  const {
    problems: _problems,
    site: _site,
    vehicleType: _type,
    joined,
    sections: _sections,
    wellFormed: _wellFormed,
    ...counts
  } = report;
  return {
    ...base,
    ok: problems.length === 0,
    counts,
    fleetPossible: Math.max(0, report.havensInCore - 1),
    longAreas: joined.filter((ground) => ground.lengthM > LONG_AREA_M),
    joinedAreas: joined.length,
    sections: sectionsOf(site, type),
    problems,
  };
}

/** Two-way lanes that are joined end to end, as one section each. */
function sectionsOf(site: LoadedSite, type: VehicleType): SiteReport["sections"] {
  const strips = site.lanes.filter((lane) => lane.twoWay && lane.modes.some((mode) => type.modes.includes(mode)));
  const groups: Lane[][] = [];
  for (const lane of strips) {
    const joined = groups.filter((group) => group.some((other) => touch(lane, other)));
    const rest = groups.filter((group) => !joined.includes(group));
    groups.splice(0, groups.length, ...rest, [...joined.flat(), lane]);
  }
  return groups.map((group) => ({
    name: group.length === 1 ? group[0]!.id : `${group[0]!.id} .. ${group[group.length - 1]!.id}`,
    lengthM: group.reduce((sum, lane) => sum + lineLengthM(lane), 0),
  }));
}

function touch(a: Lane, b: Lane): boolean {
  const ends = (lane: Lane) => [lane.points[0]!, lane.points[lane.points.length - 1]!];
  return ends(a).some((one) => ends(b).some((other) => one.x === other.x && one.y === other.y));
}

function lineLengthM(lane: Lane): number {
  return lane.points
    .slice(1)
    .reduce((sum, b, i) => sum + Math.hypot(b.x - lane.points[i]!.x, b.y - lane.points[i]!.y), 0);
}

function compile(site: LoadedSite, type: VehicleType) {
  try {
    return compileLegs(site, type);
  } catch (error) {
    if (error instanceof TooManyLegsError) return error;
    throw error;
  }
}

/** The report as lines for a person. */
export function reportLines(report: SiteReport): string[] {
  const lines = [`Site ${report.site} for vehicle type ${report.vehicleType}`];
  const row = (name: string, value: string) => lines.push(`  ${name.padEnd(14)}${value}`);
  const { counts, reachability: reach } = report;
  if (counts !== null) {
    row("lanes", `${counts.lanes}, ${counts.km.toFixed(2)} km`);
    row(
      "stations",
      Object.entries(counts.stations)
        .map(([role, { stations, bays }]) => `${stations} ${role}${bays === stations ? "" : ` (${bays} bays)`}`)
        .join(", "),
    );
    row("areas", `${counts.areas} pairs of lanes, ${report.joinedAreas} pieces of ground`);
    for (const { name, lengthM } of report.longAreas) row("", `${name}: ${lengthM.toFixed(0)} m`);
    row(
      "sections",
      report.sections.length === 0
        ? "none"
        : report.sections.map(({ name, lengthM }) => `${name}: ${lengthM.toFixed(0)} m`).join(", "),
    );
    row("legs", `${counts.legs} between ${counts.pockets} pockets and ${counts.places} places`);
    row(
      "havens",
      `${counts.havens}, ${counts.havensInCore} of them in the core: at most ${report.fleetPossible} vehicles (asked for ${counts.fleetMax})`,
    );
  }
  if (reach !== null) {
    const bad = reach.unreachable.length + reach.withoutWayOut.length;
    row(
      "reachability",
      bad === 0
        ? `all ${reach.bays} bays from ${reach.reference} and back`
        : `${bad} ways missing from or to ${reach.reference}`,
    );
    if (reach.farthest !== null)
      row(
        "",
        `longest way ${reach.farthest.from} to ${reach.farthest.to}: ${reach.farthest.lengthM.toFixed(0)} m, ${reach.farthest.timeS.toFixed(0)} s at the limits`,
      );
  }
  if (report.ok) row("W1 to W5", "hold");
  else {
    lines.push(`${report.problems.length} ${report.problems.length === 1 ? "problem" : "problems"}:`);
    for (const { text } of report.problems) lines.push(`  - ${text}`);
  }
  return lines;
}
