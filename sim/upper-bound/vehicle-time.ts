/**
 * The least time and energy that each class of containers takes of a fleet: a linear programme and a lower bound on it.
 *
 * A vehicle's life is picks and drops in turn. Between the pick of a container at bay i and its drop at bay j it drives
 * laden past the container's stations: c(i, j). Between that drop and the next pick at bay i' it drives empty: e(j, i').
 * As many vehicles leave a bay as come to it, so the fleet's flow is a circulation; the least time is the least-cost
 * circulation that carries every class of containers. Any numbers φ(bay) bound its cost from below (weak duality): with
 * c' = c + φ(i) − φ(j) and e' = e − φ(i') + φ(j), the φ cancel over a circulation, so that
 *
 *   time  >=  Σ over containers  min c'(i in `from`, j in `to`)  +  |surplus| · min e' across the border
 *
 * as long as no e' is negative. `surplus` is the number of containers by which one direction exceeds the other: so many
 * empty crossings cannot be avoided. φ = 0 always serves; better is the time from a point of the yard to the bay, which
 * charges a pick far down a one-way yard and a drop early in it what the vehicle must drive in between. Of the candidates
 * the one that gives the most for the released mix is taken. Times at stations and cranes are added at their means.
 */
import {
  type LegGraph,
  meanServiceS,
  type Side,
  type Site,
  type Station,
  type VehicleType,
} from "../../planner/index.ts";
import type { DemandClass, Pass } from "./demand-mix.ts";
import { Travel } from "./travel.ts";

/** What one container, or one unavoidable empty crossing, takes at least. */
export interface Effort {
  /** Seconds of one vehicle: drives, stations, lifts, positioning. */
  readonly seconds: number;
  /** Energy for driving and laden stops, kWh; auxiliaries are not in it. */
  readonly kwh: number;
}

export interface LeastEfforts {
  /** [class] */
  readonly container: readonly Effort[];
  /** An empty crossing against the stronger direction; it makes one more stop in a crane bay. */
  readonly emptyCrossing: Effort;
}

interface Way {
  readonly seconds: number;
  readonly metres: number;
  readonly serviceS: number;
}

function stationOf(site: Site, id: string): Station {
  const station = site.stations.find((each) => each.id === id);
  if (station === undefined) throw new Error(`the site has no station ${id}`);
  return station;
}

/** @throws Error where the site has no such station */
export const sideOf = (site: Site, stationId: string): Side => stationOf(site, stationId).side;

/** All there is to ask about bays and stations of one site, for one vehicle type. */
class Ground {
  readonly travel: Travel;
  readonly #graph: LegGraph;
  readonly #site: Site;

  constructor(graph: LegGraph, site: Site, type: VehicleType) {
    this.travel = new Travel(graph, type);
    this.#graph = graph;
    this.#site = site;
  }

  /** Stands of the bays of a station. */
  stands(stationId: string): readonly number[] {
    return this.#graph.standOfBay[this.#site.stations.indexOf(stationOf(this.#site, stationId))]!;
  }

  /** Stands and mean service of the stations of a role on a side: any of them serves. */
  #choices(pass: Pass): { readonly stand: number; readonly serviceS: number }[] {
    return this.#site.stations.flatMap((station, index) =>
      station.role === pass.role && station.side === pass.side
        ? this.#graph.standOfBay[index]!.map((stand) => ({ stand, serviceS: meanServiceS(station.service) }))
        : [],
    );
  }

  /** The fastest laden way from a bay past the stations to each of the bays `to`. */
  ladenWays(from: number, via: readonly Pass[], to: readonly number[]): Way[] {
    let reached: (Way & { readonly stand: number })[] = [{ stand: from, seconds: 0, metres: 0, serviceS: 0 }];
    const goOn = (stand: number, serviceS: number): Way & { readonly stand: number } => {
      let best = { stand, seconds: Number.POSITIVE_INFINITY, metres: Number.POSITIVE_INFINITY, serviceS: 0 };
      for (const at of reached) {
        const drive = this.travel.between(at.stand, stand, true);
        const way = {
          stand,
          seconds: at.seconds + drive.seconds,
          metres: at.metres + drive.metres,
          serviceS: at.serviceS + serviceS,
        };
        if (way.seconds + way.serviceS < best.seconds + best.serviceS) best = way;
      }
      return best;
    };
    for (const pass of via) reached = this.#choices(pass).map(({ stand, serviceS }) => goOn(stand, serviceS));
    return to.map((stand) => goOn(stand, 0));
  }
}

/** Candidates for φ on a side: nought, and the time from each of the side's in-line stations to the bay. */
function potentials(site: Site, graph: LegGraph, ground: Ground, side: Side, bays: readonly number[]) {
  const origins = site.stations.flatMap((station, index) =>
    station.side === side && graph.standOfBay[index]!.every((stand) => graph.stands[stand]!.kind === "pocket")
      ? graph.standOfBay[index]!
      : [],
  );
  const timed = origins.map(
    (origin) => new Map(bays.map((bay) => [bay, ground.travel.between(origin, bay, false).seconds])),
  );
  return [new Map<number, number>(), ...timed.filter((phi) => [...phi.values()].every(Number.isFinite))];
}

/**
 * Least efforts of the fleet.
 * @param positioningS seconds, once for each stop in a crane bay; a drop and the next pick can share one
 * @throws Error where a class of containers has no way, or names a station that the site has not
 */
export function leastEfforts(
  graph: LegGraph,
  site: Site,
  type: VehicleType,
  classes: readonly DemandClass[],
  positioningS: number,
): LeastEfforts {
  const ground = new Ground(graph, site, type);
  const pickBays = { vn: new Set<number>(), cn: new Set<number>() };
  const dropBays = { vn: new Set<number>(), cn: new Set<number>() };
  const ladenWays = new Map<string, readonly (readonly Way[])[]>();
  for (const each of classes) {
    const [from, to] = [ground.stands(each.from), ground.stands(each.to)];
    for (const bay of from) pickBays[sideOf(site, each.from)].add(bay);
    for (const bay of to) dropBays[sideOf(site, each.to)].add(bay);
    const key = wayKey(each);
    if (!ladenWays.has(key)) {
      ladenWays.set(
        key,
        from.map((bay) => ground.ladenWays(bay, each.via, to)),
      );
    }
  }
  const surplus = northSurplus(site, classes);
  const emptyFrom = surplus > 0 ? "cn" : "vn";
  let best: { readonly totalS: number; readonly ways: readonly Way[]; readonly empty: Omit<Way, "serviceS"> } | null =
    null;
  const allBays = { vn: [...pickBays.vn, ...dropBays.vn], cn: [...pickBays.cn, ...dropBays.cn] };
  for (const phiVn of potentials(site, graph, ground, "vn", allBays.vn)) {
    for (const phiCn of potentials(site, graph, ground, "cn", allBays.cn)) {
      const phi = (bay: number): number => phiVn.get(bay) ?? phiCn.get(bay) ?? 0;
      const empty = leastEmpty(ground, pickBays, dropBays, emptyFrom, phi);
      if (empty === null) continue;
      const ways = classes.map((each) =>
        leastLaden(ladenWays.get(wayKey(each))!, ground.stands(each.from), ground.stands(each.to), phi),
      );
      const ladenS = classes.reduce((sum, each, k) => sum + each.weight * (ways[k]!.seconds + ways[k]!.serviceS), 0);
      const totalS = ladenS + Math.abs(surplus) * empty.seconds;
      if (best === null || totalS > best.totalS) best = { totalS, ways, empty };
    }
  }
  if (best === null || !Number.isFinite(best.totalS))
    throw new Error("a container of the demand has no way on this site");
  const { ways, empty } = best;
  const liftS = (crane: string): number => meanServiceS(stationOf(site, crane).service);
  return {
    container: classes.map((each, k) => ({
      seconds: ways[k]!.seconds + ways[k]!.serviceS + liftS(each.from) + liftS(each.to) + positioningS,
      kwh: energyKwh(type, ways[k]!.metres, each.massKg, each.via.length),
    })),
    emptyCrossing: { seconds: empty.seconds + positioningS, kwh: energyKwh(type, empty.metres, 0, 0) },
  };
}

/** Part of the containers by which those to China exceed those to Việt Nam, -1..1. */
export function northSurplus(site: Site, classes: readonly DemandClass[]): number {
  return classes.reduce((sum, each) => sum + (sideOf(site, each.from) === "vn" ? each.weight : -each.weight), 0);
}

const wayKey = (each: DemandClass): string =>
  `${each.from} ${each.to} ${each.via.map((pass) => `${pass.side}-${pass.role}`).join(" ")}`;

/** Least c' of one class over its bays. */
function leastLaden(
  ways: readonly (readonly Way[])[],
  from: readonly number[],
  to: readonly number[],
  phi: (bay: number) => number,
): Way {
  let least: Way = { seconds: Number.POSITIVE_INFINITY, metres: Number.POSITIVE_INFINITY, serviceS: 0 };
  from.forEach((pick, i) => {
    to.forEach((drop, j) => {
      const way = ways[i]![j]!;
      const seconds = way.seconds + phi(pick) - phi(drop);
      if (seconds + way.serviceS < least.seconds + least.serviceS) {
        least = { seconds, metres: Math.min(way.metres, least.metres), serviceS: way.serviceS };
      } else if (way.metres < least.metres) least = { ...least, metres: way.metres };
    });
  });
  return least;
}

/** Least e' of the unavoidable empty crossings from `from`; null where φ makes any empty drive negative. */
function leastEmpty(
  ground: Ground,
  pickBays: Readonly<Record<Side, ReadonlySet<number>>>,
  dropBays: Readonly<Record<Side, ReadonlySet<number>>>,
  from: Side,
  phi: (bay: number) => number,
): { readonly seconds: number; readonly metres: number } | null {
  let seconds = Number.POSITIVE_INFINITY;
  let metres = Number.POSITIVE_INFINITY;
  for (const dropSide of ["vn", "cn"] as const) {
    for (const pickSide of ["vn", "cn"] as const) {
      for (const drop of dropBays[dropSide]) {
        for (const pick of pickBays[pickSide]) {
          const drive = ground.travel.between(drop, pick, false);
          const reduced = drive.seconds - phi(pick) + phi(drop);
          if (reduced < -1e-6) return null;
          if (dropSide !== from || pickSide === from) continue;
          seconds = Math.min(seconds, reduced);
          metres = Math.min(metres, drive.metres);
        }
      }
    }
  }
  return Number.isFinite(seconds) ? { seconds, metres } : { seconds: 0, metres: 0 };
}

/** kWh over `metres` with `loadKg` on board; each laden stop on the way and the last one cost a fixed amount. */
function energyKwh(type: VehicleType, metres: number, loadKg: number, stops: number): number {
  const { kwhPerTonneKm, kwhPerLadenStop } = type.consumption;
  const driving = kwhPerTonneKm * ((type.massEmptyKg + loadKg) / 1000) * (metres / 1000);
  return driving + (loadKg > 0 ? kwhPerLadenStop * (stops + 1) : 0);
}
