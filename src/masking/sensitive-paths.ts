import { StageflowError } from '../errors/index.js';
import { PathState, type PathStep } from './path-state.js';

/** A name or index, any one, or any number of them; or a quoted name in brackets. */
const STEP = /(?:^|(?!^)\.)(\*{1,2}|[^\s.*[\]"']+)|\[(\*|\d+|"(?:[^"\\]|\\["\\])*"|'(?:[^'\\]|\\['\\])*')\]/y;

/**
 * Says where secrets are in plain data, for values that no class describes: `user.email`, `cards[*].number`, `*.token`,
 * `**.ssn`, `headers["x.key"]`. `*` stands for one key or index, `**` for any number of them, none included. Names are
 * compared exactly. Everything below a sensitive place is sensitive.
 */
export class SensitivePaths {
  static readonly none: SensitivePaths = new SensitivePaths([]);

  readonly patterns: readonly string[];
  /** Nothing read yet of any path. */
  readonly start: PathState;

  /** @throws StageflowError with MASKING_PATH_INVALID. */
  static of(patterns: readonly string[]): SensitivePaths {
    return patterns.length === 0 ? SensitivePaths.none : new SensitivePaths(patterns);
  }

  private constructor(patterns: readonly string[]) {
    this.patterns = Object.freeze([...patterns]);
    this.start = PathState.startOf(this.patterns.map(parse));
    Object.freeze(this);
  }

  /** These paths and those of `others`. */
  and(others: SensitivePaths): SensitivePaths {
    if (others.patterns.length === 0) return this;
    return this.patterns.length === 0 ? others : SensitivePaths.of([...this.patterns, ...others.patterns]);
  }
}

function parse(pattern: unknown): PathStep[] {
  if (typeof pattern !== 'string') throw invalid(`A path to sensitive data must be a string, not ${typeof pattern}.`);
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < pattern.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(pattern);
    if (match === null) {
      throw invalid(`The path ${JSON.stringify(pattern)} to sensitive data cannot be read at character ${at + 1}.`);
    }
    const step = stepOf(match[1] ?? match[2] ?? '', match[2] !== undefined);
    if (step !== PathState.ANY_DEPTH || steps.at(-1) !== step) steps.push(step);
  }
  if (steps.length === 0) throw invalid('A path to sensitive data is empty.');
  if (steps.at(-1) !== PathState.ANY_DEPTH) return steps;
  throw invalid(`The path ${JSON.stringify(pattern)} to sensitive data ends in **.`);
}

function stepOf(text: string, isBracketed: boolean): PathStep {
  if (text === '*') return PathState.ANY;
  if (text === '**') return PathState.ANY_DEPTH;
  return { name: isBracketed && /^["']/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text };
}

function invalid(message: string): StageflowError {
  return new StageflowError({
    code: 'MASKING_PATH_INVALID',
    message,
    fix: 'Write names and indices such as user.email, cards[*].number, **.ssn or headers["x.key"].',
  });
}
