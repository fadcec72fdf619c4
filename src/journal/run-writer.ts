/*
 * Writes one run down.
 *
 * Invariants
 *  1. Lines follow on each other without gaps, so what is kept is always a beginning of what happened.
 *  2. Before a stage is called that changes the world, everything that happened until then is kept, and that it begins.
 *  3. A run whose lines cannot be kept goes on only as far as it changes nothing.
 */
import {
  type BoundPipeline,
  type Decision,
  type ItemLog,
  type ProviderCallLog,
  type RecordedRun,
  type RecordedStage,
  type RunRecorder,
  type StageExecution,
  StageState,
} from '../run/index.js';
import type { StageOutput } from '../stage/index.js';
import type { ToolCallLog } from '../tools/index.js';
import { ChildRecorder } from './child-recorder.js';
import { endOf, settledEntry, startedEntry } from './entries-of-run.js';
import type { JournalEntry } from './journal-entry.js';
import { journalFailed } from './journal-errors.js';
import type { JournalLine, RunKey } from './journal-store.js';
import { changesTheWorld, type RunHistory } from './run-history.js';
import { RunItems } from './run-items.js';
import { WrittenProviderCalls } from './run-provider-calls.js';
import { RunToolCalls } from './run-tool-calls.js';
import type { SecretFinder } from './stored-data.js';
import type { CallWriter, WriterHost } from './writer-host.js';

export class RunWriter implements RunRecorder, CallWriter {
  readonly #host: WriterHost;
  readonly #runId: string;
  /** What happened before an interruption; null for a run that begins. */
  readonly #history: RunHistory | null;
  readonly #started = new Set<StageExecution>();
  readonly #restored = new Set<StageExecution>();
  /** Those that have started runs. */
  readonly #parents = new Set<StageExecution>();
  #run: RecordedRun | null = null;
  #key: RunKey | null = null;
  #sequence = 0;
  #failure: Error | null = null;
  #calls: RunToolCalls | null = null;
  #items: RunItems | null = null;

  constructor(host: WriterHost, runId: string, history: RunHistory | null) {
    this.#host = host;
    this.#runId = runId;
    this.#history = history;
    this.#sequence = history?.lines ?? 0;
  }

  get key(): RunKey | null {
    return this.#key;
  }

  /** What finds secrets in what is kept besides outputs. */
  get secrets(): SecretFinder | null {
    return this.#run === null ? null : this.#host.secretsOf(this.#run, null);
  }

  get toolCalls(): ToolCallLog {
    this.#calls ??= new RunToolCalls(this, this.#history);
    return this.#calls;
  }

  get items(): ItemLog {
    this.#items ??= new RunItems(this, this.#history);
    return this.#items;
  }

  get providerCalls(): ProviderCallLog {
    return new WrittenProviderCalls(this);
  }

  opened(run: RecordedRun): Promise<void> {
    const refusal = this.#history?.refusalOf(run.auth, run.org) ?? null;
    if (refusal !== null) return Promise.reject(refusal);
    this.#run = run;
    this.#key = { tenant: run.org.tenantId, runId: this.#runId };
    const at = this.now();
    this.#host.opened(this);
    if (this.#history === null) {
      const { auth, snapshot, pipeline } = run;
      const { until } = this.#host.lease();
      const opens = { pipeline, userId: auth.userId, startedAt: at, until };
      this.#write(startedEntry(run, snapshot, at, this.#host.secretsOf(run, null)), { opens });
    } else {
      this.#write({ type: 'run.resumed', at, planHash: run.compiled.bound.graph.hash }, null);
      run.reporter.rare({ type: 'pipeline.resumed', restored: this.#history.settledStages });
    }
    return this.kept();
  }

  restore(run: RecordedRun, execution: StageExecution): RecordedStage | null {
    const recorded = this.#history?.settled(execution.stage.name, run.loops?.rounds ?? 1) ?? null;
    if (recorded !== null) this.#restored.add(execution);
    return recorded;
  }

  starting(run: RecordedRun, execution: StageExecution): Promise<void> | StageOutput | null {
    const { spec } = execution.stage;
    if (this.#started.has(execution)) return null;
    const end = this.#history?.inFlight(spec, run.loops?.rounds ?? 1) ?? null;
    if (end !== null || !changesTheWorld(spec)) return end;
    this.#begins(run, execution);
    return this.kept();
  }

  /** A stage whose run changes the world does so itself. */
  child(run: RecordedRun, execution: StageExecution, { graph, tools }: BoundPipeline): RunRecorder {
    this.#parents.add(execution);
    if (tools === undefined && !graph.stages.some(changesTheWorld)) return new ChildRecorder(() => null);
    if (!this.#started.has(execution)) this.#begins(run, execution);
    return new ChildRecorder(() => this.kept());
  }

  #begins(run: RecordedRun, execution: StageExecution): void {
    this.#started.add(execution);
    const round = run.loops?.rounds ?? 1;
    this.write({ type: 'stage.started', at: this.now(), stage: execution.stage.name, round });
  }

  settled(run: RecordedRun, execution: StageExecution): void {
    if (this.#key === null || this.#restored.has(execution)) return;
    // What is cut short has not ended: it is left to whoever goes on.
    const isWhole = execution.state === StageState.Ok || execution.state === StageState.Skip;
    if (!isWhole && this.#host.isInterrupting(run)) return;
    const apart = run.resources.apartOf(execution);
    const entry = settledEntry(run, execution, this.now(), this.#host.secretsOf(run, execution.stage), apart);
    this.write(this.#parents.has(execution) ? { ...entry, startedRuns: true } : entry);
    // The shorter it is unknown what became of it, the better.
    if (this.#started.has(execution)) this.#host.flush();
  }

  ended(run: RecordedRun, decision: Decision | null): Promise<void> | null {
    if (this.#key === null) return this.#history === null ? null : this.#host.giveBack(this.#history.key);
    if (this.#host.isInterrupting(run)) return this.#host.leave(this, false);
    const end = endOf(run, decision, this.now());
    this.#write(end, { ends: { status: end.status, at: end.at } });
    return this.#host.leave(this, this.#failure === null);
  }

  /** @throws JOURNAL_FAILED, by rejecting, if it is not kept */
  async kept(): Promise<void> {
    await this.#host.flush();
    if (this.#failure !== null) throw this.#failure;
  }

  write(entry: JournalEntry): void {
    this.#write(entry, null);
  }

  failed(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = journalFailed(this.#runId, error);
    this.#host.report(this.#failure);
  }

  now(): number {
    return this.#host.now();
  }

  #write(entry: JournalEntry, more: Pick<JournalLine, 'opens' | 'ends'> | null): void {
    if (this.#key === null || this.#failure !== null) return;
    const body = this.#host.bodyOf(entry, this.#key);
    const { owner } = this.#host;
    this.#host.add({ key: this.#key, owner, sequence: this.#sequence++, body, ...more }, this);
  }
}
