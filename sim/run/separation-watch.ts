import type { Pose, SimVehicle } from "../vehicle/index.ts";
import { placeRectangle, type Rectangle, separation } from "../verify/geometry.ts";

/** Separations above this are not measured. */
const MEASURED_MAX_M = 10;

/** Watches the true footprints at each tick: the least separation of any two, and how often two came into contact. */
export class SeparationWatch {
  minSeparationM: number | null = null;
  /** Pairs count once for each time that they come to overlap. */
  collisions = 0;
  readonly #vehicles: readonly SimVehicle[];
  readonly #poses: readonly Pose[];
  readonly #moved: Uint8Array;
  /** [vehicle] half of its footprint's diagonal. */
  readonly #radiusM: Float64Array;
  readonly #overlapping = new Set<number>();
  readonly #a: Rectangle = new Float64Array(8);
  readonly #b: Rectangle = new Float64Array(8);

  constructor(vehicles: readonly SimVehicle[]) {
    this.#vehicles = vehicles;
    this.#poses = vehicles.map(() => ({ x: Number.NaN, y: Number.NaN, theta: 0 }));
    this.#moved = new Uint8Array(vehicles.length);
    this.#radiusM = Float64Array.from(vehicles, ({ type }) => Math.hypot(type.lengthM, type.widthM) / 2);
  }

  look(): void {
    const poses = this.#poses;
    const moved = this.#moved;
    for (let i = 0; i < poses.length; i++) {
      const { x, y, theta } = this.#vehicles[i]!.pose();
      const pose = poses[i]!;
      moved[i] = pose.x !== x || pose.y !== y ? 1 : 0;
      pose.x = x;
      pose.y = y;
      pose.theta = theta;
    }
    for (let i = 0; i < poses.length; i++) {
      for (let j = i + 1; j < poses.length; j++) if (moved[i] === 1 || moved[j] === 1) this.#lookAt(i, j);
    }
  }

  /** Measures a pair if it may be nearer than the least separation so far. */
  #lookAt(i: number, j: number): void {
    const p = this.#poses[i]!;
    const q = this.#poses[j]!;
    const reach = this.#radiusM[i]! + this.#radiusM[j]! + (this.minSeparationM ?? MEASURED_MAX_M);
    const dy = p.y - q.y;
    if (dy > reach || dy < -reach) return;
    const dx = p.x - q.x;
    if (dx * dx + dy * dy > reach * reach) return;
    const a = this.#vehicles[i]!.type;
    const b = this.#vehicles[j]!.type;
    placeRectangle(this.#a, p, a.lengthM, a.widthM);
    placeRectangle(this.#b, q, b.lengthM, b.widthM);
    this.#take(i * this.#poses.length + j, separation(this.#a, this.#b));
  }

  #take(pair: number, separationM: number): void {
    if (separationM <= MEASURED_MAX_M)
      this.minSeparationM = Math.min(this.minSeparationM ?? MEASURED_MAX_M, separationM);
    if (separationM > 0) this.#overlapping.delete(pair);
    else if (!this.#overlapping.has(pair)) {
      this.#overlapping.add(pair);
      this.collisions++;
    }
  }
}
