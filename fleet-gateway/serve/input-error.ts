/** Something that a person gave is not usable; the message is a sentence for them. Exit code 2 at the command's edge. */
export class InputError extends Error {
  readonly exitCode = 2;
}
