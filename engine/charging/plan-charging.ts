import type { VehicleType } from "../../planner/index.ts";
import type { ChargeReason } from "../reasons.ts";
import { marginKwh } from "./energy.ts";
import { latestStarts } from "./latest-starts.ts";

/** "No vehicle" in `Charger.vehicle`, "no charger" in `ChargingVehicle.charger`. */
export const NONE = -1;

export interface ChargingVehicle {
  /** Index in the fleet; the tie-breaker. */
  readonly index: number;
  readonly type: VehicleType;
  /** When it has finished what it carries, ms of run time; now or earlier for a vehicle that is free. */
  readonly availableAtMs: number;
  /** Stand and state of charge that it will have then. */
  readonly stand: number;
  readonly soc: number;
  /** It has no task and no next one. */
  readonly idle: boolean;
  /** Index of the charger in which it stands or to which it is bound, or NONE. */
  readonly charger: number;
  /** `releaseSoc` of the decision that sent it there; 0 without one. */
  readonly releaseSoc: number;
  /** kWh and ms of its next task (the assigned one, or a usual one), and kWh from the end of that to the nearest charger. */
  readonly nextTaskKwh: number;
  readonly nextTaskMs: number;
  readonly reachChargerKwh: number;
}

/** A charger in service. */
export interface Charger {
  readonly index: number;
  readonly stand: number;
  /** Vehicle that stands in it or is bound to it, or NONE. */
  readonly vehicle: number;
}

export interface ChargingOptions {
  /** Share of the usable battery (reserve to full) to which a session fills at least while work waits. */
  readonly sessionShare: number;
  /** State of charge that a session adds at least while work waits, so that the detour pays. */
  readonly sessionSoc: number;
  /** An idle vehicle with less than this to full is not sent. */
  readonly opportunitySoc: number;
  /** A decision is taken this long before the vehicle is free, so that it need not stop for it. */
  readonly decideAheadMs: number;
  /** Mean power drawn while working, kW (assumption: 245 usable kWh last about 7 h, corridor study). */
  readonly workingKw: number;
}

export const CHARGING_DEFAULTS: ChargingOptions = {
  sessionShare: 0.85,
  sessionSoc: 0.5,
  opportunitySoc: 0.1,
  decideAheadMs: 120_000,
  workingKw: 35,
};

export interface ChargingInput {
  readonly nowMs: number;
  readonly vehicles: readonly ChargingVehicle[];
  readonly chargers: readonly Charger[];
  /** Released orders without a vehicle. */
  readonly ordersWaiting: number;
  /** Driving time in ms; Infinity where there is no way. */
  readonly travelMs: (fromStand: number, toStand: number) => number;
  readonly options?: Partial<ChargingOptions>;
}

export interface ChargingDecision {
  readonly vehicle: number;
  /** Index of the charger. */
  readonly charger: number;
  readonly reason: ChargeReason;
  /** Where charging ends by itself: the type's full. */
  readonly untilSoc: number;
  /** From this state of charge on it may be given work, or be sent away for another vehicle. 0: at any time. */
  readonly releaseSoc: number;
}

export interface ChargingPlan {
  /** Vehicles to be sent now (when they are free), by rising vehicle index; each charger at most once. */
  readonly decisions: readonly ChargingDecision[];
  /** Vehicles that must charge before another task and find every charger taken, by rising index. */
  readonly queued: readonly number[];
  /** Vehicles in chargers that have enough and should leave for those queued, fullest first, at most one a queued one. */
  readonly vacate: readonly number[];
}

/**
 * Who goes to which charger now, and why. Power is constant, so a kWh costs the same time whenever it is drawn; what
 * can be lost is waiting for a charger, detours, and charging while others do the work that would be left undone. Hence:
 *
 * 1. Who would end the next task below reserve, the way to a charger included, goes (`below-reserve-next`).
 * 2. Where chargers are too few for all who reach that point together, some must start before their last moment: the
 *    backward schedule of latest-starts.ts says when. Such a start that would pass during the next task of a vehicle
 *    of the same wave is taken by that vehicle (`staggered`).
 * 3. Who has no task while no work waits goes if it gains enough (`opportunity`), and may leave again at any time.
 *
 * While work waits a session ends at `releaseSoc`: long enough to pay for the detour, short enough to let the next one
 * in and not to fill batteries with what the shift will not use. Otherwise it goes on to full.
 * The whole fleet is in the input, for the schedule; only who is free within `decideAheadMs` is decided upon.
 * The result depends on the input alone, not on the order in which vehicles and chargers are listed.
 */
export function planCharging(input: ChargingInput): ChargingPlan {
  const options: ChargingOptions = { ...CHARGING_DEFAULTS, ...input.options };
  const vehicles = [...input.vehicles].sort((a, b) => a.index - b.index);
  const free = input.chargers.filter((charger) => charger.vehicle === NONE).sort((a, b) => a.index - b.index);
  const decisions: ChargingDecision[] = [];
  const queued: number[] = [];

  const candidates = whoCharges(vehicles, input, options);
  for (const { vehicle, reason } of candidates) {
    const charger = nearest(free, vehicle.stand, input.travelMs);
    if (charger !== undefined) {
      free.splice(free.indexOf(charger), 1);
      decisions.push({
        vehicle: vehicle.index,
        charger: charger.index,
        reason,
        untilSoc: vehicle.type.battery.fullSoc,
        releaseSoc: reason === "opportunity" ? 0 : sessionReleaseSoc(vehicle, options),
      });
    } else if (reason === "below-reserve-next") queued.push(vehicle.index);
  }
  decisions.sort((a, b) => a.vehicle - b.vehicle);
  queued.sort((a, b) => a - b);
  return { decisions, queued, vacate: whoVacates(vehicles, queued.length) };
}

/** State of charge from which a vehicle that is sent now may be given work again. */
export function sessionReleaseSoc(vehicle: ChargingVehicle, options: ChargingOptions): number {
  const { reserveSoc, fullSoc } = vehicle.type.battery;
  const share = reserveSoc + options.sessionShare * (fullSoc - reserveSoc);
  return Math.min(fullSoc, Math.max(share, vehicle.soc + options.sessionSoc));
}

/** kWh that are left above the reserve after the next task and the way to a charger; negative: it must charge first. */
function spareKwh(vehicle: ChargingVehicle): number {
  return marginKwh(vehicle.type, vehicle.soc) - vehicle.nextTaskKwh - vehicle.reachChargerKwh;
}

/** Vehicles that are to charge, in the order in which they choose chargers: in need, early starters, idle. */
function whoCharges(vehicles: readonly ChargingVehicle[], input: ChargingInput, options: ChargingOptions) {
  const freeMs = (vehicle: ChargingVehicle) => Math.max(input.nowMs, vehicle.availableAtMs);
  const working = vehicles
    .filter((vehicle) => vehicle.charger === NONE)
    .sort((a, b) => freeMs(a) - freeMs(b) || spareKwh(a) - spareKwh(b) || a.index - b.index);
  const starts = latestStarts(
    working.map((vehicle) => ({
      index: vehicle.index,
      lastMs: freeMs(vehicle) + (Math.max(0, spareKwh(vehicle)) / options.workingKw) * 3_600_000,
      chargeMs: sessionMs(vehicle, options),
    })),
    input.chargers.length,
  );
  const startOf = new Map(starts.map((job) => [job.index, job.startMs]));
  const early = starts.filter((job) => job.startMs < job.lastMs).reverse();

  const groups: Record<ChargeReason, { vehicle: ChargingVehicle; reason: ChargeReason }[]> = {
    "below-reserve-next": [],
    staggered: [],
    opportunity: [],
  };
  for (const vehicle of working) {
    if (freeMs(vehicle) > input.nowMs + options.decideAheadMs) continue;
    const gain = vehicle.type.battery.fullSoc - vehicle.soc;
    const again = freeMs(vehicle) + vehicle.nextTaskMs;
    // Of one wave: its own start is at most a session later than the one that it takes.
    const slot = early.findIndex(
      (job) => job.startMs < again && (startOf.get(vehicle.index) ?? job.startMs) - job.startMs <= job.chargeMs,
    );
    let reason: ChargeReason;
    if (spareKwh(vehicle) < 0) reason = "below-reserve-next";
    else if (slot !== -1) reason = "staggered";
    else if (vehicle.idle && input.ordersWaiting === 0 && gain >= options.opportunitySoc) reason = "opportunity";
    else continue;
    if (slot !== -1) early.splice(slot, 1);
    groups[reason].push({ vehicle, reason });
  }
  return [...groups["below-reserve-next"], ...groups.staggered, ...groups.opportunity];
}

/** Length of a session that begins at the reserve. */
function sessionMs(vehicle: ChargingVehicle, options: ChargingOptions): number {
  const { reserveSoc, capacityKwh, chargePowerKw } = vehicle.type.battery;
  const soc = sessionReleaseSoc({ ...vehicle, soc: reserveSoc }, options) - reserveSoc;
  return (soc * capacityKwh * 3_600_000) / chargePowerKw;
}

function nearest(
  chargers: readonly Charger[],
  stand: number,
  travelMs: ChargingInput["travelMs"],
): Charger | undefined {
  let best: Charger | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  for (const charger of chargers) {
    const ms = travelMs(stand, charger.stand);
    if (ms >= bestMs) continue;
    best = charger;
    bestMs = ms;
  }
  return best;
}

function whoVacates(vehicles: readonly ChargingVehicle[], wanted: number): readonly number[] {
  return vehicles
    .filter((vehicle) => vehicle.charger !== NONE && mayTakeWork(vehicle))
    .sort((a, b) => b.soc - a.soc || a.index - b.index)
    .slice(0, wanted)
    .map((vehicle) => vehicle.index);
}

/** State of charge with which it could do its next task and come back. */
function enoughSoc(vehicle: ChargingVehicle): number {
  const { reserveSoc, capacityKwh } = vehicle.type.battery;
  return reserveSoc + (vehicle.nextTaskKwh + vehicle.reachChargerKwh) / capacityKwh;
}

/**
 * Whether a vehicle in a charger may be given work now: it reached the `releaseSoc` of its session, and has enough for
 * its next task and the way back to a charger.
 */
export function mayTakeWork(vehicle: ChargingVehicle): boolean {
  return vehicle.soc >= Math.max(vehicle.releaseSoc, enoughSoc(vehicle));
}
