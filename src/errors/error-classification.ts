/** Whose fault a failure is, and so what can be done about it. */
export const ErrorCategory = {
  /** It may well pass by itself: the network, a server that is overloaded, a limit that has passed. */
  Transient: 'transient',
  /** The same request will fail the same way: not found, malformed, too large. */
  Permanent: 'permanent',
  /** Somebody decided against it: no rights, no quota. */
  Policy: 'policy',
  /** A mistake in the program. */
  Logic: 'logic',
  /** The machine or the installation is broken: no space left, a service that cannot be built. */
  Systemic: 'systemic',
  /** It was told to stop. */
  Cancelled: 'cancelled',
  /** It shows nothing that is known. */
  Unknown: 'unknown',
} as const;
export type ErrorCategory = (typeof ErrorCategory)[keyof typeof ErrorCategory];

/** What a classifier finds out about something that was thrown. */
export interface ErrorClassification {
  readonly category: ErrorCategory;
  /** The error's own code where it has one, else `HTTP_429` and the like, else its name. */
  readonly code: string;
  /** Whether trying again can help. */
  readonly retryable: boolean;
  /** The shortest wait before trying again that the other side asked for, in ms; null if it asked for none. */
  readonly retryAfterMs: number | null;
}

/**
 * Decides what a failure is. Write your own to teach retry, breaker and fallback the errors of your providers, and ask
 * `classifyError` for the rest. It is handed whatever was thrown, and must not throw itself.
 */
export interface ErrorClassifier {
  /** @param nowMs the wall-clock time in ms since 1970, for waits that are given as a date */
  classify(error: unknown, nowMs: number): ErrorClassification;
}
