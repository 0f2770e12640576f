/**
 * Upper bound on containers a day from a handful of stated lengths and times, without a layout: the reference against
 * which the bound from a layout is checked.
 *
 *   one way        t  = corridor / vc + yard / vy + speed changes + gates + scan + disinfection
 *   both laden     C2 = 2·t + 4 lifts + 2 positionings
 *   one way laden  C1 = 2·t − scan − disinfection + 2 lifts + 2 positionings
 *   mean cycle     C  = r·C2 + (1 − r)·C1         r = minor / major direction; r of the round trips return laden
 *   bound          Q  = N · A · 86400 · (1 + r) / C
 *
 * A is the share of its time that a vehicle works: 1 where energy costs no time (swap, or charging under the crane),
 * drive / (drive + charge) where it charges at a plug only.
 */
export interface FormulaInputs {
  readonly vehicles: number;
  /** Metres one way between the two yards, and within yards. */
  readonly corridorM: number;
  readonly yardM: number;
  readonly corridorSpeedMps: number;
  readonly yardSpeedMps: number;
  /** Seconds lost one way to acceleration and braking. */
  readonly speedChangesS: number;
  /** Seconds one way in all gates, in the scanner, in disinfection. */
  readonly gatesS: number;
  readonly scanS: number;
  readonly disinfectionS: number;
  /** Seconds a lift, and for positioning at a crane; two positionings a round trip. */
  readonly liftS: number;
  readonly positioningS: number;
  /** Containers in the minor direction for each one in the major direction, 0..1. */
  readonly minorToMajor: number;
  /** Plug-in charging: so many seconds of charging after so many seconds of work. Absent: energy costs no time. */
  readonly charging?: { readonly chargeS: number; readonly workS: number };
}

export interface FormulaBound {
  readonly perDay: number;
  /** Mean round trip, seconds. */
  readonly cycleS: number;
}

/** Containers a day at most. @throws RangeError where r is outside 0..1 */
export function boundFromFormula(inputs: FormulaInputs): FormulaBound {
  const r = inputs.minorToMajor;
  if (!(r >= 0 && r <= 1)) throw new RangeError(`minorToMajor is ${r}, expected 0..1`);
  const stationsLadenOnlyS = inputs.scanS + inputs.disinfectionS;
  const oneWayS =
    inputs.corridorM / inputs.corridorSpeedMps +
    inputs.yardM / inputs.yardSpeedMps +
    inputs.speedChangesS +
    inputs.gatesS +
    stationsLadenOnlyS;
  const bothLadenS = 2 * oneWayS + 4 * inputs.liftS + 2 * inputs.positioningS;
  const oneLadenS = 2 * oneWayS - stationsLadenOnlyS + 2 * inputs.liftS + 2 * inputs.positioningS;
  const cycleS = r * bothLadenS + (1 - r) * oneLadenS;
  const { charging } = inputs;
  const working = charging === undefined ? 1 : charging.workS / (charging.workS + charging.chargeS);
  return { perDay: (inputs.vehicles * working * 86_400 * (1 + r)) / cycleS, cycleS };
}
