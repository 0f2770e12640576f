import type { Point } from "../../../planner/index.ts";
import type { Placement } from "./network.ts";
import { cnSide, vnSide } from "./placements.ts";

export interface DrawnSurface {
  readonly id: string;
  readonly surface: "yard" | "deck" | "building" | "river";
  /** Closed. */
  readonly ring: readonly Point[];
  readonly confidence: "known" | "inferred" | "assumed";
  readonly source: string;
}

/** The border where it was found on a public county polygon, WGS84 [longitude, latitude], within 100 m. */
const BORDER_LON_LAT: readonly (readonly [number, number])[] = [
  [107.9906, 21.54565],
  [107.99179, 21.54627],
  [107.99311, 21.54648],
  [107.99598, 21.54653],
  // The model's origin replaces the found point 5 m beside it: the bridge's two lengths are counted from it.
  [107.998, 21.5465],
  [107.99914, 21.54666],
  [108.0007, 21.54711],
  [108.00195, 21.54734],
];

export const FRAME = {
  lat0: 21.5465,
  lon0: 107.998,
  bearing: 0,
  metresPerDegreeLat: 110740,
  metresPerDegreeLon: 103545,
} as const;

/** The border in local metres, from west to east. */
export const border: readonly Point[] = BORDER_LON_LAT.map(([lon, lat]) => ({
  x: (lon - FRAME.lon0) * FRAME.metresPerDegreeLon,
  y: (lat - FRAME.lat0) * FRAME.metresPerDegreeLat,
}));

/** Width and ends of the deck: 27.7 m with both footways, 154.5 m in Viet Nam and 463.5 m in China. */
const DECK = { halfWidth: 27.7 / 2, south: -154.5, north: 463.5 } as const;
/** The banks are this far from the border line; the bridge's spans over land are the rest of its length. */
const BANK_SOUTH_M = 110;
const BANK_NORTH_M = 240;
const APPROACH_HALF_WIDTH = 30;
const STACKS = [
  { block: 1, x: [18, 40], y: [-830, -700] },
  { block: 2, x: [-40, -18], y: [-830, -700] },
  { block: 3, x: [18, 40], y: [-990, -860] },
  { block: 4, x: [-40, -18], y: [-990, -860] },
] as const;

/** One yard's ground: where it lies on the Vietnamese side and how far its ladder goes. */
export interface YardGround {
  readonly tag: string;
  readonly dx: number;
  readonly dy: number;
  readonly slots: number;
}

/**
 * Deck, river, approaches, yards and stacks of a site.
 * @param endY end of the approach on the Vietnamese side, metres
 */
export function groundOf(
  endY: number,
  yards: readonly YardGround[],
  approachSumY: number,
  yardSumY: number,
): DrawnSurface[] {
  const layout = "assumed" as const;
  const source = "reference layout";
  const surfaces: DrawnSurface[] = [
    {
      id: "deck",
      surface: "deck",
      ring: box([-DECK.halfWidth, DECK.halfWidth], [DECK.south, DECK.north]),
      confidence: "known",
      source: "618 m x 27.7 m, 154.5 m of it in Viet Nam: press on the inauguration, 2017; position within 500 m",
    },
    {
      id: "river",
      surface: "river",
      ring: close([
        ...border.map(({ x, y }) => ({ x, y: y - BANK_SOUTH_M })),
        ...border.map(({ x, y }) => ({ x, y: y + BANK_NORTH_M })).reverse(),
      ]),
      confidence: "assumed",
      source: "border line 110 m to the south bank and 240 m to the north bank",
    },
  ];
  for (const side of ["vn", "cn"] as const) {
    const approach = side === "vn" ? vnSide : cnSide(approachSumY);
    const yardPlace = side === "vn" ? vnSide : cnSide(yardSumY);
    const add = (id: string, placement: Placement, ring: readonly Point[]) =>
      surfaces.push({
        id: `${side}-${id}`,
        surface: "yard",
        ring: ring.map((point) => placement.place(point)),
        confidence: layout,
        source,
      });
    const deckEnd = side === "vn" ? DECK.south : approachSumY - DECK.north;
    const approachEnd = side === "vn" ? endY : endY - (yardSumY - approachSumY);
    add("approach", approach, box([-APPROACH_HALF_WIDTH, APPROACH_HALF_WIDTH], [approachEnd, deckEnd]));
    if (yards.length > 1) {
      // Ground of the roads between the approach and yards that lie side by side.
      const dxs = yards.map((yard) => yard.dx);
      add("crossings", yardPlace, box([Math.min(...dxs) - 30, Math.max(...dxs) + 30], [yards[0]!.dy - 520, endY]));
    }
    for (const { tag, dx, dy, slots } of yards) {
      const placed = (x: readonly [number, number], y: readonly [number, number]) =>
        box([x[0] + dx, x[1] + dx], [y[0] + dy, y[1] + dy]);
      add(`yard${tag}`, yardPlace, placed([-100, 50], [-1095 - 5 * slots - 10, -520]));
      const letter = side === "vn" ? "vb" : "cb";
      for (const { block, x, y } of STACKS) add(`stack${tag}-${letter}${block}`, yardPlace, placed(x, y));
    }
  }
  return surfaces;
}

function box(x: readonly [number, number], y: readonly [number, number]): Point[] {
  return close([
    { x: x[0], y: y[0] },
    { x: x[1], y: y[0] },
    { x: x[1], y: y[1] },
    { x: x[0], y: y[1] },
  ]);
}

function close(points: readonly Point[]): Point[] {
  return [...points, points[0]!];
}
