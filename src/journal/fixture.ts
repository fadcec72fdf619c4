import type { AuthContext, OrgContext } from '../auth/index.js';
import type { SnapshotFieldsInit } from '../context/index.js';
import type { StoredRun } from './stored-run.js';

/** A recorded run as something to test with. */
export interface RunFixture {
  readonly pipeline: string;
  /** What to start a run with to have the same begin. */
  readonly input: SnapshotFieldsInit;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /** What each stage handed on, by name: to put in its place, or to compare with. */
  readonly outputs: ReadonlyMap<string, object>;
}

/** Makes a recorded run something to test with. @throws JOURNAL_INCOMPLETE if what it was started with was left out */
export function fixtureOf(run: StoredRun): RunFixture {
  const { inputText, input, topology, executionMode, conversation, enrichments, extensions, metadata } = run.snapshot();
  const given = { inputText, topology, executionMode, conversation, enrichments, extensions, metadata };
  return {
    pipeline: run.pipeline,
    input: input === undefined ? given : { ...given, input },
    ...run.caller,
    outputs: run.outputs,
  };
}
