/** Listening on loopback: a port that was asked for must be had; otherwise the next free one is taken and named. */
import type { FastifyInstance } from "fastify";

export const DEFAULT_PORT = 4700;
const PORTS_TRIED = 50;

/** The port that was asked for is in use. */
export class PortTakenError extends Error {
  readonly exitCode = 2;

  constructor(port: number) {
    super(`port ${port} on 127.0.0.1 is taken. Give another one with --port, or none and a free one is used.`);
  }
}

/**
 * @param asked  port that a person asked for, or null
 * @param notice called with a line for people when the default port is taken
 * @returns the server's address, http://127.0.0.1:port
 * @throws PortTakenError
 */
export async function listenOnLoopback(
  server: FastifyInstance,
  asked: number | null,
  notice: (line: string) => void,
): Promise<string> {
  for (let port = asked ?? DEFAULT_PORT; ; port++) {
    try {
      return await server.listen({ host: "127.0.0.1", port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if (asked !== null || port === DEFAULT_PORT + PORTS_TRIED) throw new PortTakenError(port);
      if (port === DEFAULT_PORT) notice(`Port ${port} is taken; looking for the next free one.`);
    }
  }
}
