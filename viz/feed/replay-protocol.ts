/** What the page and its recording-reading worker say to each other. */
import type { GroundSnapshot } from "../model/ground.ts";
import type { SiteMessage, TimedMessage } from "../model/messages.ts";
import type { RunFacts } from "./feed.ts";

export type ReplayRequest =
  | { readonly kind: "open"; readonly url: string }
  /** `seek` numbers grow; answers to an older one are dropped. */
  | { readonly kind: "seek"; readonly seek: number; readonly tMs: number }
  | { readonly kind: "more"; readonly seek: number; readonly chunk: number };

export interface ReplayRestart {
  readonly tMs: number;
  readonly ground: GroundSnapshot;
  readonly groundKnown: boolean;
}

export type ReplayAnswer =
  | {
      readonly kind: "opened";
      readonly site: SiteMessage;
      readonly facts: RunFacts;
      readonly startMs: number;
      readonly endMs: number;
    }
  | {
      readonly kind: "motion";
      readonly seek: number;
      /** In the first answer to a seek; one answer, so that no picture is drawn between the two. */
      readonly restart: ReplayRestart | null;
      readonly messages: readonly TimedMessage[];
      /** Motion is complete up to here. */
      readonly toMs: number;
      /** Chunk to ask for next, or -1 at the end. */
      readonly nextChunk: number;
    }
  | {
      readonly kind: "log";
      readonly messages: readonly TimedMessage[];
      readonly indexedMs: number;
      readonly indexed: number;
    }
  | { readonly kind: "failed"; readonly detail: string };
