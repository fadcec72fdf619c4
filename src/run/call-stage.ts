/*
 * The three ways to call a stage. Which it is belongs to the stage and is known once it is compiled, so each is a function
 * of its own: what is on the path of every stage stays small enough to become one piece of machine code.
 */
import type { InlineChain, OutermostCall } from '../interceptors/index.js';
import type { StageContext } from '../stage/index.js';
import type { StageEntry } from './compiled-stage.js';
import { promiseOf } from './promise-of.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';
import { armLimit } from './stage-limit.js';

type Entry = (run: RunState, execution: StageExecution, ctx: StageContext) => void;

/** Calls a stage with what is around it. The run hears of its end through `settled`. */
export function callStage(run: RunState, execution: StageExecution, ctx: StageContext): void {
  (execution.stage.enter as Entry)(run, execution, ctx);
}

/**
 * @param onion null if the stage has none
 * @param inline what needs no wait; null for nothing
 * @param limitMs of the stage as a whole; 0 for none
 */
export function entryOf(onion: OutermostCall | null, inline: InlineChain | null, limitMs: number): StageEntry {
  if (limitMs > 0) return onion !== null ? onionWithin : inline !== null ? inlineWithin : bareWithin;
  return onion !== null ? callOnion : inline !== null ? callInline : callBare;
}

function bareWithin(run: RunState, execution: StageExecution, ctx: StageContext): void {
  armLimit(run, execution);
  callBare(run, execution, ctx);
}

function inlineWithin(run: RunState, execution: StageExecution, ctx: StageContext): void {
  armLimit(run, execution);
  callInline(run, execution, ctx);
}

function onionWithin(run: RunState, execution: StageExecution, ctx: StageContext): void {
  armLimit(run, execution);
  callOnion(run, execution, ctx);
}

function callBare(run: RunState, execution: StageExecution, ctx: StageContext): void {
  execution.attempts = 1;
  let result: unknown;
  let pending: Promise<unknown> | null;
  try {
    result = run.instanceOf(execution.stage).execute(ctx);
    pending = promiseOf(result);
  } catch (error) {
    run.settled(execution, error, true);
    return;
  }
  if (pending === null) run.settled(execution, result, false);
  else waitFor(run, execution, pending);
}

// Apart, since it would otherwise make a scope for these closures at every call.
function waitFor(run: RunState, execution: StageExecution, pending: Promise<unknown>): void {
  pending.then(
    (value) => run.settled(execution, value, false),
    (error: unknown) => run.settled(execution, error, true),
  );
}

function callInline(run: RunState, execution: StageExecution, ctx: StageContext): void {
  const chain = execution.stage.inline as InlineChain;
  const call = chain.call(ctx);
  execution.inline = call;
  const answer = chain.enter(call);
  if (answer === null) callBare(run, execution, ctx);
  else run.settled(execution, answer, false);
}

function callOnion(run: RunState, execution: StageExecution, ctx: StageContext): void {
  const onion = execution.stage.onion as OutermostCall;
  onion(ctx, (output) => run.settled(execution, run.resources.refusalOf(execution) ?? output, false));
}
