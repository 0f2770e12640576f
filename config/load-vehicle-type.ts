import type { VehicleType } from "../planner/index.ts";
import { resolveFile } from "./built-in.ts";
import { parseFile, readJson } from "./file-error.ts";
import { vehicleTypeFileSchema, vehicleTypeOf } from "./vehicle-type-file.ts";

/**
 * Loads a vehicle type.
 * @param idOrPath built-in id or path of a JSON file
 * @param besides  folder for relative paths
 * @throws FileError
 */
export function loadVehicleType(idOrPath: string, besides?: string): VehicleType {
  const file = resolveFile("vehicle type", idOrPath, besides);
  return vehicleTypeOf(parseFile(file, readJson(file), vehicleTypeFileSchema));
}
