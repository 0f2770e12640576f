import type { InstantActionMessage } from "../../engine/index.ts";
import type { Vda5050State } from "./messages.ts";

export interface PendingOptions {
  readonly retransmitAfterMs: number;
  readonly attemptsMax: number;
}

interface PendingAction {
  readonly action: InstantActionMessage;
  attempts: number;
  sentMs: number;
}

/**
 * Instant actions that the vehicle has not shown yet. Each is sent again with the same id until a state shows it, or an
 * error refers to it, or it was sent often enough.
 */
export class PendingActions {
  readonly #options: PendingOptions;
  readonly #pending = new Map<string, PendingAction>();

  constructor(options: PendingOptions) {
    this.#options = options;
  }

  add(action: InstantActionMessage): void {
    this.#pending.set(action.actionId, { action, attempts: 0, sentMs: Number.NEGATIVE_INFINITY });
  }

  /** Asks for the kind that are on their way already; a second request would tell nothing more. */
  has(actionType: InstantActionMessage["actionType"]): boolean {
    return [...this.#pending.values()].some(({ action }) => action.actionType === actionType);
  }

  dropAll(): void {
    this.#pending.clear();
  }

  /** The actions to be sent now, and those that are given up. */
  due(nowMs: number): {
    readonly send: readonly InstantActionMessage[];
    readonly givenUp: readonly InstantActionMessage[];
  } {
    const send: InstantActionMessage[] = [];
    const givenUp: InstantActionMessage[] = [];
    for (const [id, pending] of this.#pending) {
      if (nowMs - pending.sentMs < this.#options.retransmitAfterMs) continue;
      if (pending.attempts >= this.#options.attemptsMax) {
        this.#pending.delete(id);
        givenUp.push(pending.action);
        continue;
      }
      pending.attempts++;
      pending.sentMs = nowMs;
      send.push(pending.action);
    }
    return { send, givenUp };
  }

  /** Takes note of a state; true if it shows one of our stateRequests. */
  confirm(state: Vda5050State): boolean {
    let answersRequest = false;
    for (const [id, { action, attempts }] of this.#pending) {
      const shown =
        state.actionStates.some(({ actionId }) => actionId === id) || errorNames(state, "actionId", id) !== null;
      // Some vehicles answer a stateRequest with the state alone.
      const answered = action.actionType === "stateRequest" && attempts > 0;
      if (!shown && !answered) continue;
      this.#pending.delete(id);
      if (shown && action.actionType === "stateRequest") answersRequest = true;
    }
    return answersRequest;
  }

  /** A factsheet came: the request for it, if there was one, is answered. */
  factsheetCame(): void {
    for (const [id, { action }] of this.#pending) {
      if (action.actionType === "factsheetRequest") this.#pending.delete(id);
    }
  }
}

/** The first error of a state that refers to `key` = `value`. */
export function errorNames(state: Vda5050State, key: string, value: string): Vda5050State["errors"][number] | null {
  const named = state.errors.find((error) =>
    error.errorReferences?.some(({ referenceKey, referenceValue }) => referenceKey === key && referenceValue === value),
  );
  return named ?? null;
}
