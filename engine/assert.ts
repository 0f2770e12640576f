/** A broken invariant: a fault of the program, never of its input. It stays on in production. */
export class AssertionFailed extends Error {
  override readonly name = "AssertionFailed";
}

/**
 * Throws `AssertionFailed` unless `condition` holds.
 * @param invariant what should have held, with the ids and values that a reader of the log needs
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new AssertionFailed(invariant);
}
