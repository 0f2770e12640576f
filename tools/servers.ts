/** Starts and stops the real servers that integration tests talk to, each on a spare port of the loopback interface. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerProgram } from "./requirements.ts";

const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 3_000;

export interface RunningServer {
  readonly name: string;
  /** Value of the program's variable: a URL. */
  readonly address: string;
  stop(): Promise<void>;
}

/** A TCP port that was free a moment ago. */
async function sparePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function launch(program: ServerProgram, binary: string, port: number, folder: string): ChildProcess {
  if (program.name === "redis-server") {
    const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
    return spawn(binary, args, { stdio: "ignore" });
  }
  const settings = join(folder, "mosquitto.conf");
  // Without set_tcp_nodelay a message waits up to 40 ms.
  writeFileSync(
    settings,
    `set_tcp_nodelay true\nlistener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`,
  );
  return spawn(binary, ["-c", settings], { stdio: "ignore" });
}

/**
 * Starts `program` (mosquitto or redis-server) from the file `binary` and waits until it accepts connections.
 * @throws Error when it ends or accepts nobody within 15 s; nothing is left running then
 */
export async function startServer(program: ServerProgram, binary: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "kalong-test-"));
  const port = await sparePort();
  const child = launch(program, binary, port, folder);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let running = true;
  void ended.then(() => {
    running = false;
  });
  const stop = async (): Promise<void> => {
    if (running) {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(killer);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await accepts(port))) {
    if (!running || Date.now() > deadline) {
      await stop();
      throw new Error(`${program.name} (${binary}) does not accept connections on port ${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const scheme = program.name === "redis-server" ? "redis" : "mqtt";
  return { name: program.name, address: `${scheme}://127.0.0.1:${port}`, stop };
}
