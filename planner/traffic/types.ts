/**
 * The planner's book of who uses what in which order: plans of all vehicles, and for each resource the order of its
 * uses. Events are G (a leg granted), C (tail confirmed clear of something), S (a service ended); each undone event
 * carries a label, the integer millisecond at which it is expected, or Infinity while a block source holds it back.
 */
import type { LegGraph } from "../leg-graph.ts";

/** What is to be done while standing at a visit: one job of a station (server). */
export interface Service {
  readonly vehicle: number;
  readonly visit: Visit;
  /** Index into `Site.stations`, or NONE for a job without server (charging a vehicle's own time, a rest). */
  readonly station: number;
  /** The caller's word for the job; the planner only carries it. */
  readonly job: string;
  durationMs: number;
  /** Label of S: expected end. */
  endMs: number;
  started: boolean;
  done: boolean;
  /** Position in the station's order of jobs, or NONE where the stand's own order decides. */
  order: number;
}

/** One vehicle's stay on one stand; in the stand's order while the vehicle is or will be there. */
export interface Visit {
  readonly vehicle: number;
  readonly stand: number;
  arrive: Step | null;
  depart: Step | null;
  services: Service[];
  /** Position in the stand's order. */
  order: number;
}

/** One leg of one plan. */
export interface Step {
  readonly vehicle: number;
  readonly leg: number;
  readonly from: Visit;
  readonly to: Visit;
  readonly laden: boolean;
  granted: boolean;
  /** The vehicle stands before it and waits for others; how often uses were put before its own since. */
  waits: boolean;
  overtaken: number;
  /** Label of G, or the time of the grant. */
  grantMs: number;
  /** The vehicle's own motion allows the grant from here on. */
  readyMs: number;
  /** Least time from the grant of the leg before (or the end of service at `from`) to this grant. */
  afterMs: number;
  /** Least time from the grant to a stand at `to`'s stop line. */
  arriveAfterMs: number;
  /** In travel order; [0] is the stand `from` or an area left before it. */
  readonly clears: readonly Clear[];
  /** So many of `clears` are done. */
  cleared: number;
}

/** The moment at which a vehicle's tail, margin and gap have left an area (or, with area NONE, the stand it came from). */
export interface Clear {
  readonly step: Step;
  readonly area: number;
  readonly side: 0 | 1;
  /** Metres of the centre from the leg's start. */
  readonly positionM: number;
  /** Least time from the grant. */
  afterMs: number;
  /** Label of C. */
  ms: number;
  done: boolean;
  /** Position in the area's order. */
  order: number;
}

/** What the planner knows of one vehicle. */
export interface VehicleTraffic {
  readonly index: number;
  /** Visits of the plan in order; the first is where the vehicle is or was last, the last one is its haven. */
  visits: Visit[];
  /** steps[k] leads from visits[k] to visits[k + 1]. */
  steps: Step[];
  planId: number;
  /** A block source: broken, silent, paused, manual. Its undone events are never. */
  blocked: boolean;
  /** While blocked: metres of the centre past the first clear position of the pocket in which it stands, or NaN. */
  blockedAtM: number;
}

export interface TrafficBook {
  readonly graph: LegGraph;
  /** Length of a vehicle and the gap behind it, metres. */
  readonly slotM: number;
  /** [stand] vehicles that fit behind one another; 1 for a place. */
  readonly capacity: Int32Array;
  /** [stand] uses in order. */
  readonly standUses: Visit[][];
  /** [area] uses in order. */
  readonly areaUses: Clear[][];
  /** [station] jobs in order; only of stations with more than one bay. */
  readonly jobs: Service[][];
  /** [station] 1: its jobs keep an order of their own (more than one bay). */
  readonly ordered: Uint8Array;
  /** [leg] 1: closed. Ungranted legs over it are not granted. */
  readonly closedLeg: Uint8Array;
  /** [station] 1: out of service. */
  readonly stationOut: Uint8Array;
  readonly vehicles: (VehicleTraffic | null)[];
  nowMs: number;
  /** Time of the last pass over the labels. */
  labelsMs: number;
  nextPlanId: number;
}
