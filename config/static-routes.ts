import createGraph from "ngraph.graph";
import { aStar, type PathFinder } from "ngraph.path";
import {
  buildLaneGraph,
  findChains,
  isInLine,
  type LaneGraph,
  maxSpeedMps,
  type Site,
  type VehicleType,
} from "../planner/index.ts";

/** A way between two bays without regard to traffic. */
export interface StaticRoute {
  readonly from: string;
  readonly to: string;
  /** Directed lane ids in travel order ("~": against its points). */
  readonly lanes: readonly string[];
  readonly lengthM: number;
  /** At the lanes' limits and the type's speed without a container; no acceleration, no stops. */
  readonly timeS: number;
}

export type RouteCost = "time" | "length";

interface Cost {
  readonly timeS: number;
  readonly lengthM: number;
}

/**
 * Static routes of a vehicle type between the bays of a site. A way never leads through a bay beside the lanes (a slot,
 * a dock, a crane bay) other than its ends, as such a bay may be taken for as long as its vehicle likes.
 */
export class StaticRoutes {
  readonly lanes: LaneGraph;
  readonly #graph = createGraph<null, Cost>();
  readonly #finders: Readonly<Record<RouteCost, PathFinder<null>>>;
  readonly #bays: ReadonlySet<string>;

  constructor(site: Site, type: VehicleType) {
    const lanes = buildLaneGraph(site, type.modes);
    this.lanes = lanes;
    const cost = (lane: number): Cost => ({
      lengthM: lanes.lengthM[lane]!,
      timeS: lanes.lengthM[lane]! / Math.min(lanes.speedLimitMps[lane]!, maxSpeedMps(type, false)),
    });
    // The loader gives the ends of lanes and the bays of one node the same coordinates.
    const nodes = new Map<string, number>();
    for (let node = 0; node < lanes.nodeCount; node++) nodes.set(`${lanes.nodeX[node]},${lanes.nodeY[node]}`, node);
    const bays = new Set<string>();
    const closed = new Set<number>();
    for (const station of site.stations) {
      if (!station.modes.some((mode) => type.modes.includes(mode))) continue;
      for (const bay of station.bays) {
        const node = nodes.get(`${bay.x},${bay.y}`);
        if (node === undefined) continue;
        bays.add(bay.id);
        if (!isInLine(station)) closed.add(node);
        this.#graph.addNode(startOf(bay.id));
        this.#graph.addNode(endOf(bay.id));
        for (let k = lanes.firstOut[node]!; k < lanes.firstOut[node + 1]!; k++)
          this.#graph.addLink(startOf(bay.id), lanes.outLane[k]!, cost(lanes.outLane[k]!));
        for (let k = lanes.firstIn[node]!; k < lanes.firstIn[node + 1]!; k++)
          this.#graph.addLink(lanes.inLane[k]!, endOf(bay.id), { lengthM: 0, timeS: 0 });
      }
    }
    findChains(lanes).next.forEach((next, lane) => {
      if (closed.has(lanes.toNode[lane]!)) return;
      for (const other of next) this.#graph.addLink(lane, other, cost(other));
    });
    const finder = (distance: (cost: Cost) => number) =>
      aStar<null, Cost>(this.#graph, { oriented: true, distance: (_from, _to, link) => distance(link.data) });
    this.#finders = { time: finder((data) => data.timeS), length: finder((data) => data.lengthM) };
    this.#bays = bays;
  }

  /** Bays that the type may use and that lie on a lane. */
  get bays(): readonly string[] {
    return [...this.#bays];
  }

  /** The cheapest way from one bay to another, or null where there is none. From a bay to itself: once round. */
  route(from: string, to: string, cost: RouteCost = "time"): StaticRoute | null {
    if (!this.#bays.has(from) || !this.#bays.has(to)) return null;
    const path = this.#finders[cost].find(startOf(from), endOf(to)).reverse();
    if (path.length === 0) return null;
    let lengthM = 0;
    let timeS = 0;
    for (let i = 1; i < path.length; i++) {
      const link = this.#graph.getLink(path[i - 1]!.id, path[i]!.id);
      lengthM += link?.data.lengthM ?? 0;
      timeS += link?.data.timeS ?? 0;
    }
    const lanes = path.slice(1, -1).map((node) => this.lanes.laneId[Number(node.id)]!);
    return { from, to, lanes, lengthM, timeS };
  }
}

function startOf(bay: string): string {
  return `from ${bay}`;
}

function endOf(bay: string): string {
  return `to ${bay}`;
}
