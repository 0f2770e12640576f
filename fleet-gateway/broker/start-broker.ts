import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the broker's process says to its parent. */
export type BrokerMessage =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly code: string; readonly reason: string };

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the process has ended; it is killed if it takes longer than a second. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded MQTT 3.1.1 broker (aedes) in a process of its own, on 127.0.0.1 only.
 * @param port 0: any free one
 * @throws Error that names the port if it is taken, or says why the process did not start
 */
export function startBroker(port = 0): Promise<EmbeddedBroker> {
  const child = fork(fileURLToPath(new URL("./broker-process.ts", import.meta.url)), [String(port)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));

  async function stop(): Promise<void> {
    if (child.connected) child.send("stop");
    const timer = setTimeout(() => child.kill("SIGKILL"), 1000);
    await ended;
    clearTimeout(timer);
  }

  return new Promise((resolve, reject) => {
    child.once("message", (message: BrokerMessage) => {
      if (message.kind === "listening") {
        resolve({ url: `mqtt://127.0.0.1:${message.port}`, port: message.port, pid: child.pid!, stop });
      } else if (message.code === "EADDRINUSE") {
        reject(new Error(`Port ${port} for the MQTT broker is taken. Stop what uses it, or give another port.`));
      } else reject(new Error(`The MQTT broker did not start: ${message.reason}`));
    });
    child.once("error", reject);
    void ended.then((code) => reject(new Error(`The MQTT broker ended while starting, with code ${code}.`)));
  });
}
