export type { ShieldVehicle } from "./braking-sweep.ts";
export { Shield, type ShieldOptions, type StopDecision } from "./shield.ts";
