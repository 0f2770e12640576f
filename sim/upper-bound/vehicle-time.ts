/**
 * The least time and energy that a fleet spends on a container, in the mean over the demand: a linear programme and a
 * lower bound on it.
 *
 * A vehicle's life is picks and drops in turn. Between the pick of a container at bay i and its drop at bay j it drives
 * laden past the container's stations: c(i, j). Between that drop and the next pick at bay i' it drives empty: e(j, i').
 * As many vehicles leave a bay as come to it, so the fleet's flow is a circulation; the least time is the least-cost
 * circulation that carries every class of containers at its share. Any numbers φ(bay) bound its cost from below (weak
 * duality): with c' = c + φ(i) − φ(j) and e' = e − φ(i') + φ(j), the φ cancel over a circulation, so that
 *
 *   time a container  >=  Σ over classes  weight · min c'(i in `from`, j in `to`)  +  surplus · min e' across the border
 *
 * as long as no e' is negative. `surplus` is the part of the containers by which one direction exceeds the other: so
 * many empty crossings cannot be avoided. φ = 0 always serves; better is the time from a point of the yard to the bay,
 * which charges a pick far down a one-way yard and a drop early in it what the vehicle must drive in between. The
 * largest value over the candidates is taken. Times at stations and cranes are added at their means.
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

export interface VehicleTime {
  /** Seconds of one vehicle that a container takes at least. */
  readonly driveS: number;
  readonly serviceS: number;
  /** Energy for driving and laden stops that a container takes at least, kWh; auxiliaries are not in it. */
  readonly driveKwh: number;
  /** Crossings of the border, laden and empty, a container. */
  readonly crossings: number;
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

const sideOf = (site: Site, stationId: string): Side => stationOf(site, stationId).side;

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
 * Least vehicle time a container.
 * @param positioningS once for each stop in a crane bay; a drop and the next pick can share one
 * @throws Error where a class of containers has no way, or names a station that the site has not
 */
export function leastVehicleTime(
  graph: LegGraph,
  site: Site,
  type: VehicleType,
  classes: readonly DemandClass[],
  positioningS: number,
): VehicleTime {
  const ground = new Ground(graph, site, type);
  const northward = classes.filter((each) => sideOf(site, each.from) === "vn");
  const northShare = northward.reduce((sum, each) => sum + each.weight, 0);
  const major = Math.max(northShare, 1 - northShare);
  const surplus = 2 * major - 1;
  const surplusFrom = northShare > 0.5 ? "cn" : "vn";

  const pickBays = { vn: new Set<number>(), cn: new Set<number>() };
  const dropBays = { vn: new Set<number>(), cn: new Set<number>() };
  const ladenWays = new Map<string, readonly (readonly Way[])[]>();
  for (const each of classes) {
    const [from, to] = [ground.stands(each.from), ground.stands(each.to)];
    for (const bay of from) pickBays[sideOf(site, each.from)].add(bay);
    for (const bay of to) dropBays[sideOf(site, each.to)].add(bay);
    const key = wayKey(each);
    if (!ladenWays.has(key))
      ladenWays.set(
        key,
        from.map((bay) => ground.ladenWays(bay, each.via, to)),
      );
  }

  let best: { driveS: number; serviceS: number; ladenM: Map<DemandClass, number>; emptyM: number } | null = null;
  const allBays = { vn: [...pickBays.vn, ...dropBays.vn], cn: [...pickBays.cn, ...dropBays.cn] };
  for (const phiVn of potentials(site, graph, ground, "vn", allBays.vn)) {
    for (const phiCn of potentials(site, graph, ground, "cn", allBays.cn)) {
      const phi = (bay: number): number => phiVn.get(bay) ?? phiCn.get(bay) ?? 0;
      const empty = leastEmpty(ground, pickBays, dropBays, surplusFrom, phi);
      if (empty === null) continue;
      let driveS = surplus * empty.seconds;
      let serviceS = 0;
      const ladenM = new Map<DemandClass, number>();
      for (const each of classes) {
        const way = leastLaden(ladenWays.get(wayKey(each))!, ground.stands(each.from), ground.stands(each.to), phi);
        driveS += each.weight * way.seconds;
        serviceS += each.weight * way.serviceS;
        ladenM.set(each, way.metres);
      }
      if (best === null || driveS + serviceS > best.driveS + best.serviceS) {
        best = { driveS, serviceS, ladenM, emptyM: empty.metres };
      }
    }
  }
  if (best === null || !Number.isFinite(best.driveS))
    throw new Error("a container of the demand has no way on this site");

  let liftsS = 0;
  let driveKwh = surplus * energyKwh(type, best.emptyM, 0, 0);
  for (const each of classes) {
    for (const crane of [each.from, each.to]) {
      liftsS += each.weight * meanServiceS(stationOf(site, crane).service);
    }
    driveKwh += each.weight * energyKwh(type, best.ladenM.get(each)!, each.massKg, each.via.length);
  }
  return {
    driveS: best.driveS,
    serviceS: best.serviceS + liftsS + 2 * major * positioningS,
    driveKwh,
    crossings: 2 * major,
  };
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
