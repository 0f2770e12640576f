/**
 * A made-up recording for the viewer's tests: vehicles wander over a site's lanes at constant speed, stop in crane bays
 * to take and leave containers, and hold the ground ahead of them. No planner: they drive through each other.
 */
import {
  createRunRecorder,
  type RecordedOrderEvent,
  type RunRecorder,
  type SiteMessage,
  siteMessage,
  type VehicleSample,
} from "../fleet-gateway/index.ts";
import type { Lane, Point, Site } from "../planner/index.ts";

const SPEED_MPS = 4;
const LOOK_AHEAD_M = 45;
const STOP_S = 40;
const SAMPLE_S = 0.5;

export interface SyntheticOptions {
  readonly vehicles: number;
  readonly seconds: number;
  readonly seed: number;
  readonly targetPerDay?: number;
  /** Uncompressed bytes of a chunk. */
  readonly chunkBytes?: number;
}

interface Wanderer {
  readonly id: string;
  lane: number;
  s: number;
  /** Lanes to come. */
  readonly ahead: number[];
  readonly held: Set<string>;
  standsUntilS: number;
  container: string;
  order: string;
  planId: number;
}

/** Writes the recording and returns its `/site` message. */
export async function writeSyntheticRecording(
  path: string,
  site: Site,
  options: SyntheticOptions,
): Promise<SiteMessage> {
  const random = mulberry32(options.seed);
  const lengths = site.lanes.map(lengthOf);
  const next = site.lanes.map((lane) => site.lanes.flatMap((other, i) => (meets(lane, other) ? [i] : [])));
  const message = siteMessage(site, [
    {
      type: "igv",
      lengthM: 15,
      widthM: 3,
      frontOverhangM: 2,
      rearOverhangM: 2,
      wheelbaseM: 11,
      minTurningRadiusM: 12,
      marginM: 0.25,
      standstillGapM: 2,
      maxSpeedEmptyMps: 5.56,
      maxSpeedLadenMps: 4.17,
      accelerationEmptyMps2: 0.5,
      accelerationLadenMps2: 0.35,
      serviceDecelerationMps2: 1.5,
      emergencyDecelerationMps2: 3,
      reactionS: 0.5,
      massEmptyKg: 18_000,
      payloadMaxKg: 40_000,
      modes: ["igv"],
      battery: { capacityKwh: 280, reserveSoc: 0.2, fullSoc: 0.9, chargePowerKw: 240 },
      consumption: { kwhPerTonneKm: 0.03, auxiliaryKw: 3, kwhPerLadenStop: 0.2 },
    },
  ]);
  const recorder = createRunRecorder(path, {
    markersHz: 0,
    ...(options.chunkBytes === undefined ? {} : { chunkBytes: options.chunkBytes }),
    metadata: {
      scenario: "synthetic",
      seed: String(options.seed),
      ...(options.targetPerDay === undefined ? {} : { targetPerDay: String(options.targetPerDay) }),
    },
  });
  recorder.site(message);
  const bays = site.stations.filter(({ role }) => role === "crane").flatMap((station) => station.bays);
  const orderEvent = (t: number, event: Omit<RecordedOrderEvent, "t" | "reason">): void =>
    recorder.orderEvent(t, { reason: "", ...event });
  let orders = 0;
  const waiting: { order: string; container: string; bay: string }[] = [];
  const accept = (t: number): void => {
    const bay = bays[Math.floor(random() * bays.length)];
    if (bay === undefined) return;
    orders++;
    const order = `T${String(orders).padStart(4, "0")}`;
    const container = `KLGU${String(100_000 + orders)}`;
    const commodity = (["fresh-produce", "frozen-seafood", "electronics", "general"] as const)[
      Math.floor(random() * 4)
    ]!;
    waiting.push({ order, container, bay: bay.id });
    const load = { commodity, lengthFt: random() < 0.8 ? 40 : 20, laden: true } as const;
    orderEvent(t, { order, event: "accepted", vehicle: null, container, place: bay.id, load });
  };
  for (let i = 0; i < 30; i++) accept(0);
  const fleet = Array.from(
    { length: options.vehicles },
    (_, i): Wanderer => ({
      id: `V${String(i + 1).padStart(2, "0")}`,
      lane: Math.floor(random() * site.lanes.length),
      s: 0,
      ahead: [],
      held: new Set(),
      standsUntilS: 0,
      container: "",
      order: "",
      planId: 0,
    }),
  );
  let delivered = 0;
  const bayAt = (point: Point): string | null =>
    bays.find((bay) => Math.hypot(bay.x - point.x, bay.y - point.y) < 0.3)?.id ?? null;

  for (let tick = 0; tick * SAMPLE_S <= options.seconds; tick++) {
    const t = tick * SAMPLE_S;
    if (tick % 180 === 179) accept(t);
    if (tick === 120)
      recorder.event(t, { code: "vehicle-broken", vehicle: fleet[0]!.id, data: {} }, `${fleet[0]!.id} broke down`);
    if (tick === 200) recorder.event(t, { code: "vehicle-repaired", vehicle: fleet[0]!.id, data: {} }, "");
    if (tick === 300) recorder.event(t, { code: "lane-closed", vehicle: null, data: { lane: site.lanes[0]!.id } }, "");
    const samples = fleet.map((vehicle): VehicleSample => {
      const broken = vehicle === fleet[0] && tick >= 120 && tick < 200;
      const standing = broken || t < vehicle.standsUntilS;
      if (!standing) vehicle.s += SPEED_MPS * SAMPLE_S;
      while (vehicle.ahead.length < 5) {
        const choices = next[vehicle.ahead[vehicle.ahead.length - 1] ?? vehicle.lane]!;
        if (choices.length === 0) break;
        vehicle.ahead.push(choices[Math.floor(random() * choices.length)]!);
      }
      while (vehicle.s >= lengths[vehicle.lane]! && vehicle.ahead.length > 0) {
        vehicle.s -= lengths[vehicle.lane]!;
        const at = bayAt(site.lanes[vehicle.lane]!.points.at(-1)!);
        vehicle.lane = vehicle.ahead.shift()!;
        if (at === null) continue;
        vehicle.s = 0;
        vehicle.standsUntilS = t + STOP_S;
        if (vehicle.container !== "") {
          const { order, container } = vehicle;
          orderEvent(t, { order, event: "delivered", vehicle: vehicle.id, container, place: at });
          delivered++;
          vehicle.container = "";
          vehicle.order = "";
        }
        const here = waiting.findIndex(({ bay }) => bay === at);
        if (here >= 0) {
          const [taken] = waiting.splice(here, 1);
          vehicle.container = taken!.container;
          vehicle.order = taken!.order;
          orderEvent(t, {
            order: taken!.order,
            event: "assigned",
            vehicle: vehicle.id,
            container: taken!.container,
            place: at,
          });
          orderEvent(t, {
            order: taken!.order,
            event: "pickedUp",
            vehicle: vehicle.id,
            container: taken!.container,
            place: at,
          });
        }
      }
      hold(recorder, t, site, lengths, vehicle);
      if (tick % 60 === 0) {
        const nodes = vehicle.ahead.map((lane) => `${site.lanes[lane]!.id}@${lengths[lane]!.toFixed(2)}`);
        const times = nodes.map((_, i) => (t + (i + 1) * 20) * 1000);
        recorder.plan(t, {
          vehicle: vehicle.id,
          planId: ++vehicle.planId,
          nodes,
          times,
          restsAt: nodes.at(-1) ?? "",
          reason: "task",
        });
      }
      const pose = poseAt(site.lanes[vehicle.lane]!, Math.min(vehicle.s, lengths[vehicle.lane]!));
      return {
        id: vehicle.id,
        type: "igv",
        ...pose,
        v: standing ? 0 : SPEED_MPS,
        a: 0,
        lane: site.lanes[vehicle.lane]!.id,
        s: vehicle.s,
        laden: vehicle.container !== "",
        containers: vehicle.container === "" ? [] : [vehicle.container],
        soc: 0.9 - 0.6 * (t / Math.max(1, options.seconds)),
        state: broken
          ? "fault"
          : standing
            ? "servicing"
            : vehicle.id.endsWith("3") && tick % 100 < 30
              ? "waiting"
              : "driving",
        node: "",
        order: vehicle.order,
        waitingFor: vehicle.id.endsWith("3") && tick % 100 < 30 ? ["vehicle:V02"] : [],
      };
    });
    recorder.vehicles(t, samples);
    if (tick % 120 === 0) {
      recorder.kpi(t, {
        accepted: orders,
        delivered,
        cancelled: 0,
        waiting: orders - delivered,
        containersPerHour: t === 0 ? 0 : (delivered / t) * 3600,
        drivenKm: 0,
        emptyKm: 0,
        emptyKmRatio: 0,
        taskS: 0,
        waitingS: 0,
        waitingRatio: 0,
        energyKwh: 0,
        shieldStops: 0,
        deadlocks: 0,
      });
    }
  }
  await recorder.close();
  return message;
}

/** Grants the ground under and ahead of a vehicle and clears what is behind. */
function hold(recorder: RunRecorder, t: number, site: Site, lengths: readonly number[], vehicle: Wanderer): void {
  const now = new Set<string>();
  let fromM = vehicle.s - 9.5;
  let leftM = LOOK_AHEAD_M;
  for (const lane of [vehicle.lane, ...vehicle.ahead]) {
    const id = site.lanes[lane]!.id;
    const toM = Math.min(lengths[lane]!, Math.max(0, fromM) + leftM);
    if (!now.has(id)) {
      now.add(id);
      recorder.reservation(t, {
        vehicle: vehicle.id,
        resource: id,
        kind: "lane",
        side: "",
        fromM: Math.max(0, fromM),
        toM,
        event: "granted",
        seq: 1,
      });
    }
    leftM -= toM - Math.max(0, fromM);
    fromM = 0;
    if (leftM <= 0) break;
  }
  for (const id of vehicle.held) {
    if (!now.has(id))
      recorder.reservation(t, {
        vehicle: vehicle.id,
        resource: id,
        kind: "lane",
        side: "",
        fromM: 0,
        toM: 0,
        event: "cleared",
        seq: 1,
      });
  }
  vehicle.held.clear();
  for (const id of now) vehicle.held.add(id);
}

function lengthOf(lane: Lane): number {
  return lane.points.reduce((sum, point, i) => sum + (i === 0 ? 0 : distance(point, lane.points[i - 1]!)), 0);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** One lane leads into another: end on start, and no turn on the spot. */
function meets(lane: Lane, other: Lane): boolean {
  return distance(lane.points.at(-1)!, other.points[0]!) < 0.25;
}

function poseAt(lane: Lane, s: number): { x: number; y: number; theta: number } {
  let left = s;
  for (let i = 1; ; i++) {
    const [a, b] = [lane.points[i - 1]!, lane.points[i]!];
    const step = distance(a, b);
    if (left <= step || i === lane.points.length - 1) {
      const f = step > 0 ? Math.min(1, left / step) : 0;
      return { x: a.x + f * (b.x - a.x), y: a.y + f * (b.y - a.y), theta: Math.atan2(b.y - a.y, b.x - a.x) };
    }
    left -= step;
  }
}

/** The 32-bit generator of that name: small, and good enough to wander with. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4_294_967_296;
  };
}
