/**
 * The way between the stands of a plan, for drawing it: a plan names stop lines ("<lane>@<metres>") and bays, and the
 * line between two of them is the shortest one along the lanes.
 */
import FlatQueue from "flatqueue";
import { cutLane, type LaneLine, type SiteView } from "./site-view.ts";

const JOIN_M = 0.25;

interface Stand {
  /** On a lane, or null at a node where lanes end and begin (a bay). */
  readonly lane: LaneLine | null;
  readonly s: number;
  readonly node: number;
}

export interface RouteStep {
  readonly lane: string;
  readonly fromM: number;
  readonly toM: number;
}

export interface LaneRoutes {
  /** Steps from one stand to the next; empty when one of them is unknown here or no way leads there. */
  between(fromStand: string, toStand: string): readonly RouteStep[];
}

export function makeLaneRoutes(site: SiteView): LaneRoutes {
  const nodes = makeNodes();
  const lanes = [...site.lanes.values()];
  const fromNode = lanes.map((lane) => nodes.at(lane.xy[0]!, lane.xy[1]!));
  const toNode = lanes.map((lane) => nodes.at(lane.xy[lane.xy.length - 2]!, lane.xy[lane.xy.length - 1]!));
  const outOf: number[][] = [];
  fromNode.forEach((node, lane) => {
    outOf[node] ??= [];
    outOf[node].push(lane);
  });
  const laneIndex = new Map(lanes.map((lane, i) => [lane.id, i]));
  const known = new Map<string, readonly RouteStep[]>();

  const standOf = (id: string): Stand | null => {
    const bay = site.bays.get(id);
    if (bay !== undefined) return { lane: null, s: 0, node: nodes.at(bay.x, bay.y) };
    const at = id.lastIndexOf("@");
    const lane = at < 0 ? undefined : site.lanes.get(id.slice(0, at));
    const s = Number(id.slice(at + 1));
    return lane === undefined || Number.isNaN(s) ? null : { lane, s, node: -1 };
  };

  const search = (from: Stand, to: Stand): readonly RouteStep[] => {
    if (from.lane !== null && from.lane === to.lane && to.s >= from.s) {
      return [{ lane: from.lane.id, fromM: from.s, toM: to.s }];
    }
    const start = from.lane === null ? from.node : toNode[laneIndex.get(from.lane.id)!]!;
    const goal = to.lane === null ? to.node : fromNode[laneIndex.get(to.lane.id)!]!;
    const path = shortestLanes(lanes, outOf, toNode, start, goal);
    if (path === null) return [];
    const steps: RouteStep[] = [];
    if (from.lane !== null) steps.push({ lane: from.lane.id, fromM: from.s, toM: from.lane.lengthM });
    for (const lane of path) steps.push({ lane: lanes[lane]!.id, fromM: 0, toM: lanes[lane]!.lengthM });
    if (to.lane !== null) steps.push({ lane: to.lane.id, fromM: 0, toM: to.s });
    return steps;
  };

  return {
    between(fromStand, toStand) {
      const key = `${fromStand}\n${toStand}`;
      let steps = known.get(key);
      if (steps === undefined) {
        const from = standOf(fromStand);
        const to = standOf(toStand);
        steps = from === null || to === null ? [] : search(from, to);
        known.set(key, steps);
      }
      return steps;
    },
  };
}

/** Points [x0, y0, …] of a route. */
export function routePoints(site: SiteView, steps: readonly RouteStep[]): number[] {
  return steps.flatMap((step) => {
    const lane = site.lanes.get(step.lane);
    return lane === undefined ? [] : cutLane(lane, step.fromM, step.toM);
  });
}

function makeNodes(): { at(x: number, y: number): number } {
  const cells = new Map<string, number[]>();
  const xs: number[] = [];
  const ys: number[] = [];
  return {
    at(x, y) {
      const column = Math.floor(x);
      const row = Math.floor(y);
      for (let i = column - 1; i <= column + 1; i++) {
        for (let j = row - 1; j <= row + 1; j++) {
          for (const node of cells.get(`${i},${j}`) ?? []) {
            if (Math.hypot(xs[node]! - x, ys[node]! - y) <= JOIN_M) return node;
          }
        }
      }
      const node = xs.push(x) - 1;
      ys.push(y);
      const key = `${column},${row}`;
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, [node]);
      else cell.push(node);
      return node;
    },
  };
}

/** Dijkstra over lane ends; lanes of the shortest way from node `start` to node `goal`, or null. */
function shortestLanes(
  lanes: readonly LaneLine[],
  outOf: readonly (readonly number[] | undefined)[],
  toNode: readonly number[],
  start: number,
  goal: number,
): number[] | null {
  const distance = new Map<number, number>([[start, 0]]);
  const arrivedBy = new Map<number, number>();
  const cameFrom = new Map<number, number>();
  const open = new FlatQueue<number>();
  open.push(start, 0);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === goal) {
      const path: number[] = [];
      for (let at = goal; at !== start; at = cameFrom.get(at)!) path.push(arrivedBy.get(at)!);
      return path.reverse();
    }
    const soFar = distance.get(node)!;
    for (const lane of outOf[node] ?? []) {
      const next = toNode[lane]!;
      const length = soFar + lanes[lane]!.lengthM;
      if (length < (distance.get(next) ?? Number.POSITIVE_INFINITY)) {
        distance.set(next, length);
        arrivedBy.set(next, lane);
        cameFrom.set(next, node);
        open.push(next, length);
      }
    }
  }
  return null;
}
