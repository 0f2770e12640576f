import type { Placement } from "./network.ts";

/** The Vietnamese side: drawings lie where they are made. */
export const vnSide: Placement = { side: "vn", place: (point) => point, turn: (heading) => heading };

/** The Chinese side is a point mirror: (x, y) -> (-x, sumY - y), headings turned by pi. */
export function cnSide(sumY: number): Placement {
  return { side: "cn", place: ({ x, y }) => ({ x: -x, y: sumY - y }), turn: (heading) => heading + Math.PI };
}

/** The same placement for a drawing that lies `dx`, `dy` metres from where it was made. */
export function shifted(placement: Placement, dx: number, dy: number): Placement {
  return {
    side: placement.side,
    place: ({ x, y }) => placement.place({ x: x + dx, y: y + dy }),
    turn: placement.turn,
  };
}
