/** Faults planted in the edges of the precedence graph and the labels. */
import { type Mutant, mutant } from "./mutant.ts";

export const PRECEDENCE_MUTANTS: readonly Mutant[] = [
  mutant(
    "granted-behind-block-finite",
    "planner/traffic/retime.test.ts",
    "planner/traffic/retime.ts",
    `  if (label !== NEVER && step.granted) {`,
    `  if (label === NEVER && step.granted) {`,
  ),
  mutant(
    "granted-without-room-finite",
    "planner/traffic/retime.test.ts",
    "planner/traffic/retime.ts",
    `    if (!fitsBehindBlocked(book, step.to)) return NEVER;
    for (`,
    `    for (`,
  ),
  mutant(
    "granted-stuck-tail-finite",
    "planner/traffic/retime.test.ts",
    "planner/traffic/retime.ts",
    `        if (!done && ms === NEVER) label = NEVER;
      });
    }
  }
  return label;`,
    `        if (!done && ms < 0) label = NEVER;
      });
    }
  }
  return label;`,
  ),
  mutant(
    "grant-behind-block-finite",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/retime.ts",
    `  if (!fitsBehindBlocked(book, step.to)) return NEVER;
  let label`,
    `  let label`,
  ),
  mutant(
    "grant-into-stuck-tail-finite",
    "planner/traffic/retime.test.ts",
    "planner/traffic/retime.ts",
    `      if (!done && ms === NEVER) label = NEVER;
    });
  }
  return label;
}

/** Label of an undone C. */`,
    `      if (!done && ms < 0) label = NEVER;
    });
  }
  return label;
}

/** Label of an undone C. */`,
  ),
  mutant(
    "closed-leg-granted",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/retime.ts",
    ` || book.closedLeg[step.leg] === 1) return NEVER;`,
    `) return NEVER;`,
  ),
  mutant(
    "station-out-finite",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/retime.ts",
    `  if (service.station >= 0 && book.stationOut[service.station] === 1) return NEVER;
`,
    ``,
  ),
  mutant(
    "job-of-stuck-finite",
    "planner/traffic/retime.test.ts",
    "planner/traffic/retime.ts",
    `    if (last !== undefined && !last.done && last.ms === NEVER) return NEVER;
`,
    ``,
  ),
  mutant(
    "behind-block-one-too-many",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/retime.ts",
    `/ book.slotM + 1e-9) + 1;`,
    `/ book.slotM + 1e-9) + 2;`,
  ),
  mutant(
    "behind-block-granted-past",
    "planner/traffic/retime.test.ts",
    "planner/traffic/retime.ts",
    `    if (other !== traffic.visits[0]) return false;
`,
    `    if (other !== traffic.visits[0]) continue;
`,
  ),
  mutant(
    "labels-one-pass",
    "planner/traffic/edges.test.ts",
    "planner/traffic/retime.ts",
    `    if (!changed) return true;
  }
  return false;`,
    `    if (!changed || pass === 0) return true;
  }
  return false;`,
  ),
  mutant(
    "labels-before-now",
    "planner/plan-task.test.ts",
    "planner/traffic/retime.ts",
    `  let label = Math.max(book.nowMs, step.readyMs);`,
    `  let label = step.readyMs;`,
  ),
  mutant(
    "no-room-edge-to-grant",
    "planner/traffic/grants.test.ts",
    "planner/traffic/edges.ts",
    `      if (gone >= 0) departOf(users[gone]!, meet, "room");
`,
    ``,
  ),
  mutant(
    "no-room-edge-to-clear",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/edges.ts",
    `      clearOf(book.standUses[to.stand]![gone]!, meet, "room", LEAST_MS);
`,
    ``,
  ),
  mutant(
    "no-lane-edge-onto-pocket",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/edges.ts",
    `        meet(ahead.arrive.grantMs, LEAST_MS, ahead.arrive.granted, ahead.vehicle, "lane", to.stand);
`,
    ``,
  ),
  mutant(
    "no-lane-edge-off-pocket",
    "planner/traffic/grants.test.ts",
    "planner/traffic/edges.ts",
    `    departOf(book.standUses[from.stand]![from.order - 1]!, meet, "lane");
  }
  const to`,
    `  }
  const to`,
  ),
  mutant(
    "no-lane-edge-between-tails",
    "planner/traffic/retime.test.ts",
    "planner/traffic/edges.ts",
    `      clearOf(book.standUses[from.stand]![from.order - 1]!, meet, "lane", LEAST_MS);
`,
    ``,
  ),
  mutant(
    "no-place-edge",
    "planner/plan-task.test.ts",
    "planner/traffic/edges.ts",
    `      clearOf(ahead, meet, "place", CLEAR_TO_GRANT_MS);
`,
    ``,
  ),
  mutant(
    "no-server-edge",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/edges.ts",
    `    meet(previous.endMs, LEAST_MS, previous.done, previous.vehicle, "server", service.station);
`,
    ``,
  ),
  mutant(
    "no-follow-edge-in-area",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/edges.ts",
    `        meet(use.step.grantMs, LEAST_MS, use.step.granted, use.step.vehicle, "follow", clear.area);
`,
    ``,
  ),
  mutant(
    "no-tail-edge-in-area",
    "planner/traffic/adopt.test.ts",
    "planner/traffic/edges.ts",
    `    meet(use.ms, LEAST_MS, use.done, use.step.vehicle, "follow", clear.area);
    return;`,
    `    return;`,
  ),
];
