import type { Engine } from "../../engine/index.ts";
import { checkBook, validatePlans } from "../../planner/index.ts";
import type { Fault } from "../fuzz/oracles.ts";

/** The book's assertions, and the plans by their times where labels are fresh. */
export function judgeBook(engine: Engine): Fault | null {
  const fresh = !engine.labelsStale;
  const broken = checkBook(engine.book, { labels: fresh })[0];
  if (broken !== undefined) return { rule: broken.rule, text: `${broken.resource} ${broken.vehicles}: ${broken.text}` };
  const breach = fresh ? validatePlans(engine.book)[0] : undefined;
  return breach === undefined
    ? null
    : { rule: `plan-${breach.rule}`, text: `${breach.resource} ${breach.vehicles}: ${breach.text}` };
}
