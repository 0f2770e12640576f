/** What goes over the HTTP API: one definition each for types, validation and the OpenAPI page. Times are ISO 8601, UTC. */
import { z } from "zod";
import { kpiMessageSchema, vehicleActivitySchema } from "../recording/messages.ts";

const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/, { error: "expected letters, digits and _ . : - only" })
  .max(64);
const time = z.iso.datetime({ offset: true });

export const containerSchema = z
  .strictObject({
    id: id.describe("Container number, for example TCLU1234567."),
    lengthFt: z.union([z.literal(20), z.literal(40), z.literal(45)]).describe("Feet."),
    laden: z.boolean(),
    reefer: z.boolean(),
    commodity: z.enum(["fresh-produce", "frozen-seafood", "electronics", "general"]),
    massKg: z.number().positive().max(100_000).describe("Gross mass, kg."),
  })
  .meta({ title: "Container" });

const via = z
  .array(z.strictObject({ role: z.enum(["gate", "scanner", "disinfection"]), side: z.enum(["vn", "cn"]) }))
  .max(16);

/** A transport order as it is handed in. */
export const newOrderSchema = z
  .strictObject({
    id: id
      .optional()
      .describe("Chosen by the customer, so that a repeated request is not a second order; made here if left out."),
    container: containerSchema,
    from: z.string().describe("Station (crane) where the container waits."),
    to: z.string().describe("Station (crane) to which it goes."),
    via: via.default([]).describe("Stations to pass on the way, in travel order."),
    releaseAt: time.optional().describe("May be picked up from then on; now if left out."),
    dueAt: time.optional().describe("Should be delivered by then; an hour after releaseAt if left out."),
    priority: z.int().min(0).max(9).default(5).describe("0 (most urgent) to 9."),
  })
  .meta({ title: "NewTransportOrder" });

export const orderChangeSchema = z
  .strictObject({
    priority: z.int().min(0).max(9).optional(),
    to: z.string().optional().describe("Another destination, also after pick-up."),
  })
  .refine((change) => change.priority !== undefined || change.to !== undefined, {
    error: "expected priority, to or both",
  })
  .meta({ title: "TransportOrderChange" });

export const orderPhaseSchema = z.enum(["accepted", "assigned", "pickedUp", "delivered", "cancelled"]);

export const orderSchema = z
  .object({
    id: z.string(),
    container: containerSchema,
    from: z.string(),
    to: z.string().describe("The destination now."),
    via,
    priority: z.int(),
    releaseAt: time,
    dueAt: time,
    phase: orderPhaseSchema,
    vehicle: z.string().nullable(),
    waitingFor: z.string().nullable().describe("Code of the reason why an accepted order is not on a vehicle yet."),
    acceptedAt: time,
    pickedUpAt: time.nullable(),
    closedAt: time.nullable().describe("When it was delivered or cancelled."),
  })
  .meta({ title: "TransportOrder" });

export const orderQuerySchema = z.strictObject({
  state: z.enum(["open", "closed", "all"]).default("open"),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  after: z.string().optional().describe("Id of the last order of the page before."),
});

export const orderListSchema = z
  .object({
    orders: z.array(orderSchema).describe("In the order of acceptance."),
    next: z.string().nullable().describe("Give it as `after` for the next page; null: this is the last one."),
  })
  .meta({ title: "TransportOrderList" });

export const vehicleSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    manufacturer: z.string(),
    serialNumber: z.string(),
    connection: z.enum(["ONLINE", "OFFLINE", "CONNECTIONBROKEN", "UNKNOWN"]),
    inFleet: z.boolean().describe("It was admitted: it stood in a bay where it may rest when it came online."),
    activity: vehicleActivitySchema.nullable(),
    operatingMode: z.enum(["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"]).nullable(),
    position: z
      .object({
        x: z.number().describe("Metres east."),
        y: z.number().describe("Metres north."),
        theta: z.number().describe("Radians, counter-clockwise from east."),
        lane: z.string(),
        s: z.number().describe("Metres from the lane's start."),
      })
      .nullable()
      .describe("As last reported."),
    v: z.number().nullable().describe("m/s."),
    soc: z.number().nullable().describe("State of charge, 0 to 1."),
    charging: z.boolean().nullable(),
    containers: z.array(z.string()),
    order: z.string().nullable().describe("Transport order in hand."),
    waitingFor: z.array(z.string()).describe("What it waits for, <kind>:<id> each."),
    errors: z.array(z.object({ type: z.string(), level: z.enum(["WARNING", "FATAL"]), description: z.string() })),
    lastStateAt: time.nullable(),
  })
  .meta({ title: "Vehicle" });

export const vehicleListSchema = z.object({ vehicles: z.array(vehicleSchema) }).meta({ title: "VehicleList" });

const percentiles = z.object({ p50: z.number(), p99: z.number(), max: z.number() });

export const healthSchema = z
  .object({
    status: z.enum(["ok", "degraded"]).describe("degraded: see `problems`."),
    problems: z.array(z.string()),
    site: z.string(),
    startedAt: time,
    runS: z.number().describe("Run time, seconds."),
    tick: z.int(),
    ticksLate: z.int().describe("Ticks that began more than half a tick late, since the start."),
    tickLatenessMs: percentiles.describe("Of the last minute."),
    stepMs: percentiles.describe("Time that a tick took, of the last minute."),
    vehicles: z.object({ listed: z.int(), online: z.int(), inFleet: z.int() }),
    messages: z.object({
      received: z.record(z.string(), z.int()).describe("Taken, by topic."),
      sent: z.record(z.string(), z.int()),
      reports: z.record(z.string(), z.int()).describe("Messages not taken and conditions reported, by code."),
    }),
    viewers: z.int().describe("Live connections."),
  })
  .meta({ title: "Health" });

export const kpiSchema = kpiMessageSchema.meta({ title: "Kpi" });

export const errorSchema = z
  .object({
    code: z.string().describe("Stable: programs may branch on it. The codes are listed in docs/api.md."),
    message: z.string().describe("For people; may change."),
    details: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .describe("Places in the request; may be empty."),
  })
  .meta({ title: "Error" });

export type NewOrder = z.infer<typeof newOrderSchema>;
export type OrderChange = z.infer<typeof orderChangeSchema>;
export type ApiOrder = z.infer<typeof orderSchema>;
export type OrderQuery = z.infer<typeof orderQuerySchema>;
export type OrderList = z.infer<typeof orderListSchema>;
export type ApiVehicle = z.infer<typeof vehicleSchema>;
export type ApiHealth = z.infer<typeof healthSchema>;
export type ApiKpi = z.infer<typeof kpiSchema>;
export type ApiErrorBody = z.infer<typeof errorSchema>;
