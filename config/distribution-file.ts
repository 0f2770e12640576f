import * as z from "zod";
import type { Distribution } from "../planner/index.ts";

const exception = () =>
  z
    .exactOptional(
      z.strictObject({
        probability: z.number().min(0).max(1).describe("Share of the draws that the exception replaces, 0..1."),
        get service(): z.ZodType<Distribution> {
          return distributionSchema;
        },
      }),
    )
    .describe("A rarer, different service (a manual check) that replaces a draw with the given probability.");

/** A service time in seconds. The one schema of `Distribution`, in sites and in scenarios. */
export const distributionSchema: z.ZodType<Distribution> = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("constant"),
      valueS: z.number().min(0).describe("Seconds."),
      exception: exception(),
    }),
    z
      .strictObject({
        kind: z.literal("triangular"),
        minS: z.number().min(0).describe("Shortest, seconds."),
        modeS: z.number().min(0).describe("Most likely, seconds."),
        maxS: z.number().min(0).describe("Longest, seconds."),
        exception: exception(),
      })
      .check((ctx) => {
        const { minS, modeS, maxS } = ctx.value;
        if (minS <= modeS && modeS <= maxS && minS < maxS) return;
        ctx.issues.push({
          code: "custom",
          input: ctx.value,
          path: [],
          params: {
            found: `minS ${minS}, modeS ${modeS}, maxS ${maxS}`,
            expected: "minS <= modeS <= maxS and minS < maxS",
          },
        });
      }),
    z.strictObject({
      kind: z.literal("normal"),
      meanS: z.number().positive().describe("Mean, seconds."),
      sdS: z.number().min(0).describe("Standard deviation, seconds. Draws below 0 count as 0."),
      exception: exception(),
    }),
    z.strictObject({
      kind: z.literal("lognormal"),
      meanS: z.number().positive().describe("Mean, seconds."),
      cv: z.number().positive().describe("Coefficient of variation: standard deviation / mean."),
      exception: exception(),
    }),
    z.strictObject({
      kind: z.literal("gamma"),
      meanS: z.number().positive().describe("Mean, seconds."),
      cv: z.number().positive().describe("Coefficient of variation: standard deviation / mean."),
      exception: exception(),
    }),
  ])
  .meta({ id: "distribution", description: "How long a service takes, in seconds." });
