import type { Path } from "./path.ts";
import { POSITION_EPSILON_M, type SpeedMap, type SpeedPiece } from "./speed-phase.ts";

/**
 * A path's speed limits as a vehicle plans with them that follows its plan half a smoothing window later: lower limits
 * begin earlier, higher ones later, so that what follows keeps the limits of the ground.
 */
export class SpeedPieces implements SpeedMap {
  edges: readonly SpeedPiece[] = [];
  edgeIndex = 0;
  readonly #halfWindowS: number;
  readonly #uncertaintyM: number;

  /** @param uncertaintyM the vehicle may be this far behind where it plans to be */
  constructor(halfWindowS: number, uncertaintyM: number) {
    this.#halfWindowS = halfWindowS;
    this.#uncertaintyM = uncertaintyM;
  }

  rebuild(path: Path): void {
    const { edges } = path;
    const pieces: { startP: number; endP: number; limitMps: number }[] = [];
    for (const { startP, endP, limitMps } of edges) {
      const last = pieces.at(-1);
      if (last === undefined) pieces.push({ startP, endP, limitMps });
      else if (last.limitMps === limitMps) last.endP = endP;
      else {
        const slower = limitMps < last.limitMps;
        const shiftM = slower
          ? -limitMps * this.#halfWindowS
          : (last.limitMps * this.#halfWindowS) / 2 + this.#uncertaintyM;
        const borderP = Math.max(last.startP, Math.min(endP, startP + shiftM));
        last.endP = borderP;
        pieces.push({ startP: borderP, endP, limitMps });
      }
    }
    this.edges = pieces;
    this.edgeIndex = 0;
  }

  locate(p: number): void {
    const edges = this.edges;
    let i = this.edgeIndex;
    while (i + 1 < edges.length && edges[i]!.endP <= p + POSITION_EPSILON_M) i++;
    this.edgeIndex = i;
  }
}
