/* What an interrupted run did before, as the engine asks for it. */
import type { AuthContext, OrgContext } from '../auth/index.js';
import { StageflowError } from '../errors/index.js';
import { decodePayload } from '../payload/index.js';
import type { RecordedStage } from '../run/index.js';
import { StageKind, StageOutput, type StageSpec } from '../stage/index.js';
import type { RecordedCall } from '../tools/index.js';
import { CompletedItems } from './completed-items.js';
import type { StageSettled } from './journal-entry.js';
import { outcomeUnknown } from './journal-errors.js';
import type { RunKey } from './journal-store.js';
import { omittedOutput, recordedStage, type StoredRun } from './stored-run.js';

/** What became of a stage that was under way: it may be repeated, or this is how it ended. */
export type InFlightChoice = 'repeat' | StageOutput;

export interface HistoryOptions {
  /** Names of stages then and now; stages that are not named keep their names. */
  readonly rename: ReadonlyMap<string, string>;
  /** Stages that are computed again although they ended. */
  readonly again: ReadonlySet<string>;
  readonly inFlight: Readonly<Record<string, InFlightChoice>>;
  /** Whether the caller was verified anew, and may be somebody else. */
  readonly checksCaller: boolean;
}

export class RunHistory {
  readonly #run: StoredRun;
  readonly #options: HistoryOptions;
  readonly #items = new CompletedItems();
  readonly #settled = new Map<string, StageSettled>();
  readonly #started = new Set<string>();
  readonly #calls = new Map<string, RecordedCall>();
  readonly #startedCalls = new Set<string>();

  constructor(run: StoredRun, options: HistoryOptions) {
    this.#run = run;
    this.#options = options;
    for (const entry of run.entries) {
      if (entry.type === 'stage.started') this.#started.add(this.#keyOf(entry));
      else if (entry.type === 'stage.settled') this.#settled.set(this.#keyOf(entry), entry);
      else if (entry.type === 'item.completed') this.#items.add(this.#keyOf(entry), entry);
      else if (entry.type === 'tool.started') {
        this.#startedCalls.add(entry.key);
        this.#calls.set(entry.key, { status: 'in-flight', inputDigest: entry.digest });
      } else if (entry.type === 'tool.finished') this.#finish(entry);
    }
  }

  get key(): RunKey {
    return this.#run.key;
  }

  get lines(): number {
    return this.#run.entries.length;
  }

  get settledStages(): number {
    return this.#run.stages.filter(({ stage }) => !this.#options.again.has(this.#nameOf(stage))).length;
  }

  /** Null if the caller is the one the run was for. */
  refusalOf(auth: AuthContext, org: OrgContext): StageflowError | null {
    if (!this.#options.checksCaller) return null;
    const { caller } = this.#run;
    const isSame = auth.kind === caller.auth.kind && auth.principalId === caller.auth.principalId;
    if (isSame && org.orgId === caller.org.orgId && org.tenantId === caller.org.tenantId) return null;
    return new StageflowError({
      code: 'RESUME_OTHER_CALLER',
      message: `Run "${this.#run.runId}" was to be resumed with the token of somebody else.`,
      fix: 'Give a token of the caller the run was for, in the same organisation.',
      details: { runId: this.#run.runId },
    });
  }

  /** How a stage ended; null if it has to run. */
  settled(stage: string, round: number): RecordedStage | null {
    const entry = this.#settled.get(`${stage} ${round}`);
    if (entry === undefined || entry.omitted !== undefined || this.#options.again.has(stage)) return null;
    return { ...recordedStage(entry), stage };
  }

  /** How a stage ends that changes the world and may not be called again; null if it may be called. */
  inFlight({ name, idempotent }: StageSpec, round: number): StageOutput | null {
    const key = `${name} ${round}`;
    if (!this.#started.has(key) || this.#options.again.has(name)) return null;
    const choice = this.#options.inFlight[name] ?? (idempotent === true ? 'repeat' : null);
    if (choice === 'repeat') return null;
    if (choice !== null) return choice;
    const entry = this.#settled.get(key);
    const { runId } = this.#run;
    const error = entry === undefined ? outcomeUnknown(name, runId) : omittedOutput(runId, entry);
    return StageOutput.fail(error, { retryable: false });
  }

  /** Whether a stage started runs, which are known only by what it made of them. */
  startedRuns(stage: string, round: number): boolean {
    return this.#settled.get(`${stage} ${round}`)?.startedRuns === true;
  }

  /** What an item of a stage handed on; null if it has to be worked on. */
  item(stage: string, round: number, key: string): object | null {
    return this.#options.again.has(stage) ? null : this.#items.of(`${stage} ${round}`, key);
  }

  toolCall(key: string): RecordedCall | null {
    return this.#calls.get(key) ?? null;
  }

  /** Whether it was ever started, also if it failed since. */
  wasStarted(key: string): boolean {
    return this.#startedCalls.has(key);
  }

  /** A call that failed is as if it had not been made: it may be made again. */
  #finish(entry: {
    readonly key: string;
    readonly ok: boolean;
    readonly output?: unknown;
    readonly omitted?: unknown;
  }) {
    const call = this.#calls.get(entry.key);
    if (call === undefined) return;
    if (!entry.ok) this.#calls.delete(entry.key);
    else if (entry.omitted === undefined) {
      const output = entry.output === undefined ? undefined : decodePayload(entry.output);
      this.#calls.set(entry.key, { status: 'completed', inputDigest: call.inputDigest, output });
    }
  }

  #keyOf({ stage, round }: { readonly stage: string; readonly round: number }): string {
    return `${this.#nameOf(stage)} ${round}`;
  }

  #nameOf(stage: string): string {
    return this.#options.rename.get(stage) ?? stage;
  }
}

/** Whether a stage changes the world, so that it is not simply called again. */
export function changesTheWorld({ kind }: Pick<StageSpec, 'kind'>): boolean {
  return kind === StageKind.Work || kind === StageKind.Agent;
}
