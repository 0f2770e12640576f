import { describe, expect, test } from "vitest";
import { boundFromFormula, type FormulaInputs } from "./formula-bound.ts";

/** The stated inputs of the corridor study, 2026: corridor at 5.56 m/s, yards at 4.17 m/s, 55:45 by direction. */
const pilot: FormulaInputs = {
  vehicles: 5,
  corridorM: 1340,
  yardM: 1218,
  corridorSpeedMps: 5.56,
  yardSpeedMps: 4.17,
  speedChangesS: 30,
  gatesS: 2 * 20,
  scanS: 25,
  disinfectionS: 20,
  liftS: 90,
  positioningS: 20,
  minorToMajor: 45 / 55,
};
const limits2027 = { corridorSpeedMps: 6.94, yardSpeedMps: 5 };

/** Within one per cent of the study's figure. */
function expectPerDay(inputs: FormulaInputs, perDay: number): void {
  expect(boundFromFormula(inputs).perDay / perDay).toBeGreaterThan(0.99);
  expect(boundFromFormula(inputs).perDay / perDay).toBeLessThan(1.01);
}

describe("the study's figures", () => {
  test("475 a day for five vehicles, in cycles of 1,655 s", () => {
    expectPerDay(pilot, 475);
    expect(boundFromFormula(pilot).cycleS).toBeCloseTo(1655, -1);
  });
  test("413 with an hour at the plug after seven hours of work", () => {
    expectPerDay({ ...pilot, charging: { chargeS: 61 * 60, workS: 7 * 3600 } }, 413);
  });
  test("1,139 for twelve, and 1,289 at 6.94 and 5.0 m/s", () => {
    expectPerDay({ ...pilot, vehicles: 12 }, 1139);
    expectPerDay({ ...pilot, ...limits2027, vehicles: 12 }, 1289);
  });
  test("4,495 for forty at 8.33 m/s", () => {
    expectPerDay({ ...pilot, corridorSpeedMps: 8.33, yardSpeedMps: 5, vehicles: 40 }, 4495);
  });
  test("509 where work waits evenly in both directions", () => {
    expectPerDay({ ...pilot, minorToMajor: 1 }, 509);
  });
});

test("containers one way only: half the crossings are empty, and 213 a day remain with the study's losses", () => {
  const oneWay = boundFromFormula({ ...pilot, minorToMajor: 0 });
  expect(oneWay.cycleS).toBeCloseTo(1471, -1);
  // Waiting 15 % of the cycle, 90 % available, 95 % of the energy time.
  expect((oneWay.perDay * 0.85 * 0.9 * 0.95) / 213).toBeCloseTo(1, 2);
});

test("a ratio that is none is refused", () => {
  expect(() => boundFromFormula({ ...pilot, minorToMajor: 1.2 })).toThrow("minorToMajor is 1.2, expected 0..1");
  expect(() => boundFromFormula({ ...pilot, minorToMajor: Number.NaN })).toThrow(RangeError);
});
