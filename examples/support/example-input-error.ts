/** What was typed, or set in the environment, cannot be used. The message says why. */
export class ExampleInputError extends Error {
  override readonly name = 'ExampleInputError';
}
