/**
 * A small run with a known course, made without engine or simulator: what judges, reports and compares recordings is
 * tried on it and on broken copies of it.
 */
import {
  type ReadMessage,
  type RecordedKpi,
  type RecordedReservation,
  type RunRecorder,
  type RunSummary,
  siteMessage,
  type Topic,
  type VehicleSample,
} from "../fleet-gateway/index.ts";
import { type Lane, referenceVehicle, type Site, type Station } from "../planner/index.ts";

// ------------------------------------------------------------- the site: a bridge, a crossing, a strip, two bays

const lane = (id: string, from: [number, number], to: [number, number], change: Partial<Lane> = {}): Lane => ({
  id,
  points: [
    { x: from[0], y: from[1] },
    { x: to[0], y: to[1] },
  ],
  speedLimitMps: 5,
  widthM: 3.75,
  twoWay: false,
  modes: ["igv"],
  gradient: 0,
  holding: true,
  ...change,
});

const station = (id: string, role: Station["role"], x: number, y: number): Station => ({
  id,
  role,
  side: "vn",
  bays: [{ id, x, y }],
  service: null,
  resting: role === "parking",
  modes: ["igv"],
});

export const site: Site = {
  id: "synthetic",
  frame: { lat0: 21.5465, lon0: 107.998, bearing: 0.2 },
  lanes: [
    lane("L1", [0, 0], [0, 200]),
    lane("L2", [0, 200], [0, 400], { holding: false }),
    lane("L3", [0, 400], [0, 600]),
    lane("P", [0, 600], [0, 640]),
    lane("X", [-100, 500], [100, 500]),
    lane("S", [50, 0], [50, 200], { twoWay: true }),
  ],
  stations: [station("B0", "crane", 0, 0), station("B1", "crane", 0, 640)],
  surfaces: [],
  border: [],
};

// ------------------------------------------------------------- vehicles that drive phases of constant acceleration

export interface Driver {
  readonly id: string;
  readonly lanes: readonly string[];
  readonly startM: number;
  /** [seconds, acceleration] one after the other, from rest at t = 0. */
  readonly phases: readonly (readonly [number, number])[];
  /** What the vehicle says of itself at a time. */
  readonly says: (t: number) => Partial<VehicleSample>;
}

const lengthOf = (id: string): number => {
  const found = site.lanes.find((each) => each.id === id.replace("~", ""))!;
  return Math.hypot(found.points[1]!.x - found.points[0]!.x, found.points[1]!.y - found.points[0]!.y);
};

/** Metres from the start of the first lane, speed and acceleration at a time. */
export function motionOf(driver: Driver, t: number): { m: number; v: number; a: number } {
  let m = driver.startM;
  let v = 0;
  let left = t;
  for (const [seconds, a] of driver.phases) {
    if (left < seconds) return { m: m + v * left + (a * left * left) / 2, v: v + a * left, a };
    m += v * seconds + (a * seconds * seconds) / 2;
    v += a * seconds;
    left -= seconds;
  }
  return { m, v: 0, a: 0 };
}

export function sampleOf(driver: Driver, t: number): VehicleSample {
  const { m, v, a } = motionOf(driver, t);
  let s = m;
  let k = 0;
  while (k + 1 < driver.lanes.length && s > lengthOf(driver.lanes[k]!)) s -= lengthOf(driver.lanes[k++]!);
  const id = driver.lanes[k]!;
  const { points } = site.lanes.find((each) => each.id === id.replace("~", ""))!;
  const [from, to] = id.endsWith("~") ? [points[1]!, points[0]!] : [points[0]!, points[1]!];
  const u = s / lengthOf(id);
  return {
    id: driver.id,
    type: "igv",
    x: from.x + u * (to.x - from.x),
    y: from.y + u * (to.y - from.y),
    theta: Math.atan2(to.y - from.y, to.x - from.x),
    v,
    a,
    lane: id,
    s,
    laden: false,
    containers: [],
    soc: 0.8,
    state: v > 0 || a > 0 ? "driving" : "idle",
    node: "",
    order: "",
    waitingFor: [],
    ...driver.says(t),
  };
}

// ------------------------------------------------------------- the run

export interface Item {
  topic: Topic;
  t: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests break messages in ways that their types forbid
  message: any;
}

export interface Run {
  drivers: Driver[];
  items: Item[];
  endS: number;
  periodS: number;
}

export const ground = (
  t: number,
  vehicle: string,
  kind: "lane" | "area" | "place",
  resource: string,
  change: Partial<RecordedReservation> = {},
): Item => {
  const message = { t, vehicle, resource, kind, side: "", fromM: 0, toM: 0, event: "granted", seq: 1, ...change };
  return { topic: "/reservations", t, message };
};
export const metres = (fromM: number, toM: number, seq = 1): Partial<RecordedReservation> => ({ fromM, toM, seq });
export const cleared = { event: "cleared" } as const;

export const orderEvent = (t: number, order: string, event: string, vehicle: string | null, reason = ""): Item => ({
  topic: "/orders",
  t,
  message: { t, order, event, vehicle, container: order.replace("O", "C"), place: "B0", reason },
});

export const deliveredAt = 145;

/** V1 carries C1 over the bridge and the crossing into bay B1; V2 follows on L1; V3 waits for V1, then crosses. */
export function soundRun(): Run {
  const v1: Driver = {
    id: "V1",
    lanes: ["L1", "L2", "L3", "P"],
    startM: 100,
    phases: [
      [8, 0.5],
      [129, 4],
      [4, -1],
    ].map(([seconds, a]) => [seconds!, a === 4 ? 0 : a!] as const),
    says: (t) => (t < deliveredAt ? { laden: true, containers: ["C1"], order: "O1" } : {}),
  };
  const v2: Driver = {
    id: "V2",
    lanes: ["L1"],
    startM: 20,
    phases: [
      [30, 0],
      [8, 0.5],
      [26.5, 0],
      [4, -1],
    ],
    says: () => ({}),
  };
  const v3: Driver = {
    id: "V3",
    lanes: ["X"],
    startM: 10,
    phases: [
      [112, 0],
      [8, 0.5],
      [30, 0],
      [4, -1],
    ],
    says: (t) => ({ order: "O3", ...(t < 112 ? { state: "waiting", waitingFor: ["vehicle:V1"] } : {}) }),
  };
  return {
    drivers: [v1, v2, v3],
    endS: 160,
    periodS: 0.5,
    items: [
      ground(0, "V1", "lane", "L1", metres(89.5, 200)),
      ground(0, "V1", "lane", "L2", metres(0, 200)),
      ground(0, "V1", "lane", "L3", metres(0, 200)),
      ground(0, "V1", "lane", "P", metres(0, 40)),
      ground(0, "V1", "area", "L3 x X", { side: "L3" }),
      ground(0, "V1", "place", "B1"),
      ground(0, "V2", "lane", "L1", metres(9.5, 60, 2)),
      ground(0, "V3", "lane", "X", metres(0, 40)),
      ground(30, "V1", "lane", "L1", metres(193.4, 200)),
      ground(30, "V2", "lane", "L1", metres(9.5, 158, 2)),
      ground(40, "V1", "lane", "L1", cleared),
      ground(90, "V1", "lane", "L2", cleared),
      ground(112, "V1", "area", "L3 x X", cleared),
      ground(112, "V3", "area", "L3 x X", { side: "X", seq: 2 }),
      ground(112, "V3", "lane", "X", metres(0, 200)),
      ground(140, "V1", "lane", "L3", cleared),
      ground(150, "V3", "area", "L3 x X", cleared),
      orderEvent(0, "O1", "accepted", null),
      orderEvent(0, "O1", "assigned", "V1"),
      orderEvent(0, "O1", "pickedUp", "V1"),
      orderEvent(0, "O2", "accepted", null),
      orderEvent(1, "O2", "waiting", null, "no vehicle is free"),
      orderEvent(0, "O3", "accepted", null),
      orderEvent(0, "O3", "assigned", "V3"),
      orderEvent(deliveredAt, "O1", "delivered", "V1"),
    ],
  };
}

/** Figures as /kpi states them, from the drivers' phases. */
export function figures(run: Run, t: number): Omit<RecordedKpi, "t"> {
  const km = (driver: Driver): number => (motionOf(driver, t).m - driver.startM) / 1000;
  const drivenKm = run.drivers.reduce((sum, driver) => sum + km(driver), 0);
  const emptyKm = drivenKm - km(run.drivers[0]!);
  const delivered = t >= deliveredAt ? 1 : 0;
  const taskS = Math.min(t, deliveredAt) + t;
  const waitingS = Math.min(t, 112);
  return {
    accepted: 3,
    delivered,
    cancelled: 0,
    waiting: 3 - delivered,
    containersPerHour: (delivered / t) * 3600,
    drivenKm,
    emptyKm,
    emptyKmRatio: emptyKm / drivenKm,
    taskS,
    waitingS,
    waitingRatio: waitingS / taskS,
    energyKwh: 0,
    shieldStops: 0,
    deadlocks: 0,
  };
}

export function summaryOf(run: Run): RunSummary {
  const { accepted, delivered, waiting, cancelled, emptyKmRatio, waitingRatio } = figures(run, run.endS);
  return {
    scenario: "synthetic",
    seed: 1,
    simulatedS: run.endS,
    wallS: 1,
    vehicles: run.drivers.length,
    orders: { accepted, delivered, waiting, cancelled },
    containersPerDay: (delivered / run.endS) * 86_400,
    targetPerDay: null,
    leadTimeS: { p50: 145, p95: 145 },
    cycleTimeS: { p50: 145, p95: 145 },
    emptyKmRatio,
    waitingRatio,
    collisions: 0,
    minSeparationM: null,
    shieldStops: 0,
    deadlocks: 0,
    energyKwh: 0,
    co2SavedKg: null,
    costPerContainer: null,
    tickMs: { p50: 0, p99: 0, max: 0 },
    planMs: { p50: 0, p99: 0, max: 0 },
    plans: 0,
    upperBoundPerDay: null,
    digest: "",
  };
}

/** All messages of a run by time: samples every period and at each change of phase, figures every minute and at the end. */
export function messagesOf(run: Run): Item[] {
  const items: Item[] = [...run.items];
  for (let k = 0; k * run.periodS <= run.endS; k++) {
    const t = k * run.periodS;
    items.push({ topic: "/vehicles", t, message: { t, vehicles: run.drivers.map((driver) => sampleOf(driver, t)) } });
  }
  for (const driver of run.drivers) {
    let t = 0;
    for (const [seconds] of driver.phases) {
      t += seconds;
      if (t < run.endS) items.push({ topic: "/vehicles", t, message: { t, vehicles: [sampleOf(driver, t)] } });
    }
  }
  for (const t of [60, 120, run.endS]) items.push({ topic: "/kpi", t, message: { t, ...figures(run, t) } });
  items.sort((p, q) => p.t - q.t);
  return [{ topic: "/site", t: 0, message: siteMessage(site, [referenceVehicle]) }, ...items];
}

export async function* stream(items: readonly Item[]): AsyncGenerator<ReadMessage> {
  for (const [sequence, item] of items.entries()) {
    yield { topic: item.topic, message: item.message, logTimeMs: Math.round(item.t * 1000), sequence, part: 1 };
  }
}

/** Writes a run's messages with a recorder. */
export function record(recorder: RunRecorder, items: readonly Item[]): void {
  for (const { topic, t, message } of items) {
    const { t: _, ...rest } = message;
    if (topic === "/site") recorder.site(message);
    else if (topic === "/vehicles") recorder.vehicles(t, message.vehicles);
    else if (topic === "/reservations") recorder.reservation(t, rest);
    else if (topic === "/orders") recorder.orderEvent(t, rest);
    else if (topic === "/kpi") recorder.kpi(t, rest);
    else if (topic === "/events") recorder.event(t, rest, rest.text);
  }
}
