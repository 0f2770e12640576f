import { describe, expect, test } from "vitest";
import { referenceVehicle } from "../../planner/index.ts";
import { chargingVehicle } from "./fixtures.ts";
import {
  type Charger,
  type ChargingOptions,
  type ChargingVehicle,
  mayTakeWork,
  planCharging,
} from "./plan-charging.ts";

/** Chargers at stands 0, 10, 20, …; a stand is ten seconds. */
const chargers = (count: number, taken: readonly number[] = []): Charger[] =>
  Array.from({ length: count }, (_, index) => ({ index, stand: index * 10, vehicle: taken[index] ?? -1 }));

/** Checks "vehicle>charger:reason", who is queued and who must leave. */
function check(
  vehicles: readonly ChargingVehicle[],
  at: readonly Charger[],
  expected: { sent?: readonly string[]; queued?: readonly number[]; vacate?: readonly number[] },
  ordersWaiting = 1,
  options: Partial<ChargingOptions> = {},
) {
  const travelMs = (from: number, to: number) => Math.abs(from - to) * 10_000;
  const plan = planCharging({ nowMs: 0, vehicles, chargers: at, ordersWaiting, travelMs, options });
  const sent = plan.decisions.map((d) => `${d.vehicle}>${d.charger}:${d.reason}`);
  expect({ sent, queued: plan.queued, vacate: plan.vacate }).toEqual({
    sent: expected.sent ?? [],
    queued: expected.queued ?? [],
    vacate: expected.vacate ?? [],
  });
  expect(
    planCharging({
      nowMs: 0,
      vehicles: [...vehicles].reverse(),
      chargers: [...at].reverse(),
      ordersWaiting,
      travelMs,
      options,
    }),
  ).toEqual(plan);
  return plan;
}

describe("who is sent to a charger", () => {
  test("who could not do one more task and come back; nobody who just could", () => {
    const need = 0.2 + 10 / 350;
    check([chargingVehicle(0, need - 0.001)], chargers(2), { sent: ["0>0:below-reserve-next"] });
    check([chargingVehicle(0, need + 0.001)], chargers(2), {});
  });

  test("the nearest free charger; the neediest first; who finds none is queued and someone who has enough leaves", () => {
    const low = [chargingVehicle(0, 0.22, { stand: 12 }), chargingVehicle(1, 0.21, { stand: 13 })];
    check(low, chargers(3), { sent: ["0>2:below-reserve-next", "1>1:below-reserve-next"] });
    const charging = [
      chargingVehicle(2, 0.5, { charger: 0, releaseSoc: 0.55 }),
      chargingVehicle(3, 0.6, { charger: 2, releaseSoc: 0.55 }),
    ];
    check([...low, ...charging], chargers(3, [2, -1, 3]), {
      sent: ["1>1:below-reserve-next"],
      queued: [0],
      vacate: [3],
    });
  });

  test("idle and no work waiting: an opportunity, unless it gains too little or work waits", () => {
    check([chargingVehicle(0, 0.7)], chargers(1), { sent: ["0>0:opportunity"] }, 0);
    check([chargingVehicle(0, 0.81)], chargers(1), {}, 0);
    check([chargingVehicle(0, 0.7)], chargers(1), {}, 1);
    check([chargingVehicle(0, 0.7, { idle: false })], chargers(1), {}, 0);
  });

  test("one charger for three who will need it together: the first goes before it must", () => {
    // 0.35: 52.5 kWh to the reserve, 42.5 to spare, 1.2 h of work; sessions of half an hour, so starts at 1.2, 0.7, 0.2 h.
    const three = [0, 1, 2].map((index) => chargingVehicle(index, 0.35, { idle: false }));
    check(three, chargers(1), { sent: ["0>0:staggered"] });
    check(three, chargers(3), {});
    check(
      three.map((vehicle) => ({ ...vehicle, soc: 0.6 })),
      chargers(1),
      {},
    );
  });

  test("no charger can be reached, or none is there: who must charge is queued, others work on", () => {
    check([chargingVehicle(0, 0.21), chargingVehicle(1, 0.5)], [], { queued: [0] });
  });
});

describe("how long", () => {
  test("to full at most; while work waits until 85 % of the usable charge, and at least half of the battery more", () => {
    const release = (soc: number) =>
      check([chargingVehicle(0, soc, { nextTaskKwh: 400 })], chargers(1), { sent: ["0>0:below-reserve-next"] })
        .decisions[0]!;
    expect(release(0.2)).toMatchObject({ untilSoc: 0.9, releaseSoc: 0.2 + 0.85 * 0.7 });
    expect(release(0.35).releaseSoc).toBeCloseTo(0.85, 12);
    expect(release(0.8).releaseSoc).toBe(0.9);
  });

  test("from the release on it may take work; after an opportunity at any time, but never below the next task", () => {
    expect(mayTakeWork(chargingVehicle(0, 0.54, { charger: 0, releaseSoc: 0.55 }))).toBe(false);
    expect(mayTakeWork(chargingVehicle(0, 0.55, { charger: 0, releaseSoc: 0.55 }))).toBe(true);
    expect(mayTakeWork(chargingVehicle(0, 0.24, { charger: 0 }))).toBe(true);
    expect(mayTakeWork(chargingVehicle(0, 0.22, { charger: 0 }))).toBe(false);
  });
});

/** A saturated fleet in steps of a minute: every vehicle drives 14-minute tasks or charges. Vehicle-minutes queued, worked. */
function simulate(fleet: number, chargerCount: number, hours: number, staggered: boolean) {
  const kwhPerMinute = 35 / 60;
  const state = Array.from({ length: fleet }, (_, i) => ({ soc: 0.9, busyUntil: i, charger: -1, releaseSoc: 0 }));
  const totals = { queued: 0, worked: 0, below: 0 };
  for (let minute = 0; minute < hours * 60; minute++) {
    for (const vehicle of state) {
      if (vehicle.charger !== -1) {
        vehicle.soc = Math.min(0.9, vehicle.soc + 4 / referenceVehicle.battery.capacityKwh);
        if (vehicle.soc >= vehicle.releaseSoc)
          Object.assign(vehicle, { charger: -1, releaseSoc: 0, busyUntil: minute });
      } else if (minute < vehicle.busyUntil) {
        vehicle.soc -= kwhPerMinute / referenceVehicle.battery.capacityKwh;
        totals.worked++;
      }
      if (vehicle.soc < 0.2) totals.below++;
    }
    const free = state.map((vehicle, index) =>
      chargingVehicle(index, vehicle.soc - (Math.max(0, vehicle.busyUntil - minute - 1) * kwhPerMinute) / 350, {
        idle: false,
        availableAtMs: Math.max(0, vehicle.busyUntil - minute - 1) * 60_000,
        charger: vehicle.charger,
        releaseSoc: vehicle.releaseSoc,
      }),
    );
    const at = chargers(chargerCount).map((c) => ({ ...c, vehicle: state.findIndex((v) => v.charger === c.index) }));
    const plan = planCharging({ nowMs: 0, vehicles: free, chargers: at, ordersWaiting: 9, travelMs: () => 0 });
    for (const decision of plan.decisions) {
      const vehicle = state[decision.vehicle]!;
      if (minute + 1 < vehicle.busyUntil || (decision.reason === "staggered" && !staggered)) continue;
      Object.assign(vehicle, { charger: decision.charger, releaseSoc: decision.releaseSoc });
    }
    for (const [index, vehicle] of state.entries()) {
      if (vehicle.charger !== -1 || minute + 1 < vehicle.busyUntil) continue;
      if (plan.queued.includes(index)) totals.queued++;
      else vehicle.busyUntil = minute + 15;
    }
  }
  return totals;
}

describe("a saturated fleet", () => {
  test("12 vehicles, 2 chargers, 48 h: staggering cuts the queue to less than a third and raises the work done", () => {
    const planned = simulate(12, 2, 48, true);
    const triggered = simulate(12, 2, 48, false);
    expect(planned.below).toBe(0);
    expect(triggered.queued).toBeGreaterThan(200);
    expect(planned.queued).toBeLessThan(triggered.queued / 3);
    expect(planned.worked).toBeGreaterThan(triggered.worked);
  });

  test("5 vehicles, 4 chargers, 24 h: nobody is ever queued, and the share of time at chargers is what energy needs", () => {
    const { queued, worked, below } = simulate(5, 4, 24, true);
    expect({ queued, below }).toEqual({ queued: 0, below: 0 });
    // 35 kW worked against 240 kW charged: in the long run 87.3 % of the time; the first charge of the day comes for free.
    expect(worked / (5 * 24 * 60)).toBeGreaterThan(240 / 275);
  });
});
