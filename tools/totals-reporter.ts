/**
 * Vitest reporter: names every skipped test with its reason and gives the totals. The totals are one plain line, alone
 * and last: `N passed, N failed, N skipped`. Where KALONG_TEST_TOTALS names a file they are written there instead, so
 * that the test runner can print them after it has stopped its servers.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { REQUIREMENTS } from "./requirements.ts";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The closing line of every test run. */
export function totalsLine(totals: Totals): string {
  return `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`;
}

/**
 * Why the tests of a file were skipped, when they gave no note of their own: what the file asks for and is not there.
 * @param source text of the test file
 */
export function skipReason(source: string, env: Readonly<Record<string, string | undefined>>): string {
  const reasons = REQUIREMENTS.filter((need) => need.mark.test(source) && !need.present(env)).map(
    (need) => need.missing,
  );
  return reasons.length > 0 ? reasons.join("; ") : "switched off in the test file";
}

export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const skippedLines: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") passed += 1;
        else if (result.state === "failed") failed += 1;
        else {
          const note = result.state === "skipped" ? result.note : undefined;
          const reason = note ?? skipReason(readFileSync(module.moduleId, "utf8"), process.env);
          skippedLines.push(`  ${relative(process.cwd(), module.moduleId)} > ${test.fullName}: ${reason}`);
        }
      }
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    if (skippedLines.length > 0) process.stdout.write(`\nSkipped:\n${skippedLines.join("\n")}\n`);
    const totals: Totals = { passed, failed, skipped: skippedLines.length };
    const file = process.env.KALONG_TEST_TOTALS;
    if (file === undefined) process.stdout.write(`\n${totalsLine(totals)}\n`);
    else writeFileSync(file, JSON.stringify(totals));
  }
}
