export { chargeS, driveKwh, kwhPerKm, loadKwhPerKm, marginKwh, stopsKwh, USUAL_SPEED_MPS } from "./energy.ts";
export {
  CHARGING_DEFAULTS,
  type Charger,
  type ChargingDecision,
  type ChargingInput,
  type ChargingOptions,
  type ChargingPlan,
  type ChargingVehicle,
  mayTakeWork,
  planCharging,
} from "./plan-charging.ts";
