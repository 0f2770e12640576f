/** What the panels show: the run at one moment, gathered once for all of them. */
import type { RunFacts } from "../../feed/feed.ts";
import type { EventEntry, LedgerFigures, OrderNow } from "../../model/ledger.ts";
import type { VehicleNow } from "../../model/pose-track.ts";
import type { Texts } from "../i18n/texts.ts";

export interface Moment {
  readonly tMs: number;
  readonly vehicles: readonly VehicleNow[];
  readonly figures: LedgerFigures;
  readonly openOrders: readonly OrderNow[];
  /** The last ones, newest first. */
  readonly events: readonly EventEntry[];
  readonly selection: Selection | null;
}

export type Selection = { readonly kind: "vehicle" | "station"; readonly id: string };

/** A panel is made for one language and updated a few times a second. */
export interface Panel {
  readonly root: HTMLElement;
  update(moment: Moment): void;
}

/** Containers a day that the run is to deliver; null when the recording does not say. */
export function targetPerDay(facts: RunFacts): number | null {
  const target = Number(facts.targetPerDay);
  return Number.isFinite(target) && target > 0 ? target : null;
}

/** UTC time of run time 0, milliseconds; null when the recording does not say. */
export function startsAtMs(facts: RunFacts): number | null {
  const at = Date.parse(facts.startsAt ?? "");
  return Number.isNaN(at) ? null : at;
}

/** Why a vehicle waits, in words. `waitingFor` holds "<kind>:<id>". */
export function waitingWords(texts: Texts, waitingFor: readonly string[]): string {
  return waitingFor
    .map((reason) => {
      const colon = reason.indexOf(":");
      const id = reason.slice(colon + 1);
      return texts.ofCode("wait", reason.slice(0, Math.max(0, colon)), texts.t("wait.other", { id: reason }), { id });
    })
    .join(" · ");
}

/** Hours, minutes and seconds since midnight of the day of the run. */
export function clockText(ms: number): string {
  const s = Math.floor(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
