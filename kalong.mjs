#!/usr/bin/env node
// Runs kalong.ts on the Node 24 that npm installed, whatever Node started this file.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const runtime = fileURLToPath(new URL("./node_modules/node/bin/node", import.meta.url));
const command = fileURLToPath(new URL("./kalong.ts", import.meta.url));

if (!existsSync(runtime)) {
  process.stderr.write(
    `kalong: the Node 24 runtime is not installed (looked for ${runtime}). Run 'npm ci' in the project's folder.\n`,
  );
  process.exit(2);
}

const child = spawn(runtime, [command, ...process.argv.slice(2)], { stdio: "inherit" });
// The terminal sends Ctrl-C to the whole process group: the child decides when to stop, this wrapper waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
