import type { VehicleSample } from "../../fleet-gateway/index.ts";

type Point = readonly [x: number, y: number];

/** Twice the area of the triangle a, b, c: positive where c lies left of the line from a to b. */
const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether the way from `a` to `b` crosses the segment p–q. A point on a line counts to its right, so nothing is counted twice. */
function crosses(a: Point, b: Point, p: Point, q: Point): boolean {
  return turn(p, q, a) > 0 !== turn(p, q, b) > 0 && turn(a, b, p) > 0 !== turn(a, b, q) > 0;
}

/** Counts the passages of vehicles' centres over the border line, laden and empty, both directions together. */
export class BorderCrossings {
  count = 0;
  readonly #border: readonly Point[];
  readonly #last = new Map<string, Point>();

  /** @param border the line's points, metres of the run's frame */
  constructor(border: readonly Point[]) {
    this.#border = border;
  }

  take(vehicles: readonly Pick<VehicleSample, "id" | "x" | "y">[]): void {
    for (const { id, x, y } of vehicles) {
      const at: Point = [x, y];
      const last = this.#last.get(id);
      if (last !== undefined) {
        for (let i = 1; i < this.#border.length; i += 1) {
          if (crosses(last, at, this.#border[i - 1]!, this.#border[i]!)) this.count += 1;
        }
      }
      this.#last.set(id, at);
    }
  }
}
