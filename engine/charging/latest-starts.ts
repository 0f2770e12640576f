export interface ChargingJob {
  /** Vehicle; the tie-breaker. */
  readonly index: number;
  /** When it must start at the latest, ms of run time. */
  readonly lastMs: number;
  /** Length of its session, ms. */
  readonly chargeMs: number;
}

/**
 * Latest start of each session such that all start in time on `chargers` equal chargers: from the last deadline
 * backwards, each takes the charger whose later sessions begin last. With sessions of one length no schedule starts any
 * later in sum (the mirror image of list scheduling by release time). Where a start is before `lastMs`, chargers are too
 * few for all to go at their last moment.
 * @returns by falling `lastMs`; empty without chargers
 */
export function latestStarts(
  jobs: readonly ChargingJob[],
  chargers: number,
): readonly (ChargingJob & { readonly startMs: number })[] {
  if (chargers === 0) return [];
  const takenFrom = new Array<number>(chargers).fill(Number.POSITIVE_INFINITY);
  return [...jobs]
    .sort((a, b) => b.lastMs - a.lastMs || b.index - a.index)
    .map((job) => {
      const charger = takenFrom.indexOf(Math.max(...takenFrom));
      const startMs = Math.min(job.lastMs, takenFrom[charger]! - job.chargeMs);
      takenFrom[charger] = startMs;
      return { ...job, startMs };
    });
}
