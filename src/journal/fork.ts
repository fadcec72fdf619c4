import { ContextSnapshot, createRunIdentity, type ExtensionToken } from '../context/index.js';
import { StageflowError } from '../errors/index.js';
import type { StageGraph } from '../graph/index.js';
import type { PipelineRun, RunOptions } from '../run/index.js';
import type { StageClass } from '../stage/index.js';
import { ForkRecorder } from './fork-recorder.js';
import type { Journal } from './journal.js';
import type { Resumable } from './resume.js';
import { RunHistory } from './run-history.js';
import type { StoredRun } from './stored-run.js';

export interface ForkOptions extends Pick<RunOptions, 'signal' | 'timeoutMs' | 'sinks'> {
  /** The first stage that is called again, with everything downstream of it; or several. */
  readonly from: StageClass | string | readonly (StageClass | string)[];
  /** Other outputs, by the name of the stage, for stages that are not called again. */
  readonly override?: Readonly<Record<string, object>>;
  /** Where the new run is written down. Default: nowhere. */
  readonly journal?: Journal;
  /** Default: a new one. */
  readonly runId?: string;
  /** The caller, verified now. Default: the one the run was for. */
  readonly token?: string;
  readonly extensions?: readonly ExtensionToken[];
}

/**
 * Runs a recorded run again from a stage on, as a run of its own: with another application, for one whose providers were
 * changed, or with other outputs of earlier stages. What is upstream comes from the record; what changes the world, downstream,
 * does so again. It has the ids of the first run but its own run id.
 * @throws JOURNAL_INCOMPLETE, RUN_INPUT_INVALID, REGISTRY_UNKNOWN
 */
export function fork(app: Resumable, run: StoredRun, options: ForkOptions): PipelineRun {
  const { engine, find } = app['~runs'];
  const bound = find(run.pipeline);
  const {
    from,
    override = {},
    journal,
    runId = createRunIdentity().runId,
    token,
    extensions,
    signal,
    timeoutMs,
    sinks,
  } = options;
  const again = downstreamOf(bound.graph, [from].flat(), run);
  for (const stage of Object.keys(override)) requireUpstream(bound.graph, stage, again);
  const earlier = run.snapshot(extensions);
  const snapshot = ContextSnapshot.fromJSON(
    { ...earlier.toJSON(), identity: { ...earlier.identity, runId } },
    { extensions: extensions ?? [] },
  );
  const history = new RunHistory(run, { rename: new Map(), again, inFlight: {}, checksCaller: token !== undefined });
  const record = new ForkRecorder(history, new Map(Object.entries(override)), journal?.open(runId) ?? null);
  const caller = token === undefined ? run.caller : { token };
  const given = Object.entries({ signal, timeoutMs, sinks, ...run.options }).filter(([, value]) => value !== undefined);
  return engine.reopen(bound, { snapshot, caller, record, isHeard: true }, Object.fromEntries(given));
}

/** The stages named, and whatever comes after one of them. */
function downstreamOf(graph: StageGraph, named: readonly (StageClass | string)[], { plan }: StoredRun): Set<string> {
  const again = new Set<string>();
  for (const stage of named) again.add(requireStage(graph, typeof stage === 'string' ? stage : stage.name));
  const before = new Set(plan.stages.map(({ name }) => name));
  for (const index of graph.topology.order) {
    const spec = graph.stages[index];
    if (spec === undefined) continue;
    if (!before.has(spec.name) || spec.dependsOn.some(({ stage }) => again.has(stage))) again.add(spec.name);
  }
  return again;
}

function requireStage(graph: StageGraph, stage: string): string {
  if (graph.indexOf(stage) !== undefined) return stage;
  throw invalid(`Pipeline "${graph.name}" has no stage "${stage}".`, 'Name one of its stages.', { stage });
}

function requireUpstream(graph: StageGraph, stage: string, again: ReadonlySet<string>): void {
  requireStage(graph, stage);
  if (!again.has(stage)) return;
  const message = `Stage "${stage}" of pipeline "${graph.name}" is called again, and was given an output as well.`;
  throw invalid(message, 'Leave it out of override, or fork from a later stage.', { stage });
}

function invalid(message: string, fix: string, details: Record<string, unknown>): StageflowError {
  return new StageflowError({ code: 'RUN_INPUT_INVALID', message, fix, details });
}
