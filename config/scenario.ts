import * as z from "zod";
import type { TransportOrder } from "../engine/index.ts";
import type { VehicleType } from "../planner/index.ts";
import { distributionSchema } from "./distribution-file.ts";
import type { LoadedSite } from "./load-site.ts";
import type { VehiclePhysics } from "./vehicle-physics.ts";

const seconds = (text: string) => z.number().min(0).describe(text);

/** Way of a container across the border. */
export const directionSchema = z.enum(["vn-to-cn", "cn-to-vn"]).describe("Way across the border.");

const vehiclesSchema = z
  .strictObject({
    type: z.string().describe("Vehicle type: a built-in id or a path beside this file."),
    count: z
      .exactOptional(z.int().min(1).max(10_000))
      .describe(
        "How many; ids and start bays are given out in order (parking before chargers, sides in turn). Either this or list.",
      ),
    list: z
      .exactOptional(
        z
          .array(
            z.strictObject({
              id: z.string().min(1).describe("Vehicle id, unique in the scenario."),
              startBay: z
                .string()
                .describe("Haven in which it starts: `<station>`, or `<station>/<number>` where it has several bays."),
            }),
          )
          .min(1),
      )
      .describe("Vehicles by name. Either this or count."),
  })
  .check((ctx) => {
    const { count, list } = ctx.value;
    if ((count === undefined) !== (list === undefined)) return;
    const found = count === undefined ? "neither count nor list" : "both count and list";
    ctx.issues.push({
      code: "custom",
      input: ctx.value,
      path: [],
      params: { found, expected: "either count or list" },
    });
  })
  .describe("Vehicles of one type.");

const goodsSchema = z
  .strictObject({
    goods: z.string().min(1).describe("Name of the goods, unique in the mix; pass rules may name it."),
    share: z.number().positive().describe("Part of the direction's containers; shares are divided by their sum."),
    commodity: z.enum(["fresh-produce", "frozen-seafood", "electronics", "general"]).describe("Commodity class."),
    massKg: z.number().positive().describe("Gross mass of the container, kg."),
    lengthFt: z.literal([20, 40, 45]).default(40).describe("Container length, feet."),
    laden: z.boolean().default(true).describe("False: an empty container."),
    reefer: z.boolean().default(false).describe("Cooled, needs power."),
    priority: z.int().min(0).max(9).describe("0 (most urgent) .. 9."),
    dueS: z.number().positive().describe("Should be delivered this many seconds after its release."),
  })
  .describe("One kind of goods.");

const mixSchema = z.array(goodsSchema).min(1).describe("What the containers hold.");

const cranesSchema = z
  .exactOptional(z.array(z.string()).min(1))
  .describe("Stations (cranes) used on each side; default all of that side, alike.");

const demandSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("profile"),
        release: z
          .enum(["exact", "poisson"])
          .describe(
            "exact: ordersPerDay containers a day, no more and no fewer, spread by the shape. poisson: random arrivals at that rate.",
          ),
        hourlyWeights: z
          .array(z.number().min(0))
          .length(24)
          .describe("Weight of each hour of the day from 0:00 of run time; divided by their sum."),
        directions: z
          .array(
            z.strictObject({
              direction: directionSchema,
              ordersPerDay: z.number().min(0).describe("Containers a day; a whole number where release is exact."),
              mix: mixSchema,
            }),
          )
          .min(1),
        cranes: cranesSchema,
      })
      .describe("Orders released over the day by a profile."),
    z
      .strictObject({
        kind: z.literal("saturated"),
        waitingOrdersMin: z
          .int()
          .min(1)
          .describe("As many released orders at least wait for a vehicle at any time, over both directions together."),
        directions: z
          .array(
            z.strictObject({
              direction: directionSchema,
              share: z.number().positive().describe("Part of the containers that go this way; divided by the sum."),
              mix: mixSchema,
            }),
          )
          .min(1),
        cranes: cranesSchema,
      })
      .describe(
        "Work is always waiting: new orders are released as waiting ones are picked up, in the given split by direction.",
      ),
    z
      .strictObject({
        kind: z.literal("recorded"),
        csv: z.string().describe("Path, beside this file, of the recorded orders (columns: docs/files.md)."),
      })
      .describe("Recorded orders from a CSV file."),
  ])
  .describe("The orders.");

const passRuleSchema = z
  .strictObject({
    direction: directionSchema,
    role: z.enum(["gate", "scanner", "disinfection"]).describe("Role of the station."),
    side: z.enum(["vn", "cn"]).describe("Side of the border on which it is."),
    fraction: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe("Part of the containers (of the goods named) that must pass, 0..1."),
    goods: z.exactOptional(z.array(z.string()).min(1)).describe("Only these goods of the mix; default all."),
  })
  .describe("Which containers must pass a station.");

const window = {
  fromS: seconds("Start, seconds of run time."),
  toS: z.number().positive().describe("End, seconds of run time; after fromS."),
};

const eventSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("lane-closed"), lane: z.string().describe("Lane id."), ...window })
    .describe("A lane is closed."),
  z
    .strictObject({ kind: z.literal("vehicle-broken"), vehicle: z.string().describe("Vehicle id."), ...window })
    .describe("A vehicle breaks down and is repaired."),
  z
    .strictObject({ kind: z.literal("link-lost"), vehicle: z.string().describe("Vehicle id."), ...window })
    .describe("A vehicle's link is lost."),
  z
    .strictObject({
      kind: z.literal("speed-limit"),
      limitMps: z.number().positive().describe("No vehicle is faster, m/s."),
      lanes: z.exactOptional(z.array(z.string()).min(1)).describe("Lane ids; default all."),
      ...window,
    })
    .describe("A speed limit (storm, visibility)."),
  z
    .strictObject({ kind: z.literal("station-out"), station: z.string().describe("Station id."), ...window })
    .describe("A station is out of service."),
]);

/** Schema of `scenarios/<id>.json`. */
export const scenarioFileSchema = z
  .strictObject({
    $schema: z.exactOptional(z.string()).describe("Where this schema is, for editors."),
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/)
      .describe("Id of the scenario; the file is <id>.json."),
    description: z.exactOptional(z.string()).describe("For people."),
    site: z.string().describe("Site: a built-in id or a path beside this file."),
    durationS: z.number().positive().describe("Length of the run, seconds."),
    seed: z.int().min(0).max(0xffffffff).describe("Seed of everything random."),
    vehicles: z.array(vehiclesSchema).min(1).describe("The fleet."),
    physics: z
      .enum(["ideal", "full"])
      .default("ideal")
      .describe(
        "How vehicles move. ideal: exactly along the lane, by the closed form of their limits. full: with mass, gradient, jerk limits, delays, steering, localisation errors, charging taper and heat, by the vehicle type's `physics`.",
      ),
    demand: demandSchema,
    passRules: z
      .array(passRuleSchema)
      .default([])
      .describe("Stations that containers must pass, in the order in which they are met."),
    services: z
      .strictObject({
        positioning: distributionSchema
          .default({ kind: "normal", meanS: 20, sdS: 5 })
          .describe("Once for each stop in a crane bay, before the first container is moved."),
        roles: z
          .partialRecord(z.enum(["gate", "scanner", "disinfection", "inspection", "crane", "swap"]), distributionSchema)
          .default({})
          .describe("Replaces the service of every station of a role."),
        stations: z
          .record(z.string(), distributionSchema)
          .default({})
          .describe("Replaces the service of single stations, by id."),
      })
      .prefault({})
      .describe(
        "Service times: a station's own time is for each pass, and at a crane for each container moved on or off.",
      ),
    targets: z
      .strictObject({
        containersPerDay: z.exactOptional(z.number().positive()).describe("Containers to be delivered a day."),
        clearanceS: z.exactOptional(z.number().positive()).describe("Release to delivery, 95th percentile, seconds."),
      })
      .default({})
      .describe("What the run is held against."),
    events: z.array(eventSchema).default([]).describe("What happens to the site and the fleet."),
  })
  .check((ctx) => {
    const file = ctx.value;
    const refuse = (path: PropertyKey[], found: string, expected: string) =>
      ctx.issues.push({ code: "custom", input: file, path, params: { found, expected } });
    file.events.forEach((event, i) => {
      if (event.toS <= event.fromS) refuse(["events", i, "toS"], `${event.toS}`, `more than fromS = ${event.fromS}`);
    });
    if (file.demand.kind === "recorded") {
      file.passRules.forEach((rule, i) => {
        if (rule.goods !== undefined || rule.fraction < 1)
          refuse(
            ["passRules", i],
            "a rule with a fraction or goods",
            "none with recorded orders, whose `via` says what each passes",
          );
      });
      return;
    }
    const goods = new Set<string>();
    const directions = new Set<string>();
    file.demand.directions.forEach((direction, i) => {
      const path = ["demand", "directions", i];
      if (directions.has(direction.direction))
        refuse([...path, "direction"], `${direction.direction} again`, "each direction once");
      directions.add(direction.direction);
      const names = new Set<string>();
      direction.mix.forEach((item, k) => {
        if (names.has(item.goods))
          refuse([...path, "mix", k, "goods"], `${JSON.stringify(item.goods)} again`, "each goods once in a mix");
        names.add(item.goods);
        goods.add(item.goods);
      });
      if (file.demand.kind === "profile" && file.demand.release === "exact") {
        const perDay = file.demand.directions[i]!.ordersPerDay;
        if (!Number.isInteger(perDay))
          refuse([...path, "ordersPerDay"], `${perDay}`, 'a whole number where release is "exact"');
      }
    });
    if (file.demand.kind === "profile" && file.demand.hourlyWeights.every((weight) => weight === 0))
      refuse(["demand", "hourlyWeights"], "only zeros", "at least one hour with a weight above 0");
    file.passRules.forEach((rule, i) => {
      for (const name of rule.goods ?? [])
        if (!goods.has(name))
          refuse(["passRules", i, "goods"], JSON.stringify(name), `goods of a mix: ${[...goods].join(", ")}`);
    });
  })
  .meta({
    title: "Kalong scenario",
    description: "A site, a fleet, a demand, what happens, and what the run is held against.",
  });

export type ScenarioFile = z.output<typeof scenarioFileSchema>;
export type Direction = z.output<typeof directionSchema>;
export type Goods = z.output<typeof goodsSchema>;
export type PassRule = z.output<typeof passRuleSchema>;
export type ScenarioEvent = z.output<typeof eventSchema>;
export type ProfileDemand = Extract<ScenarioFile["demand"], { kind: "profile" }>;
export type SaturatedDemand = Extract<ScenarioFile["demand"], { kind: "saturated" }>;
/** Recorded orders, read and checked; `releaseMs` and `dueMs` as in `TransportOrder`. */
export interface RecordedDemand {
  readonly kind: "recorded";
  readonly orders: readonly TransportOrder[];
}
export type Demand = ProfileDemand | SaturatedDemand | RecordedDemand;

/** A vehicle of the fleet and the haven in which it starts. */
export interface ScenarioVehicle {
  readonly id: string;
  /** `VehicleType.type`. */
  readonly type: string;
  /** `Bay.id`. */
  readonly startBay: string;
}

/** A scenario with everything that it names loaded and checked against the site. */
export interface Scenario {
  readonly id: string;
  readonly description: string;
  /** With the scenario's service overrides in place. */
  readonly site: LoadedSite;
  readonly vehicleTypes: readonly VehicleType[];
  readonly vehicles: readonly ScenarioVehicle[];
  readonly physics: "ideal" | "full";
  /** Parameters of the full model, by `VehicleType.type`. */
  readonly vehiclePhysics: Readonly<Record<string, VehiclePhysics>>;
  readonly demand: Demand;
  readonly passRules: readonly PassRule[];
  /** Drawn once for each stop in a crane bay, before the first container is moved. */
  readonly positioning: z.output<typeof distributionSchema>;
  readonly targets: ScenarioFile["targets"];
  readonly events: readonly ScenarioEvent[];
  readonly durationS: number;
  readonly seed: number;
}
