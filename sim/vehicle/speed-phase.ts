/** A stretch of a path, from `startP` to `endP` metres, with one speed limit. */
export interface SpeedPiece {
  readonly startP: number;
  readonly endP: number;
  readonly limitMps: number;
}

/** Speed limits along a path. */
export interface SpeedMap {
  readonly edges: readonly SpeedPiece[];
  /** Index in `edges` of the piece of the latest position. */
  readonly edgeIndex: number;
  /** Moves `edgeIndex` on to the piece that holds `p`. */
  locate(p: number): void;
}

/** What a vehicle can do at its present load. m/s, m/s²; decelerations are positive. */
export interface DriveLimits {
  readonly topSpeedMps: number;
  readonly accelerationMps2: number;
  readonly decelerationMps2: number;
}

/** One stretch of constant acceleration, from (`p`, `v`) to (`endP`, `endV`) in `durationS` (Infinity: it stands). */
export interface SpeedPhase {
  a: number;
  durationS: number;
  endP: number;
  endV: number;
}

/** Closer than this a position counts as reached, metres; far below anything that a vehicle can resolve. */
export const POSITION_EPSILON_M = 1e-7;
/** A vehicle that stands this near to a node stands at it, metres: orders are rounded, bays are surveyed. */
export const AT_NODE_M = 1e-3;
const SPEED_EPSILON_MPS = 1e-9;

/**
 * The next stretch of constant acceleration of the fastest motion that keeps every speed limit and stops at `endP`.
 * Where it is faster than it may be, because a limit was lowered, it brakes.
 *
 * In the plane of position and squared speed every braking curve is a line of slope -2b. So of all lower limits ahead
 * (vᵢ at pᵢ) and the stop, the one with the least vᵢ² + 2b·pᵢ is met first by the vehicle's own line and stays the
 * binding one until it is reached: the vehicle accelerates or cruises up to that line and then follows it to (pᵢ, vᵢ).
 *
 * @param edges  edges of the path; `edges[edgeIndex]` holds `p`
 * @param endP   where the vehicle must stand, metres of the path, at or before the end of the base
 * @param phase  written
 */
export function nextSpeedPhase(
  p: number,
  v: number,
  edges: readonly SpeedPiece[],
  edgeIndex: number,
  endP: number,
  limits: DriveLimits,
  phase: SpeedPhase,
): void {
  const b = limits.decelerationMps2;
  const top = limits.topSpeedMps;
  if (endP - p <= POSITION_EPSILON_M && v <= SPEED_EPSILON_MPS) {
    stand(p, phase);
    return;
  }

  let i = edgeIndex;
  while (i + 1 < edges.length && edges[i]!.endP <= p + POSITION_EPSILON_M) i++;
  const limit = Math.min(edges[i]!.limitMps, top);
  const pieceEndP = Math.min(edges[i]!.endP, endP);

  let bindingP = endP;
  let bindingV = 0;
  let binding = 2 * b * endP;
  for (let j = i + 1; j < edges.length && edges[j]!.startP < endP; j++) {
    const edge = edges[j]!;
    const edgeLimit = Math.min(edge.limitMps, top);
    const line = edgeLimit * edgeLimit + 2 * b * edge.startP;
    if (line < binding) {
      binding = line;
      bindingP = edge.startP;
      bindingV = edgeLimit;
    }
  }

  const slack = binding - 2 * b * p - v * v;
  const nothing = 2 * b * POSITION_EPSILON_M;
  if (slack <= nothing && v > bindingV) {
    // Over the line by more than rounding only where a limit was lowered under way: it is then reached too fast.
    const late = slack < -nothing && bindingP < endP;
    const endV = late ? Math.sqrt(Math.max(0, v * v - 2 * b * (bindingP - p))) : bindingV;
    set(phase, -b, (v - endV) / b, bindingP, endV);
    return;
  }
  if (v > limit + SPEED_EPSILON_MPS) {
    set(phase, -b, (v - limit) / b, p + (v * v - limit * limit) / (2 * b), limit);
    return;
  }
  const toPieceEnd = pieceEndP - p;
  if (v >= limit - SPEED_EPSILON_MPS) {
    const toLine = slack / (2 * b);
    const distance = Math.min(toPieceEnd, toLine);
    set(phase, 0, distance / v, distance === toPieceEnd ? pieceEndP : p + distance, v);
    return;
  }
  const a = limits.accelerationMps2;
  const toLimit = (limit * limit - v * v) / (2 * a);
  const toLine = slack / (2 * (a + b));
  const distance = Math.min(toLimit, toPieceEnd, toLine);
  const endV = distance === toLimit ? limit : Math.sqrt(v * v + 2 * a * distance);
  set(phase, a, (endV - v) / a, distance === toPieceEnd ? pieceEndP : p + distance, endV);
}

/** Whether all lower limits ahead and the stop at `endP` can be kept from `p` at `v` with a deceleration. */
export function canKeep(
  p: number,
  v: number,
  { edges, edgeIndex }: SpeedMap,
  endP: number,
  topSpeedMps: number,
  decelerationMps2: number,
): boolean {
  const energy = v * v + 2 * decelerationMps2 * p;
  if (energy > 2 * decelerationMps2 * endP && v > 0) return false;
  for (let i = edgeIndex + 1; i < edges.length && edges[i]!.startP < endP; i++) {
    const limit = Math.min(edges[i]!.limitMps, topSpeedMps);
    if (energy > limit * limit + 2 * decelerationMps2 * edges[i]!.startP) return false;
  }
  return true;
}

/** Braking with the guaranteed deceleration to a stand, whatever lies ahead. */
export function haltPhase(p: number, v: number, decelerationMps2: number, phase: SpeedPhase): void {
  if (v <= SPEED_EPSILON_MPS) stand(p, phase);
  else set(phase, -decelerationMps2, v / decelerationMps2, p + (v * v) / (2 * decelerationMps2), 0);
}

function stand(p: number, phase: SpeedPhase): void {
  set(phase, 0, Number.POSITIVE_INFINITY, p, 0);
}

function set(phase: SpeedPhase, a: number, durationS: number, endP: number, endV: number): void {
  phase.a = a;
  phase.durationS = durationS;
  phase.endP = endP;
  phase.endV = endV;
}
