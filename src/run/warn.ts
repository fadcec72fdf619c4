import type { LogFields, StageflowLogger } from '../events/index.js';

/** Logs a warning from a place where nothing may go wrong: a logger that throws has nowhere left to say so. */
export function warn(logger: StageflowLogger, message: string, fields: LogFields): void {
  try {
    logger.warn(message, fields);
  } catch {
    // The run goes on: a broken logger must not end it.
  }
}
