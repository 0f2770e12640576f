/** Rectangles in the plane. A rectangle is eight numbers: its corners x0, y0, …, x3, y3 in order around it. */

export type Rectangle = Float64Array;

export interface Pose {
  x: number;
  y: number;
  theta: number;
}

/** Writes the corners of a footprint, centre at the pose, length along its heading, into `out`. */
export function placeRectangle(out: Rectangle, pose: Readonly<Pose>, lengthM: number, widthM: number): void {
  const ux = (Math.cos(pose.theta) * lengthM) / 2;
  const uy = (Math.sin(pose.theta) * lengthM) / 2;
  const vx = (-Math.sin(pose.theta) * widthM) / 2;
  const vy = (Math.cos(pose.theta) * widthM) / 2;
  out[0] = pose.x + ux + vx;
  out[1] = pose.y + uy + vy;
  out[2] = pose.x - ux + vx;
  out[3] = pose.y - uy + vy;
  out[4] = pose.x - ux - vx;
  out[5] = pose.y - uy - vy;
  out[6] = pose.x + ux - vx;
  out[7] = pose.y + uy - vy;
}

/** Whether two rectangles share ground: no line along a side of either parts them. Touching is not sharing. */
export function overlap(a: Rectangle, b: Rectangle): boolean {
  return !partedBySideOf(a, b) && !partedBySideOf(b, a);
}

function partedBySideOf(a: Rectangle, b: Rectangle): boolean {
  for (let side = 0; side < 2; side++) {
    const dx = a[2 * side + 2]! - a[2 * side]!;
    const dy = a[2 * side + 3]! - a[2 * side + 1]!;
    let aMin = Number.POSITIVE_INFINITY;
    let aMax = Number.NEGATIVE_INFINITY;
    let bMin = Number.POSITIVE_INFINITY;
    let bMax = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < 8; i += 2) {
      const onA = a[i]! * dx + a[i + 1]! * dy;
      const onB = b[i]! * dx + b[i + 1]! * dy;
      if (onA < aMin) aMin = onA;
      if (onA > aMax) aMax = onA;
      if (onB < bMin) bMin = onB;
      if (onB > bMax) bMax = onB;
    }
    if (aMax <= bMin || bMax <= aMin) return true;
  }
  return false;
}

/** Distance in metres between two rectangles; 0 where they overlap. */
export function separation(a: Rectangle, b: Rectangle): number {
  if (overlap(a, b)) return 0;
  return Math.sqrt(Math.min(cornersToSides(a, b), cornersToSides(b, a)));
}

function cornersToSides(a: Rectangle, b: Rectangle): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i += 2) {
    const px = a[i]!;
    const py = a[i + 1]!;
    for (let j = 0; j < 8; j += 2) {
      const x0 = b[j]!;
      const y0 = b[j + 1]!;
      const ex = b[(j + 2) % 8]! - x0;
      const ey = b[(j + 3) % 8]! - y0;
      let u = ((px - x0) * ex + (py - y0) * ey) / (ex * ex + ey * ey);
      u = u < 0 ? 0 : Math.min(u, 1);
      const dx = px - x0 - u * ex;
      const dy = py - y0 - u * ey;
      const squared = dx * dx + dy * dy;
      if (squared < best) best = squared;
    }
  }
  return best;
}

/** Whether three rectangles have ground in common (more than a square centimetre). */
export function shareGround(a: Rectangle, b: Rectangle, c: Rectangle): boolean {
  const common = clip(clip([...a], b), c);
  return Math.abs(area(common)) > 1e-4;
}

/** The part of a convex polygon inside a rectangle: cut along each of its sides in turn. */
function clip(polygon: readonly number[], by: Rectangle): number[] {
  let rest = [...polygon];
  for (let side = 0; side < 8; side += 2) {
    const x0 = by[side]!;
    const y0 = by[side + 1]!;
    const ex = by[(side + 2) % 8]! - x0;
    const ey = by[(side + 3) % 8]! - y0;
    // Corners run counter-clockwise, so inside is left of each side.
    const inside = (x: number, y: number): number => ex * (y - y0) - ey * (x - x0);
    const next: number[] = [];
    for (let i = 0; i < rest.length; i += 2) {
      const px = rest[i]!;
      const py = rest[i + 1]!;
      const qx = rest[(i + 2) % rest.length]!;
      const qy = rest[(i + 3) % rest.length]!;
      const p = inside(px, py);
      const q = inside(qx, qy);
      if (p >= 0) next.push(px, py);
      if (p >= 0 !== q >= 0) {
        const u = p / (p - q);
        next.push(px + u * (qx - px), py + u * (qy - py));
      }
    }
    rest = next;
  }
  return rest;
}

function area(polygon: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    twice += polygon[i]! * polygon[j + 1]! - polygon[j]! * polygon[i + 1]!;
  }
  return twice / 2;
}

/** Angle brought into [-pi, pi]. */
export function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
