import type { StageContext } from '../../stage/index.js';
import { inputDigest } from '../../tools/index.js';
import type { ModelCall } from '../model/index.js';
import type { Toolset } from './toolset.js';

/**
 * Names calls by what they are: run, stage, tool, input, and which of the same it is. Not by the ids of the model, which differ
 * each time it is asked: so a call that a resumed run, or another attempt, makes again is known to be the same.
 */
export class CallIds {
  readonly #place: readonly unknown[];
  readonly #counts = new Map<string, number>();

  constructor({ runId, stage }: StageContext, round: number) {
    this.#place = [runId, stage.name, round];
  }

  next(call: ModelCall, tools: Toolset): string {
    const parsed = tools.resolve(call);
    if (!parsed.resolved) return call.id;
    const key = inputDigest([parsed.name, parsed.arguments]);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return `call_${inputDigest([...this.#place, key, count]).slice(0, 24)}`;
  }
}

const known = new WeakMap<object, Map<string, CallIds>>();

/** One for all that a stage asks its model in one attempt: the second of two equal calls is not the first. */
export function callIdsOf(ctx: StageContext): CallIds {
  const ofRun = known.get(ctx.snapshot) ?? new Map<string, CallIds>();
  known.set(ctx.snapshot, ofRun);
  const round = ctx.feedback?.attempt ?? 1;
  const key = JSON.stringify([ctx.stage.name, round, ctx.attempt]);
  const ids = ofRun.get(key) ?? new CallIds(ctx, round);
  ofRun.set(key, ids);
  return ids;
}
