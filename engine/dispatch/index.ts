export { assignOrders } from "./assign-orders.ts";
export type {
  Assignment,
  DispatchInput,
  DispatchOptions,
  DispatchOrder,
  DispatchResult,
  DispatchTravel,
  DispatchVehicle,
} from "./input.ts";
