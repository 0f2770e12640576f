/** Commands about files that people write: `site check|draw|route`, `new`, `doctor`. */
import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { registerDoctor } from "./doctor.ts";
import { FileError } from "./file-error.ts";
import { type LoadedSite, loadSite } from "./load-site.ts";
import { loadVehicleType } from "./load-vehicle-type.ts";
import { planSvg } from "./plan-svg.ts";
import { reportLines, siteReport } from "./site-report.ts";
import { type StaticRoute, StaticRoutes } from "./static-routes.ts";
import { newScenario, newSite } from "./templates.ts";

/** Registers the commands of this folder. */
export function register(program: Command): void {
  registerSite(
    program.command("site").summary("check, draw and ask sites").description("Checks, draws and asks sites."),
  );
  registerNew(
    program
      .command("new")
      .summary("start a site or a scenario from a template")
      .description("Writes a small file that passes its own check, to start from."),
  );
  registerDoctor(program);
}

function registerSite(site: Command): void {
  site
    .command("check <site>")
    .summary("validate a site for a vehicle type")
    .description(
      "Reports lanes, stations, areas, sections, legs and havens of a site, and refuses with a reason what would not work. Exit code 1 on a breach, 2 for a file that cannot be used.",
    )
    .option("--type <type...>", "vehicle types: built-in ids or paths", ["igv"])
    .option("--fleet <n>", "vehicles that are to be in it at once", wholeNumber, 1)
    .option("--json", "print one JSON document")
    .action((idOrPath: string, options: { type: string[]; fleet: number; json?: boolean }) => {
      const loaded = loadSite(idOrPath);
      const reports = options.type.map((type) => siteReport(loaded, loadVehicleType(type), options.fleet));
      const ok = reports.every((report) => report.ok);
      if (options.json === true) print(JSON.stringify({ site: loaded.id, file: loaded.file, ok, reports }, null, 2));
      else print(reports.flatMap(reportLines).join("\n"));
      process.exitCode = ok ? 0 : 1;
    });
  site
    .command("draw <site>")
    .summary("draw a plan as SVG")
    .description("Draws lanes, stations by role, areas of a vehicle type, surfaces and border.")
    .requiredOption("--out <file>", "SVG file to write")
    .option("--type <type>", "vehicle type: built-in id or path", "igv")
    .action((idOrPath: string, options: { out: string; type: string }) => {
      write(options.out, planSvg(loadSite(idOrPath), loadVehicleType(options.type)));
      process.stderr.write(`wrote ${options.out}\n`);
    });
  site
    .command("route <from> <to>")
    .summary("the shortest way between two stations")
    .description("The way between two stations or bays by time (at the lanes' limits, without traffic) or by length.")
    .option("--site <site>", "built-in id or path", "bac-luan-ii")
    .option("--type <type>", "vehicle type: built-in id or path", "igv")
    .option("--shortest", "by length, not by time")
    .option("--json", "print one JSON document")
    .action((from: string, to: string, options: { site: string; type: string; shortest?: boolean; json?: boolean }) => {
      const loaded = loadSite(options.site);
      const routes = new StaticRoutes(loaded, loadVehicleType(options.type));
      const best = bestRoute(loaded, routes, from, to, options.shortest === true);
      if (options.json === true) print(JSON.stringify(best, null, 2));
      else if (best === null) print(`No way leads from ${from} to ${to}.`);
      else
        print(
          [
            `${best.from} to ${best.to}: ${best.lengthM.toFixed(1)} m, ${best.timeS.toFixed(1)} s at the limits`,
            ...best.lanes.map((lane) => `  ${lane}`),
          ].join("\n"),
        );
      process.exitCode = best === null ? 1 : 0;
    });
}

function registerNew(command: Command): void {
  command
    .command("site <name>")
    .summary("a small site to start from")
    .description(
      "Writes <name>/site.geojson into the working folder: a closed loop with four parkings, two cranes and two chargers.",
    )
    .action((name: string) => {
      for (const file of newSite(name)) process.stderr.write(`wrote ${file}\n`);
    });
  command
    .command("scenario <name>")
    .summary("a scenario to start from")
    .description("Writes <name>.json into the working folder: two vehicles and forty containers a day.")
    .option("--site <site>", "built-in id or path of its site", "bac-luan-ii")
    .action((name: string, options: { site: string }) => {
      for (const file of newScenario(name, options.site)) process.stderr.write(`wrote ${file}\n`);
    });
}

/** The best way between any bay of one station and any bay of another; a bay's own id names it alone. */
function bestRoute(
  site: LoadedSite,
  routes: StaticRoutes,
  from: string,
  to: string,
  byLength: boolean,
): StaticRoute | null {
  const starts = baysOf(site, from);
  const ends = baysOf(site, to);
  const cost = byLength ? "length" : "time";
  let best: StaticRoute | null = null;
  for (const start of starts)
    for (const end of ends) {
      const route = routes.route(start, end, cost);
      if (route === null) continue;
      if (best === null || (byLength ? route.lengthM < best.lengthM : route.timeS < best.timeS)) best = route;
    }
  return best;
}

function baysOf(site: LoadedSite, id: string): string[] {
  const station = site.stations.find((candidate) => candidate.id === id);
  if (station !== undefined) return station.bays.map((bay) => bay.id);
  const bay = site.stations.flatMap((candidate) => candidate.bays).find((candidate) => candidate.id === id);
  if (bay === undefined)
    throw new FileError(
      site.file,
      "",
      `no station or bay ${JSON.stringify(id)}`,
      "the id of a station or bay of the site",
    );
  return [bay.id];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number of at least 1.");
  return value;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new FileError(
      file,
      "",
      `a file that cannot be written (${(error as NodeJS.ErrnoException).code})`,
      "a path in a folder that exists",
    );
  }
}
