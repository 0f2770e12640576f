import type { ActionStatus } from "../../engine/index.ts";

/** So many instant actions are remembered and reported; an older one that comes again would be run again. */
const INSTANT_ACTIONS_MAX = 32;

interface InstantRun {
  readonly actionId: string;
  readonly actionType: string;
  status: ActionStatus;
}

/** States of the instant actions that a vehicle was sent, the latest ones. An id counts once, however often it comes. */
export class InstantActions {
  changed = false;
  #runs: InstantRun[] = [];

  get runs(): readonly Readonly<InstantRun>[] {
    return this.#runs;
  }

  /** False if this id was taken before. */
  take(actionId: string, actionType: string): boolean {
    if (this.#runs.some((run) => run.actionId === actionId)) return false;
    this.#runs.push({ actionId, actionType, status: "RUNNING" });
    if (this.#runs.length > INSTANT_ACTIONS_MAX) {
      const ended = this.#runs.findIndex((run) => run.status !== "RUNNING");
      if (ended >= 0) this.#runs.splice(ended, 1);
    }
    this.changed = true;
    return true;
  }

  end(actionId: string, status: "FINISHED" | "FAILED"): void {
    for (const run of this.#runs) {
      if (run.actionId === actionId) run.status = status;
    }
    this.changed = true;
  }

  /** Ends all of a type that run. */
  endAll(actionType: string, status: "FINISHED" | "FAILED"): void {
    for (const run of this.#runs) {
      if (run.actionType === actionType && run.status === "RUNNING") {
        run.status = status;
        this.changed = true;
      }
    }
  }

  isRunning(actionType: string): boolean {
    return this.#runs.some((run) => run.actionType === actionType && run.status === "RUNNING");
  }
}
