import {
  fork,
  type LegGraph,
  type Prng,
  prng,
  type Site,
  type SmallSiteKind,
  type Station,
  smallSite,
  smallSiteVehicle,
} from "../../planner/index.ts";

/** A small site with places turned into cranes, and a fleet for it. Ready to be run many times. */
export interface SiteCase {
  readonly kind: RunKind;
  readonly siteSeed: number;
  readonly site: Site;
  readonly graph: LegGraph;
  readonly cranes: readonly string[];
  /** Roles of in-line stations that an order may have to pass. */
  readonly via: readonly ("gate" | "scanner" | "disinfection")[];
  /** Bays in which vehicles start. */
  readonly starts: readonly string[];
}

const VEHICLES_MAX = 4;
const MEETING_SHARE = 0.65;
/** Pick-up and destination of an order differ. */
const CRANES_MIN = 2;
/** Sites drawn of each kind; compiling one takes as long as running several cases. */
/** Seeds of sites with many places, so that more than two vehicles have room; compiling a site takes as long as several runs. */
const SITE_SEEDS = {
  loop: [3, 5, 15],
  strip: [1, 3, 5],
  crossing: [12, 18, 21],
  roundabout: [8, 10, 11],
  gates: [3, 6, 9],
  "dead-ends": [1, 3, 6],
  ladder: [1, 3, 14],
} as const satisfies Partial<Record<SmallSiteKind, readonly number[]>>;

export type RunKind = keyof typeof SITE_SEEDS;

/** Kinds on which traffic meets head on, crosses or merges from several arms, and the others. */
export const MEETING_KINDS: readonly RunKind[] = ["strip", "crossing", "dead-ends", "roundabout"];
const OTHER_KINDS: readonly RunKind[] = ["loop", "gates", "ladder"];

const drawn = new Map<string, { readonly site: Site; readonly graph: LegGraph }>();

/**
 * The case's site and fleet.
 * @param kind drawn if left out, more than half of them of `MEETING_KINDS`
 * @param fleet most vehicles wanted; as many come as leave a spare haven and two cranes
 */
export function siteCase(random: Prng, kind?: RunKind, fleet?: number): SiteCase {
  const own = kind ?? drawKind(random);
  const seeds = SITE_SEEDS[own];
  const seed = seeds[below(random, seeds.length)]!;
  const { site, graph } = siteOf(own, seed);
  const havens = site.stations.filter((station) => station.resting);
  const cranesDrawn = site.stations.filter((station) => station.role === "crane").length;
  const most = havens.length - 1 - Math.max(0, CRANES_MIN - cranesDrawn);
  if (most < 2) throw new Error(`small site ${own} ${seed} has no room for two vehicles, a spare haven and two cranes`);
  const vehicles = Math.min(most, fleet ?? (random.nextFloat() < 0.2 ? 2 : VEHICLES_MAX));
  const parking = shuffled(
    random,
    havens.filter((station) => station.role === "parking"),
  );
  const spare = havens.length - 1 - vehicles;
  const least = Math.max(0, CRANES_MIN - cranesDrawn);
  const turned = new Set(parking.slice(0, Math.min(parking.length, least + below(random, spare - least + 1))));
  const stations = site.stations.map(
    (station): Station =>
      turned.has(station)
        ? { ...station, role: "crane", resting: false, service: { kind: "constant", valueS: 60 } }
        : station,
  );
  const stands = graph.stands.map((stand) => ({
    ...stand,
    haven: stand.haven && stations[stand.station]!.resting,
  }));
  const resting = shuffled(
    random,
    stations.filter((station) => station.resting),
  );
  return {
    kind: own,
    siteSeed: seed,
    site: { ...site, stations },
    graph: { ...graph, stands },
    cranes: stations.filter((station) => station.role === "crane").map((station) => station.id),
    via: (["gate", "disinfection"] as const).filter((role) => stations.some((station) => station.role === role)),
    starts: resting.slice(0, vehicles).map((station) => station.bays[0]!.id),
  };
}

function drawKind(random: Prng): RunKind {
  const from = random.nextFloat() < MEETING_SHARE ? MEETING_KINDS : OTHER_KINDS;
  return from[below(random, from.length)]!;
}

function siteOf(kind: RunKind, seed: number): { readonly site: Site; readonly graph: LegGraph } {
  const key = `${kind} ${seed}`;
  let site = drawn.get(key);
  if (site === undefined) {
    site = smallSite(fork(prng(seed), kind), smallSiteVehicle, kind);
    drawn.set(key, site);
  }
  return site;
}

export function below(random: Prng, limit: number): number {
  return Math.floor(random.nextFloat() * limit);
}

export function shuffled<T>(random: Prng, items: readonly T[]): T[] {
  const rest = [...items];
  for (let i = rest.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    [rest[i], rest[j]] = [rest[j]!, rest[i]!];
  }
  return rest;
}
