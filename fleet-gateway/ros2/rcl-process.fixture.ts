/** A process with the fake rclnodejs in it, run in this one: messages are copied as between processes. */
import { EventEmitter } from "node:events";
import { fakeRcl } from "./fake-rcl.fixture.ts";
import type { MemoryGraph } from "./memory-port.ts";
import { hostRcl } from "./rcl-port.ts";
import type { FromRcl, ToRcl } from "./rcl-protocol.ts";
import type { RclProcess } from "./supervisor.ts";

export interface FakeProcess extends RclProcess {
  /** Ends it as a crash in native code does. */
  crash(): void;
  /** From now on it says nothing and does nothing, but lives. */
  hang(): void;
}

/** @param failure what it says in place of being ready */
export function fakeProcess(graph: MemoryGraph, nodeName: string, failure = ""): FakeProcess {
  const events = new EventEmitter();
  let connected = true;
  let hangs = false;
  let take: ((message: ToRcl) => void) | null = null;
  const send = (message: FromRcl): void => {
    const copy = structuredClone(message);
    setImmediate(() => {
      if (connected && !hangs) events.emit("message", copy);
    });
  };
  function end(code: number | null): void {
    if (!connected) return;
    connected = false;
    take?.({ kind: "close" });
    setImmediate(() => events.emit("exit", code));
  }
  if (failure !== "") {
    send({ kind: "failed", reason: failure });
    setImmediate(() => setImmediate(() => end(1)));
  } else {
    void hostRcl(fakeRcl(graph), nodeName, send).then((made) => {
      take = made;
      send({ kind: "ready" });
    });
  }
  return {
    get connected() {
      return connected;
    },
    send(message: ToRcl) {
      const copy = structuredClone(message);
      setImmediate(() => {
        if (!connected || hangs) return;
        take?.(copy);
        if (copy.kind === "close") end(0);
      });
      return true;
    },
    on: (event: string, listener: (...values: never[]) => void) =>
      events.on(event, listener as (...values: unknown[]) => void),
    kill() {
      end(null);
      return true;
    },
    crash: () => end(null),
    hang() {
      hangs = true;
    },
  };
}
