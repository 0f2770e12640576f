/** What a benchmark suite is: the frame runs any of them, shows the rows and keeps the document. */

export const SIZES = ["quick", "standard", "full"] as const;
/** quick: seconds, in the tests; standard: minutes, the figures that are told; full: as long as it takes. */
export type Size = (typeof SIZES)[number];

/** One measured number. */
export interface Row {
  readonly name: string;
  readonly value: number;
  /** "ops/s", "ms", "containers/day", … */
  readonly unit: string;
  /** What it is held against: "at least 285". */
  readonly target?: string;
  /** Spread, sample count. */
  readonly note?: string;
}

export interface SuiteResult {
  readonly rows: readonly Row[];
  /** Hash of the answers, so that a faster wrong answer shows. Equal for equal inputs, on any machine. */
  readonly checksum: string;
  /** Digest of the decisions of each run, by the run's name, where the suite runs scenarios. */
  readonly digests?: Readonly<Record<string, string>>;
  /** Targets that were missed, in words; empty when none. */
  readonly failures: readonly string[];
}

export interface SuiteContext {
  /** Progress for people, on standard error. */
  say(line: string): void;
  /** Suites that run scenarios: only the first so many seeds of the size. */
  readonly seedsMax?: number;
  /** Suites that read public files: the folder that holds them. */
  readonly dataFolder?: string;
}

export interface Suite {
  readonly name: string;
  /** One line for the help. */
  readonly what: string;
  run(size: Size, context: SuiteContext): Promise<SuiteResult>;
}
