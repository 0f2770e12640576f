/**
 * The viewer's files for browsers, built when they are needed: the folder's name is a digest of what they are made from,
 * so a bundle is never older than its sources and one that is there is served at once.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const viz = join(root, "viz");
const dist = join(viz, "dist");
const viteCommand = join(root, "node_modules/vite/bin/vite.js");

/** The bundle cannot be made; the message says why. */
export class ViewerBuildError extends Error {}

/**
 * Folder with the built viewer. Builds it first (about two seconds) if this version of the sources was not built yet.
 * @param progress called once with a line for people if it must be built
 * @throws ViewerBuildError
 */
export async function viewerBundle(progress: (line: string) => void): Promise<string> {
  const digest = await sourceDigest();
  const folder = join(dist, digest);
  if (existsSync(join(folder, "index.html"))) return folder;
  progress("Building the viewer (once after each change of its sources) …");
  const fresh = join(dist, `${digest}.${process.pid}`);
  await mkdir(dist, { recursive: true });
  await rm(fresh, { recursive: true, force: true });
  await runVite(fresh);
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Another process may have finished the same bundle in the meantime: then that one is as good.
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(join(folder, "index.html"))) throw error;
  }
  await removeOthers(digest);
  return folder;
}

/** Digest of everything that the bundle is made from: the viewer's sources and the versions of the packages. */
async function sourceDigest(): Promise<string> {
  const entries = await readdir(viz, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(dist) && !/\.(test|fixture)\.ts$/.test(file));
  const lock = join(root, "package-lock.json");
  if (existsSync(lock)) files.push(lock);
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    hash.update(`${relative(root, file)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Vite runs in a process of its own: it takes a hundred megabytes and must not slow a control loop. */
async function runVite(outDir: string): Promise<void> {
  if (!existsSync(viteCommand)) {
    throw new ViewerBuildError(
      "the viewer is not built and vite is not installed: run 'npm ci' in the project's folder",
    );
  }
  const arguments_ = [
    viteCommand,
    "build",
    join(viz, "app"),
    "--outDir",
    outDir,
    "--emptyOutDir",
    "--logLevel",
    "warn",
  ];
  const child = spawn(process.execPath, arguments_, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  if (code !== 0) {
    await rm(outDir, { recursive: true, force: true });
    throw new ViewerBuildError(`the viewer could not be built (vite ended with ${code}):\n${output.trim()}`);
  }
}

/** Bundles of older sources are of no use. Those that other processes are building (name with a dot) stay. */
async function removeOthers(digest: string): Promise<void> {
  for (const name of await readdir(dist)) {
    if (name !== digest && !name.includes(".")) await rm(join(dist, name), { recursive: true, force: true });
  }
}
