export { chargingS, powerShare, socAfter } from "./charging-curve.ts";
export { Conditions } from "./conditions.ts";
export { DriveTrain, KWH_J } from "./drive-train.ts";
export { HeatBody } from "./heat.ts";
export { LaneCurves } from "./lane-curves.ts";
export { Localisation } from "./localisation.ts";
export { Delay, MovingAverage } from "./moving-average.ts";
export { Steering } from "./steering.ts";
export { excessM, extentOf } from "./swept-footprint.ts";
