export { assignOrders } from "./assign-orders.ts";
export { CRITERIA } from "./costs.ts";
export {
  type Assignment,
  DISPATCH_DEFAULTS,
  type DispatchInput,
  type DispatchOptions,
  type DispatchOrder,
  type DispatchResult,
  type DispatchTravel,
  type DispatchVehicle,
} from "./input.ts";
