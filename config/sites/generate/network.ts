import type { Distribution, Point, Side, StationRole } from "../../../planner/index.ts";
import { Path, type Pose } from "./path.ts";

/** Moves a drawing made for the Vietnamese side to where it lies. */
export interface Placement {
  /** "vn" or "cn", in front of every id. */
  readonly side: Side;
  place(point: Point): Point;
  turn(heading: number): number;
}

export interface RoadOptions {
  /** m/s, where nothing slower holds. */
  readonly limit: number;
  readonly width?: number;
  readonly twoWay?: boolean;
  readonly holding?: boolean;
  /** Slower stretches, metres from the road's start. */
  readonly slow?: readonly { fromM: number; toM: number; limit: number }[];
}

export interface DrawnLane {
  readonly id: string;
  readonly points: readonly Point[];
  readonly limit: number;
  readonly width: number;
  readonly twoWay: boolean;
  readonly holding: boolean;
  readonly gradient: number;
}

export interface DrawnStation {
  readonly id: string;
  readonly role: StationRole;
  readonly side: Side;
  readonly points: readonly Point[];
  readonly service: Distribution | null;
}

interface Road {
  readonly id: string;
  readonly path: Path;
  readonly options: RoadOptions;
}

/** Arcs tighter than this are driven at CURVE_LIMIT, metres. */
const CURVE_RADIUS_M = 30;
const CURVE_LIMIT = 3;
const LANE_WIDTH_M = 3.5;
/** A lane's end this near to a road is a fork or a merge of it, metres. */
const TOUCH_M = 0.05;

/** Roads and stations of a site; `lanes` cuts the roads at every fork, merge, station and change of limit or gradient. */
export class Network {
  readonly #roads: Road[] = [];
  readonly #stations: DrawnStation[] = [];
  readonly #elevation: (y: number) => number;
  readonly #gradientBreaks: readonly number[];

  /** @param breaks where the gradient changes, y in metres; the elevation is linear between them */
  constructor(elevation: (y: number) => number, breaks: readonly number[]) {
    this.#elevation = elevation;
    this.#gradientBreaks = breaks;
  }

  /** Adds a road that is already where it lies. */
  road(id: string, path: Path, options: RoadOptions): void {
    this.#roads.push({ id, path, options });
  }

  station(station: DrawnStation): void {
    this.#stations.push(station);
  }

  get stations(): readonly DrawnStation[] {
    return this.#stations;
  }

  lanes(): DrawnLane[] {
    const marks: Point[] = [
      ...this.#roads.flatMap(({ path }) => [path.start, path.end]),
      ...this.#stations.flatMap((station) => station.points),
    ];
    return this.#roads.flatMap((road) => this.#cut(road, marks));
  }

  #cut(road: Road, marks: readonly Point[]): DrawnLane[] {
    const { path, options } = road;
    const length = path.lengthM;
    const limitAt = (s: number): number => {
      let limit = path.radiusAt(s) < CURVE_RADIUS_M - 1e-6 ? Math.min(options.limit, CURVE_LIMIT) : options.limit;
      for (const slow of options.slow ?? []) if (s >= slow.fromM && s < slow.toM) limit = Math.min(limit, slow.limit);
      return limit;
    };
    const cuts = new Set<number>([0, length]);
    const cut = (s: number) => {
      if (s > 0.01 && s < length - 0.01 && ![...cuts].some((other) => Math.abs(other - s) < 0.01)) cuts.add(s);
    };
    for (const mark of marks) {
      const { s, distanceM } = path.project(mark);
      if (distanceM < TOUCH_M) cut(s);
    }
    for (const s of [...path.boundaries, ...(options.slow ?? []).flatMap(({ fromM, toM }) => [fromM, toM])])
      if (limitAt(s - 1e-6) !== limitAt(s + 1e-6)) cut(s);
    for (const y of this.#gradientBreaks) {
      const s = crossing(path, y);
      if (s !== null) cut(s);
    }
    const sorted = [...cuts].sort((a, b) => a - b);
    return sorted.slice(0, -1).map((from, i): DrawnLane => {
      const to = sorted[i + 1]!;
      const rise = this.#elevation(path.at(to).y) - this.#elevation(path.at(from).y);
      return {
        id: sorted.length === 2 ? road.id : `${road.id}.${i + 1}`,
        points: path.draw(from, to),
        limit: limitAt((from + to) / 2),
        width: options.width ?? LANE_WIDTH_M,
        twoWay: options.twoWay ?? false,
        holding: options.holding ?? true,
        gradient: Math.round((rise / (to - from)) * 1e5) / 1e5,
      };
    });
  }
}

/** Where a straight piece of a path crosses a line of constant y, metres from the path's start; null where it does not. */
function crossing(path: Path, y: number): number | null {
  let from = 0;
  for (const piece of path.pieces) {
    const rise = Math.sin(piece.start.heading) * piece.lengthM;
    const part = (y - piece.start.y) / rise;
    if (piece.curvature === 0 && Math.abs(rise) > 1e-6 && part > 0 && part < 1) return from + part * piece.lengthM;
    from += piece.lengthM;
  }
  return null;
}

/** A path whose start is given for the Vietnamese side. Turns keep their sense: a point mirror does not swap left and right. */
export function pathFrom(placement: Placement, start: Pose): Path {
  return new Path({ ...placement.place(start), heading: placement.turn(start.heading) });
}
