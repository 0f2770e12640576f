import { expect, test } from "vitest";
import { isReasonCode, REASON_CATALOGUE } from "./reasons.ts";

test("every code is kebab-case, says what it means, and none is a dustbin", () => {
  const codes = Object.values(REASON_CATALOGUE).flatMap((group) => Object.entries(group));
  expect(codes.length).toBeGreaterThan(60);
  for (const [code, meaning] of codes) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(meaning.length, code).toBeGreaterThan(15);
    expect(["other", "unknown", "misc", "error", "none"]).not.toContain(code);
    expect(isReasonCode(code)).toBe(true);
  }
  expect(isReasonCode("other")).toBe(false);
  expect(isReasonCode("toString")).toBe(false);
});

test("no two groups explain one code differently but `station-out` and `reassigned`, which mean the same in both", () => {
  const groupsOf = new Map<string, string[]>();
  for (const [group, codes] of Object.entries(REASON_CATALOGUE))
    for (const code of Object.keys(codes)) groupsOf.set(code, [...(groupsOf.get(code) ?? []), group]);
  const shared = [...groupsOf].filter(([, groups]) => groups.length > 1).map(([code]) => code);
  expect(shared.sort()).toEqual(["reassigned", "station-out"]);
});
