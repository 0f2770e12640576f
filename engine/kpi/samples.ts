/** A growing list of durations in seconds whose percentiles are asked for now and then. Adding allocates only to double. */
export class Samples {
  #values = new Float64Array(256);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const doubled = new Float64Array(this.#values.length * 2);
      doubled.set(this.#values);
      this.#values = doubled;
    }
    this.#values[this.#count++] = value;
  }

  /**
   * The smallest sample that at least `share` of all samples do not exceed (nearest rank).
   * @param share 0 < share <= 1
   * @returns null without samples
   */
  percentile(share: number): number | null {
    if (this.#count === 0) return null;
    const sorted = this.#values.slice(0, this.#count).sort();
    return sorted[Math.max(0, Math.ceil(share * this.#count) - 1)]!;
  }
}
