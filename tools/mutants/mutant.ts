/** A fault that is planted in a copy of the sources: some test must notice it, or the tests do not hold what they promise. */
export interface Mutant {
  readonly name: string;
  /** A test file that fails with it. */
  readonly test: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Path from the project's root. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A mutant of one edit. */
export function mutant(name: string, test: string, file: string, find: string, replace: string): Mutant {
  return { name, test, edits: [{ file, find, replace }] };
}

/**
 * The text of one file with a mutant's edits of it.
 * @throws Error if what an edit looks for does not stand there exactly once: the mutant is out of date
 */
export function planted(text: string, file: string, { name, edits }: Mutant): string {
  let changed = text;
  for (const edit of edits) {
    if (edit.file !== file) continue;
    const count = changed.split(edit.find).length - 1;
    if (count !== 1) throw new Error(`mutant ${name}: ${file} holds ${count} times, not once: ${edit.find}`);
    changed = changed.replace(edit.find, () => edit.replace);
  }
  return changed;
}
