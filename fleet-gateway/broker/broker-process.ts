/** The embedded MQTT broker's own process. Started by `startBroker`; ends when told to or when its parent has gone. */
import { createServer } from "node:net";
import { Aedes } from "aedes";
import type { BrokerMessage } from "./start-broker.ts";

const port = Number(process.argv[2] ?? 0);
const broker = await Aedes.createBroker();
/**
 * Aedes drops a message as a duplicate if one with a higher number reached the client before it, which happens to kept
 * messages and those of QoS 1 whenever one of QoS 0 follows closely (its issues 955 and 994): an ONLINE would be lost.
 * One broker that is not clustered has no duplicates, so nothing is remembered of what was delivered.
 */
const nothingDelivered = new Proxy({}, { get: () => 0, set: () => true });
broker.on("client", (client) => Object.assign(client, { duplicates: nothingDelivered }));

const server = createServer({ noDelay: true }, (socket) => void broker.handle(socket));

function tell(message: BrokerMessage): void {
  process.send?.(message);
}

/** It keeps nothing that would have to be saved, and the end of the process closes its connections. */
function stop(): void {
  process.exit(0);
}

server.once("error", (error: NodeJS.ErrnoException) => {
  tell({ kind: "failed", code: error.code ?? "", reason: error.message });
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") tell({ kind: "listening", port: address.port });
});
process.on("message", (message) => {
  if (message === "stop") stop();
});
process.once("disconnect", stop);
process.once("SIGTERM", stop);
// Ctrl-C reaches the whole process group; the parent says when to stop.
process.on("SIGINT", () => {});
