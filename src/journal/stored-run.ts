import { AuthContext, type AuthContextInit, OrgContext, type OrgContextInit } from '../auth/index.js';
import { ContextSnapshot, type ExtensionToken } from '../context/index.js';
import type { PlanJson } from '../graph/index.js';
import { decodePayload } from '../payload/index.js';
import type { RecordedStage } from '../run/index.js';
import type { JournalEntry, Omission, RunEnded, RunStarted, StageSettled } from './journal-entry.js';
import { journalIncomplete } from './journal-errors.js';
import type { RunKey } from './journal-store.js';

/** A run as its journal tells it. */
export class StoredRun {
  readonly key: RunKey;
  /** Everything that is kept, in the order it happened. */
  readonly entries: readonly JournalEntry[];
  readonly #start: RunStarted;

  /** Made by `Journal.read`. */
  constructor(key: RunKey, start: RunStarted, entries: readonly JournalEntry[]) {
    this.key = key;
    this.#start = start;
    this.entries = entries;
  }

  get runId(): string {
    return this.key.runId;
  }

  get pipeline(): string {
    return this.#start.plan.name;
  }

  /** As the run was started with it. */
  get plan(): PlanJson {
    return this.#start.plan;
  }

  /** Of the plan that the run followed last. */
  get planHash(): string {
    const resumed = this.entries.findLast((entry) => entry.type === 'run.resumed');
    return resumed?.planHash ?? this.plan.hash;
  }

  get options(): RunStarted['options'] {
    return this.#start.options;
  }

  /** Milliseconds since 1970. */
  get startedAt(): number {
    return this.#start.at;
  }

  /** How it ended; null if it is under way, or was interrupted. */
  get end(): RunEnded | null {
    return this.entries.findLast((entry) => entry.type === 'run.ended') ?? null;
  }

  /** How each stage ended last, in the order they did. */
  get stages(): readonly StageSettled[] {
    const last = new Map<string, StageSettled>();
    for (const entry of this.entries) {
      if (entry.type !== 'stage.settled') continue;
      last.delete(entry.stage);
      last.set(entry.stage, entry);
    }
    return [...last.values()];
  }

  /** Stages that change the world, and of which only the beginning is known. */
  get inFlight(): readonly string[] {
    const open = new Set<string>();
    for (const entry of this.entries) {
      if (entry.type === 'stage.started') open.add(entry.stage);
      else if (entry.type === 'stage.settled') open.delete(entry.stage);
    }
    return [...open];
  }

  /** What the run was started with. @throws JOURNAL_INCOMPLETE if it holds secrets that were left out */
  snapshot(extensions: readonly ExtensionToken[] = []): ContextSnapshot {
    const { snapshot } = this.#start;
    if (snapshot !== null) return ContextSnapshot.fromJSON(snapshot, { extensions });
    const fix = 'Give the journal a seal, so that secrets can be kept.';
    throw journalIncomplete(
      this.runId,
      'what the run was started with',
      'it holds secrets, and nothing seals them',
      fix,
    );
  }

  /** Whom the run was for, as it was verified then. */
  get caller(): { readonly auth: AuthContext; readonly org: OrgContext } {
    const { auth, org } = this.#start.caller;
    return {
      auth: auth === null ? AuthContext.anonymous : AuthContext.verified(auth as unknown as AuthContextInit),
      org: org === null ? OrgContext.none : OrgContext.verified(org as OrgContextInit),
    };
  }

  /** What a stage handed on. @throws JOURNAL_INCOMPLETE if it was left out, or the stage has no output */
  outputOf(stage: string): object {
    const entry = this.stages.find((settled) => settled.stage === stage && settled.status === 'ok');
    const fix = 'Read stages and entries for what there is.';
    if (entry === undefined)
      throw journalIncomplete(this.runId, `an output of stage "${stage}"`, 'it has not completed', fix);
    if (entry.omitted !== undefined) throw omittedOutput(this.runId, entry);
    return dataOf(entry) ?? {};
  }

  /** The outputs of all stages that completed, by name, without those that were left out. */
  get outputs(): ReadonlyMap<string, object> {
    const kept = this.stages.filter(({ status, omitted }) => status === 'ok' && omitted === undefined);
    return new Map(kept.map((entry) => [entry.stage, dataOf(entry) ?? {}]));
  }
}

export function omittedOutput(runId: string, { stage, omitted }: StageSettled): Error {
  const [why, fix] = OMITTED[omitted ?? 'not encodable'];
  return journalIncomplete(runId, `what stage "${stage}" left behind`, why, fix);
}

const OMITTED: Record<Omission, readonly [why: string, fix: string]> = {
  secret: ['it holds secrets, and nothing seals them', 'Give the journal a seal, so that secrets can be kept.'],
  'not encodable': ['it cannot be encoded', 'Hand on plain data.'],
  artifact: ['it is an artifact that cannot be read', 'Give the journal the store of artifacts of the application.'],
};

function dataOf({ data }: StageSettled): object | undefined {
  return data === undefined ? undefined : (decodePayload(data) as object);
}

/** As the engine takes it. */
export function recordedStage(entry: StageSettled): RecordedStage {
  const { stage, round, status, reason, skipCause, failure, attempts, startedAt, durationMs, artifacts } = entry;
  return {
    stage,
    round,
    status,
    data: dataOf(entry),
    reason: reason ?? null,
    skipCause: skipCause ?? null,
    failure: failure ?? null,
    endsRun: entry.endsRun === true,
    attempts,
    startedAt,
    durationMs,
    bag: (entry.bag ?? []).map(([key, value]) => [key, decodePayload(value)] as const),
    artifacts: artifacts ?? [],
  };
}
