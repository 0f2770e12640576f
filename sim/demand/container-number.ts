/** Owner code of generated containers; the fourth letter U marks a freight container (ISO 6346, section 3). */
const OWNER = "KLGU";

/** The container number of ISO 6346 for a serial number 0 … 999,999: owner, category, serial, check digit. */
export function containerNumber(serial: number): string {
  const body = OWNER + String(serial % 1_000_000).padStart(6, "0");
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += characterValue(body.charCodeAt(i)) * 2 ** i;
  return `${body}${(sum % 11) % 10}`;
}

/** Digits count as they are; letters from A = 10 upwards, leaving out the multiples of 11. */
function characterValue(code: number): number {
  if (code <= 57) return code - 48;
  const ordinal = code - 65;
  return 10 + ordinal + Math.floor((ordinal + 9) / 10);
}
