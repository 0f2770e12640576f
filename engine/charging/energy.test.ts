import { describe, expect, test } from "vitest";
import { referenceVehicle } from "../../planner/index.ts";
import { chargeS, driveKwh, kwhPerKm, loadKwhPerKm, marginKwh, stopsKwh } from "./energy.ts";

describe("energy", () => {
  test("gives the corridor study's kWh per km without auxiliaries: 1.2 at 26.5 t, 2.5 at 56.5 t, 3.9 at 86.5 t", () => {
    expect([0, 30_000, 60_000].map((loadKg) => driveKwh(referenceVehicle, 1, loadKg, 0).toFixed(1))).toEqual([
      "1.2",
      "2.5",
      "3.9",
    ]);
  });

  test("a round trip of 5.115 km with 27.5 t both ways, four laden stops and 1,696 s takes 16 to 17 kWh", () => {
    const kwh = driveKwh(referenceVehicle, 5.115, 27_500, 563 * 2) + stopsKwh(referenceVehicle, 4, 1696 - 563 * 2);
    expect(kwh).toBeGreaterThan(15.5);
    expect(kwh).toBeLessThan(17);
  });

  test("per km: the load's part is what it adds", () => {
    expect(kwhPerKm(referenceVehicle, 20_000)).toBeCloseTo(
      kwhPerKm(referenceVehicle, 0) + loadKwhPerKm(referenceVehicle, 20_000),
      12,
    );
  });

  test("245 kWh above the reserve when full, and 61 minutes to charge them at 240 kW", () => {
    expect(marginKwh(referenceVehicle, 0.9)).toBeCloseTo(245, 9);
    expect(marginKwh(referenceVehicle, 0.1)).toBeCloseTo(-35, 9);
    expect(chargeS(referenceVehicle, 0.2, 0.9) / 60).toBeCloseTo(61.25, 9);
    expect(chargeS(referenceVehicle, 0.9, 0.2)).toBe(0);
  });
});
