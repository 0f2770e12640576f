import {
  createBook,
  FreeFlow,
  type LegGraph,
  NONE,
  RunTable,
  SEARCH_DEFAULTS,
  type SearchOptions,
  type Service,
  type Site,
  type Step,
  type Stop,
  type TrafficBook,
  type VehicleType,
} from "../planner/index.ts";
import { DecisionDigest } from "./digest.ts";
import { Distances } from "./distances.ts";
import type { Connection, EngineOutput, OrderNode, Tick, VehicleState } from "./messages.ts";
import { Observer } from "./observer.ts";
import { OrderBook } from "./orders/index.ts";
import { type Overhangs, overhangs, type PathPiece } from "./path.ts";
import type { GrantWaitCode, PlanReason } from "./reasons.ts";
import type { VehicleWaitFact } from "./waits.ts";

/** Fixed for the life of an engine. Times in ms of run time. */
export interface EngineOptions {
  readonly site: Site;
  readonly type: VehicleType;
  /** Compiled from `site` for `type`. */
  readonly graph: LegGraph;
  readonly tickMs: number;
  readonly vehiclesMax: number;
  readonly openOrdersMax: number;
  /** A base grows by at least this much, unless it reaches the end of what is granted, metres. */
  readonly baseStepM: number;
  /** Ticks between two looks at dispatch. */
  readonly dispatchEveryTicks: number;
  /** Ticks between two looks at whether an order that is not picked up yet is better given to another vehicle. */
  readonly reassignEveryTicks: number;
  /** Ticks between two estimates of a driving vehicle's times. */
  readonly estimateEveryTicks: number;
  /** A waiting vehicle's plan is looked at again after so many ticks. */
  readonly replanEveryTicks: number;
  /** Without a state for longer than this a vehicle counts as silent: while it drives, while it stands. */
  readonly silentDrivingMs: number;
  readonly silentStandingMs: number;
  readonly search: SearchOptions;
  /** Node expansions of all searches in one tick; what does not fit is planned in the next. */
  readonly expansionsPerTick: number;
  /** What a vehicle needs to get into position in a crane bay, ms; part of the expected time of a handover. */
  readonly positioningMs: number;
  /** Off only in tests that show that the checks can fail: vehicles are granted everything at once. */
  readonly reservations: boolean;
}

export const ENGINE_DEFAULTS = {
  tickMs: 100,
  openOrdersMax: 4096,
  baseStepM: 1,
  dispatchEveryTicks: 10,
  reassignEveryTicks: 300,
  estimateEveryTicks: 20,
  replanEveryTicks: 100,
  silentDrivingMs: 3_000,
  silentStandingMs: 35_000,
  search: SEARCH_DEFAULTS,
  expansionsPerTick: 2_000,
  positioningMs: 20_000,
  reservations: true,
} as const;

/** One thing that a vehicle is to do while standing somewhere, in the order of its list. */
export interface Todo {
  /** "<action>:<order id>" or "<action>:<order id>:<n>"; the job of the planner's service. Unique in the fleet. */
  readonly job: string;
  readonly action: "pick" | "drop" | "service" | "startCharging";
  /** Transport order, or "" for charging. */
  readonly order: string;
  readonly stop: Stop;
}

export interface VehicleWorld {
  readonly index: number;
  readonly id: string;
  connection: Connection;
  state: VehicleState | null;
  stateMs: number;
  /** Block sources. */
  broken: boolean;
  paused: boolean;
  silent: boolean;
  /** The safety shield stopped it. */
  shielded: boolean;
  /** Because of which vehicle, and how many looks in a row have found nothing in the way since. */
  shieldedBy: number;
  shieldClearLooks: number;
  /** A person said that it is broken; it says so itself. Either makes it broken. */
  declaredBroken: boolean;
  reportsFault: boolean;

  pieces: PathPiece[];
  piece: number;
  /** Path coordinate of the centre, of the end of all granted legs, of the end of the base that was sent. */
  positionM: number;
  speedMps: number;
  grantedEndM: number;
  baseEndM: number;
  /** Path coordinate up to which its ground behind is given back. */
  heldFromM: number;
  /** Somebody's authority ends at its tail. */
  followed: boolean;
  /** Index of the vehicle behind whose tail its authority ends, or NONE. */
  behind: number;
  /** Start (path coordinate) of each granted leg that is not cleared, in order; parallel to the planner's steps. */
  legs: { readonly step: Step; readonly startM: number }[];
  /** Metres of each lane that the recording knows as its own. */
  readonly held: Map<number, { fromM: number; toM: number }>;

  orderId: string;
  orderSequence: number;
  /** The order is done: the next one gets a new id. */
  orderEnded: boolean;
  orderUpdateId: number;
  /** The base's last node as it was sent; null before the first order. */
  lastNode: OrderNode | null;
  /** Services whose action was sent, by action id. */
  readonly sent: Map<string, Service>;
  /** After a failed action: not before this time, ms. */
  retryActionMs: number;

  todo: Todo[];
  /** Its plan does not do all of `todo` yet, or another plan is wanted. */
  wantsPlan: PlanReason | null;
  /** Tick of the last try to plan, and of the last look at a better plan. */
  plannedTick: Tick;
  waitingSinceMs: number;
  /** Bound to a charger or in it; and with enough charge to be given work. */
  charging: boolean;
  chargeReleased: boolean;
  releaseSoc: number;
  /** Another vehicle needs the charger in which it stands. */
  leaveCharger: boolean;
  /** The last try to plan found nothing. */
  planFailed: boolean;
  /** Jobs whose stop was changed since they were planned. */
  readonly retargeted: Set<string>;
  /** Why its next leg was not granted when it last was in reach: code, and vehicle and resource if there are some. */
  waitingFor: { code: GrantWaitCode; vehicle: string; resource: string } | null;
  /** Why it stands, whatever holds it; null for who drives, is about to, or has nothing to do. */
  wait: VehicleWaitFact | null;
}

export interface Engine {
  readonly options: EngineOptions;
  tick: Tick;
  nowMs: number;
  readonly book: TrafficBook;
  readonly runs: RunTable;
  readonly flow: FreeFlow;
  readonly overhangs: Overhangs;
  readonly orders: OrderBook;
  readonly vehicles: VehicleWorld[];
  readonly vehicleById: Map<string, VehicleWorld>;
  readonly laneIndex: Map<string, number>;
  readonly stationIndex: Map<string, number>;
  readonly standByBay: Map<string, number>;
  /** [lane] vehicles with a granted leg over it, in the order of the grants. */
  readonly laneUsers: VehicleWorld[][];
  /** Havens of the fleet with the cost of ending there. */
  readonly havens: readonly number[];
  readonly chargers: readonly number[];
  readonly distances: Distances;
  outputs: EngineOutput[];
  labelsStale: boolean;
  readonly closedLanes: Set<number>;
  /** How often each area and place was granted: the place in its order, for the recording. */
  readonly areaGrants: Uint32Array;
  readonly placeGrants: Uint32Array;
  actionCount: number;
  chargeCount: number;
  /** Charging actions that were told to stop. */
  readonly stopSent: Set<string>;
  usualTask: { kwh: number; ms: number };
  /** Earliest tick of the next round of replanning around a block. */
  blockRetryTick: Tick;
  readonly digest: DecisionDigest;
  /** Shield, figures and deadlock watch. */
  readonly observer: Observer;
  /** Scratch: x, y, theta. */
  readonly pose: Float64Array;
}

export function createWorld(options: Pick<EngineOptions, "site" | "type" | "graph"> & Partial<EngineOptions>): Engine {
  const { site, type, graph } = options;
  const havens = graph.stands.filter((stand) => stand.haven).map((stand) => stand.index);
  const full: EngineOptions = { ...ENGINE_DEFAULTS, vehiclesMax: Math.max(1, havens.length - 1), ...options };
  const standByBay = new Map<string, number>();
  site.stations.forEach((station, s) => {
    station.bays.forEach((bay, b) => {
      const stand = graph.standOfBay[s]?.[b] ?? NONE;
      if (stand !== NONE) standByBay.set(bay.id, stand);
    });
  });
  const flow = new FreeFlow(graph, type);
  return {
    options: full,
    tick: 0,
    nowMs: 0,
    book: createBook(site, graph, type, full.vehiclesMax),
    runs: new RunTable(graph, type),
    flow,
    distances: new Distances(flow),
    overhangs: overhangs(graph, type),
    orders: new OrderBook({
      handoverStations: new Set(
        site.stations.filter((station) => station.role === "crane").map((station) => station.id),
      ),
      openOrdersMax: full.openOrdersMax,
    }),
    vehicles: [],
    vehicleById: new Map(),
    laneIndex: new Map(graph.lanes.laneId.map((id, index) => [id, index])),
    stationIndex: new Map(site.stations.map((station, index) => [station.id, index])),
    standByBay,
    laneUsers: Array.from({ length: graph.lanes.laneCount }, () => []),
    havens,
    chargers: havens.filter((stand) => {
      const station = graph.stands[stand]!.station;
      return station !== NONE && site.stations[station]!.role === "charger";
    }),
    outputs: [],
    labelsStale: false,
    closedLanes: new Set(),
    areaGrants: new Uint32Array(graph.areas.length),
    placeGrants: new Uint32Array(graph.stands.length),
    actionCount: 0,
    chargeCount: 0,
    stopSent: new Set(),
    usualTask: { kwh: 0, ms: 0 },
    blockRetryTick: 0,
    digest: new DecisionDigest(),
    observer: new Observer(full),
    pose: new Float64Array(3),
  };
}
