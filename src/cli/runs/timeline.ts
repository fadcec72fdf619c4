import type { JournalEntry, StoredRun } from '../../journal/index.js';

/** Something that took its time in a run. */
export interface TimelineRow {
  /** Whether it is a tool call, and else a stage. */
  readonly isTool: boolean;
  readonly name: string;
  /** 1, and one more for each time a guard had sent the run back. */
  readonly round: number;
  readonly status: 'ok' | 'skip' | 'cancel' | 'fail' | 'open';
  readonly reason: string | null;
  /** Milliseconds since 1970; null if it never started. */
  readonly startedAt: number | null;
  /** Null if it has not ended, or never started. */
  readonly endedAt: number | null;
}

export interface Timeline {
  readonly startedAt: number;
  /** When the last thing happened that is known. */
  readonly endedAt: number;
  readonly rows: readonly TimelineRow[];
}

/** What happened in a run and when, in the order it began; what never began comes last. */
export function timelineOf(run: StoredRun): Timeline {
  const rows = [...stageRows(run.entries), ...toolRows(run.entries)];
  const known = run.entries.map(({ at }) => at);
  const ends = rows.flatMap(({ endedAt }) => endedAt ?? []);
  const begins = rows.flatMap(({ startedAt }) => startedAt ?? []);
  const endedAt = [...known, ...ends].reduce((latest, at) => Math.max(latest, at), run.startedAt);
  const startedAt = begins.reduce((first, at) => Math.min(first, at), run.startedAt);
  const rank = (row: TimelineRow): number => row.startedAt ?? Number.POSITIVE_INFINITY;
  return { startedAt, endedAt, rows: rows.toSorted((a, b) => compare(rank(a), rank(b))) };
}

function stageRows(entries: readonly JournalEntry[]): readonly TimelineRow[] {
  const rows: TimelineRow[] = [];
  const open = new Map<string, TimelineRow>();
  for (const entry of entries) {
    if (entry.type === 'stage.started') {
      const row = { isTool: false, name: entry.stage, round: entry.round, reason: null, endedAt: null } as const;
      open.set(entry.stage, { ...row, status: 'open', startedAt: entry.at });
    } else if (entry.type === 'stage.settled') {
      open.delete(entry.stage);
      const { stage: name, round, status, startedAt, durationMs } = entry;
      const reason = entry.failure?.message ?? entry.reason ?? null;
      const endedAt = startedAt === null ? null : startedAt + durationMs;
      rows.push({ isTool: false, name, round, status, reason, startedAt, endedAt });
    }
  }
  return [...rows, ...open.values()];
}

function toolRows(entries: readonly JournalEntry[]): readonly TimelineRow[] {
  const rows = new Map<string, TimelineRow>();
  for (const entry of entries) {
    if (entry.type === 'tool.started') {
      const row = { isTool: true, name: entry.tool, round: 1, reason: null, endedAt: null } as const;
      rows.set(entry.key, { ...row, status: 'open', startedAt: entry.at });
    } else if (entry.type === 'tool.finished') {
      const row = rows.get(entry.key);
      if (row !== undefined) rows.set(entry.key, { ...row, status: entry.ok ? 'ok' : 'fail', endedAt: entry.at });
    }
  }
  return [...rows.values()];
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
