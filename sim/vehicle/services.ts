import type { OrderAction } from "../../engine/index.ts";

/** A vehicle that stands at a station asks for what its order's action says. */
export interface ServiceRequest {
  readonly vehicle: string;
  readonly action: OrderAction;
  /** Where its centre stands, metres ENU. */
  readonly x: number;
  readonly y: number;
  /** It has moved a container here before, since it came to this stand. */
  readonly handledHere: boolean;
}

/** A request that was taken; the number names it in `progress` and `withdraw`. */
export type ServiceAnswer =
  | { readonly kind: "taken"; readonly ticket: number }
  | { readonly kind: "refused"; readonly reason: string };

/** Queued: others are served first, or the station is out. Done: the vehicle may drive on. */
export type ServiceProgress = "queued" | "serving" | "done";

/** What vehicles see of the stations: gates, scanners, cranes, chargers. */
export interface ServiceHost {
  request(request: ServiceRequest, atMs: number): ServiceAnswer;
  /** Asked with times that do not go back; `done` is told once and forgets the ticket. */
  progress(ticket: number, nowMs: number): ServiceProgress;
  /**
   * Takes back a request. True if that was possible: it was still queued, or it is a charger's, which the vehicle may
   * leave at any time. False: it is being served and is served to its end.
   */
  withdraw(ticket: number): boolean;
}
