export {
  OrderBook,
  type OrderBookOptions,
  type OrderCounts,
  type OrderPhase,
  type OrderRecord,
  type OrderRefusal,
} from "./order-book.ts";
