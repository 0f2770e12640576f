import type { DispatchOrder, DispatchTravel, DispatchVehicle } from "./input.ts";

/**
 * A world on a line for tests: stand n is n hundred metres from the origin, everyone drives 10 m/s, so one stand is
 * 10 s and 0.1 km. Stand 0 has the charger. Nobody can reach stand 99.
 */
export const line: DispatchTravel = {
  travelMs: (from, to) => (to === 99 ? Number.POSITIVE_INFINITY : Math.abs(from - to) * 10_000),
  travelKm: (from, to) => (to === 99 ? Number.POSITIVE_INFINITY : Math.abs(from - to) / 10),
  chargerKm: (from) => from / 10,
};

export function vehicle(index: number, stand: number, over: Partial<DispatchVehicle> = {}): DispatchVehicle {
  return { index, stand, availableAtMs: 0, energyMarginKwh: 200, emptyKwhPerKm: 2, ...over };
}

export function order(index: number, from: number, to: number, over: Partial<DispatchOrder> = {}): DispatchOrder {
  return {
    index,
    fromStands: [from],
    toStands: [to],
    serviceMs: 180_000,
    releaseMs: 0,
    dueMs: 100 * 3_600_000,
    urgencyMs: 0,
    pickupFreeAtMs: 0,
    loadKwhPerKm: 1,
    stopsKwh: 0.5,
    assignedTo: -1,
    blocked: null,
    ...over,
  };
}
