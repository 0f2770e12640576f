import type { LinkReport } from "../mqtt/fleet-dialog.ts";

/** Reports about single messages: whoever sends a wrong one tends to send many. */
const OF_MESSAGES: ReadonlySet<LinkReport["code"]> = new Set<LinkReport["code"]>([
  "oversized",
  "malformed",
  "schema-violation",
  "identity-mismatch",
  "version-mismatch",
  "unknown-topic",
  "unknown-vehicle",
  "retained-message",
  "foreign-order",
  "stale-message",
  "invalid-outbound",
]);
/** Of one kind and vehicle one is told in this time, ms. */
const ONCE_IN_MS = 10_000;
/**
 * Keeps one sender's wrong messages from filling events and recording: of a kind and vehicle the first is told at once,
 * then one every ten seconds that says how many came in between. All are counted by the link.
 */
export class RepeatedReports {
  readonly #told = new Map<string, { untilMs: number; more: number }>();

  /** The report as it is to be told, or null while it is only counted. `nowMs` never goes back. */
  take(report: LinkReport, nowMs: number): LinkReport | null {
    if (!OF_MESSAGES.has(report.code)) return report;
    // What is nobody's vehicle is one sender for all names.
    const key = `${report.code} ${report.vehicle ?? ""}`;
    const last = this.#told.get(key);
    if (last !== undefined && nowMs < last.untilMs) {
      last.more++;
      return null;
    }
    this.#told.set(key, { untilMs: nowMs + ONCE_IN_MS, more: 0 });
    const more = last?.more ?? 0;
    return more === 0 ? report : { ...report, reason: `${report.reason} (and ${more} more since the last report)` };
  }
}
