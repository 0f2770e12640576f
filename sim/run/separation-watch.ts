import type { SimVehicle } from "../vehicle/index.ts";
import { placeRectangle, type Rectangle, separation } from "../verify/geometry.ts";

/** Separations above this are not measured. */
const MEASURED_MAX_M = 10;

/** Watches the true footprints at each tick: the least separation of any two, and how often two came into contact. */
export class SeparationWatch {
  minSeparationM: number | null = null;
  /** Pairs count once for each time that they come to overlap. */
  collisions = 0;
  readonly #vehicles: readonly SimVehicle[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #theta: Float64Array;
  readonly #overlapping = new Set<number>();
  readonly #a: Rectangle = new Float64Array(8);
  readonly #b: Rectangle = new Float64Array(8);

  constructor(vehicles: readonly SimVehicle[]) {
    this.#vehicles = vehicles;
    this.#x = new Float64Array(vehicles.length);
    this.#y = new Float64Array(vehicles.length);
    this.#theta = new Float64Array(vehicles.length);
  }

  look(): void {
    const vehicles = this.#vehicles;
    const [x, y, theta] = [this.#x, this.#y, this.#theta];
    for (let i = 0; i < vehicles.length; i++) {
      const pose = vehicles[i]!.pose();
      x[i] = pose.x;
      y[i] = pose.y;
      theta[i] = pose.theta;
    }
    for (let i = 0; i < vehicles.length; i++) {
      const { lengthM, widthM } = vehicles[i]!.type;
      for (let j = i + 1; j < vehicles.length; j++) {
        const other = vehicles[j]!.type;
        const reach =
          (Math.hypot(lengthM, widthM) + Math.hypot(other.lengthM, other.widthM)) / 2 +
          (this.minSeparationM ?? MEASURED_MAX_M);
        const dy = y[i]! - y[j]!;
        if (dy > reach || dy < -reach) continue;
        const dx = x[i]! - x[j]!;
        if (dx * dx + dy * dy > reach * reach) {
          continue;
        }
        placeRectangle(this.#a, { x: x[i]!, y: y[i]!, theta: theta[i]! }, lengthM, widthM);
        placeRectangle(this.#b, { x: x[j]!, y: y[j]!, theta: theta[j]! }, other.lengthM, other.widthM);
        this.#take(i * vehicles.length + j, separation(this.#a, this.#b));
      }
    }
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
