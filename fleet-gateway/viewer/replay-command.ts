/** `kalong replay <run.mcap>`. */
import type { Command } from "commander";
import { DEFAULT_PORT, listenOnLoopback } from "./listen.ts";
import { openBrowser } from "./open-browser.ts";
import { checkReplayFile } from "./replay-file.ts";
import { buildReplayServer } from "./replay-server.ts";
import { viewerBundle } from "./viewer-bundle.ts";

export interface ReplayOptions {
  /** Port that must be used, or null for the default or the next free one. */
  readonly port: number | null;
  readonly open: boolean;
}

export interface RunningReplay {
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Serves a recording until stopped.
 * @param log called with lines for people
 * @throws ReplayFileError, PortTakenError, ViewerBuildError
 */
export async function startReplay(
  recording: string,
  options: ReplayOptions,
  log: (line: string) => void,
): Promise<RunningReplay> {
  await checkReplayFile(recording);
  const server = await buildReplayServer(await viewerBundle(log), recording);
  const address = await listenOnLoopback(server, options.port, log);
  if (options.open) openBrowser(address);
  return { address, stop: () => server.close() };
}

/** Bad use of the command. */
class UsageError extends Error {
  readonly exitCode = 2;
}

export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("shows a recording (run.mcap) in the browser")
    .argument("<run.mcap>", "recording of a run")
    .option("--port <N>", `port on 127.0.0.1; without it the next free one from ${DEFAULT_PORT}`)
    .option("--no-open", "do not open a browser")
    .action(async (recording: string, flags: { port?: string; open: boolean }) => {
      const port = flags.port === undefined ? null : Number(flags.port);
      if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
        throw new UsageError(`--port is ${flags.port}, expected a whole number from 0 to 65535`);
      }
      // Progress goes to stderr; the one line on stdout is the address.
      const log = (line: string): void => void process.stderr.write(`${line}\n`);
      const replay = await startReplay(recording, { port, open: flags.open }, log);
      process.stdout.write(`Replay of ${recording}: ${replay.address} (Ctrl-C stops it)\n`);
      await interrupted();
      await replay.stop();
    });
}

/** Resolves when the person, or who started the process, wants it to end. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => done());
  });
}
