import type { Demand, PassRule, Scenario } from "../../config/index.ts";
import type { Side, Site, StationRole } from "../../planner/index.ts";

/** A station that a container passes laden, served there. */
export interface Pass {
  readonly role: StationRole;
  readonly side: Side;
}

/** Containers alike: between the same two cranes, past the same stations. */
export interface DemandClass {
  /** Station ids of cranes. */
  readonly from: string;
  readonly to: string;
  readonly via: readonly Pass[];
  /** Part of all containers; the classes' weights sum to 1. */
  readonly weight: number;
  /** Mean gross mass, kg. */
  readonly massKg: number;
}

const viaKey = (via: readonly Pass[]): string => via.map((pass) => `${pass.side}-${pass.role}`).join(" ");

/** Sums classes with the same cranes and stations; weights are divided by their total. */
function merged(classes: readonly DemandClass[]): DemandClass[] {
  const total = classes.reduce((sum, each) => sum + each.weight, 0);
  const byKey = new Map<string, DemandClass>();
  for (const each of classes) {
    const key = `${each.from} ${each.to} ${viaKey(each.via)}`;
    const known = byKey.get(key);
    const weight = each.weight / total + (known?.weight ?? 0);
    const mass = (each.weight / total) * each.massKg + (known === undefined ? 0 : known.weight * known.massKg);
    byKey.set(key, { ...each, weight, massKg: mass / weight });
  }
  return [...byKey.values()];
}

/** Every way in which the rules can fall for one kind of goods, with its probability. Rules are drawn independently. */
function viaOutcomes(rules: readonly PassRule[]): { readonly via: readonly Pass[]; readonly probability: number }[] {
  let outcomes: { via: readonly Pass[]; probability: number }[] = [{ via: [], probability: 1 }];
  for (const { role, side, fraction } of rules) {
    outcomes = outcomes.flatMap(({ via, probability }) => [
      { via: [...via, { role, side }], probability: probability * fraction },
      { via, probability: probability * (1 - fraction) },
    ]);
  }
  return outcomes.filter((outcome) => outcome.probability > 0);
}

function classesOfProfile(
  demand: Exclude<Demand, { kind: "recorded" }>,
  rules: readonly PassRule[],
  site: Site,
): DemandClass[] {
  const cranesOf = (side: Side): string[] =>
    site.stations
      .filter((station) => station.role === "crane" && station.side === side)
      .map((station) => station.id)
      .filter((id) => demand.cranes?.includes(id) ?? true);
  const classes: DemandClass[] = [];
  for (const entry of demand.directions) {
    const share = "share" in entry ? entry.share : entry.ordersPerDay;
    const [fromSide, toSide] = entry.direction === "vn-to-cn" ? (["vn", "cn"] as const) : (["cn", "vn"] as const);
    const [froms, tos] = [cranesOf(fromSide), cranesOf(toSide)];
    const goodsTotal = entry.mix.reduce((sum, goods) => sum + goods.share, 0);
    for (const goods of entry.mix) {
      const own = rules.filter(
        (rule) => rule.direction === entry.direction && (rule.goods?.includes(goods.goods) ?? true),
      );
      for (const { via, probability } of viaOutcomes(own)) {
        const weight = (share * goods.share * probability) / (goodsTotal * froms.length * tos.length);
        if (weight === 0) continue;
        for (const from of froms) {
          for (const to of tos) classes.push({ from, to, via, weight, massKg: goods.massKg });
        }
      }
    }
  }
  return classes;
}

/** The demand of a scenario as classes of containers with their shares; what is released, not what a run delivered. */
export function demandMix(scenario: Pick<Scenario, "demand" | "passRules" | "site">): DemandClass[] {
  const { demand, passRules, site } = scenario;
  if (demand.kind !== "recorded") return merged(classesOfProfile(demand, passRules, site));
  return merged(
    demand.orders.map((order) => ({
      from: order.from,
      to: order.to,
      via: order.via,
      weight: 1,
      massKg: order.container.massKg,
    })),
  );
}
