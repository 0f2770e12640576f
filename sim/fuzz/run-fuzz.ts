/** Runs cases by their seeds, and makes a failing one small. */
import type { EngineOptions } from "../../engine/index.ts";
import { type Cut, type FuzzCase, NOTHING_CUT } from "./draw-case.ts";
import { FuzzWorld } from "./fuzz-world.ts";
import type { Fault } from "./oracles.ts";

export interface CaseOutcome {
  readonly seed: number;
  readonly fault: Fault | null;
  readonly tick: number;
  readonly simulatedMs: number;
  readonly digest: string;
}

/** Runs one case to its end or its first fault. */
export function runCase(fuzz: FuzzCase, cut: Cut = NOTHING_CUT, engine: Partial<EngineOptions> = {}): CaseOutcome {
  const world = new FuzzWorld(fuzz, cut, engine);
  world.run();
  return { seed: fuzz.seed, fault: world.fault, tick: world.tick, simulatedMs: world.nowMs, digest: world.digest };
}

export interface Shrunk {
  readonly cut: Cut;
  readonly outcome: CaseOutcome;
  readonly runs: number;
}

/** Cases tried at most while one is made small. */
const SHRINK_RUNS_MAX = 200;

/**
 * Leaves out faults, orders and the network's troubles as long as the same rule is still broken: halves first, then one by
 * one, until nothing more can go (Zeller and Hildebrandt, IEEE TSE 28, 2002, without its complements).
 */
export function shrink(fuzz: FuzzCase, failed: CaseOutcome, engine: Partial<EngineOptions> = {}): Shrunk {
  const rule = failed.fault!.rule;
  let best = { cut: NOTHING_CUT, outcome: failed };
  let runs = 0;
  const attempt = (cut: Cut): boolean => {
    if (runs >= SHRINK_RUNS_MAX) return false;
    runs++;
    const outcome = runCase(fuzz, cut, engine);
    if (outcome.fault?.rule !== rule) return false;
    best = { cut, outcome };
    return true;
  };
  attempt({ ...best.cut, idealNetwork: true });
  for (let again = true; again; ) {
    again = false;
    for (const what of ["faults", "orders"] as const) {
      const left = (): number[] => [...fuzz[what].keys()].filter((i) => !best.cut[what].has(i));
      for (let size = Math.ceil(left().length / 2); size >= 1; size = Math.floor(size / 2)) {
        for (let at = 0; at < left().length; ) {
          const gone = left().slice(at, at + size);
          if (attempt({ ...best.cut, [what]: new Set([...best.cut[what], ...gone]) })) again = true;
          else at += size;
        }
      }
    }
  }
  return { ...best, runs };
}

/** The words that run a case again. */
export function rerunLine(seed: number, cut: Cut = NOTHING_CUT): string {
  const list = (name: string, places: ReadonlySet<number>): string =>
    places.size === 0 ? "" : ` --${name} ${[...places].sort((a, b) => a - b).join(",")}`;
  return `npx kalong fuzz --seed ${seed} --count 1${list("without-faults", cut.faults)}${list("without-orders", cut.orders)}${cut.idealNetwork ? " --ideal-network" : ""}`;
}
