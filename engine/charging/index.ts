export { chargeS, kwhPerKm, loadKwhPerKm, marginKwh, stopsKwh } from "./energy.ts";
export {
  CHARGING_DEFAULTS,
  type Charger,
  type ChargingDecision,
  type ChargingInput,
  type ChargingOptions,
  type ChargingPlan,
  type ChargingVehicle,
  planCharging,
} from "./plan-charging.ts";
