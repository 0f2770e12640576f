import * as z from "zod";
import type { VehicleType } from "../planner/index.ts";
import { vehiclePhysicsSchema } from "./vehicle-physics.ts";

const soc = (text: string) => z.number().min(0).max(1).describe(text);
const positive = (text: string) => z.number().positive().describe(text);

/** How sure a value is: stated by a source, derived from known facts, or chosen for the reference model. */
export const confidenceSchema = z
  .enum(["known", "inferred", "assumed"])
  .describe(
    "known: stated by a source. inferred: arithmetic or geometry on known facts. assumed: chosen for the model.",
  );

/** Schema of `vehicles/<type>.json`. */
export const vehicleTypeFileSchema = z
  .strictObject({
    $schema: z.exactOptional(z.string()).describe("Where this schema is, for editors."),
    type: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/)
      .describe("Id of the type; the file is <type>.json."),
    description: z.exactOptional(z.string()).describe("For people."),
    lengthM: positive("Length of the footprint, metres."),
    widthM: positive("Width of the footprint, metres."),
    frontOverhangM: z.number().min(0).describe("Front axle to front end, metres."),
    rearOverhangM: z.number().min(0).describe("Rear axle to rear end, metres."),
    wheelbaseM: positive("Front axle to rear axle, metres. Overhangs and wheelbase add up to the length."),
    minTurningRadiusM: positive("Least radius of the centre's path, metres."),
    marginM: z.number().min(0).describe("Kept clear on every side of the footprint when ground is computed, metres."),
    standstillGapM: z.number().min(0).describe("Kept behind a standing vehicle's tail, metres."),
    maxSpeedEmptyMps: positive("Top speed without a container, m/s."),
    maxSpeedLadenMps: positive("Top speed with a container, m/s."),
    accelerationEmptyMps2: positive("Acceleration without a container, m/s²."),
    accelerationLadenMps2: positive("Acceleration with a container, m/s²."),
    serviceDecelerationMps2: positive("Guaranteed service deceleration, m/s², as a positive number."),
    emergencyDecelerationMps2: positive(
      "Emergency deceleration, m/s², as a positive number; not below the service deceleration.",
    ),
    reactionS: z.number().min(0).describe("From a new authority arriving to the brakes or the drive acting, seconds."),
    massEmptyKg: positive("Mass without a container, kg."),
    payloadMaxKg: positive("Heaviest container, kg."),
    modes: z.array(z.string()).min(1).describe("Modes of the lanes and stations that it may use."),
    battery: z
      .strictObject({
        capacityKwh: positive("Capacity, kWh."),
        reserveSoc: soc("State of charge below which no plan may end, 0..1."),
        fullSoc: soc("State of charge to which it is charged, 0..1; above the reserve."),
        chargePowerKw: positive("Charging power, kW."),
      })
      .describe("Battery."),
    consumption: z
      .strictObject({
        kwhPerTonneKm: z.number().min(0).describe("kWh per tonne of gross mass and kilometre."),
        auxiliaryKw: z.number().min(0).describe("Constant load, kW."),
        kwhPerLadenStop: z.number().min(0).describe("kWh for each stop with a container."),
      })
      .describe("Energy use."),
    physics: vehiclePhysicsSchema.prefault({}),
    values: z
      .exactOptional(
        z.array(
          z.strictObject({
            keys: z.array(z.string()).min(1).describe("Keys of this file, battery and consumption with a dot."),
            confidence: confidenceSchema,
            source: z.string().describe("Where the values come from."),
          }),
        ),
      )
      .describe("How sure the values are."),
  })
  .check((ctx) => {
    const file = ctx.value;
    const refuse = (path: string[], found: string, expected: string) =>
      ctx.issues.push({ code: "custom", input: file, path, params: { found, expected } });
    const sum = file.frontOverhangM + file.wheelbaseM + file.rearOverhangM;
    if (Math.abs(sum - file.lengthM) > 0.001)
      refuse(["lengthM"], `${file.lengthM}`, `frontOverhangM + wheelbaseM + rearOverhangM = ${sum}`);
    if (file.emergencyDecelerationMps2 < file.serviceDecelerationMps2)
      refuse(
        ["emergencyDecelerationMps2"],
        `${file.emergencyDecelerationMps2}`,
        `at least serviceDecelerationMps2 = ${file.serviceDecelerationMps2}`,
      );
    if (file.battery.fullSoc <= file.battery.reserveSoc)
      refuse(["battery", "fullSoc"], `${file.battery.fullSoc}`, `more than reserveSoc = ${file.battery.reserveSoc}`);
  })
  .meta({ title: "Kalong vehicle type", description: "A vehicle type: footprint, motion, energy." });

export type VehicleTypeFile = z.output<typeof vehicleTypeFileSchema>;

/** The planner's value of a checked file. */
export function vehicleTypeOf(file: VehicleTypeFile): VehicleType {
  const { $schema: _schema, description: _description, values: _values, physics: _physics, ...type } = file;
  return type;
}
