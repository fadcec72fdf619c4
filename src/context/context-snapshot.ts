import { createRunIdentity, type RunIdentity, type RunIdentityInit } from './run-identity.js';

export interface ContextSnapshotInit<I = unknown> {
  readonly identity?: RunIdentityInit;
  readonly inputText?: string | null;
  readonly input?: I;
  readonly executionMode?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a run was started with: frozen, the same object for every stage of the run. */
export class ContextSnapshot<out I = unknown> {
  readonly identity: RunIdentity;
  readonly inputText: string | null;
  readonly input: I;
  readonly executionMode: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;

  constructor(init: ContextSnapshotInit<I> = {}) {
    this.identity = createRunIdentity(init.identity);
    this.inputText = init.inputText ?? null;
    // An absent input reads as undefined; only callers whose I includes undefined may leave it out.
    this.input = init.input as I;
    this.executionMode = init.executionMode ?? null;
    this.metadata = init.metadata === undefined ? NO_METADATA : Object.freeze({ ...init.metadata });
    Object.freeze(this);
  }
}

const NO_METADATA: Readonly<Record<string, unknown>> = Object.freeze({});
