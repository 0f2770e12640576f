import * as z from "zod";

const number = (value: number, text: string) => z.number().positive().default(value).describe(text);
const share = (value: number, text: string) => z.number().min(0).max(1).default(value).describe(text);

/**
 * Schema of a vehicle type's `physics`: what a full model of the vehicle needs beyond what planning needs. All defaults
 * are assumptions, typical of the class; a maker's sheet replaces them.
 */
export const vehiclePhysicsSchema = z
  .strictObject({
    jerkMps3: number(2.5, "Change of the wanted acceleration in a second when braking, m/s³."),
    emergencyJerkMps3: number(5, "The same for the emergency brake, m/s³."),
    emergencyReactionS: number(0.5, "From a fault on board to the emergency brake's mean effect, seconds."),
    actuatorDelayS: number(0.1, "Dead time of drive and brakes, seconds."),
    actuatorLagS: number(0.1, "First-order time constant of drive and brakes, seconds."),
    tractiveForceMaxN: number(45_000, "Greatest tractive force, N."),
    drivePowerKw: number(300, "Greatest mechanical power of the drive, kW."),
    driveEfficiency: share(0.85, "Mechanical power per electrical power when driving, 0..1."),
    regenerationEfficiency: share(0.65, "Electrical power per mechanical power when braking, 0..1."),
    regenerationPowerKw: number(18, "Greatest mechanical power that is recovered when braking, kW."),
    rotatingMassShare: share(0.03, "Rotating parts, as a share of the gross mass that resists acceleration."),
    adhesion: share(0.6, "Adhesion coefficient of tyres on dry road."),
    drivenAxleShare: share(0.5, "Share of the weight on driven axles, 0..1; all axles brake."),
    massErrorShare: share(0.02, "Relative error of the mass that the controller reckons with."),
    steeringRateRadps: number(0.6, "Greatest rate of each axle's steering angle, rad/s."),
    steeringLagS: number(0.1, "First-order time constant of the steering, seconds."),
    steeringAngleMaxRad: number(0.5, "Greatest steering angle of an axle, rad."),
    laneNoiseM: number(0.1, "Bound of a position fix's error on the lanes, metres (three standard deviations)."),
    markerNoiseM: number(0.005, "The same near the marker of a bay or a station, metres."),
    headingNoiseRad: number(0.006, "Bound of a heading fix's error, rad."),
    odometryDriftShare: share(0.003, "Bound of the odometry's relative error."),
    jumpsPerHour: z
      .number()
      .min(0)
      .default(0.5)
      .describe("Times in an hour of driving that fixes are off by more than their noise for a while."),
    jumpMaxM: number(0.4, "Bound of such an offset, metres."),
    jumpS: number(3, "Its mean duration, seconds."),
    taperSoc: share(0.85, "State of charge above which charging power falls linearly to zero at 1."),
    batteryHeatCapacityKjpK: number(2400, "Heat capacity of the battery, kJ/K."),
    batteryCoolingWpK: number(400, "Heat given off by the battery per kelvin above the air, W/K."),
    batteryLossShare: share(0.03, "Share of the charging or drawn power that heats the battery."),
    batteryDeratingC: z.number().default(45).describe("Temperature from which charging power falls, °C."),
    batteryMaxC: z.number().default(55).describe("Temperature at which it has fallen to 0.3, °C."),
    driveHeatCapacityKjpK: number(500, "Heat capacity of the drive, kJ/K."),
    driveCoolingWpK: number(900, "Heat given off by the drive per kelvin above the air, W/K."),
    driveDeratingC: z.number().default(90).describe("Temperature from which drive power falls, °C."),
    driveMaxC: z.number().default(110).describe("Temperature at which it has fallen to 0.3, °C."),
  })
  .describe('Used by scenarios with `physics: "full"` only.');

/** Parameters of the full vehicle model. */
export type VehiclePhysics = z.output<typeof vehiclePhysicsSchema>;

/** The assumed parameters of the class. */
export function defaultVehiclePhysics(): VehiclePhysics {
  return vehiclePhysicsSchema.parse({});
}
