import type { VehiclePhysics } from "../../config/index.ts";
import type { VehicleType } from "../../planner/index.ts";
import type { Conditions } from "./conditions.ts";
import { HeatBody } from "./heat.ts";
import { Delay } from "./moving-average.ts";

export const GRAVITY_MPS2 = 9.81;
/** 1 kWh in joules. */
export const KWH_J = 3_600_000;

/**
 * Drive and brakes: from a wanted acceleration to the real one, through the controller's idea of the mass, the greatest
 * force, the drive's power and heat, the tyres' adhesion, dead time and lag of the actuators, rolling resistance and
 * gradient; and the energy that it takes from the battery.
 *
 * Rolling resistance follows from the type's consumption (kWh per tonne and kilometre at constant speed on level ground)
 * and the drive's efficiency; energy of ramps, stops and gradients follows from the motion.
 */
export class DriveTrain {
  readonly heat: HeatBody;
  /** Energy taken from the battery since the last `takeEnergyJ`, J; negative when braking gave more back. */
  #energyJ = 0;
  #lossJ = 0;
  #heatS = 0;
  #grossKg: number;
  /** Force at the wheels now, N; the actuators' state. */
  #forceN = 0;
  readonly #type: VehicleType;
  readonly #physics: VehiclePhysics;
  readonly #conditions: Conditions;
  readonly #massError: number;
  readonly #rolling: number;
  readonly #delay: Delay;
  readonly #lagShare: number;
  readonly #stepS: number;

  /** @param massError the controller's relative error of the mass */
  constructor(type: VehicleType, physics: VehiclePhysics, conditions: Conditions, stepS: number, massError: number) {
    this.#type = type;
    this.#physics = physics;
    this.#conditions = conditions;
    this.#stepS = stepS;
    this.#massError = massError;
    this.#grossKg = type.massEmptyKg;
    this.#rolling = rollingCoefficient(type, physics);
    this.#delay = new Delay(Math.round(physics.actuatorDelayS / stepS));
    this.#lagShare = stepS / (physics.actuatorLagS + stepS);
    this.heat = new HeatBody(
      {
        heatCapacityKjpK: physics.driveHeatCapacityKjpK,
        coolingWpK: physics.driveCoolingWpK,
        deratingC: physics.driveDeratingC,
        maxC: physics.driveMaxC,
      },
      conditions.ambientC,
    );
  }

  setGross(kg: number): void {
    this.#grossKg = kg;
  }

  /** Acceleration that the drive can give at a speed on a gradient, m/s²; below 0 where it cannot hold the speed. */
  tractionLimitMps2(v: number, gradient: number): number {
    const kg = this.#grossKg;
    const forceN = this.#tractionN(v);
    return (forceN / kg - GRAVITY_MPS2 * (gradient + this.#rolling)) / (1 + this.#physics.rotatingMassShare);
  }

  /** Greatest deceleration that brakes and tyres give on a gradient, m/s² as a positive number. */
  brakingLimitMps2(gradient: number): number {
    return this.#brakeMps2() + GRAVITY_MPS2 * gradient;
  }

  /** The vehicle stands: its brake is applied and the drive is without force. */
  hold(): void {
    this.#forceN = 0;
    this.#delay.fill(0);
  }

  /**
   * One step.
   * @param wantedMps2 what the controller wants now
   * @param v          speed, m/s
   * @param gradient   rise per metre under the vehicle
   * @returns the acceleration of this step, m/s²; never backwards from a stand
   */
  step(wantedMps2: number, v: number, gradient: number): number {
    const kg = this.#grossKg;
    const physics = this.#physics;
    const inertia = 1 + physics.rotatingMassShare;
    const resistMps2 = GRAVITY_MPS2 * (gradient + this.#rolling);
    const askedN = kg * (1 + this.#massError) * (wantedMps2 * inertia + resistMps2);
    this.#forceN += (this.#delay.push(askedN) - this.#forceN) * this.#lagShare;
    const tractionN = this.#tractionN(v);
    const brakeN = this.#brakeMps2() * kg * inertia;
    if (this.#forceN > tractionN) this.#forceN = tractionN;
    else if (this.#forceN < -brakeN) this.#forceN = -brakeN;
    const a = (this.#forceN / kg - resistMps2) / inertia;
    if (v <= 0 && a <= 0) return 0;
    const meanV = Math.max(0, v + (a * this.#stepS) / 2);
    this.#spend(this.#forceN * meanV);
    return a;
  }

  #spend(mechanicalW: number): void {
    const { driveEfficiency, regenerationEfficiency, regenerationPowerKw } = this.#physics;
    if (mechanicalW >= 0) {
      const electricalW = mechanicalW / driveEfficiency;
      this.#energyJ += electricalW * this.#stepS;
      this.#lossJ += (electricalW - mechanicalW) * this.#stepS;
    } else {
      const recoveredW = Math.min(-mechanicalW, regenerationPowerKw * 1000);
      this.#energyJ -= recoveredW * regenerationEfficiency * this.#stepS;
      this.#lossJ += recoveredW * (1 - regenerationEfficiency) * this.#stepS;
    }
  }

  /** The energy that was drawn since the last call, J; the drive's temperature follows over `durationS`. */
  takeEnergyJ(durationS: number): number {
    this.#heatS += durationS;
    // Once a second is often enough for a body of minutes.
    if (this.#heatS >= 1) {
      this.heat.advance(this.#lossJ, this.#heatS, this.#conditions.ambientC);
      this.#lossJ = 0;
      this.#heatS = 0;
    }
    const energyJ = this.#energyJ;
    this.#energyJ = 0;
    return energyJ;
  }

  #tractionN(v: number): number {
    const { tractiveForceMaxN, drivePowerKw, adhesion, drivenAxleShare } = this.#physics;
    const powerN = (drivePowerKw * 1000 * this.heat.share) / Math.max(v, 0.1);
    const gripN = adhesion * this.#conditions.roadFactor * drivenAxleShare * this.#grossKg * GRAVITY_MPS2;
    return Math.min(tractiveForceMaxN, powerN, gripN);
  }

  #brakeMps2(): number {
    const { roadFactor } = this.#conditions;
    const gripMps2 = this.#physics.adhesion * roadFactor * GRAVITY_MPS2;
    return Math.min(this.#type.emergencyDecelerationMps2 * roadFactor, gripMps2);
  }
}

/** Rolling resistance per weight that makes the type's consumption at constant speed on level ground. */
export function rollingCoefficient(type: VehicleType, physics: VehiclePhysics): number {
  const electricalNpKg = (type.consumption.kwhPerTonneKm * KWH_J) / 1_000_000;
  return (electricalNpKg * physics.driveEfficiency) / GRAVITY_MPS2;
}
