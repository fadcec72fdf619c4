import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { OutputOf } from './stage-class.js';
import type { StageSpec } from './stage-spec.js';

/** What `compensate(output, ctx)` works with, after the stages of its run have stopped. */
export interface CompensationContext {
  /** The stage whose work is undone. */
  readonly stage: StageSpec;
  readonly pipeline: string;
  readonly runId: string;
  readonly snapshot: ContextSnapshot;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /** Aborts when the budget for undoing is used up; not when the run was cancelled, which may be why it is undone. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: StageflowLogger;
}

/** A stage instance whose work can be undone. */
export interface Compensating {
  // What the stage handed on; the decorator and the builder give it its type.
  compensate(output: any, ctx: CompensationContext): unknown;
}

export function isCompensating(instance: object): instance is Compensating {
  return 'compensate' in instance && typeof instance.compensate === 'function';
}

type Undone<C> = C extends abstract new (
  ...args: never[]
) => { compensate(output: infer P, ...rest: never[]): unknown }
  ? { readonly takes: P }
  : never;

/** What @Compensate adds to the type of its class: nothing, or a demand no class meets, whose key is the message. */
export type RefuseUndone<C> = [Undone<C>] extends [never]
  ? { '@Compensate needs a method compensate(output, ctx)': C }
  : Undone<C> extends { readonly takes: infer P }
    ? [OutputOf<C>] extends [P]
      ? unknown
      : { 'compensate() takes something else than execute() hands on': OutputOf<C> }
    : unknown;
