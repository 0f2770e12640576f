/** Books with random plans on small sites, for tests of what plans and their orders promise. */
import { FreeFlow } from "./free-flow.ts";
import { NONE } from "./leg-graph.ts";
import { planTask, type TaskResult } from "./plan-task.ts";
import type { Prng } from "./prng.ts";
import { RunTable } from "./runs.ts";
import { SEARCH_DEFAULTS, type Stop } from "./search.ts";
import { type SmallSite, type SmallSiteKind, smallSite, smallSiteVehicle } from "./small-sites.ts";
import { admitVehicle, createBook, isFreeHaven } from "./traffic/book.ts";
import { retime } from "./traffic/retime.ts";
import type { TrafficBook } from "./traffic/types.ts";

const sites = new Map<string, SmallSite>();

/** A small site from a table: each is compiled once. */
export function knownSite(
  kind: SmallSiteKind,
  seed: number,
  make: (kind: SmallSiteKind, seed: number) => Prng,
): SmallSite {
  const key = `${kind} ${seed}`;
  let site = sites.get(key);
  if (site === undefined) {
    site = smallSite(make(kind, seed), smallSiteVehicle, kind);
    sites.set(key, site);
  }
  return site;
}

export function below(random: Prng, limit: number): number {
  return Math.floor(random.nextFloat() * limit);
}

/** A fleet at rest in random havens, and the means to plan for it. */
export class RandomBook {
  readonly site: SmallSite;
  readonly book: TrafficBook;
  readonly runs: RunTable;
  readonly flow: FreeFlow;
  readonly havens: readonly number[];
  #jobs = 0;

  /** @param fleet at most as many vehicles; fewer where the site has fewer havens */
  constructor(site: SmallSite, fleet: number, random: Prng) {
    this.site = site;
    const { graph } = site;
    this.havens = graph.stands.filter((stand) => stand.haven).map((stand) => stand.index);
    const vehicles = Math.min(fleet, this.havens.length - 1);
    this.book = createBook(site.site, graph, smallSiteVehicle, vehicles);
    this.runs = new RunTable(graph, smallSiteVehicle);
    this.flow = new FreeFlow(graph, smallSiteVehicle);
    // One crew serves every stop of station 0, so that jobs have an order of their own.
    this.book.ordered[0] = 1;
    const free = [...this.havens];
    for (let vehicle = 0; vehicle < vehicles; vehicle++) {
      admitVehicle(this.book, vehicle, free.splice(below(random, free.length), 1)[0]!);
    }
  }

  /** One or two stops at stations and free places, with a job each. */
  randomStops(vehicle: number, random: Prng): Stop[] {
    const { stands } = this.book.graph;
    const open = stands.filter((stand) =>
      stand.kind === "place" ? !stand.haven || isFreeHaven(this.book, stand.index, vehicle) : stand.station !== NONE,
    );
    return Array.from({ length: 1 + below(random, 2) }, () => ({
      stands: [open[below(random, open.length)]!.index],
      jobs: [
        {
          station: random.nextFloat() < 0.5 ? 0 : NONE,
          job: `job-${++this.#jobs}`,
          durationMs: 1_000 + below(random, 60_000),
          ladenAfter: random.nextFloat() < 0.5,
        },
      ],
    }));
  }

  /** Plans stops from the end of the granted part. Labels are fresh before and after. */
  plan(vehicle: number, stops: readonly Stop[], expansionsMax: number): TaskResult {
    const result = planTask(
      this.book,
      this.runs,
      this.flow,
      {
        vehicle,
        laden: false,
        flight: null,
        stops,
        havens: this.havens.map((stand) => ({ stand, costMs: 0 })),
        keepServices: 0,
      },
      { ...SEARCH_DEFAULTS, expansionsMax },
    );
    this.retime();
    return result;
  }

  retime(): void {
    if (!retime(this.book)) throw new Error("labels do not settle: the precedence graph has a cycle");
  }
}
