import type { OrderAction } from "../../engine/index.ts";
import { type Distribution, fork, type Prng, type Site, type Station } from "../../planner/index.ts";
import type { ServiceAnswer, ServiceHost, ServiceProgress, ServiceRequest } from "../vehicle/index.ts";
import { Server } from "./server.ts";

/** A vehicle's centre may be this far from a bay's point and still stand in it, metres. */
const BAY_TOLERANCE_M = 0.5;

interface Bays {
  readonly station: Station;
  readonly server: Server;
}

interface Job {
  readonly server: Server | null;
}

export interface StationsOptions {
  readonly site: Site;
  /** Source of all service times; each station draws from a stream of its own. */
  readonly random: Prng;
  /** Drawn once for each stop of a vehicle in a crane bay, before its first container is moved. */
  readonly positioning: Distribution;
}

/**
 * The stations of a site as vehicles meet them: gates, scanners, disinfection, docks and cranes serve one vehicle at a
 * time in the order in which they stood ready, for a drawn time; chargers serve whoever stands in their bays.
 */
export class Stations implements ServiceHost {
  readonly #byId = new Map<string, Bays>();
  readonly #positioning: Distribution;
  readonly #jobs = new Map<number, Job>();
  #lastTicket = 0;

  constructor(options: StationsOptions) {
    this.#positioning = options.positioning;
    for (const station of options.site.stations) {
      this.#byId.set(station.id, { station, server: new Server(fork(options.random, station.id)) });
    }
  }

  request(request: ServiceRequest, atMs: number): ServiceAnswer {
    const found = this.#stationFor(request);
    if (typeof found === "string") return { kind: "refused", reason: found };
    const { station, server } = found;
    const ticket = ++this.#lastTicket;
    if (station.role === "charger") {
      this.#jobs.set(ticket, { server: null });
      return { kind: "taken", ticket };
    }
    const service = station.service ?? NO_SERVICE;
    const positioning = station.role === "crane" && !request.handledHere ? this.#positioning : null;
    server.add(ticket, request.vehicle, atMs, positioning, service);
    this.#jobs.set(ticket, { server });
    return { kind: "taken", ticket };
  }

  progress(ticket: number, nowMs: number): ServiceProgress {
    const job = this.#job(ticket);
    if (job.server === null) return "serving";
    const progress = job.server.progress(ticket, nowMs);
    if (progress === "done") this.#jobs.delete(ticket);
    return progress;
  }

  withdraw(ticket: number): boolean {
    const job = this.#job(ticket);
    if (job.server !== null && !job.server.remove(ticket)) return false;
    this.#jobs.delete(ticket);
    return true;
  }

  /** Takes a station out of service, or back in: what is being served is finished, nothing new is begun meanwhile. */
  setOut(station: string, out: boolean, nowMs: number): void {
    this.#byId.get(station)?.server.setOut(out, nowMs);
  }

  #job(ticket: number): Job {
    const job = this.#jobs.get(ticket);
    if (job === undefined) throw new RangeError(`there is no service request ${ticket}`);
    return job;
  }

  /** The station whose bay the vehicle stands in and which does what the action says, or why there is none. */
  #stationFor(request: ServiceRequest): Bays | string {
    const { action, x, y } = request;
    const stands = ({ station }: Bays): boolean =>
      station.bays.some((bay) => Math.hypot(bay.x - x, bay.y - y) <= BAY_TOLERANCE_M);
    if (action.actionType === "service") {
      const id = String(action.parameters.station);
      const named = this.#byId.get(id);
      if (named === undefined) return `there is no station ${id}`;
      return stands(named) ? named : `the vehicle does not stand in a bay of station ${id}`;
    }
    const role = roleOf(action);
    for (const bays of this.#byId.values()) if (bays.station.role === role && stands(bays)) return bays;
    return `the vehicle does not stand in a bay of a ${role}`;
  }
}

const NO_SERVICE: Distribution = { kind: "constant", valueS: 0 };

function roleOf(action: OrderAction): Station["role"] {
  return action.actionType === "startCharging" ? "charger" : "crane";
}
