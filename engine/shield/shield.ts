import { assert } from "../assert.ts";
import type { ShieldReason } from "../reasons.ts";
import { POSE, type ShieldVehicle, stopDistanceM, writeBrakingSweep } from "./braking-sweep.ts";
import { rectangleDistance, widestGap } from "./rectangle.ts";

export interface ShieldOptions {
  readonly vehiclesMax: number;
  /** Two footprints must not come nearer than this, metres. Below twice the margin with which ground is planned. */
  readonly leastDistanceM: number;
  /** Time between two checks, seconds. */
  readonly tickS: number;
  /** Room for poses of a sweep; at two metres each it must hold the longest stop distance. */
  readonly posesMax: number;
}

export const SHIELD_DEFAULTS = { leastDistanceM: 0.3, tickS: 0.1, posesMax: 40 } as const;

/** A vehicle that must stop now with its emergency brake, because of which other one, and how far they are apart. */
export interface StopDecision {
  readonly vehicle: number;
  readonly other: number;
  readonly reason: ShieldReason;
  /** Metres between the two footprints now. */
  readonly distanceM: number;
}

/** Nearing by less than this (m/s) is not closing. */
const CLOSING_MPS = 0.05;

/**
 * The safety shield: knows nothing of plans, grants or lanes, only where the vehicles are, how fast, and which path lies
 * ahead. For each pair that is near, it takes the ground that both sweep if they brake now and stops
 * - who would come within the least distance of where the other is (`sweep-hits-vehicle`),
 * - both if the ground of both overlaps (`sweeps-meet`),
 * - who moves if the footprints are within the least distance and closing, or touch (`too-close`).
 * Vehicles that keep to their grants never meet these: the authority leaves the service brake's distance and the
 * standstill gap, the emergency brake needs less. Who stands is not stopped. A stopped vehicle has no sweep, so it is up
 * to the caller to hold it until a person or a rule lets it go on.
 *
 * Cost: sorting along the longer extent of the fleet (nearly sorted from tick to tick), then only near pairs with a
 * moving vehicle. Nothing is allocated but for decisions.
 */
export class Shield {
  readonly #options: ShieldOptions;
  /** Positions in the list of vehicles, sorted by the start of their reach along the longer axis. */
  readonly #order: Int32Array;
  #count = 0;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #reachM: Float64Array;
  readonly #stopM: Float64Array;
  readonly #poses: Float64Array[] = [];
  /** [vehicle * 4] least x, least y, greatest x, greatest y of all corners of its sweep. */
  readonly #box: Float64Array;
  /** Poses written in this check; 0: none yet. */
  readonly #poseCount: Int32Array;
  #minSeparationM = Number.POSITIVE_INFINITY;

  constructor(options: Pick<ShieldOptions, "vehiclesMax"> & Partial<ShieldOptions>) {
    this.#options = { ...SHIELD_DEFAULTS, ...options };
    const n = this.#options.vehiclesMax;
    this.#order = new Int32Array(n);
    this.#low = new Float64Array(n);
    this.#high = new Float64Array(n);
    this.#reachM = new Float64Array(n);
    this.#stopM = new Float64Array(n);
    this.#box = new Float64Array(n * 4);
    this.#poseCount = new Int32Array(n);
    for (let i = 0; i < n; i++) this.#poses.push(new Float64Array(this.#options.posesMax * POSE));
  }

  /** Smallest distance between footprints of near pairs, of which one moves, in the last check; Infinity without any. */
  get minSeparationM(): number {
    return this.#minSeparationM;
  }

  /**
   * Looks at all vehicles once.
   * @param vehicles by rising index, the same list or one of the same order in every tick (only speed depends on it)
   * @returns who must stop, by rising vehicle and other; mostly empty
   */
  check(vehicles: readonly ShieldVehicle[]): readonly StopDecision[] {
    assert(
      vehicles.length <= this.#options.vehiclesMax,
      `${vehicles.length} vehicles, at most ${this.#options.vehiclesMax}`,
    );
    this.#minSeparationM = Number.POSITIVE_INFINITY;
    this.#sortByReach(vehicles);
    let decisions: StopDecision[] | null = null;
    const order = this.#order;
    const least = this.#options.leastDistanceM;
    for (let k = 0; k < vehicles.length; k++) {
      const i = order[k]!;
      for (let m = k + 1; m < vehicles.length; m++) {
        const j = order[m]!;
        if (this.#low[j]! > this.#high[i]!) break;
        if (this.#stopM[i] === 0 && this.#stopM[j] === 0) continue;
        const a = vehicles[i]!;
        const b = vehicles[j]!;
        const dx = b.x - a.x;
        const dy = b.y - a.y;
        const reach = this.#reachM[i]! + this.#reachM[j]! + least;
        if (dx * dx + dy * dy > reach * reach) continue;
        decisions = i < j ? this.#checkPair(a, i, b, j, decisions) : this.#checkPair(b, j, a, i, decisions);
      }
    }
    return decisions === null ? [] : decisions.sort((a, b) => a.vehicle - b.vehicle || a.other - b.other);
  }

  #sortByReach(vehicles: readonly ShieldVehicle[]): void {
    const n = vehicles.length;
    let minX = Number.POSITIVE_INFINITY;
    let maxX = Number.NEGATIVE_INFINITY;
    let minY = Number.POSITIVE_INFINITY;
    let maxY = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const { x, y } = vehicles[i]!;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
    }
    const alongX = maxX - minX > maxY - minY;
    const margin = this.#options.leastDistanceM / 2;
    for (let i = 0; i < n; i++) {
      const vehicle = vehicles[i]!;
      const { lengthM, widthM } = vehicle;
      const stopM = stopDistanceM(vehicle, this.#options.tickS);
      const reachM = Math.sqrt(lengthM * lengthM + widthM * widthM) / 2 + stopM;
      const at = alongX ? vehicle.x : vehicle.y;
      this.#stopM[i] = stopM;
      this.#reachM[i] = reachM;
      this.#low[i] = at - reachM - margin;
      this.#high[i] = at + reachM + margin;
      this.#poseCount[i] = 0;
    }
    const order = this.#order;
    if (n !== this.#count) for (let i = 0; i < n; i++) order[i] = i;
    this.#count = n;
    for (let k = 1; k < n; k++) {
      const i = order[k]!;
      const low = this.#low[i]!;
      let m = k;
      while (m > 0) {
        const before = order[m - 1]!;
        if (this.#low[before]! < low || (this.#low[before] === low && before < i)) break;
        order[m] = before;
        m--;
      }
      order[m] = i;
    }
  }

  #sweep(vehicle: ShieldVehicle, i: number): Float64Array {
    const poses = this.#poses[i]!;
    if (this.#poseCount[i] !== 0) return poses;
    const count = writeBrakingSweep(vehicle, this.#stopM[i]!, poses);
    this.#poseCount[i] = count;
    let lowX = Number.POSITIVE_INFINITY;
    let lowY = Number.POSITIVE_INFINITY;
    let highX = Number.NEGATIVE_INFINITY;
    let highY = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < count * POSE; at += POSE) {
      const ux = Math.abs(poses[at + 2]!);
      const uy = Math.abs(poses[at + 3]!);
      const wide = (ux * vehicle.lengthM + uy * vehicle.widthM) / 2;
      const high = (uy * vehicle.lengthM + ux * vehicle.widthM) / 2;
      lowX = Math.min(lowX, poses[at]! - wide);
      highX = Math.max(highX, poses[at]! + wide);
      lowY = Math.min(lowY, poses[at + 1]! - high);
      highY = Math.max(highY, poses[at + 1]! + high);
    }
    const box = this.#box;
    box[4 * i] = lowX;
    box[4 * i + 1] = lowY;
    box[4 * i + 2] = highX;
    box[4 * i + 3] = highY;
    return poses;
  }

  /** Gap between the boxes around two sweeps along x or y, whichever is wider; no distance of theirs is less. */
  #boxGap(i: number, j: number): number {
    const box = this.#box;
    const x = Math.max(box[4 * i]! - box[4 * j + 2]!, box[4 * j]! - box[4 * i + 2]!);
    const y = Math.max(box[4 * i + 1]! - box[4 * j + 3]!, box[4 * j + 1]! - box[4 * i + 3]!);
    return Math.max(x, y);
  }

  /** Decides on one near pair; i < j. */
  #checkPair(
    a: ShieldVehicle,
    i: number,
    b: ShieldVehicle,
    j: number,
    decisions: StopDecision[] | null,
  ): StopDecision[] | null {
    const least = this.#options.leastDistanceM;
    const posesA = this.#sweep(a, i);
    const posesB = this.#sweep(b, j);
    const boxGapM = this.#boxGap(i, j);
    if (boxGapM >= Math.max(least, this.#minSeparationM)) return decisions;
    const distanceM = rectangleDistance(posesA, 0, a.lengthM / 2, a.widthM / 2, posesB, 0, b.lengthM / 2, b.widthM / 2);
    if (distanceM < this.#minSeparationM) this.#minSeparationM = distanceM;
    if (boxGapM >= least) return decisions;
    let aStops: ShieldReason | null = null;
    let bStops: ShieldReason | null = null;
    if (distanceM === 0 || (distanceM < least && isClosing(a, posesA, b, posesB))) {
      aStops = "too-close";
      bStops = "too-close";
    } else {
      if (comesNear(posesA, this.#poseCount[i]!, a, posesB, b, least, distanceM)) aStops = "sweep-hits-vehicle";
      if (comesNear(posesB, this.#poseCount[j]!, b, posesA, a, least, distanceM)) bStops = "sweep-hits-vehicle";
      if (
        aStops === null &&
        bStops === null &&
        sweepsMeet(posesA, this.#poseCount[i]!, a, posesB, this.#poseCount[j]!, b)
      ) {
        aStops = "sweeps-meet";
        bStops = "sweeps-meet";
      }
    }
    let found = decisions;
    if (aStops !== null && this.#stopM[i] !== 0) {
      found ??= [];
      found.push({ vehicle: a.index, other: b.index, reason: aStops, distanceM });
    }
    if (bStops !== null && this.#stopM[j] !== 0) {
      found ??= [];
      found.push({ vehicle: b.index, other: a.index, reason: bStops, distanceM });
    }
    return found;
  }
}

/** Whether the sweep comes within the least distance of the other's footprint, and nearer than it is now. */
function comesNear(
  sweep: Float64Array,
  count: number,
  vehicle: ShieldVehicle,
  footprint: Float64Array,
  other: ShieldVehicle,
  leastM: number,
  nowM: number,
): boolean {
  const al = vehicle.lengthM / 2;
  const aw = vehicle.widthM / 2;
  const bl = other.lengthM / 2;
  const bw = other.widthM / 2;
  const limit = Math.min(leastM, nowM - 1e-3);
  for (let pose = 1; pose < count; pose++) {
    if (widestGap(sweep, pose * POSE, al, aw, footprint, 0, bl, bw) >= limit) continue;
    if (rectangleDistance(sweep, pose * POSE, al, aw, footprint, 0, bl, bw) < limit) return true;
  }
  return false;
}

/** Whether a later pose of one overlaps a later pose of the other. */
function sweepsMeet(
  a: Float64Array,
  aCount: number,
  va: ShieldVehicle,
  b: Float64Array,
  bCount: number,
  vb: ShieldVehicle,
): boolean {
  for (let p = 1; p < aCount; p++)
    for (let q = 1; q < bCount; q++)
      if (widestGap(a, p * POSE, va.lengthM / 2, va.widthM / 2, b, q * POSE, vb.lengthM / 2, vb.widthM / 2) < 0)
        return true;
  return false;
}

/** Whether the centres near each other, as both move now. */
function isClosing(a: ShieldVehicle, poseA: Float64Array, b: ShieldVehicle, poseB: Float64Array): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const apart = Math.sqrt(dx * dx + dy * dy);
  if (apart === 0) return true;
  const rate = (dx * (b.v * poseB[2]! - a.v * poseA[2]!) + dy * (b.v * poseB[3]! - a.v * poseA[3]!)) / apart;
  return rate < -CLOSING_MPS;
}
