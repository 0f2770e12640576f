import type { ActionStatus, OrderAction } from "../../engine/index.ts";

/** What became of an action when it was begun: refused, or asked again by `progress` until it is done. */
export type ActionStart = { readonly kind: "started" } | { readonly kind: "refused"; readonly reason: string };

/** The vehicle's side of an action: what it does to load and battery, and whom it asks. */
export interface ActionEffects {
  begin(action: OrderAction, atMs: number): ActionStart;
  progress(action: OrderAction, nowMs: number): "waiting" | "running" | "done";
  /** Before it runs, or while it can be broken off: true if it was taken back, false if it runs to its end. */
  withdraw(action: OrderAction): boolean;
  refused(action: OrderAction, reason: string): void;
}

interface ActionRun {
  readonly action: OrderAction;
  status: ActionStatus;
}

/** Ended actions are reported until a new order comes; of a very long order the latest this many. */
const ENDED_ACTIONS_MAX = 40;

/**
 * Actions of the running order's nodes, by the blocking rules of VDA 5050 2.1 section 6.12: the actions of a node are
 * begun in their order; HARD runs alone, SOFT and NONE may run together; SOFT and HARD keep the vehicle standing.
 */
export class NodeActions {
  /** True after any status changed; whoever reports it sets it back. */
  changed = false;
  readonly #effects: ActionEffects;
  #runs: ActionRun[] = [];
  /** Actions of nodes that were reached and that have not ended, in their order. */
  #open: ActionRun[] = [];

  constructor(effects: ActionEffects) {
    this.#effects = effects;
  }

  /** A node that was reached has an action that lets nobody drive. */
  get blocksDriving(): boolean {
    return this.#open.some((run) => run.action.blockingType !== "NONE");
  }

  get allEnded(): boolean {
    return this.#runs.every((run) => isEnded(run.status));
  }

  get runs(): readonly { readonly action: OrderAction; readonly status: ActionStatus }[] {
    return this.#runs;
  }

  /** A new order: the old order's actions are no longer reported. */
  begin(actions: readonly OrderAction[]): void {
    this.#runs = actions.map((action) => ({ action, status: "WAITING" }));
    this.#open = [];
    this.changed = true;
  }

  /** An update: actions that wait on the old horizon go, those of the new nodes come. */
  extend(base: ReadonlySet<string>, added: readonly OrderAction[]): void {
    const kept = this.#runs.filter((run) => run.status !== "WAITING" || base.has(run.action.actionId));
    const ended = kept.filter((run) => isEnded(run.status));
    const drop = new Set(ended.slice(0, Math.max(0, ended.length - ENDED_ACTIONS_MAX)));
    this.#runs = kept.filter((run) => !drop.has(run));
    for (const action of added) this.#runs.push({ action, status: "WAITING" });
    this.changed = true;
  }

  /** The vehicle has reached a node: its actions are due. */
  reach(actions: readonly OrderAction[], atMs: number): void {
    for (const action of actions) {
      const run = this.#runs.find((candidate) => candidate.action.actionId === action.actionId);
      if (run !== undefined && run.status === "WAITING") this.#open.push(run);
    }
    this.#beginDue(atMs);
  }

  /** Follows the actions that run; begins those whose turn has come. */
  advance(nowMs: number): void {
    if (this.#open.length === 0) return;
    for (const run of this.#open) {
      if (run.status === "WAITING") continue;
      const progress = this.#effects.progress(run.action, nowMs);
      this.#set(run, progress === "done" ? "FINISHED" : progress === "running" ? "RUNNING" : "INITIALIZING");
    }
    this.#open = this.#open.filter((run) => !isEnded(run.status));
    this.#beginDue(nowMs);
  }

  /** cancelOrder: what does not run yet, or can be broken off, fails; what runs goes on to its end. */
  cancel(): void {
    for (const run of this.#runs) {
      if (isEnded(run.status)) continue;
      if (run.status === "WAITING" || this.#effects.withdraw(run.action)) this.#set(run, "FAILED");
    }
    this.#open = this.#open.filter((run) => !isEnded(run.status));
  }

  /** Ends a running action before its own end, as stopCharging does. */
  finish(actionType: OrderAction["actionType"]): void {
    for (const run of this.#open) {
      if (run.action.actionType === actionType && run.status !== "WAITING" && this.#effects.withdraw(run.action)) {
        this.#set(run, "FINISHED");
      }
    }
    this.#open = this.#open.filter((run) => !isEnded(run.status));
  }

  #beginDue(atMs: number): void {
    let alone = true;
    for (const run of this.#open) {
      if (run.status === "WAITING") {
        if (run.action.blockingType === "HARD" && !alone) break;
        const start = this.#effects.begin(run.action, atMs);
        if (start.kind === "refused") {
          this.#set(run, "FAILED");
          this.#effects.refused(run.action, start.reason);
          continue;
        }
        this.#set(run, "INITIALIZING");
      }
      alone = false;
      if (run.action.blockingType === "HARD") break;
    }
    this.#open = this.#open.filter((run) => !isEnded(run.status));
  }

  #set(run: ActionRun, status: ActionStatus): void {
    if (run.status === status) return;
    run.status = status;
    this.changed = true;
  }
}

function isEnded(status: ActionStatus): boolean {
  return status === "FINISHED" || status === "FAILED";
}
