import type {
  BoundPipeline,
  ProviderCallLog,
  RecordedRun,
  RecordedStage,
  RunRecorder,
  StageExecution,
} from '../run/index.js';
import type { StageSpec } from '../stage/index.js';
import type { RecordedCall, ToolCallIdentity, ToolCallLog } from '../tools/index.js';
import { ChildRecorder } from './child-recorder.js';
import { settledEntry } from './entries-of-run.js';
import type { StageSettled } from './journal-entry.js';
import { callUnknown } from './replay-errors.js';
import { RunHistory } from './run-history.js';
import { ReplayedProviderCalls } from './run-provider-calls.js';
import type { StoredRun } from './stored-run.js';

const AS_IT_WAS = { rename: new Map(), again: new Set<string>(), inFlight: {}, checksCaller: false };

/** Follows a run that is run again: answers for what is not called, and keeps how the rest ends. */
export class ReplayRecorder implements RunRecorder {
  readonly toolCalls: ToolCallLog;
  /** They are worked on again, as the stages that are computed again. */
  readonly items = null;
  readonly providerCalls: ProviderCallLog;
  /** How stages ended that were called, by name and round. */
  readonly computed = new Map<string, StageSettled>();
  /** Everything the run came to, called or not. */
  readonly seen = new Set<string>();
  readonly #history: RunHistory;
  readonly #recompute: (stage: StageSpec) => boolean;
  readonly #restored = new Set<StageExecution>();

  constructor(run: StoredRun, recompute: (stage: StageSpec) => boolean) {
    this.#history = new RunHistory(run, AS_IT_WAS);
    this.#recompute = recompute;
    this.toolCalls = new RecordedCalls(run, this.#history);
    this.providerCalls = new ReplayedProviderCalls(run);
  }

  opened(): null {
    return null;
  }

  restore(run: RecordedRun, execution: StageExecution): RecordedStage | null {
    const { name, spec } = execution.stage;
    const round = run.loops?.rounds ?? 1;
    if (this.#recompute(spec) && !this.#history.startedRuns(name, round)) return null;
    const recorded = this.#history.settled(name, round);
    if (recorded !== null) this.#restored.add(execution);
    return recorded;
  }

  starting(run: RecordedRun, { stage }: StageExecution): ReturnType<RunRecorder['starting']> {
    return this.#recompute(stage.spec) ? null : this.#history.inFlight(stage.spec, run.loops?.rounds ?? 1);
  }

  /** What a run does that a stage starts is not known: it is not started. */
  child(_run: RecordedRun, { stage }: StageExecution, { graph }: BoundPipeline): RunRecorder {
    const what = `a run of pipeline "${graph.name}" that stage "${stage.name}" starts`;
    return new ChildRecorder(() => Promise.reject(callUnknown(this.#history.key.runId, what)));
  }

  settled(run: RecordedRun, execution: StageExecution): void {
    const entry = settledEntry(run, execution, 0, null);
    const key = `${entry.stage} ${entry.round}`;
    this.seen.add(key);
    if (!this.#restored.has(execution)) this.computed.set(key, entry);
  }

  ended(): null {
    return null;
  }
}

/** What tools answered then; anything else is refused. */
class RecordedCalls implements ToolCallLog {
  readonly #run: StoredRun;
  readonly #history: RunHistory;

  constructor(run: StoredRun, history: RunHistory) {
    this.#run = run;
    this.#history = history;
  }

  async find({ callKey }: ToolCallIdentity): Promise<RecordedCall | null> {
    const call = this.#history.toolCall(callKey);
    if (call?.status === 'completed') return call;
    throw callUnknown(this.#run.runId, `tool call "${callKey}"`);
  }

  async started(): Promise<void> {}

  async finished(): Promise<void> {}
}
