/**
 * Every message of a recording (`run.mcap`) and the run's summary (`summary.json`): one zod schema each, from which the
 * TypeScript type and the JSON Schema stored in the file both follow. `t` is seconds of run time in whole milliseconds;
 * the MCAP log time is the same in nanoseconds. SI units, ENU metres, radians counter-clockwise from east.
 * An id of "" means "none".
 */
import { z } from "zod";

const id = z.string();
const metres = z.number();
const seconds = z.number();
const time = z.number().nonnegative().describe("seconds of run time, whole milliseconds");
const strings = z.array(z.string()).readonly();

/** Length is along the lane, the vehicle's reference point is the centre of its footprint. */
export const recordedVehicleTypeSchema = z.object({
  type: id,
  length: metres.positive(),
  width: metres.positive(),
  frontOverhang: metres,
  rearOverhang: metres,
  margin: metres.nonnegative().describe("kept clear on every side of the footprint when ground is computed"),
  standstillGap: metres.nonnegative().describe("kept behind a standing vehicle's tail"),
  maxSpeed: z.number().positive().describe("m/s, the greater of empty and laden"),
  maxAcceleration: z.number().positive().describe("m/s²"),
  maxDeceleration: z.number().positive().describe("m/s², emergency braking"),
});

/**
 * `/site`, once, first in the file. Coordinates in `geojson` are WGS84 degrees; a point (x, y) of the run is
 * `east = x cos b + y sin b, north = y cos b - x sin b` (b: bearing of +y, clockwise from north),
 * `lon = lon0 + east / metresPerDegreeLon, lat = lat0 + north / metresPerDegreeLat`, exactly as the recorder wrote it.
 */
export const siteMessageSchema = z.object({
  t: time,
  site: id,
  frame: z.object({
    lat0: z.number(),
    lon0: z.number(),
    bearing: z.number().describe("radians clockwise from true north to +y"),
    metresPerDegreeLat: z.number().positive(),
    metresPerDegreeLon: z.number().positive(),
  }),
  geojson: z.looseObject({
    type: z.literal("FeatureCollection"),
    features: z.array(z.looseObject({ type: z.literal("Feature") })).readonly(),
  }),
  vehicleTypes: z.array(recordedVehicleTypeSchema).readonly(),
  border: z
    .array(z.tuple([metres, metres]))
    .readonly()
    .describe("the border line, local metres"),
});

/**
 * What a vehicle is doing. `waiting`: stands and could not go on; `servicing`: a station or crane works on it;
 * `fault`: broken, lost, manual or off its path; `idle`: no task.
 */
export const vehicleActivitySchema = z.enum(["idle", "driving", "waiting", "servicing", "charging", "paused", "fault"]);

/**
 * One vehicle at time t: true pose where a simulator knows it. From here to its next sample it moves with the constant
 * acceleration `a` along its lanes.
 */
export const vehicleSampleSchema = z.object({
  id,
  type: id,
  x: metres,
  y: metres,
  theta: z.number(),
  v: z.number().describe("m/s along the lane"),
  a: z.number().describe("m/s², from this sample to the next"),
  lane: id.describe("directed lane; a two-way lane's reverse direction has '~' behind it; '' when off the lanes"),
  s: metres.describe("of the centre from the directed lane's start"),
  laden: z.boolean(),
  containers: strings,
  soc: z.number().describe("state of charge, 0..1"),
  state: vehicleActivitySchema,
  node: id.describe("last node or stand reached"),
  order: id.describe("transport order in hand, '' for none"),
  waitingFor: strings.describe(
    "what it waits for, '<kind>:<id>' each; kinds vehicle, lane (closed), station (its queue), crane, fault (vehicle), pause, charge",
  ),
});

/** `/vehicles`. Holds all vehicles at the recording's rate; in between, those that began another phase of motion. */
export const vehiclesMessageSchema = z.object({ t: time, vehicles: z.array(vehicleSampleSchema).readonly() });

/**
 * `/reservations`: ground held now. On a lane each `granted` replaces the vehicle's interval of metres there (body,
 * standstill gap behind the tail, authority ahead; clipped to the lane); `cleared` ends it. Every directed lane that
 * body or authority touches is named. In a place the place's grant covers the body.
 */
export const reservationMessageSchema = z.object({
  t: time,
  vehicle: id,
  resource: id.describe("directed lane, area name (unique on the site) or bay"),
  kind: z.enum(["lane", "area", "place"]),
  side: z.string().describe("area: directed lane of the side; else ''"),
  fromM: metres,
  toM: metres,
  event: z.enum(["granted", "cleared"]),
  seq: z
    .number()
    .int()
    .describe(
      "of a grant: area, place: counts the grants of the resource; lane: how many who hold ground of it are ahead then",
    ),
});

/** `/plans`. `times` are milliseconds of run time, one for each node. */
export const planMessageSchema = z.object({
  t: time,
  vehicle: id,
  planId: z.number().int(),
  nodes: strings,
  times: z.array(z.number()).readonly(),
  restsAt: id,
  reason: z.string(),
});

/** What an order is about, as its `accepted` says. */
const loadSchema = z.object({
  commodity: z.enum(["fresh-produce", "frozen-seafood", "electronics", "general"]),
  lengthFt: z.union([z.literal(20), z.literal(40), z.literal(45)]),
  laden: z.boolean(),
});
/** `/orders`. `place` is where it happened (`accepted`: where the container stands, `delivered`: where it was put). */
export const orderEventSchema = z.object({
  t: time,
  order: id,
  event: z.enum(["accepted", "assigned", "pickedUp", "atStation", "delivered", "cancelled", "waiting"]),
  vehicle: id.nullable(),
  container: id,
  place: id,
  reason: z.string(),
  load: loadSchema.exactOptional().describe("with accepted: the container"),
});

/** `/vda5050`: one message as sent or received. */
export const vda5050MessageSchema = z.object({ t: time, topic: z.string(), payload: z.unknown() });

/** `/events`: what happened, by code, with the ids in `data` and a sentence for people in `text`. */
export const eventMessageSchema = z.object({
  t: time,
  code: z.string(),
  vehicle: id.nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string(),
});

/**
 * `/kpi`, once a minute of run time and at the end; all from the run's start to t.
 * `containersPerHour`: delivered in the last 3,600 s (before that: delivered / t, an hour's worth).
 * `emptyKmRatio`: km driven without a container / km driven. `taskS`: vehicle time with an order
 * in hand; `waitingS`: the part of it standing with `waitingFor` not empty; `waitingRatio`: waitingS / taskS. 0 where
 * the denominator is 0.
 */
export const kpiMessageSchema = z.object({
  t: time,
  accepted: z.number().int(),
  delivered: z.number().int(),
  cancelled: z.number().int(),
  waiting: z.number().int().describe("accepted, neither delivered nor cancelled"),
  containersPerHour: z.number(),
  drivenKm: z.number(),
  emptyKm: z.number(),
  emptyKmRatio: z.number(),
  taskS: seconds,
  waitingS: seconds,
  waitingRatio: z.number(),
  energyKwh: z.number(),
  shieldStops: z.number().int(),
  deadlocks: z.number().int(),
});

const percentiles = z.object({ p50: z.number(), p95: z.number() });
const machineMs = z.object({ p50: z.number(), p99: z.number(), max: z.number() });

/**
 * `summary.json`. Ratios as in `/kpi`. `leadTimeS`: release to delivered; `cycleTimeS`: a vehicle's pick-up to its next
 * pick-up on the same side, without charging, rest and repair; 0 where there is none. Null: not known for this run.
 */
export const runSummarySchema = z.object({
  scenario: z.string(),
  seed: z.number().int(),
  simulatedS: seconds,
  wallS: seconds,
  vehicles: z.number().int(),
  orders: z.object({
    accepted: z.number().int(),
    delivered: z.number().int(),
    waiting: z.number().int(),
    cancelled: z.number().int(),
  }),
  containersPerDay: z.number().describe("delivered / simulatedS, a day's worth"),
  targetPerDay: z.number().nullable(),
  leadTimeS: percentiles,
  cycleTimeS: percentiles,
  emptyKmRatio: z.number(),
  waitingRatio: z.number(),
  collisions: z.number().int(),
  minSeparationM: z.number().nullable(),
  shieldStops: z.number().int(),
  deadlocks: z.number().int(),
  energyKwh: z.number(),
  co2SavedKg: z.number().nullable(),
  costPerContainer: z.number().nullable(),
  tickMs: machineMs,
  planMs: machineMs,
  plans: z.number().int(),
  upperBoundPerDay: z.number().nullable(),
  digest: z.string(),
});

export type RecordedVehicleType = z.infer<typeof recordedVehicleTypeSchema>;
export type SiteMessage = z.infer<typeof siteMessageSchema>;
export type VehicleActivity = z.infer<typeof vehicleActivitySchema>;
export type VehicleSample = z.infer<typeof vehicleSampleSchema>;
export type VehiclesMessage = z.infer<typeof vehiclesMessageSchema>;
export type RecordedReservation = z.infer<typeof reservationMessageSchema>;
export type RecordedPlan = z.infer<typeof planMessageSchema>;
export type RecordedOrderEvent = z.infer<typeof orderEventSchema>;
export type RecordedVda5050 = z.infer<typeof vda5050MessageSchema>;
export type RecordedEvent = z.infer<typeof eventMessageSchema>;
export type RecordedKpi = z.infer<typeof kpiMessageSchema>;
export type RunSummary = z.infer<typeof runSummarySchema>;

/** Topics with messages of our own, and the schema of each. `/markers` and `/map` carry Foxglove's own schemas. */
export const topicSchemas = {
  "/site": siteMessageSchema,
  "/vehicles": vehiclesMessageSchema,
  "/reservations": reservationMessageSchema,
  "/plans": planMessageSchema,
  "/orders": orderEventSchema,
  "/vda5050": vda5050MessageSchema,
  "/events": eventMessageSchema,
  "/kpi": kpiMessageSchema,
} as const;

export type Topic = keyof typeof topicSchemas;

/** A message as read back: the topic tells the type. */
export type RecordedMessage =
  | { readonly topic: "/site"; readonly message: SiteMessage }
  | { readonly topic: "/vehicles"; readonly message: VehiclesMessage }
  | { readonly topic: "/reservations"; readonly message: RecordedReservation }
  | { readonly topic: "/plans"; readonly message: RecordedPlan }
  | { readonly topic: "/orders"; readonly message: RecordedOrderEvent }
  | { readonly topic: "/vda5050"; readonly message: RecordedVda5050 }
  | { readonly topic: "/events"; readonly message: RecordedEvent }
  | { readonly topic: "/kpi"; readonly message: RecordedKpi };

/** The JSON Schema of a topic's message, as stored in the file. */
export function topicJsonSchema(topic: Topic): object {
  return z.toJSONSchema(topicSchemas[topic]);
}

/** The JSON Schema of `summary.json`. */
export function summaryJsonSchema(): object {
  return z.toJSONSchema(runSummarySchema);
}
