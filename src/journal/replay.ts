import type { ExtensionToken } from '../context/index.js';
import type { RunOptions, RunOutcome } from '../run/index.js';
import { StageKind, type StageSpec } from '../stage/index.js';
import { type Difference, firstDifference } from './first-difference.js';
import type { StageSettled } from './journal-entry.js';
import { ReplayRecorder } from './replay-recorder.js';
import type { Resumable } from './resume.js';
import type { StoredRun } from './stored-run.js';

export interface ReplayOptions extends Pick<RunOptions, 'signal' | 'timeoutMs' | 'sinks'> {
  /**
   * Whether a stage is called again, or stands for itself by what it handed on then. Default: all but those of kind work and
   * agent, which are never called unless this says so.
   */
  readonly recompute?: (stage: StageSpec) => boolean;
  readonly extensions?: readonly ExtensionToken[];
}

/** A stage that came to another end than it did. */
export interface Divergence {
  readonly stage: string;
  readonly round: number;
  /** How it ended then, and now. `not-run`: it did not come to it. */
  readonly recorded: string;
  readonly replayed: string;
  /** Where what it handed on, or why it failed, first differs; null if only the way it ended does. */
  readonly difference: Difference | null;
}

export interface ReplayReport {
  /** The first stage, in the order of the pipeline, that came to another end; null if all came to the same. */
  readonly divergence: Divergence | null;
  /** All of them. Those downstream of the first are mostly its consequences. */
  readonly divergences: readonly Divergence[];
  /** How many stages were called and came to the same end. */
  readonly same: number;
  readonly outcome: RunOutcome;
}

/**
 * Runs a recorded run again, and says where it comes to something else: to find out what a change does to real runs. What
 * recorded providers and tools answered then is their answer now; nothing else is called through them. Nothing is written to
 * the journal, and the sinks of the application do not hear of it.
 * @throws JOURNAL_INCOMPLETE, REGISTRY_UNKNOWN
 */
export async function replay(app: Resumable, run: StoredRun, options: ReplayOptions = {}): Promise<ReplayReport> {
  const { engine, find } = app['~runs'];
  const bound = find(run.pipeline);
  const { recompute = isRecomputed, extensions, ...rest } = options;
  const record = new ReplayRecorder(run, recompute);
  const snapshot = run.snapshot(extensions);
  const reopened = engine.reopen(
    bound,
    { snapshot, caller: run.caller, record, isHeard: false },
    withoutAbsent({ ...rest, ...run.options }),
  );
  const outcome = await reopened.result;
  const order = new Map(
    Array.from(bound.graph.topology.order, (index, place) => [bound.graph.stages[index]?.name, place]),
  );
  const found = divergencesOf(run, record).sort((a, b) => rank(order, a) - rank(order, b));
  return {
    divergence: found[0] ?? null,
    divergences: found,
    same: record.computed.size - countOf(found, record),
    outcome,
  };
}

function isRecomputed({ kind }: StageSpec): boolean {
  return kind !== StageKind.Work && kind !== StageKind.Agent;
}

function rank(order: ReadonlyMap<string | undefined, number>, { round, stage }: Divergence): number {
  return round * order.size + (order.get(stage) ?? order.size);
}

function countOf(found: readonly Divergence[], { computed }: ReplayRecorder): number {
  return found.filter(({ stage, round }) => computed.has(`${stage} ${round}`)).length;
}

function divergencesOf(run: StoredRun, { computed, seen }: ReplayRecorder): Divergence[] {
  const found: Divergence[] = [];
  const then = new Map<string, StageSettled>();
  for (const entry of run.entries) {
    if (entry.type === 'stage.settled') then.set(`${entry.stage} ${entry.round}`, entry);
  }
  for (const [key, now] of computed) {
    const before = then.get(key);
    const { stage, round } = now;
    if (before === undefined) found.push({ stage, round, recorded: 'not-run', replayed: now.status, difference: null });
    else if (before.omitted === undefined) {
      const difference = firstDifference(before.data ?? undefined, now.data ?? undefined) ?? reasons(before, now);
      if (before.status !== now.status || difference !== null) {
        found.push({ stage, round, recorded: before.status, replayed: now.status, difference });
      }
    }
  }
  for (const [key, { stage, round, status }] of then) {
    if (!seen.has(key)) found.push({ stage, round, recorded: status, replayed: 'not-run', difference: null });
  }
  return found;
}

function reasons(before: StageSettled, now: StageSettled): Difference | null {
  return firstDifference(before.failure?.message ?? before.reason ?? null, now.failure?.message ?? now.reason ?? null);
}

function withoutAbsent<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
