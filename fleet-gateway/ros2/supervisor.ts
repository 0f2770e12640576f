/**
 * The graph through rclnodejs in a process of its own, which is watched: when it ends or falls silent it is started again,
 * with growing pauses, and everything that was announced is announced again. A crash in native code so costs seconds of
 * silence and never fleet control itself.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Publish, Qos, Receive, RosPort, RosPortReport, Serve } from "./port.ts";
import { CDR_HEADER_BYTES } from "./port.ts";
import { ALIVE_EVERY_MS, type FromRcl, type ToRcl } from "./rcl-protocol.ts";

/** The part of a child process that is used. */
export type RclProcess = Pick<ChildProcess, "kill"> & {
  readonly connected: boolean;
  send(message: ToRcl): unknown;
  on(event: "message", listener: (message: FromRcl) => void): unknown;
  on(event: "exit", listener: (code: number | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
};

export interface SupervisorOptions {
  readonly nodeName: string;
  readonly onReport: (report: RosPortReport) => void;
  /** Default: `rcl-child.ts` with this Node. */
  readonly spawn?: (nodeName: string) => RclProcess;
  /** Pause before the first restart, ms; it doubles up to `restartMaxMs`. */
  readonly restartFirstMs?: number;
  readonly restartMaxMs?: number;
  /** A process that has said nothing for so long is killed, ms. */
  readonly silentMaxMs?: number;
  /** A clock that does not go back, ms. */
  readonly nowMs?: () => number;
}

const RESTART_FIRST_MS = 500;
const RESTART_MAX_MS = 30_000;
const SILENT_MAX_MS = 5_000;
const CLOSE_MS = 1_000;

type Announced =
  | Extract<ToRcl, { kind: "advertise" }>
  | Extract<ToRcl, { kind: "subscribe" }>
  | Extract<ToRcl, { kind: "serve" }>;

/**
 * Starts the process and settles when its node is on the graph.
 * @throws Error that says what is missing if ROS 2 or rclnodejs cannot be used
 */
export function openRclPort(options: SupervisorOptions): Promise<RosPort> {
  const supervisor = new Supervisor(options);
  return supervisor.opened;
}

class Supervisor implements RosPort {
  readonly opened: Promise<RosPort>;
  readonly #options: SupervisorOptions;
  readonly #nowMs: () => number;
  readonly #announced = new Map<number, Announced>();
  /** The last messages of latched topics, by the topic's id. */
  readonly #kept = new Map<number, Uint8Array[]>();
  readonly #receivers = new Map<number, Receive>();
  readonly #services = new Map<number, Serve>();
  readonly #calls = new Map<number, { resolve(bytes: Uint8Array): void; reject(error: Error): void }>();
  readonly #watch: ReturnType<typeof setInterval>;
  #resolveOpened: (port: RosPort) => void = () => {};
  #rejectOpened: (error: Error) => void = () => {};
  #child: RclProcess;
  #ready = false;
  #everReady = false;
  #closing = false;
  #failure = "";
  #heardMs: number;
  #pauseMs: number;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #onExit: () => void = () => {};
  #ids = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#pauseMs = options.restartFirstMs ?? RESTART_FIRST_MS;
    this.#heardMs = this.#nowMs();
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });
    this.#child = this.#start();
    this.#watch = setInterval(() => this.#lookForSilence(), ALIVE_EVERY_MS);
  }

  advertise(topic: string, type: string, qos: Qos): Publish {
    const id = this.#announce((id) => ({ kind: "advertise", id, topic, type, qos }));
    return (bytes) => {
      if (bytes.byteLength < CDR_HEADER_BYTES) {
        const reason = `${bytes.byteLength} bytes are no message`;
        this.#options.onReport({ code: "publish-refused", name: topic, reason });
        return;
      }
      if (qos.durability === "transient-local") {
        this.#kept.set(id, [...(this.#kept.get(id) ?? []), bytes].slice(-qos.depth));
      }
      this.#send({ kind: "publish", id, bytes });
    };
  }

  subscribe(topic: string, type: string, qos: Qos, receive: Receive): void {
    const id = this.#announce((id) => ({ kind: "subscribe", id, topic, type, qos }));
    this.#receivers.set(id, receive);
  }

  serve(service: string, type: string, serve: Serve): void {
    const id = this.#announce((id) => ({ kind: "serve", id, service, type }));
    this.#services.set(id, serve);
  }

  call(service: string, type: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (!this.#ready) return Promise.reject(new Error(`${service}: the ROS 2 process is being started again`));
    const id = this.#ids++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#send({ kind: "call", id, service, type, bytes: request, timeoutMs });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#watch);
    clearTimeout(this.#restart);
    if (!this.#child.connected) return;
    const ended = new Promise<void>((resolve) => {
      this.#onExit = resolve;
    });
    this.#child.send({ kind: "close" });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }

  #announce(make: (id: number) => Announced): number {
    const message = make(this.#ids++);
    this.#announced.set(message.id, message);
    this.#send(message);
    return message.id;
  }

  #send(message: ToRcl): void {
    if (this.#ready && this.#child.connected) this.#child.send(message);
  }

  #start(): RclProcess {
    const child = (this.#options.spawn ?? spawnRcl)(this.#options.nodeName);
    this.#heardMs = this.#nowMs();
    child.on("message", (message) => {
      if (child === this.#child) this.#receive(message);
    });
    child.on("error", (error) => {
      this.#failure = error.message;
    });
    child.on("exit", (code) => this.#ended(code));
    return child;
  }

  #receive(message: FromRcl): void {
    this.#heardMs = this.#nowMs();
    switch (message.kind) {
      case "ready":
        this.#becameReady();
        return;
      case "failed":
        this.#failure = message.reason;
        return;
      case "alive":
        return;
      case "message":
        this.#receivers.get(message.id)?.(message.bytes, this.#heardMs);
        return;
      case "request":
        this.#answer(message.id, message.request, message.bytes);
        return;
      case "response": {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        if (message.bytes === null) call?.reject(new Error(message.reason));
        else call?.resolve(message.bytes);
        return;
      }
      case "report":
        this.#options.onReport({ code: "graph-error", name: message.name, reason: message.reason });
    }
  }

  #becameReady(): void {
    this.#ready = true;
    this.#pauseMs = this.#options.restartFirstMs ?? RESTART_FIRST_MS;
    for (const message of this.#announced.values()) this.#send(message);
    for (const [id, kept] of this.#kept) for (const bytes of kept) this.#send({ kind: "publish", id, bytes });
    if (this.#everReady)
      this.#options.onReport({ code: "graph-back", name: null, reason: "the ROS 2 process runs again" });
    this.#everReady = true;
    this.#resolveOpened(this);
  }

  #answer(id: number, request: number, bytes: Uint8Array): void {
    const serve = this.#services.get(id);
    if (serve === undefined) return;
    serve(bytes).then(
      (answer) => this.#send({ kind: "answer", request, bytes: answer }),
      (error: unknown) => {
        const announced = this.#announced.get(id);
        const name = announced?.kind === "serve" ? announced.service : null;
        this.#options.onReport({ code: "graph-error", name, reason: String(error) });
        this.#send({ kind: "answer", request, bytes: null });
      },
    );
  }

  #ended(code: number | null): void {
    this.#onExit();
    const wasReady = this.#ready;
    this.#ready = false;
    for (const call of this.#calls.values()) call.reject(new Error("the ROS 2 process ended"));
    this.#calls.clear();
    if (this.#closing) return;
    const reason = this.#failure === "" ? `the ROS 2 process ended with code ${code ?? "none"}` : this.#failure;
    this.#failure = "";
    if (!this.#everReady) {
      clearInterval(this.#watch);
      this.#rejectOpened(new Error(reason));
      return;
    }
    if (wasReady) this.#options.onReport({ code: "graph-lost", name: null, reason });
    this.#restart = setTimeout(() => {
      this.#child = this.#start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(2 * this.#pauseMs, this.#options.restartMaxMs ?? RESTART_MAX_MS);
  }

  #lookForSilence(): void {
    const silentMs = this.#nowMs() - this.#heardMs;
    if (!this.#ready || silentMs <= (this.#options.silentMaxMs ?? SILENT_MAX_MS)) return;
    this.#failure = `the ROS 2 process said nothing for ${(silentMs / 1000).toFixed(1)} s and was ended`;
    this.#child.kill("SIGKILL");
  }
}

function spawnRcl(nodeName: string): RclProcess {
  return fork(fileURLToPath(new URL("./rcl-child.ts", import.meta.url)), [nodeName], {
    execArgv: [],
    // "advanced" carries bytes as bytes.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  }) as RclProcess;
}
