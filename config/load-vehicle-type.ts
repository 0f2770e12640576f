import type { VehicleType } from "../planner/index.ts";
import { resolveFile } from "./built-in.ts";
import { parseFile, readJson } from "./file-error.ts";
import type { VehiclePhysics } from "./vehicle-physics.ts";
import { vehicleTypeFileSchema, vehicleTypeOf } from "./vehicle-type-file.ts";

/**
 * Loads a vehicle type.
 * @param idOrPath built-in id or path of a JSON file
 * @param besides  folder for relative paths
 * @throws FileError
 */
export function loadVehicleType(idOrPath: string, besides?: string): VehicleType {
  return loadVehicle(idOrPath, besides).type;
}

/**
 * Loads a vehicle type with the parameters of its full model.
 * @param idOrPath built-in id or path of a JSON file
 * @param besides  folder for relative paths
 * @throws FileError
 */
export function loadVehicle(idOrPath: string, besides?: string): { type: VehicleType; physics: VehiclePhysics } {
  const path = resolveFile("vehicle type", idOrPath, besides);
  const file = parseFile(path, readJson(path), vehicleTypeFileSchema);
  return { type: vehicleTypeOf(file), physics: file.physics };
}
