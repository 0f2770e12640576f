/** The server behind `kalong replay`: the viewer and one recording, on loopback. */
import { basename, dirname, resolve } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { registerViewer } from "./viewer-routes.ts";

/**
 * A server that is not listening yet.
 * @param bundle folder from `viewerBundle`
 * @param recording path of a file that `checkReplayFile` accepted
 */
export async function buildReplayServer(bundle: string, recording: string): Promise<FastifyInstance> {
  // A browser keeps connections open; a stopped replay must not wait for it.
  const server = Fastify({ forceCloseConnections: true });
  const name = basename(recording);
  await registerViewer(server, bundle, { mode: "replay", name, recording: "recording.mcap" });
  const folder = dirname(resolve(recording));
  server.get("/recording.mcap", (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .type("application/octet-stream")
      .sendFile(name, folder, { cacheControl: false }),
  );
  return server;
}
