/** The rules that a recording is held against, and the list of breaches found. */

export type RuleId = "R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8" | "R9" | "R10";

/** Each rule in one sentence, as printed. */
export const ruleSentences: Readonly<Record<RuleId, string>> = {
  R1: "no two vehicles' footprints overlap, at the samples or between them",
  R2: "a vehicle's body is on ground granted to it",
  R3: "granted metres of a lane are disjoint and in the order of entry, and a strip is held in one direction at a place",
  R4: "an area, and ground where two lanes' footprints overlap, is used by one side at a time",
  R5: "a place is held by one vehicle",
  R6: "ground is cleared only after the body has left it",
  R7: "each container is at one place, and each accepted order ends delivered, cancelled or waiting with a reason",
  R8: "vehicles move along connected lanes, within speed limits, and do not stand where no standing is planned",
  R9: "nobody stands in a circle of waiting or waits without a reason",
  R10: "the recording is complete and its figures are those that follow from it",
};

export const ruleIds = Object.keys(ruleSentences) as RuleId[];

export interface Violation {
  readonly rule: RuleId;
  /** Seconds of run time. */
  readonly t: number;
  readonly vehicles: readonly string[];
  /** Rule, time, vehicles and what was found, for people. */
  readonly sentence: string;
}

/** A breach that goes on is one: the same one seen again within this time is not told again. */
const episodeGapS = 5;
const listedMax = 20;

/** Collects breaches: counts every episode, lists the first ones of each rule. */
export class Findings {
  readonly listed: Violation[] = [];
  readonly counts = new Map<RuleId, number>(ruleIds.map((rule) => [rule, 0]));
  readonly #lastSeen = new Map<string, number>();

  /**
   * @param t    seconds of run time
   * @param key  what makes two sightings the same episode, besides rule and vehicles
   * @param what the finding, as the end of a sentence
   */
  add(rule: RuleId, t: number, vehicles: readonly string[], key: string, what: string): void {
    const episode = `${rule}\n${vehicles.join("\n")}\n${key}`;
    const last = this.#lastSeen.get(episode);
    this.#lastSeen.set(episode, t);
    if (last !== undefined && t - last <= episodeGapS) return;
    const count = this.counts.get(rule)! + 1;
    this.counts.set(rule, count);
    if (count > listedMax) return;
    const who = vehicles.length > 0 ? ` ${vehicles.join(" and ")}:` : "";
    this.listed.push({ rule, t, vehicles, sentence: `${rule} at ${clock(t)}${who} ${what}` });
  }

  get total(): number {
    let total = 0;
    for (const count of this.counts.values()) total += count;
    return total;
  }
}

/** Run time as hours:minutes:seconds. */
export function clock(t: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const ms = Math.round(t * 1000);
  const seconds = Math.floor(ms / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

/** Length in metres for people. */
export function metresText(value: number): string {
  return `${value.toFixed(2)} m`;
}

/** A recording that cannot be judged because what it says of site or vehicles makes no sense. Exit code 2. */
export class UnreadableRecording extends Error {
  readonly exitCode = 2;
}
