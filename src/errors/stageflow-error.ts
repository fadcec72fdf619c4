import type { ErrorCode } from './codes.js';

export interface StageflowErrorInit {
  readonly code: ErrorCode;
  /** What happened and where, naming the user's classes. One or two sentences. */
  readonly message: string;
  /** What to do about it, as an instruction. */
  readonly fix?: string;
  /** The same facts as plain data, for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whatever was thrown, unchanged; `null` and strings survive. */
  readonly cause?: unknown;
}

/**
 * The base of every error stageflow throws: catch this to handle them all, switch on `code` to tell them apart.
 * The message holds what happened, what to do, the code and where it is documented.
 */
export class StageflowError extends Error {
  readonly code: ErrorCode;
  /** What happened, without the fix and the code that `message` ends with. */
  readonly summary: string;
  readonly fix: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: StageflowErrorInit) {
    super(describe(init), 'cause' in init ? { cause: init.cause } : undefined);
    this.name = new.target.name;
    this.code = init.code;
    this.summary = init.message;
    this.fix = init.fix;
    this.details = Object.freeze({ ...init.details });
  }

  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, message: this.message, fix: this.fix, details: this.details };
  }
}

function describe({ code, message, fix }: StageflowErrorInit): string {
  return `${message}${fix === undefined ? '' : ` ${fix}`} [${code}, see ${errorLink(code)}]`;
}

/** Where a code is explained, relative to the package. */
export function errorLink(code: ErrorCode): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}
