import { describe, expect, test } from "vitest";
import { Bench, type BenchLane } from "./fixtures.ts";
import type { SimVehicle } from "./vehicle.ts";

/** The measures of the corridor study: every figure within 2 % of the closed form. */
const WITHIN = 0.02;

function near(found: number, closedForm: number): void {
  expect(Math.abs(found / closedForm - 1), `${found} beside ${closedForm}`).toBeLessThan(WITHIN);
}

const pick = (massKg: number) => ({
  actionId: "pick",
  actionType: "pick" as const,
  blockingType: "HARD" as const,
  parameters: { container: "C1", massKg },
});

/** A vehicle at a constant speed, metres along a long lane; `massKg` 0: empty. */
function cruising(limitMps: number, massKg: number, roadFactor = 1, gradient = 0, massErrorShare = 0.02): Bench {
  const physics = { jumpsPerHour: 0, massErrorShare };
  const bench = new Bench([{ lengthM: 6000, limitMps, gradient }], { physics });
  bench.conditions.roadFactor = roadFactor;
  const actions = massKg > 0 ? { 0: [pick(massKg)] } : {};
  bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [6000], actions }));
  bench.until(() => bench.x > 400);
  return bench;
}

function stopM(bench: Bench, stop: (vehicle: SimVehicle) => void): number {
  const from = bench.x;
  stop(bench.vehicle);
  bench.until(() => bench.vehicle.v === 0);
  return bench.x - from;
}

const pause = (vehicle: SimVehicle): void =>
  vehicle.receiveInstantAction({ vehicle: "V1", actionId: "p", actionType: "startPause", parameters: {} });

describe("stopping distance, service brake and 1 s of reaction", () => {
  test.each([
    [5.56, 0, 1, 15.9],
    [6.94, 0, 1, 23.0],
    [8.33, 0, 1, 31.5],
    [5.56, 35_000, 1, 15.9],
    [6.94, 61_000, 1, 23.0],
    [5.56, 0, 0.7, 5.56 + 5.56 ** 2 / (2 * 1.05)],
    [6.94, 35_000, 0.7, 6.94 + 6.94 ** 2 / (2 * 1.05)],
  ])("%f m/s with %i kg, road factor %f: %f m", (speed, massKg, roadFactor, closedForm) => {
    near(stopM(cruising(speed, massKg, roadFactor), pause), closedForm);
  });

  test("the gradient changes the force, not the distance", () => {
    near(stopM(cruising(5.56, 35_000, 1, -0.025), pause), 15.9);
    near(stopM(cruising(5.56, 35_000, 1, 0.025), pause), 15.9);
  });
});

describe("emergency stopping distance, 0.5 s on board", () => {
  test.each([
    [5.56, 1, 5.56 * 0.5 + 5.56 ** 2 / 5],
    [6.94, 1, 6.94 * 0.5 + 6.94 ** 2 / 5],
    [8.33, 1, 8.33 * 0.5 + 8.33 ** 2 / 5],
    [5.56, 0.7, 5.56 * 0.5 + 5.56 ** 2 / (2 * 1.75)],
  ])("%f m/s, road factor %f: %f m", (speed, roadFactor, closedForm) => {
    // The emergency brake acts without feedback: an error of the mass would be one of the distance.
    const bench = cruising(speed, 0, roadFactor, 0, 0);
    near(
      stopM(bench, (vehicle) => vehicle.breakDown("drive", "stop")),
      closedForm,
    );
  });
});

describe("energy at constant speed on the level, auxiliaries apart", () => {
  test.each([
    [26.5, 0, 1.2],
    [56.5, 30_000, 2.5],
    [86.5, 60_000, 3.9],
  ])("%f t gross: kWh a km", (_tonnes, massKg, stated) => {
    const bench = cruising(5.56, massKg);
    const { battery } = bench.vehicle;
    const [from, used, fromMs] = [bench.x, battery.usedKwh, bench.tMs];
    bench.until(() => bench.x > from + 4000);
    const km = (bench.x - from) / 1000;
    const auxiliaryKwh = (5 * (bench.tMs - fromMs)) / 3_600_000;
    const perKm = (battery.usedKwh - used - auxiliaryKwh) / km;
    near(perKm, (0.045 * (26_500 + massKg)) / 1000);
    expect(Math.abs(perKm - stated)).toBeLessThan(0.05);
  });

  test("a stop of 56.5 t from 5.56 m/s and the start after it cost 0.25 kWh more than driving through", () => {
    const bench = cruising(5.56, 30_000);
    const { battery } = bench.vehicle;
    const [from, used, fromMs] = [bench.x, battery.usedKwh, bench.tMs];
    stopM(bench, pause);
    bench.vehicle.receiveInstantAction({ vehicle: "V1", actionId: "q", actionType: "stopPause", parameters: {} });
    bench.until(() => bench.x > from + 500 && bench.vehicle.v > 5.5);
    const auxiliaryKwh = (5 * (bench.tMs - fromMs)) / 3_600_000;
    const driven = (bench.x - from) / 1000;
    const perStop = battery.usedKwh - used - auxiliaryKwh - 0.045 * 56.5 * driven;
    expect(Math.abs(perStop - 0.25)).toBeLessThan(0.01);
  });
});

describe("cycle time beside the closed form of the same way", () => {
  /** A haul as on the corridor: yard, ramp, bridge, ramp, yard, with gate, scan and handover stops of 20 s. */
  const way: readonly BenchLane[] = [
    { lengthM: 5, limitMps: 1 },
    { lengthM: 40, limitMps: 3 },
    { lengthM: 250, limitMps: 4.17 },
    { lengthM: 60, limitMps: 3 },
    { lengthM: 190, limitMps: 5.56, gradient: 0.025 },
    { lengthM: 390, limitMps: 5.56 },
    { lengthM: 230, limitMps: 5.56, gradient: -0.025 },
    { lengthM: 60, limitMps: 2 },
    { lengthM: 300, limitMps: 4.17 },
    { lengthM: 5, limitMps: 1 },
  ];
  const service = (id: number) => ({
    actionId: `s${id}`,
    actionType: "service" as const,
    blockingType: "HARD" as const,
    parameters: {},
  });
  const travelS = (massKg: number, full: boolean): number => {
    const bench = new Bench(way, full ? { physics: {}, seed: 5 } : {});
    const load = massKg > 0 ? { 0: [pick(massKg)] } : {};
    const actions = { ...load, 355: [service(1)], 1225: [service(2)], 1530: [service(3)] };
    bench.vehicle.receiveOrder(bench.order({ fromM: 0, atM: [355, 1225, 1530], actions }));
    bench.until(() => bench.vehicle.idle);
    expect(bench.state.actionStates.every(({ actionStatus }) => actionStatus === "FINISHED")).toBe(true);
    return bench.tMs / 1000;
  };

  test.each([0, 14_000, 25_000, 35_000])("with a container of %i kg", (massKg) => {
    near(travelS(massKg, true), travelS(massKg, false));
  });
});
