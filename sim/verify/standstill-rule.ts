/** R9: deadlock (a circle of waiting with somebody unmoved for 60 s) and waits of over 15 min that nothing explains. */
import type { VehicleSample } from "../../fleet-gateway/index.ts";
import type { Exceptions } from "./exceptions.ts";
import type { RecordedSite } from "./recorded-site.ts";
import { clock, type Findings } from "./rules.ts";

const deadlockS = 60;
const unexplainedS = 900;
/** A station works while it has served somebody within this time. */
const workingS = 900;
/** A vehicle that a station works on stands this near to one of its bays. */
const atStationM = 12;
const lookEveryS = 5;

interface Stand {
  sample: VehicleSample;
  x: number;
  y: number;
  /** Since when it stands where it is with a task in hand. */
  since: number;
  /** Time within this stand that nothing explained. */
  unexplainedS: number;
  inDeadlock: boolean;
}

export class StandstillRule {
  deadlocks = 0;
  readonly #findings: Findings;
  readonly #exceptions: Exceptions;
  readonly #site: RecordedSite;
  readonly #stands = new Map<string, Stand>();
  readonly #servedAt = new Map<string, number>();
  #lookedAt = 0;

  constructor(site: RecordedSite, findings: Findings, exceptions: Exceptions) {
    this.#site = site;
    this.#findings = findings;
    this.#exceptions = exceptions;
  }

  sample(t: number, sample: VehicleSample): void {
    const stand = this.#stands.get(sample.id);
    if (stand === undefined) {
      this.#stands.set(sample.id, { sample, x: sample.x, y: sample.y, since: t, unexplainedS: 0, inDeadlock: false });
      return;
    }
    const moved = Math.hypot(sample.x - stand.x, sample.y - stand.y) > 0.1;
    const began = stand.sample.order === "" && sample.order !== "";
    stand.sample = sample;
    if (moved || began)
      Object.assign(stand, { x: sample.x, y: sample.y, since: t, unexplainedS: 0, inDeadlock: false });
    if (sample.state === "servicing" || sample.state === "charging") {
      for (const bay of this.#site.bays.values()) {
        if (Math.hypot(bay.x - sample.x, bay.y - sample.y) <= atStationM) this.#servedAt.set(bay.station, t);
      }
    }
  }

  /** Looks around every few seconds of run time. */
  advance(t: number): void {
    if (t - this.#lookedAt < lookEveryS) return;
    const elapsedS = t - this.#lookedAt;
    this.#lookedAt = t;
    for (const [id, stand] of this.#stands) {
      if (!this.#waits(stand) || t - stand.since < deadlockS) continue;
      const circle = this.#circleThrough(id);
      if (circle !== null && !stand.inDeadlock) {
        this.#markCircle(t, circle);
      }
      if (this.#explained(t, id)) continue;
      stand.unexplainedS += elapsedS;
      if (stand.unexplainedS + deadlockS > unexplainedS) {
        const why = stand.sample.waitingFor.join(", ") || "nothing that it names";
        this.#findings.add(
          "R9",
          t,
          [id],
          "unexplained",
          `stands since ${clock(stand.since)} with order ${stand.sample.order}, waits for ${why}; no closure, fault or working station explains it`,
        );
        if (!stand.inDeadlock) this.deadlocks++;
        stand.inDeadlock = true;
      }
    }
  }

  #markCircle(t: number, circle: readonly string[]): void {
    this.deadlocks++;
    for (const member of circle) {
      const stand = this.#stands.get(member);
      if (stand !== undefined) stand.inDeadlock = true;
    }
    this.#findings.add(
      "R9",
      t,
      [...circle].sort(),
      "circle",
      `wait for one another in a circle (${[...circle, circle[0]].join(" → ")})`,
    );
  }

  /** With a task, without a fault, and nothing being done to it. */
  #waits(stand: Stand): boolean {
    const { sample } = stand;
    if (sample.order === "" || sample.state === "servicing" || sample.state === "charging") return false;
    return sample.state !== "fault" && sample.state !== "paused" && !this.#exceptions.vehicle(sample.id);
  }

  #waitsFor(id: string): readonly string[] {
    const stand = this.#stands.get(id);
    if (stand === undefined || !this.#waits(stand)) return [];
    return stand.sample.waitingFor.flatMap((what) =>
      what.startsWith("vehicle:") ? [what.slice("vehicle:".length)] : [],
    );
  }

  /** Vehicles of a circle of waiting that goes through `id`, in order; null when there is none. */
  #circleThrough(id: string): readonly string[] | null {
    const seen = new Set<string>();
    const walk = (at: string, path: readonly string[]): readonly string[] | null => {
      for (const next of this.#waitsFor(at)) {
        if (next === id) return path;
        if (seen.has(next)) continue;
        seen.add(next);
        const found = walk(next, [...path, next]);
        if (found !== null) return found;
      }
      return null;
    };
    return walk(id, [id]);
  }

  /** Whether the chain of waiting ends at a closure, a fault, or a station that works. */
  #explained(t: number, id: string): boolean {
    const seen = new Set<string>([id]);
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const stand = this.#stands.get(at);
      if (stand === undefined) continue;
      if (at !== id && !this.#waits(stand) && stand.sample.state !== "driving" && stand.sample.state !== "idle")
        return true;
      for (const what of stand.sample.waitingFor) {
        const split = what.indexOf(":");
        const kind = what.slice(0, split);
        const subject = what.slice(split + 1);
        if (kind !== "vehicle") {
          if (this.#explains(t, kind, subject)) return true;
        } else if (!seen.has(subject)) {
          seen.add(subject);
          open.push(subject);
        }
      }
    }
    return false;
  }

  #explains(t: number, kind: string, subject: string): boolean {
    if (kind === "lane") return this.#exceptions.laneClosed(subject);
    if (kind === "fault" || kind === "pause") return this.#exceptions.vehicle(subject) || this.#exceptions.any;
    const station = this.#site.bays.get(subject)?.station ?? subject;
    if (this.#exceptions.stationOut(station)) return true;
    return t - (this.#servedAt.get(station) ?? Number.NEGATIVE_INFINITY) <= workingS;
  }
}
