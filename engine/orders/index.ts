export {
  ORDER_BOOK_DEFAULTS,
  OrderBook,
  type OrderBookOptions,
  type OrderCounts,
  type OrderPhase,
  type OrderRecord,
  type OrderRefusal,
} from "./order-book.ts";
export { AGEING_STEP_MS, COMMODITY_RANK, LEVEL_MAX, urgencyLevel, urgencyMs } from "./urgency.ts";
