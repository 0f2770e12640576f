import { FreeFlow, type LegGraph, profileOver, type VehicleType } from "../../planner/index.ts";

/** One drive from a stand to a stand without anybody in the way. */
export interface Drive {
  readonly seconds: number;
  readonly metres: number;
}

const NO_WAY: Drive = { seconds: Number.POSITIVE_INFINITY, metres: Number.POSITIVE_INFINITY };
const STAYS: Drive = { seconds: 0, metres: 0 };

/** Free-flow drives between stands, from rest to rest, each computed once. No reaction times: they only add. */
export class Travel {
  readonly #graph: LegGraph;
  readonly #type: VehicleType;
  readonly #freeFlow: FreeFlow;
  readonly #drives = new Map<number, Drive>();

  constructor(graph: LegGraph, type: VehicleType) {
    this.#graph = graph;
    this.#type = type;
    this.#freeFlow = new FreeFlow(graph, type);
  }

  /** The fastest drive; infinite where there is no way, zero where it stays. */
  between(from: number, to: number, laden: boolean): Drive {
    if (from === to) return STAYS;
    const key = (from * this.#graph.stands.length + to) * 2 + (laden ? 1 : 0);
    let drive = this.#drives.get(key);
    if (drive === undefined) {
      drive = this.#compute(from, to, laden);
      this.#drives.set(key, drive);
    }
    return drive;
  }

  #compute(from: number, to: number, laden: boolean): Drive {
    const route = this.#freeFlow.route(from, to, laden);
    if (route === null) return NO_WAY;
    const profile = profileOver(
      route.map((leg) => this.#graph.legs[leg]!),
      this.#type,
      laden,
    );
    return { seconds: profile.durationS, metres: profile.lengthM };
  }
}
