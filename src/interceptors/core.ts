import type { AnyInterceptor, StageContext, StageOutput } from '../stage/index.js';

/** What layers are around, for messages. */
export interface LayerPlace {
  readonly what: 'stage' | 'tool';
  readonly name: string;
}

/** Runs a stage, or a layer and all inside it. */
export type StageCall = (ctx: StageContext) => Promise<StageOutput>;

/** The same for whoever only has to hear how it ended. `settle` is called once, in a later turn, and must not throw. */
export type OutermostCall = (ctx: StageContext, settle: (output: StageOutput) => void) => void;

/** What a chain of layers is put around. */
export interface Core {
  /** Runs the stage itself. Never rejects. */
  readonly body: StageCall;
  /** Whether a context that a layer hands on was made for the same execution as `ctx`. */
  readonly belongs: (given: unknown, ctx: StageContext) => boolean;
  /** An observer has failed, which changes nothing. */
  readonly contained: (ctx: StageContext, interceptor: AnyInterceptor, error: unknown) => void;
  /** A security layer refuses: this outcome stands for the execution of `ctx`. */
  readonly sealed: (ctx: StageContext, refusal: StageOutput) => void;
}
