#!/usr/bin/env node
// Runs kalong.ts on the Node 24 that npm installed, whatever Node started this file.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const name = process.platform === "win32" ? "node.exe" : "node";
const installed = fileURLToPath(new URL(`./node_modules/node/bin/${name}`, import.meta.url));
const command = fileURLToPath(new URL("./kalong.ts", import.meta.url));
// From the second start on compiled modules come from here; it goes when npm makes node_modules anew.
const compileCache = fileURLToPath(new URL("./node_modules/.cache/kalong", import.meta.url));

function fail(sentence) {
  process.stderr.write(`kalong: ${sentence} Run 'npm ci' in the project's folder.\n`);
  process.exit(2);
}

if (!existsSync(fileURLToPath(new URL("./node_modules/commander", import.meta.url)))) {
  fail("the packages are not installed.");
}
if (!existsSync(installed) && Number.parseInt(process.versions.node, 10) < 24) {
  fail(`Node ${process.versions.node} is too old and the Node 24 that npm brings is missing (${installed}).`);
}

const child = spawn(existsSync(installed) ? installed : process.execPath, [command, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
});
// The terminal sends Ctrl-C to the whole process group: the child decides when to stop, this wrapper waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => fail(`the Node 24 runtime does not start (${error.message}).`));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
