import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { McapWriter } from "@mcap/core";
import Fastify from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRunRecorder } from "../recording/recorder.ts";
import { siteMessage } from "../recording/site-message.ts";
import { listenOnLoopback } from "./listen.ts";
import { checkReplayFile } from "./replay-file.ts";
import { buildReplayServer } from "./replay-server.ts";

const root = resolve(import.meta.dirname, "../..");
let folder = "";
let recording = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kalong-replay-"));
  recording = join(folder, "run.mcap");
  const recorder = createRunRecorder(recording);
  const frame = { lat0: 21.5, lon0: 108, bearing: 0 };
  recorder.site(siteMessage({ id: "empty", frame, lanes: [], stations: [], surfaces: [], border: [] }, []));
  for (let t = 0; t <= 90; t++) recorder.vehicles(t, []);
  await recorder.close();
});
afterAll(() => rm(folder, { recursive: true }));

test("a recording is accepted with its length", async () => {
  expect(await checkReplayFile(recording)).toEqual({ seconds: 90 });
});

test("what is no finished recording of a run is refused with file, finding and expectation", async () => {
  const path = (name: string): string => join(folder, name);
  await writeFile(path("notes.txt"), "not a recording at all");
  await writeFile(path("cut.mcap"), await readFile(recording));
  await truncate(path("cut.mcap"), 2000);
  const bytes: Uint8Array[] = [];
  const writer = new McapWriter({
    writable: {
      position: () => BigInt(bytes.reduce((n, part) => n + part.length, 0)),
      write: async (part) => void bytes.push(part.slice()),
    },
  });
  await writer.start({ profile: "", library: "test" });
  await writer.registerChannel({ topic: "/camera", messageEncoding: "json", metadata: new Map(), schemaId: 0 });
  await writer.end();
  await writeFile(path("foreign.mcap"), Buffer.concat(bytes));
  const refusal = (name: string): Promise<string> =>
    checkReplayFile(path(name)).then(
      () => "accepted",
      (error: Error & { exitCode?: number }) => `${error.exitCode} ${error.message.replace(path(name), name)}`,
    );
  expect(await refusal("nothing.mcap")).toBe("2 nothing.mcap: there is no such file, expected a recording (run.mcap)");
  expect(await refusal(".")).toContain("is a folder, expected a recording");
  expect(await refusal("notes.txt")).toContain("notes.txt: does not begin like an MCAP file");
  expect(await refusal("cut.mcap")).toMatch(
    /^2 cut.mcap: has no readable index .* Was the run still going or broken off\?$/,
  );
  expect(await refusal("foreign.mcap")).toBe("2 foreign.mcap: has no topic /site, expected the recording of a run");
});

test("the server gives the page, what it shows, and any range of the recording", async () => {
  const bundle = join(folder, "bundle");
  await mkdir(bundle, { recursive: true });
  await writeFile(join(bundle, "index.html"), "<p>viewer</p>");
  const server = await buildReplayServer(bundle, recording);
  try {
    const page = await server.inject("/");
    expect([page.statusCode, page.body]).toEqual([200, "<p>viewer</p>"]);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    expect((await server.inject("/viewer.json")).json()).toEqual({
      mode: "replay",
      name: "run.mcap",
      recording: "recording.mcap",
    });
    const whole = await readFile(recording);
    const part = await server.inject({ url: "/recording.mcap", headers: { range: "bytes=100-163" } });
    expect(part.statusCode).toBe(206);
    expect(part.headers["content-range"]).toBe(`bytes 100-163/${whole.length}`);
    expect(Buffer.compare(part.rawPayload, whole.subarray(100, 164))).toBe(0);
    expect((await server.inject("/../run.mcap")).statusCode).toBe(404);
    expect((await server.inject("/notes.txt")).statusCode).toBe(404);
  } finally {
    await server.close();
  }
});

test("a taken port is named; only a port that nobody asked for is replaced by the next free one", async () => {
  const servers = [Fastify(), Fastify(), Fastify()];
  const [first, second, third] = servers;
  const notices: string[] = [];
  try {
    const one = await listenOnLoopback(first!, null, () => {});
    const two = await listenOnLoopback(second!, null, (line) => notices.push(line));
    expect(new URL(two).hostname).toBe("127.0.0.1");
    expect(Number(new URL(two).port)).toBeGreaterThan(Number(new URL(one).port));
    expect(notices).toEqual(["Port 4700 is taken; looking for the next free one."]);
    const port = Number(new URL(one).port);
    await expect(listenOnLoopback(third!, port, () => {})).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
  } finally {
    for (const server of servers) await server.close();
  }
});

function kalong(...parameters: readonly string[]): ChildProcess {
  const program = `
    import { Command } from "commander";
    import { runCommandLine } from "./command-line.ts";
    import { register } from "./fleet-gateway/command.ts";
    const program = new Command("kalong");
    register(program);
    process.exitCode = await runCommandLine(program, ["node", "kalong", ...process.argv.slice(1)]);`;
  return spawn(process.execPath, ["--input-type=module", "-e", program, "--", ...parameters], { cwd: root });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, errors };
}

test("the command ends with 2 and one line on bad input", async () => {
  expect(await ended(kalong("replay", join(folder, "nothing.mcap"), "--no-open"))).toEqual({
    code: 2,
    errors: `kalong: ${join(folder, "nothing.mcap")}: there is no such file, expected a recording (run.mcap)\n`,
  });
  const { code, errors } = await ended(kalong("replay", recording, "--port", "eighty"));
  expect([code, errors]).toEqual([2, "kalong: --port is eighty, expected a whole number from 0 to 65535\n"]);
}, 30_000);

test("the command prints the address, serves, and Ctrl-C ends it within two seconds though a browser is connected", async () => {
  const child = kalong("replay", recording, "--no-open");
  const end = ended(child);
  const line = await new Promise<string>((done, failed) => {
    child.stdout!.setEncoding("utf8").once("data", done);
    void end.then(({ errors }) => failed(new Error(errors)));
  });
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
  expect(line).toBe(`Replay of ${recording}: ${address} (Ctrl-C stops it)\n`);
  const page = await fetch(`${address}/`);
  expect(await page.text()).toContain('<div id="app">');
  const startedMs = performance.now();
  child.kill("SIGINT");
  expect((await end).code).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(2000);
}, 60_000);
