/**
 * Charging with constant power up to the taper's state of charge, then, as the voltage is at its limit, with a power
 * that falls linearly to zero at 1; so the charge that is missing decays exponentially.
 */

/** Charging power at a state of charge, as a share of the greatest. */
export function powerShare(soc: number, taperSoc: number): number {
  if (soc <= taperSoc) return 1;
  return Math.max(0, (1 - soc) / (1 - taperSoc));
}

/**
 * State of charge after a time at the charger, in closed form.
 * @param rate charge in a second at full power, as a share of the capacity
 */
export function socAfter(soc: number, durationS: number, rate: number, taperSoc: number): number {
  const fullS = Math.max(0, Math.min(durationS, (taperSoc - soc) / rate));
  const at = soc + rate * fullS;
  const restS = durationS - fullS;
  if (restS <= 0 || taperSoc >= 1) return Math.min(1, at);
  return 1 - (1 - at) * Math.exp((-rate * restS) / (1 - taperSoc));
}

/** Seconds from one state of charge to a higher one; Infinity for 1 and above. */
export function chargingS(fromSoc: number, toSoc: number, rate: number, taperSoc: number): number {
  const full = Math.max(0, Math.min(toSoc, taperSoc) - fromSoc) / rate;
  const from = Math.max(fromSoc, taperSoc);
  if (toSoc <= from) return full;
  return full + ((1 - taperSoc) / rate) * Math.log((1 - from) / (1 - toSoc));
}
