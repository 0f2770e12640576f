export { LaneMap, type Pose } from "./lane-map.ts";
export type { ReferencedError } from "./order-rules.ts";
export type { PhysicsOptions } from "./physical-motion.ts";
export type { ServiceAnswer, ServiceHost, ServiceProgress, ServiceRequest } from "./services.ts";
export { type MotionSample, SimVehicle, type VehicleOptions } from "./vehicle.ts";
