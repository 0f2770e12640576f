/** A small list of checks that goes on after a failure and ends with the totals. */

export class Checks {
  passed = 0;
  failed = 0;

  check(name: string, holds: boolean, seen: string): void {
    if (holds) this.passed++;
    else this.failed++;
    process.stdout.write(`${holds ? "ok    " : "FAILED"} ${name}: ${seen}\n`);
  }

  /** Waits until something holds; a check of its own. */
  async within(seconds: number, name: string, holds: () => boolean, seen: () => string): Promise<boolean> {
    const endMs = performance.now() + seconds * 1000;
    while (!holds() && performance.now() < endMs) await pause(50);
    this.check(name, holds(), seen());
    return holds();
  }

  totals(skipped = 0): string {
    return `${this.passed} passed, ${this.failed} failed, ${skipped} skipped`;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Value below which the share `share` of the values lies; NaN without any. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
