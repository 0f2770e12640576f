/**
 * Mean of the latest samples of a motion. A motion of piecewise constant acceleration becomes one of limited jerk
 * (acceleration steps turn into ramps as long as the window), keeps its end and is never ahead of itself, because each
 * mean is of positions already passed. It comes half a window later. (Trajectories by finite impulse response filters:
 * Biagiotti and Melchiorri, Trajectory Planning for Automatic Machines and Robots, 2008, ch. 4.)
 */
export class MovingAverage {
  mean = 0;
  readonly #samples: Float64Array;
  #next = 0;

  /** @param count samples of the window, at least 1 */
  constructor(count: number) {
    this.#samples = new Float64Array(Math.max(1, count));
  }

  get count(): number {
    return this.#samples.length;
  }

  /** As if the value had always been this. */
  fill(value: number): void {
    this.#samples.fill(value);
    this.mean = value;
  }

  /** As if all values had been larger by this. */
  shift(by: number): void {
    for (let i = 0; i < this.#samples.length; i++) this.#samples[i]! += by;
    this.mean += by;
  }

  /** Takes the next sample. The sum is formed anew each time, so that no rounding adds up over a day. */
  push(value: number): number {
    const samples = this.#samples;
    samples[this.#next] = value;
    this.#next = this.#next + 1 === samples.length ? 0 : this.#next + 1;
    // Relative to the newest: equal samples give exactly that value.
    let sum = 0;
    for (let i = 0; i < samples.length; i++) sum += samples[i]! - value;
    this.mean = value + sum / samples.length;
    return this.mean;
  }
}

/** A value as it was a fixed number of steps ago. */
export class Delay {
  readonly #values: Float64Array;
  #next = 0;

  /** @param steps 0: no delay */
  constructor(steps: number) {
    this.#values = new Float64Array(steps);
  }

  fill(value: number): void {
    this.#values.fill(value);
  }

  /** As if all values had been larger by this. */
  shift(by: number): void {
    for (let i = 0; i < this.#values.length; i++) this.#values[i]! += by;
  }

  /** Puts the newest value in and gives the one that is due. */
  push(value: number): number {
    const values = this.#values;
    if (values.length === 0) return value;
    const due = values[this.#next]!;
    values[this.#next] = value;
    this.#next = this.#next + 1 === values.length ? 0 : this.#next + 1;
    return due;
  }
}
