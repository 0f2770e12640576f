/** `kalong replay <run.mcap>`. */
import type { Command } from "commander";
import { listenOnLoopback, PortTakenError } from "./listen.ts";
import { openBrowser } from "./open-browser.ts";
import { checkReplayFile, ReplayFileError } from "./replay-file.ts";
import { buildReplayServer } from "./replay-server.ts";
import { ViewerBuildError, viewerBundle } from "./viewer-bundle.ts";

const BAD_INPUT = 2;
const INTERNAL_ERROR = 3;

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

export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("shows a recording (run.mcap) in the browser")
    .argument("<run.mcap>", "recording of a run")
    .option("--port <N>", "port on 127.0.0.1; without it the next free one from 4700")
    .option("--no-open", "do not open a browser")
    .action(async (recording: string, flags: { port?: string; open: boolean }) => {
      const fail = (message: string, code: number): never => {
        process.stderr.write(`kalong replay: ${message}\n`);
        process.exit(code);
      };
      const port = flags.port === undefined ? null : Number(flags.port);
      if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
        fail(`--port is ${flags.port}, expected a whole number from 0 to 65535`, BAD_INPUT);
      }
      // Progress goes to stderr; the one line on stdout is the address.
      const log = (line: string): void => void process.stderr.write(`${line}\n`);
      const replay = await startReplay(recording, { port, open: flags.open }, log).catch((error: unknown) => {
        if (error instanceof ReplayFileError || error instanceof PortTakenError) return fail(error.message, BAD_INPUT);
        if (error instanceof ViewerBuildError) return fail(error.message, INTERNAL_ERROR);
        throw error;
      });
      process.stdout.write(`Replay of ${recording}: ${replay.address} (Ctrl-C stops it)\n`);
      const stop = (): void => void replay.stop().then(() => process.exit(0));
      process.once("SIGINT", stop);
      process.once("SIGTERM", stop);
    });
}
