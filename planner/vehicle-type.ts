/** A vehicle type: footprint, motion, energy. SI units; accelerations are positive numbers. Source of the reference values: reference IGV of the corridor study. */
export interface VehicleType {
  readonly type: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly frontOverhangM: number;
  readonly rearOverhangM: number;
  readonly wheelbaseM: number;
  readonly minTurningRadiusM: number;
  /** Kept clear on every side of the footprint when ground is computed. */
  readonly marginM: number;
  /** Distance kept behind a standing vehicle's tail. */
  readonly standstillGapM: number;
  readonly maxSpeedEmptyMps: number;
  readonly maxSpeedLadenMps: number;
  readonly accelerationEmptyMps2: number;
  readonly accelerationLadenMps2: number;
  /** Guaranteed service deceleration: the one constant of planner, look-ahead and vehicle. */
  readonly serviceDecelerationMps2: number;
  readonly emergencyDecelerationMps2: number;
  /** From a new authority arriving to the brakes or the drive acting. */
  readonly reactionS: number;
  readonly massEmptyKg: number;
  readonly payloadMaxKg: number;
  /** Modes of lanes and stations that it may use. */
  readonly modes: readonly string[];
  readonly battery: {
    readonly capacityKwh: number;
    /** State of charge below which no plan may end, 0..1. */
    readonly reserveSoc: number;
    /** State of charge to which it is charged, 0..1. */
    readonly fullSoc: number;
    readonly chargePowerKw: number;
  };
  readonly consumption: {
    /** kWh per tonne of gross mass and kilometre. */
    readonly kwhPerTonneKm: number;
    readonly auxiliaryKw: number;
    readonly kwhPerLadenStop: number;
  };
}

/** Acceleration for a load state, m/s². */
export function accelerationMps2(type: VehicleType, laden: boolean): number {
  return laden ? type.accelerationLadenMps2 : type.accelerationEmptyMps2;
}

/** Top speed for a load state, m/s. */
export function maxSpeedMps(type: VehicleType, laden: boolean): number {
  return laden ? type.maxSpeedLadenMps : type.maxSpeedEmptyMps;
}

/** Distance in metres from `speedMps` to a stand with the guaranteed deceleration. */
export function brakingDistanceM(type: VehicleType, speedMps: number): number {
  return (speedMps * speedMps) / (2 * type.serviceDecelerationMps2);
}
