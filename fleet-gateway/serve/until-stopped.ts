/** A clean end takes no longer than this; then the process ends anyway. */
const STOP_MS = 1800;

/** Runs until Ctrl-C or a termination signal, then stops and ends the process with code 0. A second signal ends it at once. */
export function untilStopped(stop: () => Promise<void>, log: (line: string) => void): Promise<never> {
  let stopping = false;
  const end = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    log("Stopping …");
    setTimeout(() => process.exit(0), STOP_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log(error instanceof Error ? error.message : String(error));
        process.exit(3);
      },
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  return new Promise<never>(() => {});
}
