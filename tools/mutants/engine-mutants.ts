/** Faults planted in the engine. */
import { type Mutant, mutant } from "./mutant.ts";

export const ENGINE_MUTANTS: readonly Mutant[] = [
  mutant(
    "labels-not-renewed-before-planning",
    "engine/reasons-happen.test.ts",
    "engine/engine.ts",
    `    renewLabels(engine);
    vehicle.plannedTick`,
    `    vehicle.plannedTick`,
  ),
  mutant(
    "labels-not-renewed-before-replanning",
    "engine/reasons-happen.test.ts",
    "engine/engine.ts",
    `  renewLabels(engine);
  const result`,
    `  const result`,
  ),
  mutant(
    "labels-not-renewed-behind-a-block",
    "engine/reasons-happen.test.ts",
    "engine/blocks.ts",
    `  renewLabels(engine);
  let progress`,
    `  let progress`,
  ),
  mutant(
    "labels-not-renewed-between-two-plans",
    "sim/properties/changes.property.test.ts",
    "engine/blocks.ts",
    `      progress = true;
      retimeAll(engine);`,
    `      progress = true;`,
  ),
  mutant(
    "zone-cap-at-a-grant",
    "engine/reasons-happen.test.ts",
    "engine/grant-legs.ts",
    `      if (!isInReach(engine, vehicle, step)) break;`,
    `      if (!isInReach(engine, vehicle, step)) break;
      if (engine.vehicles.filter((other) => other.speedMps > 0).length >= 2) break;`,
  ),
  mutant(
    "cap-at-a-grant-for-a-while",
    "engine/reasons-happen.test.ts",
    "engine/grant-legs.ts",
    `      if (!isInReach(engine, vehicle, step)) break;`,
    `      if (!isInReach(engine, vehicle, step)) break;
      if (engine.tick % 50 !== 0) break;`,
  ),
  mutant(
    "authority-to-planned-tail",
    "engine/reasons-happen.test.ts",
    "engine/ground.ts",
    `      if (endM < limitM) {`,
    `      if (endM < limitM - 1e9) {`,
  ),
  mutant(
    "tail-released-at-centre",
    "engine/reasons-happen.test.ts",
    "engine/ground.ts",
    `vehicle.positionM - uncertaintyM - type.lengthM / 2 - type.standstillGapM`,
    `vehicle.positionM - uncertaintyM - type.standstillGapM`,
  ),
  mutant(
    "cleared-in-spite-of-uncertainty",
    "engine/progress.test.ts",
    "engine/progress.ts",
    `vehicle.positionM - uncertaintyM - startM < clear.positionM`,
    `vehicle.positionM - startM < clear.positionM`,
  ),
  mutant(
    "cleared-at-front",
    "engine/waits.test.ts",
    "engine/progress.ts",
    `vehicle.positionM - uncertaintyM - startM < clear.positionM`,
    `vehicle.positionM + 7.5 - startM < clear.positionM`,
  ),
  mutant(
    "granted-out-of-reach",
    "engine/reasons-happen.test.ts",
    "engine/grant-legs.ts",
    `  return leftM <= lookaheadM(engine.options.type, vehicle.speedMps);`,
    `  return leftM <= 1e9;`,
  ),
  mutant(
    "waits-not-marked",
    "engine/waits.test.ts",
    "engine/grant-legs.ts",
    `          step.waits = vehicle.state?.driving === false;
`,
    ``,
  ),
  mutant(
    "blocked-not-told-to-the-book",
    "engine/reasons-happen.test.ts",
    "engine/blocks.ts",
    `    traffic.blocked = blocked;
`,
    ``,
  ),
  mutant(
    "closure-not-told-to-the-book",
    "engine/reasons-happen.test.ts",
    "engine/blocks.ts",
    `    engine.book.closedLeg[leg.index] = shut ? 1 : 0;
`,
    ``,
  ),
  mutant(
    "silence-not-noticed",
    "engine/reasons-happen.test.ts",
    "engine/blocks.ts",
    `    const silent = engine.nowMs - vehicle.stateMs > limitMs || vehicle.connection !== "ONLINE";`,
    `    const silent = false;`,
  ),
  mutant(
    "plan-kept-behind-a-block",
    "engine/reasons-happen.test.ts",
    "engine/engine.ts",
    `  replanHeldUp(engine);
`,
    ``,
  ),
  mutant(
    "picked-up-order-freed",
    "engine/reasons-happen.test.ts",
    "engine/lost-vehicles.ts",
    `      if (phase !== "assigned" || id`,
    `      if (id`,
  ),
  mutant(
    "base-past-authority",
    "engine/ground.test.ts",
    "engine/extend-orders.ts",
    `    sendOrder(engine, vehicle, limitM, whole ? service : null);`,
    `    sendOrder(engine, vehicle, whole ? limitM : Math.min(limitM + 2, vehicle.grantedEndM), whole ? service : null);`,
  ),
  mutant(
    "wait-named-wrongly",
    "engine/grant-legs.test.ts",
    "engine/grant-legs.ts",
    `    case "area":
    case "follow":`,
    `    case "area":
    case "lane":
    case "follow":`,
  ),
  mutant(
    "long-wait-behind-a-pause-is-a-deadlock",
    "engine/waits.test.ts",
    "engine/observe.ts",
    `      case "paused":
        return true;`,
    `        return true;`,
  ),
  mutant(
    "no-plan-for-a-station-that-is-out",
    "engine/waits.test.ts",
    "engine/waits.ts",
    `  if (out !== null) return fact("station-out", out);
`,
    ``,
  ),
];
