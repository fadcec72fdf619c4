import type { RecordedFailure } from './run-recorder.js';

/** What a stage failed with in an earlier life of its run: what was kept of it is its name, message and code. */
export class RecordedError extends Error {
  readonly code: string;

  constructor({ name, message, code }: RecordedFailure) {
    super(message);
    this.name = name;
    this.code = code;
  }
}
