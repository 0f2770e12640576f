import type { VehicleState } from "../../../engine/index.ts";
import type { BatteryState, Time } from "../messages.ts";
import { baseFrame } from "./pose.ts";

/** Constants of sensor_msgs/BatteryState. */
export const SUPPLY = { unknown: 0, charging: 1, discharging: 2, notCharging: 3, full: 4 } as const;
const HEALTH_UNKNOWN = 0;
const TECHNOLOGY_UNKNOWN = 0;
const FULL = 0.999;
/** How the message says that a value is not measured. */
const UNKNOWN = Number.NaN;

/** The state of charge and what the battery does. Volts, amperes and ampere hours are not known here. */
export function toBatteryState(
  state: Pick<VehicleState, "vehicle" | "soc" | "charging" | "driving">,
  stamp: Time,
): BatteryState {
  return {
    header: { stamp, frame_id: baseFrame(state.vehicle) },
    voltage: UNKNOWN,
    temperature: UNKNOWN,
    current: UNKNOWN,
    charge: UNKNOWN,
    capacity: UNKNOWN,
    design_capacity: UNKNOWN,
    percentage: state.soc,
    power_supply_status: state.charging ? (state.soc >= FULL ? SUPPLY.full : SUPPLY.charging) : SUPPLY.discharging,
    power_supply_health: HEALTH_UNKNOWN,
    power_supply_technology: TECHNOLOGY_UNKNOWN,
    present: true,
    cell_voltage: [],
    cell_temperature: [],
    location: state.vehicle,
    serial_number: "",
  };
}

/**
 * State of charge, 0..1, and whether it is being charged; null if the share is unknown (NaN) or out of range. A value of
 * more than 1 is a driver that means per cent: it is refused rather than guessed at.
 */
export function fromBatteryState(message: BatteryState): { readonly soc: number; readonly charging: boolean } | null {
  const soc = message.percentage;
  if (!(soc >= 0 && soc <= 1)) return null;
  const status = message.power_supply_status;
  return { soc, charging: status === SUPPLY.charging || status === SUPPLY.full };
}
