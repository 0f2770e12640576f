/** Faults planted in the insertion of plans, and the windows that the search finds for them. */
import { type Mutant, mutant } from "./mutant.ts";

export const INSERTION_MUTANTS: readonly Mutant[] = [
  {
    name: "plan-never",
    test: "planner/traffic/adopt.test.ts",
    edits: [
      {
        file: "planner/traffic/adopt.ts",
        find: `    if (!Number.isFinite(step.grantMs)) return { kind: "never", leg: step.leg };
`,
        replace: ``,
      },
      {
        file: "planner/traffic/adopt.ts",
        find: `      if (!Number.isFinite(clear.ms)) return { kind: "never", leg: step.leg };
`,
        replace: ``,
      },
    ],
  },
  mutant(
    "plan-never-served",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `      if (!Number.isFinite(service.endMs)) return { kind: "never-served", station: service.station };
    }
  }
  return null;`,
    `    }
  }
  return null;`,
  ),
  mutant(
    "plan-never-served-at-base",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `    if (!Number.isFinite(service.endMs)) return { kind: "never-served", station: service.station };
  }
  for`,
    `  }
  for`,
  ),
  {
    name: "room-edges-of-neighbours-unchecked",
    test: "planner/traffic/adopt.test.ts",
    edits: [
      {
        file: "planner/traffic/adopt.ts",
        find: `    if (done) return;
    if (step.granted) refuse(resource, kind);`,
        replace: `    if (done || kind === "room") return;
    if (step.granted) refuse(resource, kind);`,
      },
      {
        file: "planner/traffic/adopt.ts",
        find: `      if (!done && vehicle !== step.vehicle && ms`,
        replace: `      if (!done && kind !== "room" && vehicle !== step.vehicle && ms`,
      },
    ],
  },
  mutant(
    "followers-on-stand-unchecked",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `    touchStand(step.to.stand);
`,
    ``,
  ),
  mutant(
    "neighbours-in-areas-unchecked",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `      if (clear.area !== NONE) for (const other of book.areaUses[clear.area]!) touched.add(other.step);
`,
    ``,
  ),
  mutant(
    "pin-of-haven-unchecked",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `  touchStand(base.stand);
`,
    ``,
  ),
  mutant(
    "pin-unknown-to-search",
    "planner/windows.test.ts",
    "planner/windows.ts",
    `      latest = Math.min(latest, use.arrive!.grantMs - CLEAR_TO_GRANT_MS - clearMs);
      break;`,
    `      break;`,
  ),
  mutant(
    "haven-taken-accepted",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `  if (uses[uses.length - 1] !== last) {`,
    `  if (uses.length === 0) {`,
  ),
  mutant(
    "ends-on-the-road",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `  if (!graph.stands[at.stand]!.haven) {`,
    `  if (at === base && !graph.stands[at.stand]!.haven) {`,
  ),
  mutant(
    "starts-elsewhere",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `    if (graph.legs[planned.leg]!.from !== at.stand) {`,
    `    if (graph.legs[planned.leg]!.from < 0) {`,
  ),
  mutant(
    "neighbours-clears-unchecked",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `      if (!done && vehicle !== step.vehicle && ms + weightMs > clear.ms) refuse(resource, kind);`,
    `      if (!done && vehicle !== step.vehicle && ms + weightMs > clear.ms && ms < 0) refuse(resource, kind);`,
  ),
  mutant(
    "neighbours-jobs-unchecked",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `        refusal = { kind: "order", vehicle: service.vehicle, resource, edge: kind };`,
    `        if (ms < 0) refusal = { kind: "order", vehicle: service.vehicle, resource, edge: kind };`,
  ),
  {
    name: "granted-overtaken",
    test: "planner/traffic/adopt.test.ts",
    edits: [
      {
        file: "planner/traffic/adopt.ts",
        find: `    if (step.granted) refuse(resource, kind);
    else if`,
        replace: `    if (step.granted) return;
    else if`,
      },
      {
        file: "planner/traffic/book.ts",
        find: `if (before.arrive === null || before.arrive.granted || before.arrive.grantMs <= grantMs) break;`,
        replace: `if (before.arrive === null || before.arrive.grantMs <= grantMs) break;`,
      },
      { file: "planner/traffic/book.ts", find: `if (before.granted || before.vehicle`, replace: `if (before.vehicle` },
    ],
  },
  mutant(
    "overtaken-for-ever",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `    if (step.overtaken >= OVERTAKEN_MAX) return`,
    `    if (step.overtaken >= 1000 * OVERTAKEN_MAX) return`,
  ),
  mutant(
    "overtaken-not-counted",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `  for (const step of overtaken) step.overtaken++;
`,
    ``,
  ),
  mutant(
    "overtaken-in-areas-not-seen",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `      for (let i = clear.order + 1; i < order.length; i++) if (order[i]!.step.waits) found.add(order[i]!.step);
`,
    ``,
  ),
  mutant(
    "overtaken-at-stands-not-seen",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `      if (arrive?.waits === true) found.add(arrive);
`,
    ``,
  ),
  mutant(
    "rollback-leaves-jobs",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `    base.services.length = keptServices;
`,
    ``,
  ),
  mutant(
    "rollback-forgets-clears",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `    restoreClear(book, removed.clears[i]![0], removed.clears[i]![1]);
`,
    ``,
  ),
  mutant(
    "rollback-forgets-job-order",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `  for (let i = removed.jobs.length - 1; i >= 0; i--) restoreJob(book, removed.jobs[i]![0], removed.jobs[i]![1]);
`,
    ``,
  ),
  mutant(
    "side-changed-by-last",
    "planner/traffic/grants.test.ts",
    "planner/traffic/book.ts",
    `  else removeClear(book, clear);`,
    `  else for (const use of book.areaUses[clear.area]!.slice(0, clear.order + 1)) if (use.side === clear.side) removeClear(book, use);`,
  ),
  mutant(
    "stand-cleared-at-once",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/adopt.ts",
    `  clearAt(NONE, 0, leg.fromClearM, planned.standClearAfterMs);`,
    `  clearAt(NONE, 0, 0, planned.standClearAfterMs);`,
  ),
  mutant(
    "area-cleared-on-entering",
    "planner/traffic/retime.test.ts",
    "planner/traffic/adopt.ts",
    `clearAt(use.area, use.side, use.leaveM, planned.areaClearAfterMs[i]!);`,
    `clearAt(use.area, use.side, use.enterM, planned.areaClearAfterMs[i]!);`,
  ),
  mutant(
    "capacity-one-more",
    "planner/windows.test.ts",
    "planner/traffic/book.ts",
    `1 + Math.floor(stand.rangeM / slotM + 1e-9)`,
    `2 + Math.floor(stand.rangeM / slotM + 1e-9)`,
  ),
  mutant(
    "haven-of-another",
    "planner/traffic/book.test.ts",
    "planner/traffic/book.ts",
    `return last === undefined || last.depart !== null || last.vehicle === vehicle;`,
    `return last === undefined || last.depart !== null || last.vehicle >= 0;`,
  ),
  mutant(
    "inserted-before-granted",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/book.ts",
    `if (before.arrive === null || before.arrive.granted || before.arrive.grantMs <= grantMs) break;`,
    `if (before.arrive === null || before.arrive.grantMs <= grantMs) break;`,
  ),
  mutant(
    "search-room-of-followers",
    "planner/windows.test.ts",
    "planner/windows.ts",
    `      if (!fits) {`,
    `      if (!fits && departure < 0) {`,
  ),
  mutant(
    "search-own-room",
    "planner/plan-task.test.ts",
    "planner/windows.ts",
    `    if (gone >= 0) {
      const use`,
    `    if (gone < 0) {
      const use`,
  ),
];
