/**
 * Rectangles as four numbers in an array: centre x, y and the unit vector of the long axis, with half length and half
 * width beside them. The shield's own: it shares no geometry with the planner, so that one mistake cannot blind both.
 */

/**
 * The widest gap between two rectangles along any of their four axes (separating axis theorem): at most their distance;
 * equal to it where an edge faces the other; negative when they overlap.
 * @param a  array that holds the first rectangle from position i on; `al`, `aw` its half length and half width
 */
export function widestGap(
  a: Float64Array,
  i: number,
  al: number,
  aw: number,
  b: Float64Array,
  j: number,
  bl: number,
  bw: number,
): number {
  const dx = b[j]! - a[i]!;
  const dy = b[j + 1]! - a[i + 1]!;
  const aux = a[i + 2]!;
  const auy = a[i + 3]!;
  const bux = b[j + 2]!;
  const buy = b[j + 3]!;
  const cos = Math.abs(aux * bux + auy * buy);
  const sin = Math.abs(aux * buy - auy * bux);
  const alongA = Math.abs(dx * aux + dy * auy) - al - bl * cos - bw * sin;
  const acrossA = Math.abs(dy * aux - dx * auy) - aw - bl * sin - bw * cos;
  const alongB = Math.abs(dx * bux + dy * buy) - bl - al * cos - aw * sin;
  const acrossB = Math.abs(dy * bux - dx * buy) - bw - al * sin - aw * cos;
  return Math.max(alongA, acrossA, alongB, acrossB);
}

/** Distance between two rectangles in metres; 0 when they touch or overlap. */
export function rectangleDistance(
  a: Float64Array,
  i: number,
  al: number,
  aw: number,
  b: Float64Array,
  j: number,
  bl: number,
  bw: number,
): number {
  if (widestGap(a, i, al, aw, b, j, bl, bw) <= 0) return 0;
  // Two convex polygons apart: a corner of one is nearest.
  const square = Math.min(
    nearestCornerSquare(a, i, al, aw, b, j, bl, bw),
    nearestCornerSquare(b, j, bl, bw, a, i, al, aw),
  );
  return Math.sqrt(square);
}

/** Least square of the distances from the corners of `a` to the rectangle `b`. */
function nearestCornerSquare(
  a: Float64Array,
  i: number,
  al: number,
  aw: number,
  b: Float64Array,
  j: number,
  bl: number,
  bw: number,
): number {
  const bux = b[j + 2]!;
  const buy = b[j + 3]!;
  const dx = a[i]! - b[j]!;
  const dy = a[i + 1]! - b[j + 1]!;
  // Centre and half axes of `a` in the frame of `b`.
  const cx = dx * bux + dy * buy;
  const cy = dy * bux - dx * buy;
  const lx = al * (a[i + 2]! * bux + a[i + 3]! * buy);
  const ly = al * (a[i + 3]! * bux - a[i + 2]! * buy);
  const wx = (-ly * aw) / al;
  const wy = (lx * aw) / al;
  let least = Number.POSITIVE_INFINITY;
  for (let corner = 0; corner < 4; corner++) {
    const l = corner < 2 ? 1 : -1;
    const w = corner % 2 === 0 ? 1 : -1;
    const x = Math.max(0, Math.abs(cx + l * lx + w * wx) - bl);
    const y = Math.max(0, Math.abs(cy + l * ly + w * wy) - bw);
    const square = x * x + y * y;
    if (square < least) least = square;
  }
  return least;
}
