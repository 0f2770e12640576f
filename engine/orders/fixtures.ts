import type { TransportOrder } from "../messages.ts";

/** A lawful transport order for tests. */
export function transportOrder(id: string, over: Partial<TransportOrder> = {}): TransportOrder {
  return {
    id,
    container: { id: `C-${id}`, lengthFt: 40, laden: true, reefer: false, commodity: "general", massKg: 25_000 },
    from: "crane-a",
    to: "crane-b",
    via: [{ role: "gate", side: "vn" }],
    releaseMs: 0,
    dueMs: 3_600_000,
    priority: 5,
    ...over,
  };
}
