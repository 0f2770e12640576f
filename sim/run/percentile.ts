/**
 * The value below which the given part of the values lies, by the nearest rank; 0 where there are none.
 * @param sorted ascending
 * @param part   0..1
 */
export function percentile(sorted: ArrayLike<number>, part: number): number {
  if (sorted.length === 0) return 0;
  const rank = Math.max(1, Math.ceil(part * sorted.length));
  return sorted[rank - 1]!;
}

/** Times of many events, kept to tell their percentiles. */
export class Durations {
  #values = new Float64Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  /** A copy, ascending. */
  sorted(): Float64Array {
    return this.#values.slice(0, this.#count).sort();
  }
}
