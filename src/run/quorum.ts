/* Whether enough of the stages have completed that a stage waits for, all of which have settled. */
import { StageflowError } from '../errors/index.js';
import { SkipCause } from '../events/index.js';
import { type QuorumSpec, StageOutput } from '../stage/index.js';
import { recordOutput, recordSkip } from './record-settlement.js';
import type { RunState } from './run-state.js';
import { Settlement } from './scheduler.js';
import { type StageExecution, StageState } from './stage-execution.js';

/** @returns how the stage has settled because a quorum was not reached; null if all were */
export function missQuorum(
  run: RunState,
  execution: StageExecution,
  quorums: readonly QuorumSpec[],
): Settlement | null {
  for (const quorum of quorums) {
    const others = quorum.of.map((stage) => memberOf(run, stage)).filter(({ state }) => state !== StageState.Ok);
    if (quorum.of.length - others.length >= quorum.atLeast) continue;
    if (others.some(isFailed)) return recordOutput(run, execution, notReached(execution, quorum, others));
    // Nobody failed: as where nothing that a stage requires was selected.
    recordSkip(run, execution, SkipCause.NotSelected, reasonOf(quorum, others));
    return Settlement.NotSelected;
  }
  return null;
}

function memberOf({ compiled, executions }: RunState, stage: string): StageExecution {
  return executions[compiled.bound.graph.indexOf(stage) as number] as StageExecution; // all have settled
}

/** It failed or was cancelled, or could not run because of one that did. */
function isFailed({ state, skipCause }: StageExecution): boolean {
  if (state !== StageState.Skip) return true;
  return skipCause === SkipCause.DependencyFailed || skipCause === SkipCause.DependencyCancelled;
}

const ENDED: Readonly<Partial<Record<StageState, string>>> = {
  skip: 'was skipped',
  cancel: 'was cancelled',
  fail: 'failed',
};

function reasonOf({ atLeast, of }: QuorumSpec, others: readonly StageExecution[]): string {
  const who = others.map(({ stage, state }) => `"${stage.name}" ${ENDED[state] ?? state}`).join(', ');
  return `only ${of.length - others.length} of the ${atLeast} that must complete did: ${who}`;
}

function notReached({ stage }: StageExecution, quorum: QuorumSpec, others: readonly StageExecution[]): StageOutput {
  const error = new StageflowError({
    code: 'QUORUM_NOT_REACHED',
    message: `Stage "${stage.name}" could not run: ${reasonOf(quorum, others)}.`,
    fix: 'See why they failed, or ask for fewer.',
    details: { stage: stage.name, atLeast: quorum.atLeast, of: quorum.of, missing: others.map((it) => it.stage.name) },
  });
  return StageOutput.fail(error, { retryable: others.some(({ failure }) => failure?.retryable === true) });
}
