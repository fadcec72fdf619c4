import { deepFreeze } from '../payload/index.js';

/** What a stage can return. `retry` never stands in a result: it ends as `ok` or as `fail`. */
export const StageStatus = { Ok: 'ok', Skip: 'skip', Cancel: 'cancel', Fail: 'fail', Retry: 'retry' } as const;
export type StageStatus = (typeof StageStatus)[keyof typeof StageStatus];

/** The data of a stage that returned nothing. */
export type EmptyOutput = Readonly<Record<string, never>>;

export interface FailOptions {
  /** Your own code for the failure, for programs. Default: taken from the error if it has one, else `STAGE_FAILED`. */
  readonly code?: string;
  /** Whether trying again can help. Default: what the error says in its own `retryable`, else not stated. */
  readonly retryable?: boolean;
  /** What to do about it, for people. */
  readonly hint?: string;
  /** Kept in the result beside the error. */
  readonly data?: object;
}

export interface RetryRequest {
  /** Wait at least this long before the next attempt. Default: what the retry interceptor decides. */
  readonly afterMs?: number;
}

/** How a stage failed: kept in its result and in the error that the run throws. */
export interface StageFailure {
  /** Exactly what was thrown or handed to `StageOutput.fail`, whatever its type. */
  readonly error: unknown;
  readonly code: string;
  /** Whether trying again can help; null if nobody said. */
  readonly retryable: boolean | null;
  readonly hint: string | null;
}

const EMPTY: EmptyOutput = Object.freeze({});

/**
 * What a stage hands on. Returning a plain object, or nothing, is the same as `StageOutput.ok(…)`; the other outcomes
 * are said explicitly. Immutable.
 */
export class StageOutput<out T extends object = object> {
  readonly status: StageStatus;
  private readonly held: T | undefined;
  /** Why, for skip, cancel and retry; the message for fail; null for ok. */
  readonly reason: string | null;
  readonly failure: StageFailure | null;
  /** For retry: the shortest wait before the next attempt, in ms. */
  readonly afterMs: number | null;
  #isRead = false;

  // Promises are resolved with outputs at every layer of an onion, and each looks for a `then`: here it finds none, at once.
  static {
    Object.defineProperty(StageOutput.prototype, 'then', { value: undefined });
  }

  private constructor(
    status: StageStatus,
    data: T | undefined,
    reason: string | null,
    failure: StageFailure | null,
    afterMs: number | null,
  ) {
    this.status = status;
    this.held = data;
    this.reason = reason;
    this.failure = failure;
    this.afterMs = afterMs;
  }

  /** What it hands on, or says about its failure. Of ok and cancel frozen throughout when first read, as `deepFreeze` does it. */
  get data(): T | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      if (this.failure === null) deepFreeze(this.held);
    }
    return this.held;
  }

  /** For the engine, which hands it on unread: until somebody reads it, it need not be frozen. */
  static unread(output: StageOutput): object | undefined {
    return output.held;
  }

  /** The stage did its work; dependents read `data`. */
  static ok(): StageOutput<EmptyOutput>;
  static ok<T extends object>(data: T): StageOutput<T>;
  static ok(data: object = EMPTY): StageOutput {
    return new StageOutput(StageStatus.Ok, data, null, null, null);
  }

  /** The stage ran and has nothing to hand on. Its dependents run and can see the status and the reason. */
  static skip(reason: string): StageOutput<never> {
    return new StageOutput<never>(StageStatus.Skip, undefined, reason, null, null);
  }

  /** Ends the whole run as cancelled, which is neither success nor failure: there is nothing more to do. */
  static cancel<T extends object = never>(reason: string, data?: T): StageOutput<T> {
    return new StageOutput<T>(StageStatus.Cancel, data, reason, null, null);
  }

  /** The stage failed. The same as throwing, with more to say; `error` may be anything. */
  static fail(error: unknown, options: FailOptions = {}): StageOutput<never> {
    const failure: StageFailure = Object.freeze({
      error,
      code: options.code ?? readCode(error) ?? 'STAGE_FAILED',
      retryable: options.retryable ?? readRetryable(error),
      hint: options.hint ?? null,
    });
    const data = options.data as never; // a failed stage has no output type; the data is for the report only
    return new StageOutput<never>(StageStatus.Fail, data, messageOf(error), failure, null);
  }

  /** Try this stage again. Without a retry interceptor, or when its attempts are used up, this is a failure. */
  static retry(reason: string, request: RetryRequest = {}): StageOutput<never> {
    return new StageOutput<never>(StageStatus.Retry, undefined, reason, null, request.afterMs ?? null);
  }
}

/** A message for anything that can be thrown, however hostile: it never throws itself. */
export function messageOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const message = propertyOf(error, 'message');
  if (typeof message === 'string' && message !== '') return message;
  const name = propertyOf(error, 'name');
  if (typeof name === 'string' && name !== '') return name;
  try {
    return String(error);
  } catch {
    return `something that cannot be shown (${typeof error})`;
  }
}

function readCode(error: unknown): string | undefined {
  const code = propertyOf(error, 'code');
  return typeof code === 'string' && code !== '' ? code : undefined;
}

function readRetryable(error: unknown): boolean | null {
  const retryable = propertyOf(error, 'retryable');
  return typeof retryable === 'boolean' ? retryable : null;
}

/** A property of an Error; undefined for anything else, and where looking at it throws. */
function propertyOf(error: unknown, key: 'code' | 'message' | 'name' | 'retryable'): unknown {
  try {
    return error instanceof Error ? (error as { readonly [K in typeof key]?: unknown })[key] : undefined;
  } catch {
    return undefined;
  }
}
