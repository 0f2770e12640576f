import type { Direction, Goods, Scenario } from "../../config/index.ts";
import type { TransportOrder } from "../../engine/index.ts";
import { fork, type Prng, prng, type Side } from "../../planner/index.ts";
import { containerNumber } from "./container-number.ts";
import { exactReleases, poissonReleases } from "./release-times.ts";

const DAY_MS = 86_400_000;

/** Where transport orders come from. */
export interface DemandSource {
  /**
   * Orders released since the last call, by release time.
   * @param waiting orders released before that no vehicle has picked up; only demand that is always waiting looks at it
   */
  release(nowMs: number, waiting: number): readonly TransportOrder[];
}

/** What demand is made of, of a scenario. */
export type DemandScenario = Pick<Scenario, "demand" | "passRules"> & {
  readonly site: Pick<Scenario["site"], "stations">;
};

/**
 * The transport orders of a scenario. The n-th order of a direction holds the same goods between the same cranes
 * whatever happens in the run; only the release times of demand that is always waiting follow the run.
 */
export function createDemand(scenario: DemandScenario, seed: number): DemandSource {
  const { demand } = scenario;
  if (demand.kind === "recorded") return recordedDemand(demand.orders);
  const random = fork(prng(seed), "demand");
  const streams = demand.directions.map(({ direction, mix }) => {
    const cranes = (side: Side): string[] =>
      scenario.site.stations
        .filter((station) => station.role === "crane" && station.side === side)
        .map((station) => station.id)
        .filter((id) => demand.cranes?.includes(id) ?? true);
    const [from, to] = sidesOf(direction);
    return new OrderStream(direction, mix, cranes(from), cranes(to), scenario.passRules, fork(random, direction));
  });
  const orders = new Numbering();
  if (demand.kind === "saturated") {
    return saturatedDemand(
      demand.directions.map(({ share }, i) => ({ share, stream: streams[i]! })),
      demand.waitingOrdersMin,
      orders,
    );
  }
  const releases = demand.release === "exact" ? exactReleases : poissonReleases;
  const times = demand.directions.map(({ direction }) => fork(random, `${direction} times`));
  let day = 0;
  let queue: { readonly releaseMs: number; readonly stream: OrderStream }[] = [];
  let next = 0;
  return {
    release(nowMs) {
      while (day * DAY_MS <= nowMs) {
        const ofDay = demand.directions.flatMap(({ ordersPerDay }, i) =>
          releases(ordersPerDay, demand.hourlyWeights, times[i]!).map((ms) => ({
            releaseMs: day * DAY_MS + ms,
            stream: streams[i]!,
          })),
        );
        // Stable: of two at the same time the direction that the scenario names first comes first.
        queue = [...queue.slice(next), ...ofDay.sort((a, b) => a.releaseMs - b.releaseMs)];
        next = 0;
        day++;
      }
      const released: TransportOrder[] = [];
      for (; next < queue.length && queue[next]!.releaseMs <= nowMs; next++) {
        released.push(queue[next]!.stream.next(queue[next]!.releaseMs, orders));
      }
      return released;
    },
  };
}

/**
 * Work is always waiting: whenever fewer than `waitingMin` orders wait, more are released. Their directions follow one
 * fixed sequence in which, after any number of orders, each direction has its share of them within one order.
 */
function saturatedDemand(
  directions: readonly { readonly share: number; readonly stream: OrderStream }[],
  waitingMin: number,
  orders: Numbering,
): DemandSource {
  const total = directions.reduce((sum, { share }) => sum + share, 0);
  const counts = directions.map(() => 0);
  let released = 0;
  const nextDirection = (): number => {
    released++;
    let best = 0;
    let bestLack = Number.NEGATIVE_INFINITY;
    directions.forEach(({ share }, i) => {
      const lack = (share / total) * released - counts[i]!;
      if (lack > bestLack + 1e-9) {
        best = i;
        bestLack = lack;
      }
    });
    counts[best]!++;
    return best;
  };
  return {
    release(nowMs, waiting) {
      const out: TransportOrder[] = [];
      for (let n = waiting; n < waitingMin; n++) out.push(directions[nextDirection()]!.stream.next(nowMs, orders));
      return out;
    },
  };
}

function recordedDemand(recorded: readonly TransportOrder[]): DemandSource {
  const orders = [...recorded].sort((a, b) => a.releaseMs - b.releaseMs);
  let next = 0;
  return {
    release(nowMs) {
      const first = next;
      while (next < orders.length && orders[next]!.releaseMs <= nowMs) next++;
      return orders.slice(first, next);
    },
  };
}

class Numbering {
  #last = 0;

  next(): number {
    return ++this.#last;
  }
}

/** The orders of one direction, one after the other, from a random stream of its own. */
class OrderStream {
  readonly #mix: readonly Goods[];
  readonly #from: readonly string[];
  readonly #to: readonly string[];
  readonly #rules: Scenario["passRules"];
  readonly #random: Prng;
  readonly #shareSum: number;

  constructor(
    direction: Direction,
    mix: readonly Goods[],
    from: readonly string[],
    to: readonly string[],
    rules: Scenario["passRules"],
    random: Prng,
  ) {
    this.#mix = mix;
    this.#from = from;
    this.#to = to;
    this.#rules = rules.filter((rule) => rule.direction === direction);
    this.#random = random;
    this.#shareSum = mix.reduce((sum, { share }) => sum + share, 0);
  }

  next(releaseMs: number, orders: Numbering): TransportOrder {
    const random = this.#random;
    const goods = this.#drawGoods();
    const from = pickOne(this.#from, random);
    const to = pickOne(this.#to, random);
    // One number a rule, used or not, so that a changed fraction leaves the other draws as they are.
    const via = this.#rules
      .map((rule) => ({ rule, u: random.nextFloat() }))
      .filter(({ rule, u }) => u < rule.fraction && (rule.goods?.includes(goods.goods) ?? true))
      .map(({ rule }) => ({ role: rule.role, side: rule.side }));
    const number = orders.next();
    return {
      id: `T${String(number).padStart(6, "0")}`,
      container: {
        id: containerNumber(number),
        lengthFt: goods.lengthFt,
        laden: goods.laden,
        reefer: goods.reefer,
        commodity: goods.commodity,
        massKg: goods.massKg,
      },
      from,
      to,
      via,
      releaseMs,
      dueMs: releaseMs + Math.round(goods.dueS * 1000),
      priority: goods.priority,
    };
  }

  #drawGoods(): Goods {
    let left = this.#random.nextFloat() * this.#shareSum;
    for (const goods of this.#mix) {
      left -= goods.share;
      if (left < 0) return goods;
    }
    return this.#mix.at(-1)!;
  }
}

function sidesOf(direction: Direction): readonly [Side, Side] {
  return direction === "vn-to-cn" ? ["vn", "cn"] : ["cn", "vn"];
}

function pickOne(from: readonly string[], random: Prng): string {
  return from[Math.floor(random.nextFloat() * from.length)]!;
}
