import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import { INSERTION_MUTANTS } from "./insertion-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { PLANNING_MUTANTS } from "./planning-mutants.ts";
import { PRECEDENCE_MUTANTS } from "./precedence-mutants.ts";

/** All faults that can be planted. */
export const MUTANTS: readonly Mutant[] = [
  ...INSERTION_MUTANTS,
  ...PRECEDENCE_MUTANTS,
  ...PLANNING_MUTANTS,
  ...ENGINE_MUTANTS,
];
