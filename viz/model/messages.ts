/**
 * What a recording and a live connection carry, as the viewer reads it. The types are the recording's own; times in them
 * (`t`) are seconds of run time, the viewer counts in integer milliseconds.
 */
import type {
  RecordedEvent,
  RecordedKpi,
  RecordedMessage,
  RecordedOrderEvent,
  RecordedPlan,
  RecordedReservation,
  SiteMessage,
  Topic,
  VehicleSample,
  VehiclesMessage,
} from "../../fleet-gateway/index.ts";

export type {
  RecordedEvent,
  RecordedKpi,
  RecordedMessage,
  RecordedOrderEvent,
  RecordedPlan,
  RecordedReservation,
  SiteMessage,
  VehicleSample,
  VehiclesMessage,
};

/** What an accepted order says of its container, where the recording has it. */
export interface ContainerLoad {
  readonly commodity: string;
  readonly lengthFt: number;
  readonly laden: boolean;
}

/** The topics that the viewer reads; the others of a recording are for other readers. */
export const viewedTopics = ["/site", "/vehicles", "/reservations", "/plans", "/orders", "/events", "/kpi"] as const;
export type ViewedTopic = (typeof viewedTopics)[number] & Topic;

/** A message with its time in integer milliseconds of run time. */
export type TimedMessage = Extract<RecordedMessage, { topic: ViewedTopic }> & { readonly tMs: number };

export function isViewedTopic(topic: string): topic is ViewedTopic {
  return (viewedTopics as readonly string[]).includes(topic);
}
