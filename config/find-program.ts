import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian's servers lie in /usr/sbin, which is not in everybody's PATH. */
const USUAL_FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];

/**
 * Looks for a program in `path` (in the form of the PATH variable) and in the usual folders of Unix systems.
 * @param binaries file names, best first
 * @returns the absolute path of the first that can be executed, or null
 */
export function findProgram(binaries: readonly string[], path = process.env.PATH ?? ""): string | null {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ""), ...USUAL_FOLDERS];
  for (const binary of binaries) {
    for (const folder of folders) {
      const file = join(folder, binary);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here: the next folder
      }
    }
  }
  return null;
}
