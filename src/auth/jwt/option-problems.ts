import { DefinitionError, type Problem } from '../../errors/index.js';

const SUBJECT = 'JwtVerifier';

/** Collects what is wrong with the options of a verifier. Messages never hold a key or a secret. */
export class OptionProblems {
  readonly #problems: Problem[] = [];

  add(option: string, wrong: string, fix: string): void {
    const message = `${option} of ${SUBJECT} ${wrong}.`;
    this.#problems.push(Object.freeze({ code: 'AUTH_OPTION_INVALID', message, fix, details: { option } }));
  }

  /** @throws DefinitionError with all of them, if there are any. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new DefinitionError(SUBJECT, this.#problems);
  }
}
