/* Writes down how an item ended, and reports it. */
import { messageOf, type StageFailure, StageOutput, StageStatus } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import { cancelledError } from './context-errors.js';
import { reportDenial } from './denials.js';
import { itemCancelled, itemFailed } from './item-errors.js';
import type { ItemExecution } from './item-execution.js';
import type { ItemLedger } from './item-ledger.js';
import { reportCancelled, reportCompleted, reportFailed, reportSkipped } from './item-reports.js';
import { letThrough } from './let-through.js';
import { isAbort, retryUnhandled } from './run-causes.js';
import type { RunState } from './run-state.js';
import { type StageExecution, StageState } from './stage-execution.js';

/** How a stage ends that needs all its items. Made when it is wanted: under other policies any number may fail. */
export type Verdict = () => StageOutput;

/** @returns null if it goes on */
export function settleItem(run: RunState, ledger: ItemLedger, item: ItemExecution, given: StageOutput): Verdict | null {
  item.grace?.disarm();
  run.resources.forgetCalls(item);
  run.resources.heartbeat(item.whole);
  const output = letThrough(run, item, given);
  switch (output.status) {
    case StageStatus.Ok:
      item.state = StageState.Ok;
      completed(run, ledger, item, StageOutput.unread(output) as object);
      return null;
    case StageStatus.Skip:
      item.state = StageState.Skip;
      ledger.missing(item.index, { status: 'skip', reason: output.reason ?? '', failure: null });
      reportSkipped(run, item, output.reason ?? '');
      return null;
    case StageStatus.Cancel:
      cancelled(run, ledger, item, output.reason ?? '');
      return () => StageOutput.cancel(output.reason ?? '');
    case StageStatus.Retry:
      return failed(run, ledger, item, retryUnhandled(item.stage, output));
    case StageStatus.Fail:
      return failed(run, ledger, item, output.failure as StageFailure);
  }
}

/** An item that was told to stop, and has not within its grace period. @returns how it ends instead */
export function giveUpItem(run: RunState, item: ItemExecution): StageOutput {
  run.life.abandon(item, item.own.abandon());
  return cutOff(item);
}

/** How an item ends that is told to stop. */
export function cutOff(item: ItemExecution): StageOutput {
  return StageOutput.fail(cancelledError(item.stage.name, item.own.reason));
}

/** It was told to stop because all of them were, and did. */
export function isCutOff({ state, own }: ItemExecution, all: CancelScope): boolean {
  return state === StageState.Cancel && all.cancelled && own.cancelled && own.reason === all.reason;
}

/** What an item handed on in an earlier life of its run, which is not told again; null if it has to be worked on. */
export function restored({ record, loops }: RunState, { stage }: StageExecution, key: string): object | null {
  if (record === null || record.items === null) return null;
  return record.items.find(stage.name, loops?.rounds ?? 1, key);
}

function completed(run: RunState, ledger: ItemLedger, item: ItemExecution, data: object): void {
  ledger.ok(item.index, data);
  run.record?.items?.add(item.stage.name, run.loops?.rounds ?? 1, item.key, data);
  reportCompleted(run, item);
}

function failed(run: RunState, ledger: ItemLedger, item: ItemExecution, failure: StageFailure): Verdict {
  const { stage, key, index, own } = item;
  // The limit of its stage is no failure of the item; its own passes further inside.
  if (own.cancelled && (failure.error === own.reason || isAbort(failure.error, own))) {
    cancelled(run, ledger, item, messageOf(own.reason));
    return () => StageOutput.fail(itemCancelled(ledger, key, index, own.reason));
  }
  item.state = StageState.Fail;
  ledger.missing(index, { status: 'fail', reason: messageOf(failure.error), failure });
  reportFailed(run, item, failure);
  reportDenial(run, stage.name, failure);
  return () => StageOutput.fail(itemFailed(ledger, key, index, failure));
}

function cancelled(run: RunState, ledger: ItemLedger, item: ItemExecution, reason: string): void {
  item.state = StageState.Cancel;
  ledger.missing(item.index, { status: 'cancel', reason, failure: null });
  reportCancelled(run, item, reason);
}
