/** Broker, vehicles and control system each as a program of its own, as three people at three terminals start them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";

const mosquitto = process.env.KALONG_TEST_MOSQUITTO_PROGRAM;
const kalong = fileURLToPath(new URL("../../kalong.ts", import.meta.url));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

interface Program {
  readonly child: ChildProcess;
  /** Settles with the first line on standard output that fits. */
  line(wanted: RegExp): Promise<string>;
  /** Sends Ctrl-C. @returns the exit code and how long it took, ms */
  interrupt(): Promise<{ code: number | null; ms: number }>;
  readonly said: { out: string; err: string };
}

function start(command: string, args: readonly string[]): Program {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  const said = { out: "", err: "" };
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let look = (): void => {};
  child.stdout.on("data", (text: Buffer) => {
    said.out += text.toString();
    look();
  });
  child.stderr.on("data", (text: Buffer) => {
    said.err += text.toString();
  });
  return {
    child,
    said,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        look = () => {
          const found = said.out.split("\n").find((each) => wanted.test(each));
          if (found !== undefined) resolve(found);
        };
        look();
        void ended.then((code) => reject(new Error(`${command} ${args.join(" ")} ended with ${code}: ${said.err}`)));
      }),
    async interrupt() {
      const before = performance.now();
      child.kill("SIGINT");
      return { code: await ended, ms: performance.now() - before };
    },
  };
}

const runKalong = (...args: string[]): Program => start(process.execPath, [kalong, ...args]);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

describe.skipIf(mosquitto === undefined)("three terminals (skipped: KALONG_TEST_MOSQUITTO_PROGRAM names none)", () => {
  test("mosquitto, vehicles and serve find each other; an order from outside is taken up; Ctrl-C ends each", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kalong-terminals-"));
    const port = await freePort();
    const config = join(folder, "mosquitto.conf");
    writeFileSync(
      config,
      `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\n`,
    );
    start(mosquitto!, ["-c", config]);
    const fleet = join(folder, "fleet.json");
    writeFileSync(fleet, JSON.stringify({ vehicles: [1, 2].map((n) => ({ id: `V0${n}`, type: "igv" })) }));
    const broker = `mqtt://127.0.0.1:${port}`;

    const serve = runKalong("serve", "bac-luan-ii", "--broker", broker, "--fleet", fleet, "--port", "0");
    const address = /http:\S+/.exec(await serve.line(/http:/))![0];
    const vehicles = runKalong("vehicles", "--count", "2", "--broker", broker);
    await vehicles.line(/2 vehicles .* online/);

    const live = new WebSocket(`${address.replace("http", "ws")}/live`);
    const heard: { topic: string; message: Record<string, unknown> }[] = [];
    const heardOf = (wanted: (frame: (typeof heard)[number]) => boolean): Promise<void> =>
      new Promise((resolve) => {
        live.addEventListener("message", ({ data }) => {
          const frame = JSON.parse(String(data)) as (typeof heard)[number];
          heard.push(frame);
          if (wanted(frame)) resolve();
        });
      });
    const assigned = heardOf(({ topic, message }) => topic === "/orders" && message.event === "assigned");
    const moving = heardOf(
      ({ topic, message }) => topic === "/vehicles" && (message.vehicles as { v: number }[]).some(({ v }) => v > 1),
    );
    const site = (await (await fetch(`${address}/api/v1/site`)).json()) as {
      geojson: { features: { properties: { kind: string; id: string; role?: string; side?: string } }[] };
    };
    const crane = (side: string): string =>
      site.geojson.features.find(({ properties }) => properties.role === "crane" && properties.side === side)!
        .properties.id;
    const container = {
      id: "TCLU1234567",
      lengthFt: 40,
      laden: true,
      reefer: false,
      commodity: "general",
      massKg: 20_000,
    };
    const response = await fetch(`${address}/api/v1/orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "A1", container, from: crane("vn"), to: crane("cn") }),
    });
    // The tick that takes it in may be one that dispatches.
    const phase = expect.stringMatching(/^(accepted|assigned)$/);
    expect([response.status, await response.json()]).toMatchObject([201, { id: "A1", phase }]);
    await Promise.all([assigned, moving]);
    live.close();

    const stoppedServe = await serve.interrupt();
    expect(stoppedServe.code, serve.said.err).toBe(0);
    expect(stoppedServe.ms).toBeLessThan(2000);
    const stoppedVehicles = await vehicles.interrupt();
    expect(stoppedVehicles.code, vehicles.said.err).toBe(0);
    expect(stoppedVehicles.ms).toBeLessThan(2000);
    expect(serve.said.err.split("\n").filter((line) => /violation|malformed|rejected|invalid/.test(line))).toEqual([]);
    rmSync(folder, { recursive: true });
  }, 120_000);
});

test.each([
  [["serve", "bac-luan-ii", "--broker", "mqtt://127.0.0.1:1", "--host", "0.0.0.0"], /only 127\.0\.0\.1 is possible/],
  [["serve", "bac-luan-ii", "--broker", "localhost"], /--broker localhost: expected an address such as mqtt:/],
  [
    ["serve", "bac-luan-ii", "--broker", "mqtt://127.0.0.1:1", "--fleet", "/none.json"],
    /\/none\.json: there is no such file/,
  ],
  [["serve", "bac-luan-ii", "--broker", "mqtt://127.0.0.1:1", "--target", "many"], /--target is many/],
  [["vehicles", "--count", "x", "--broker", "mqtt://127.0.0.1:1"], /--count is x/],
  [["vehicles", "--count", "500", "--broker", "mqtt://127.0.0.1:1"], /room for \d+ vehicles/],
])(
  "bad input ends with code 2 and a sentence: %o",
  async (args, sentence) => {
    const program = runKalong(...args);
    const code = await new Promise<number | null>((resolve) => program.child.once("close", resolve));
    expect(program.said.err).toMatch(sentence);
    expect(code).toBe(2);
  },
  30_000,
);
