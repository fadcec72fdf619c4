import type { ErrorCode, Problem } from '../errors/index.js';

/** What each rule says about one defect. */
export interface Finding {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
  /** Where in the input it is: `stages[2].dependsOn`. */
  readonly path: string;
  /** The stages concerned, by name. */
  readonly stages?: readonly string[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Collects what is wrong with one pipeline, so that all of it is reported at once. */
export class ProblemList {
  readonly problems: Problem[] = [];
  readonly #pipeline: string;

  constructor(pipeline: string) {
    this.#pipeline = pipeline;
  }

  add({ code, message, fix, path, stages = [], details }: Finding): void {
    const facts = Object.freeze({ ...details, pipeline: this.#pipeline, at: path, stages: Object.freeze([...stages]) });
    this.problems.push(Object.freeze({ code, message, fix, details: facts }));
  }
}
