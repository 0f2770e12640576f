import { existsSync, readdirSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FileError } from "./file-error.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

export type FileKind = "site" | "vehicle type" | "scenario";

const folders: Record<FileKind, string> = { site: "sites", "vehicle type": "vehicles", scenario: "scenarios" };

/** Ids of the sites that come with the project, sorted. */
export function siteIds(): string[] {
  return readdirSync(join(root, folders.site), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, folders.site, entry.name, "site.geojson")))
    .map((entry) => entry.name)
    .sort();
}

/** Ids of the vehicle types that come with the project, sorted. */
export function vehicleTypeIds(): string[] {
  return jsonIds("vehicle type");
}

/** Ids of the scenarios that come with the project, sorted. */
export function scenarioIds(): string[] {
  return jsonIds("scenario");
}

function jsonIds(kind: FileKind): string[] {
  return readdirSync(join(root, folders[kind]))
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .sort();
}

/**
 * The file that an id or a path means. What has no slash and no file ending is the id of a built-in file.
 * @param besides folder for relative paths; default the working folder
 * @throws FileError for an id that is not built in
 */
export function resolveFile(kind: FileKind, idOrPath: string, besides = "."): string {
  if (/[/\\]|\.(geo)?json$/i.test(idOrPath)) return isAbsolute(idOrPath) ? idOrPath : resolve(besides, idOrPath);
  const file = join(root, folders[kind], kind === "site" ? join(idOrPath, "site.geojson") : `${idOrPath}.json`);
  if (existsSync(file)) return file;
  const ids = kind === "site" ? siteIds() : jsonIds(kind);
  throw new FileError(idOrPath, "", `no built-in ${kind} of this id`, `one of ${ids.join(", ")}, or a path to a file`);
}
