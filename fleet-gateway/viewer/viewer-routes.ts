/** What a server needs to serve the viewer: its files, and `viewer.json`, which tells the page what to show. */
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/**
 * What the page shows; paths are relative to the page. `recording`: a `run.mcap` that the server serves by ranges.
 * `socket`: a WebSocket of live frames.
 */
export type ViewerConfig =
  | { readonly mode: "replay"; readonly name: string; readonly recording: string }
  | { readonly mode: "live"; readonly name: string; readonly socket: string };

/**
 * Adds the viewer to a fastify server, at the root of its addresses.
 * @param bundle folder from `viewerBundle`
 */
export async function registerViewer(server: FastifyInstance, bundle: string, config: ViewerConfig): Promise<void> {
  server.get("/viewer.json", (_request, reply) => reply.header("cache-control", "no-store").send(config));
  await server.register(fastifyStatic, {
    root: bundle,
    setHeaders(response, path) {
      // Names of assets hold a digest of their content; the page itself does not.
      const forEver = path.includes("/assets/") || path.includes("\\assets\\");
      response.header("cache-control", forEver ? "public, max-age=31536000, immutable" : "no-store");
      response.header("x-content-type-options", "nosniff");
      response.header(
        "content-security-policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self'",
      );
    },
  });
}
