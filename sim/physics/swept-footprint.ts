import type { VehicleType } from "../../planner/index.ts";

/** Half length and half width of what a vehicle covers, its container included, metres. */
export interface Extent {
  readonly halfLengthM: number;
  readonly halfWidthM: number;
}

/** ISO 668 and EN 284: outer length by nominal length in feet, and the widest (45 ft pallet-wide) box, metres. */
const CONTAINER_LENGTH_M: Readonly<Record<number, number>> = { 20: 6.058, 40: 12.192, 45: 13.716 };
const CONTAINER_WIDTH_M = 2.5;

/** What a vehicle covers with a container of a nominal length in feet centred on it, or with none (null). */
export function extentOf(type: Pick<VehicleType, "lengthM" | "widthM">, containerFt: 20 | 40 | 45 | null): Extent {
  const length = containerFt === null ? 0 : CONTAINER_LENGTH_M[containerFt]!;
  const width = containerFt === null ? 0 : CONTAINER_WIDTH_M;
  return { halfLengthM: Math.max(type.lengthM, length) / 2, halfWidthM: Math.max(type.widthM, width) / 2 };
}

/**
 * How far the covered ground reaches beyond the footprint that is planned for this place on the lane (centre on the
 * line, heading along it), metres; at most the type's margin if what was planned is to hold.
 * @param offsetM      centre's offset from the line
 * @param headingError heading less the line's, radians
 */
export function excessM(
  type: Pick<VehicleType, "lengthM" | "widthM">,
  extent: Extent,
  offsetM: number,
  headingError: number,
): number {
  const cosine = 1 - (headingError * headingError) / 2;
  const sine = headingError - (headingError * headingError * headingError) / 6;
  let most = 0;
  for (let corner = 0; corner < 4; corner++) {
    const x = corner < 2 ? extent.halfLengthM : -extent.halfLengthM;
    const y = corner % 2 === 0 ? extent.halfWidthM : -extent.halfWidthM;
    const along = Math.abs(x * cosine - y * sine) - type.lengthM / 2;
    const across = Math.abs(x * sine + y * cosine + offsetM) - type.widthM / 2;
    most = Math.max(most, along, across);
  }
  return most;
}
