import { type ErrorCode, StageflowError } from '../errors/index.js';

/** One thing in a payload that cannot travel, or cannot be read. Plain data. */
export interface PayloadProblem {
  /** Where: `metadata.user.tags[3]`, `input["odd key"]`. */
  readonly path: string;
  /** What is wrong there, to be read after the path: `is a function`. */
  readonly problem: string;
}

const MOST_LINES = 20;

export interface PayloadErrorInit {
  readonly code: ErrorCode;
  /** What the payload is, as the beginning of a sentence: `The snapshot cannot be stored`. */
  readonly subject: string;
  readonly problems: readonly PayloadProblem[];
  readonly fix: string;
}

/** One error for all problems of a payload; `details.problems` has them as data. */
export function payloadError({ code, subject, problems, fix }: PayloadErrorInit): StageflowError {
  const lines = problems.slice(0, MOST_LINES).map(({ path, problem }) => `${path} ${problem}`);
  if (problems.length > MOST_LINES) lines.push(`and ${problems.length - MOST_LINES} more`);
  const [only = ''] = lines;
  const message =
    lines.length === 1 ? `${subject}: ${only}.` : `${subject}:\n${lines.map((line) => `  - ${line}`).join('\n')}\n`;
  return new StageflowError({ code, message, fix, details: { problems: Object.freeze([...problems]) } });
}
