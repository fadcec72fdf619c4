import type { ErrorCode } from './codes.js';
import { errorLink, StageflowError } from './stageflow-error.js';

/** One thing wrong with a definition. Plain data: it survives `JSON.stringify`. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Thrown before anything runs, with every problem of the definition at once. */
export class DefinitionError extends StageflowError {
  readonly problems: readonly Problem[];

  /** @param subject what is wrong, for example `pipeline "digest"`. `problems` must not be empty. */
  constructor(subject: string, problems: readonly Problem[]) {
    const [first] = problems;
    if (first === undefined) throw new TypeError('A DefinitionError needs at least one problem.');
    super({
      code: first.code,
      message: headline(subject, problems),
      details: { subject, problems },
    });
    this.problems = Object.freeze([...problems]);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), problems: this.problems };
  }
}

function headline(subject: string, problems: readonly Problem[]): string {
  const [only] = problems;
  if (problems.length === 1 && only !== undefined) return `${only.message} ${only.fix}`;
  const lines = problems.map((p, i) => `  ${i + 1}. ${p.message} ${p.fix} [${p.code}, see ${errorLink(p.code)}]`);
  return `${subject} has ${problems.length} problems:\n${lines.join('\n')}\n`;
}
