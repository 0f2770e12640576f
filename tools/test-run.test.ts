import { spawn } from "node:child_process";
import { createConnection } from "node:net";
import { describe, expect, test } from "vitest";
import { findProgram } from "../config/find-program.ts";
import { PROGRAMS } from "./requirements.ts";
import { startServer } from "./servers.ts";
import { skipReason, totalsLine } from "./totals-reporter.ts";

describe("the closing lines of a test run", () => {
  test("totals are one plain line", () => {
    expect(totalsLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
  });

  test("a skipped test is told with what its file needs and does not find", () => {
    const source = "const url = process.env.KALONG_TEST_REDIS; const shared = `$" + "{root}/../shared/site`;";
    expect(skipReason(source, {})).toContain("redis-server is missing (KALONG_TEST_REDIS is not set;");
    expect(skipReason(source, {})).not.toContain("mosquitto");
    expect(skipReason("test.skipIf(true)", {})).toBe("switched off in the test file");
    expect(skipReason(source, { KALONG_TEST_REDIS: "redis://127.0.0.1:1" })).not.toContain("redis");
  });
});

async function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
}

for (const program of PROGRAMS.filter((each) => each.name !== "chromium")) {
  const binary = findProgram(program.binaries);
  test(`${program.name} starts on a spare port, and is gone after stop`, async (context) => {
    if (binary === null) return context.skip(`${program.name} is not installed`);
    const server = await startServer(program, binary);
    const port = Number(new URL(server.address).port);
    expect(await isOpen(port)).toBe(true);
    await server.stop();
    expect(await isOpen(port)).toBe(false);
  });

  test(`${program.name} that does not start is an error that names it`, async () => {
    await expect(startServer(program, "/bin/false")).rejects.toThrow(`${program.name} (/bin/false) does not accept`);
  });
}

test("a test run that is interrupted stops its servers and ends with the totals", async (context) => {
  const redis = findProgram(["redis-server"]);
  if (redis === null) return context.skip("redis-server is not installed");
  const env: NodeJS.ProcessEnv = { ...process.env, KALONG_TEST_MOSQUITTO: "", KALONG_TEST_CHROMIUM: "" };
  delete env.KALONG_TEST_REDIS;
  const child = spawn(process.execPath, ["tools/run-tests.ts", "structure.test.ts"], { env });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let output = "";
  let port = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      const found = /redis:\/\/127\.0\.0\.1:(\d+)/.exec(chunk.toString());
      if (found === null) return;
      port = Number(found[1]);
      resolve();
    });
  });
  child.kill("SIGINT");
  expect(await ended).toBe(1);
  expect(await isOpen(port)).toBe(false);
  expect(output).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
});
