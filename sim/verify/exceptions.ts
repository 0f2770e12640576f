/** States out of the ordinary that `/events` opens and closes: they explain why a vehicle stands. */
import type { RecordedEvent } from "../../fleet-gateway/index.ts";

/** [code that opens, code that closes, whose state it is]. */
const pairs = [
  ["vehicle-broken", "vehicle-repaired", "vehicle"],
  ["vehicle-silent", "vehicle-heard", "vehicle"],
  ["vehicle-manual", "vehicle-automatic", "vehicle"],
  ["vehicle-paused", "vehicle-resumed", "vehicle"],
  ["lane-closed", "lane-opened", "lane"],
  ["station-out", "station-in", "station"],
] as const;

export class Exceptions {
  /** Run time at which the last one began. */
  lastOpenedAt = Number.NEGATIVE_INFINITY;
  readonly #open = new Set<string>();

  apply(event: RecordedEvent): void {
    for (const [opens, closes, subject] of pairs) {
      if (event.code !== opens && event.code !== closes) continue;
      const id = subject === "vehicle" ? (event.vehicle ?? "*") : String(event.data[subject] ?? "*");
      const key = `${opens} ${id}`;
      if (event.code === opens) {
        this.#open.add(key);
        this.lastOpenedAt = event.t;
      } else {
        // What ends for all ends for each.
        for (const open of [...this.#open]) {
          if (open === key || (id === "*" && open.startsWith(`${opens} `))) this.#open.delete(open);
        }
      }
    }
  }

  get any(): boolean {
    return this.#open.size > 0;
  }

  /** Whether a vehicle is broken, manual or paused. */
  vehicle(id: string): boolean {
    for (const [opens, , subject] of pairs) {
      if (subject === "vehicle" && (this.#open.has(`${opens} ${id}`) || this.#open.has(`${opens} *`))) return true;
    }
    return false;
  }

  laneClosed(id: string): boolean {
    return this.#open.has(`lane-closed ${id}`) || this.#open.has(`lane-closed ${id.replace(/~$/, "")}`);
  }

  stationOut(id: string): boolean {
    return this.#open.has(`station-out ${id}`);
  }
}
